/** Mixed topics of a document as it stands in an editor: the same chunks that a save would give, judged before it. */
import type { Chunker } from '../core/chunking/chunk';
import { KeptCutsChunker } from '../core/chunking/keptCutsChunker';
import { chunkKey } from '../core/index/chunkEmbedding';
import { documentChunks } from '../core/index/documentChunks';
import { nameOfCuts } from '../core/index/keptMarksFile';
import type { DocumentWarning } from '../shared/chunkQuality';
import type { ChunkingSettings } from '../shared/chunking';
import type { EngineParams } from '../shared/hostEngine';
import type { MixedTopics } from '../shared/space';
import { documentsOf, textsInIndex } from './documentChunks';
import type { EngineRooms } from './engineRooms';
import type { Space } from './space';

/** Longer documents are judged when they are saved. */
const longestDocument = 300_000;
/** Verdicts on texts that an edit leaves as they are: a document is asked about again with every pause of typing. */
const mostRemembered = 500;
const rememberedOfSpace = new WeakMap<Space, { key: string; verdicts: Map<string, MixedTopics | undefined> }>();

/** @throws the signal's reason when it is aborted between two chunks */
export async function judgeDocument(
  engine: EngineRooms,
  space: Space,
  { text, name, languageId, settings, file }: Omit<EngineParams<'judgeDocument'>, 'spaceId'>,
  signal: AbortSignal,
): Promise<DocumentWarning[]> {
  if (text.length > longestDocument) return [];
  const place = file && { spaceId: space.id, ...file };
  const chunker = await chunkerAt(engine, settings, place);
  const previous = file ? textsInIndex(space, file, chunker) : [];
  const folder = space.folderList.findIndex(({ open }) => open.spec.uri === file?.folderUri);
  const found: DocumentWarning[] = [];
  for (const document of documentsOf(text, name, languageId)) {
    // Neither code nor markup: what is in a cell or between tags has no place in this document.
    if (document.kind === 'code' || document.cell !== undefined || document.source !== undefined) continue;
    const located = { ...document, path: file?.path ?? name, languageId };
    for (const { chunk, text: chunkText, kind } of await documentChunks(chunker, located, previous)) {
      signal.throwIfAborted();
      const parts = (chunk.parts ?? []).map((part) => ({
        ...part,
        start: part.start - chunk.start,
        end: part.end - chunk.start,
      }));
      const key = chunkKey(engine.embeddingHost().fingerprint, {
        text: chunkText,
        context: chunk.context,
        kind,
        parts,
      });
      const point = space.points.rowOfKey(key);
      const isIndexed = point !== undefined && space.points.isLive(point);
      // What the index holds was judged with it, or passed the screen.
      const mixed = isIndexed ? space.mixed.of(point) : await verdict(engine, space, chunkText, signal);
      if (mixed === undefined || !mixed.flagged) continue;
      if (folder >= 0 && space.isFine(folder, 'mixed-topics', chunkText, mixed.cut)) continue;
      found.push({
        start: chunk.start,
        end: chunk.end,
        mixed: { ...mixed, cut: chunk.start + mixed.cut, cutLine: chunk.startLine + mixed.cutLine },
        text: chunkText,
        point: isIndexed ? point : undefined,
      });
    }
  }
  return found;
}

/** A chunker with the cuts that are kept where the document stands. */
export async function chunkerAt(
  engine: EngineRooms,
  settings: ChunkingSettings,
  place: { spaceId: string; folderUri: string } | undefined,
): Promise<Chunker> {
  const chunker = await engine.chunker(settings);
  const marks = place && engine.space(place.spaceId).folderOfUri(place.folderUri)?.open.marks;
  if (marks === undefined) return chunker;
  const cutsOf = (path: string) => marks.cutsOf(path);
  return new KeptCutsChunker(chunker, await engine.tokenizer(), cutsOf, (path) => nameOfCuts(cutsOf(path)));
}

async function verdict(
  engine: EngineRooms,
  space: Space,
  text: string,
  signal: AbortSignal,
): Promise<MixedTopics | undefined> {
  const key = `${space.points.revision} ${space.mixed.setting().asked ?? ''}`;
  let remembered = rememberedOfSpace.get(space);
  if (remembered?.key !== key) {
    remembered = { key, verdicts: new Map() };
    rememberedOfSpace.set(space, remembered);
  }
  const { verdicts } = remembered;
  if (verdicts.has(text)) return verdicts.get(text);
  const { mixed } = await space.mixed.judgeText(text, engine.embeddingHost(), signal);
  if (verdicts.size >= mostRemembered) verdicts.delete(verdicts.keys().next().value ?? '');
  verdicts.set(text, mixed);
  return mixed;
}
