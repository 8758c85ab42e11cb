/** Faults of chunks other than mixed topics, found when they are asked for. */
import type { Embedder } from '../core/embedding/embedding';
import { chunkIdOf, type PointPlace } from '../core/index/points';
import { cutOff, RepeatedPassages, tooLong, tooShort, type ChunkFault } from '../core/topics/chunkQuality';
import { Turns } from '../core/index/turns';
import { seededRandom } from '../core/neighbors/seededRandom';
import { qualityKinds, type QualityKind, type QualityWarning } from '../shared/chunkQuality';
import type { Space } from './space';

export interface QualityRequest {
  kinds: readonly QualityKind[];
  folderUri?: string;
  path?: string;
}

/** Chunks that touch: no more than blanks and markup lie between them. */
const touching = 3;
/** A heading fits its chunk when it is nearer to it than to this share of other chunks. */
const unlikeShare = 0.5;
const othersAsked = 200;

const passagesOfSpace = new WeakMap<Space, { revision: number; passages: RepeatedPassages }>();
const headingsOfSpace = new WeakMap<Space, Map<string, Float32Array>>();

/** Warnings of the kinds that were asked for, worst first within each. Code is not judged but for boilerplate. */
export async function qualityWarnings(
  space: Space,
  embedder: Embedder,
  { kinds, folderUri, path }: QualityRequest,
  signal: AbortSignal,
): Promise<QualityWarning[]> {
  const found = new Map<QualityKind, (ChunkFault & { place: PointPlace; row: number; text: string })[]>();
  const wanted = qualityKinds.filter((kind) => kinds.includes(kind));
  const passages = wanted.includes('boilerplate') ? repeatedPassages(space) : undefined;
  const headings = wanted.includes('heading-mismatch') ? await embedHeadings(space, embedder, signal) : undefined;
  const turns = new Turns();
  for (const row of rowsAt(space, folderUri, path)) {
    await turns.breathe();
    signal.throwIfAborted();
    const point = space.points.isLive(row) ? space.points.point(row) : undefined;
    if (point === undefined) continue;
    const place = point.places.find(
      ({ folder, file }) =>
        (folderUri === undefined || space.folderList[folder].open.spec.uri === folderUri) &&
        (path === undefined || file.path === path),
    );
    const stored = place === undefined ? undefined : space.textOf(row);
    if (place === undefined || stored === undefined) continue;
    const { text, context } = stored;
    const judge: Record<QualityKind, () => ChunkFault | undefined> = {
      'cut-off': () => (point.kind === 'code' ? undefined : cutOff(text, ...besides(space, place))),
      boilerplate: () => passages?.judge(text),
      'too-short': () => (point.kind === 'code' ? undefined : tooShort(text, context)),
      'too-long': () => (point.kind === 'code' ? undefined : tooLong(text, point.tokens, embedder.maxTokens)),
      'heading-mismatch': () => (headings === undefined ? undefined : headingMismatch(space, row, context, headings)),
    };
    for (const kind of wanted) {
      const fault = judge[kind]();
      if (fault !== undefined && !space.isFine(place.folder, kind, text))
        found
          .set(kind, found.get(kind) ?? [])
          .get(kind)
          ?.push({ ...fault, place, row, text });
    }
  }
  const all = space.points.liveCount;
  return wanted.flatMap((kind) => {
    const faults = (found.get(kind) ?? []).sort((a, b) => b.measure - a.measure);
    return faults.map(({ reason, row, place, text }, i): QualityWarning => ({
      kind,
      point: row,
      place: space.queries.place(place),
      reason,
      percentile: 100 * (1 - i / Math.max(1, all)),
      text,
    }));
  });
}

/** Rows to look at: those of one file where one is named, as is asked for each document that is opened. */
function rowsAt(space: Space, folderUri: string | undefined, path: string | undefined): Iterable<number> {
  if (path === undefined) return space.points.liveRows();
  return new Set(
    space.folderList.flatMap(({ open }, folder) => {
      if (folderUri !== undefined && open.spec.uri !== folderUri) return [];
      return (open.index.file(path)?.chunks ?? []).flatMap(
        ({ id }) => space.points.rowOfChunk(chunkIdOf(folder, id)) ?? [],
      );
    }),
  );
}

/** The texts of the chunks before and after, where they touch this one. */
function besides(space: Space, { folder, file, chunk }: PointPlace): [string | undefined, string | undefined] {
  const chunks = [...file.chunks].sort((a, b) => a.start - b.start);
  const at = chunks.findIndex(({ id }) => id === chunk.id);
  const textOf = (other: (typeof chunks)[number] | undefined): string | undefined => {
    if (other === undefined) return undefined;
    const distance = Math.max(chunk.start, other.start) - Math.min(chunk.end, other.end);
    const row = distance <= touching ? space.points.rowOfChunk(chunkIdOf(folder, other.id)) : undefined;
    return row === undefined ? undefined : space.textOf(row)?.text;
  };
  return [textOf(chunks[at - 1]), textOf(chunks[at + 1])];
}

function repeatedPassages(space: Space): RepeatedPassages {
  const { revision } = space.points;
  const known = passagesOfSpace.get(space);
  if (known?.revision === revision) return known.passages;
  const passages = new RepeatedPassages();
  for (const row of space.points.liveRows()) {
    const text = space.textOf(row)?.text ?? '';
    for (const { folder, file } of space.points.point(row)?.places ?? []) passages.add(text, `${folder}/${file.path}`);
  }
  passagesOfSpace.set(space, { revision, passages });
  return passages;
}

/** Each distinct heading once; what was embedded for an earlier question is kept. */
async function embedHeadings(
  space: Space,
  embedder: Embedder,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Float32Array>> {
  const known = headingsOfSpace.get(space) ?? new Map<string, Float32Array>();
  headingsOfSpace.set(space, known);
  const headings = new Set<string>();
  for (const row of space.points.liveRows()) {
    const heading = space.textOf(row)?.context.at(-1);
    if (heading !== undefined && !known.has(heading)) headings.add(heading);
  }
  const texts = [...headings];
  const embedded = await embedder.embed(
    texts.map((text) => ({ text })),
    { priority: 'index', signal },
  );
  texts.forEach((text, i) => known.set(text, embedded[i].vector));
  return known;
}

/** A heading that is no nearer to its own chunk than to half of all others. */
function headingMismatch(
  space: Space,
  row: number,
  context: readonly string[],
  headings: ReadonlyMap<string, Float32Array>,
): ChunkFault | undefined {
  const heading = context.at(-1);
  const vector = heading === undefined ? undefined : headings.get(heading);
  if (heading === undefined || vector === undefined) return undefined;
  const similarity = (other: number): number =>
    space.points.vector(other).reduce((sum, value, k) => sum + value * vector[k], 0);
  const own = similarity(row);
  const rows = space.points.liveRows();
  const random = seededRandom(row + 1);
  let nearer = 0;
  for (let i = 0; i < othersAsked; i++) if (similarity(rows[random.below(rows.length)]) > own) nearer++;
  if (nearer <= unlikeShare * othersAsked) return undefined;
  return {
    reason: `Its heading “${heading}” is nearer to ${Math.round((100 * nearer) / othersAsked)} % of other chunks than to this one.`,
    measure: nearer / othersAsked,
  };
}
