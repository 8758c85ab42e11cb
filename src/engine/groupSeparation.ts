/** Which folders or file types of a space fall together: said only of what neighbors in the original space can't tell apart. */
import type { PointPlace } from '../core/index/points';
import { inTurns } from '../core/index/turns';
import { sharedTerms } from '../core/topics/clusterLabels';
import {
  neighborsSearched,
  separateGroups,
  type GroupedChunks,
  type SeparationOfPair,
} from '../core/topics/groupSeparation';
import type { Grouping, GroupPair, GroupSeparation } from '../shared/mapQuestions';
import { folderGroups } from './mapColumns';
import type { MapGraph } from './mapGraph';
import { spreadTexts } from './pointSelection';
import type { Space } from './space';

/** More groups than that are no list that anybody reads, and their pairs too many to test well. */
const mostGroups = 40;
/** Chunks of this many tokens and more, or of fewer than that, in the middle of a group, are worth another chunking. */
const longChunk = 180;
const shortChunk = 40;

const answers = new WeakMap<Space, { key: string; answer: Promise<GroupSeparation | null> }>();

/** Kept until the map or the points change. */
export function groupSeparation(space: Space, grouping: Grouping): Promise<GroupSeparation | null> {
  const key = `${grouping} ${space.points.revision} ${space.map.layout === undefined ? '' : space.map.pointsLaidOut}`;
  const known = answers.get(space);
  if (known?.key === key) return known.answer;
  // Others may wait for the same answer, so one window that goes away does not end it.
  const answer = compute(space, grouping);
  answers.set(space, { key, answer });
  answer.catch(() => answers.delete(space));
  return answer;
}

async function compute(space: Space, grouping: Grouping): Promise<GroupSeparation | null> {
  const startMs = performance.now();
  const known = space.map.graph;
  if (known === undefined) return null;
  const { names, chunks, rowsOf, leftOut } = groupedChunks(space, known, grouping);
  const pairs = await inTurns(separateGroups(known.graph, chunks, names.length));
  const together = pairs.filter(({ verdict }) => verdict === 'together');
  together.sort((a, b) => a.ownShare - b.ownShare);
  const told: GroupPair[] = [];
  for (const pair of together) told.push(await tell(space, pair, names, rowsOf, grouping));
  const count = (verdict: SeparationOfPair['verdict']) => pairs.filter((pair) => pair.verdict === verdict).length;
  const sizes = new Int32Array(names.length);
  for (const group of chunks.group) sizes[group]++;
  return {
    grouping,
    groups: names.map((name, i) => ({ name, chunks: sizes[i] })),
    groupsLeftOut: leftOut,
    points: new Set(chunks.point).size,
    of: space.points.liveCount,
    neighbors: Math.min(neighborsSearched, known.graph.k),
    pairs: { together: told.length, apart: count('apart'), unclear: count('unclear') },
    together: told,
    advice: told.length === 0 ? [] : advice(space, together, rowsOf),
    elapsedMs: performance.now() - startMs,
  };
}

/** Each text once in every group that it stands in; the largest groups, in order of size. */
function groupedChunks(
  space: Space,
  { rows, graph }: MapGraph,
  grouping: Grouping,
): { names: string[]; chunks: GroupedChunks; rowsOf: Int32Array[]; leftOut: number } {
  const places: (Pick<PointPlace, 'folder' | 'file'> & { point: number })[] = [];
  for (let point = 0; point < graph.count; point++) {
    for (const { folder, file } of space.points.point(rows[point])?.places ?? []) places.push({ point, folder, file });
  }
  const byFolder = grouping === 'folder' ? folderGroups(places, space.folderNames) : undefined;
  const nameAt = (i: number) => byFolder?.groups[byFolder.of[i]].name ?? places[i].file.fileType;
  const sizes = new Map<string, number>();
  const files = new Map<string, number>();
  const seen = new Set<string>();
  const entries: { point: number; name: string; file: number }[] = [];
  places.forEach(({ point, folder, file }, i) => {
    const name = nameAt(i);
    const key = `${point} ${name}`;
    if (seen.has(key)) return;
    seen.add(key);
    const fileKey = `${folder} ${file.path}`;
    if (!files.has(fileKey)) files.set(fileKey, files.size);
    entries.push({ point, name, file: files.get(fileKey)! });
    sizes.set(name, (sizes.get(name) ?? 0) + 1);
  });
  const all = [...sizes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
  const names = all.slice(0, mostGroups);
  const number = new Map(names.map((name, i) => [name, i]));
  const kept = entries.filter(({ name }) => number.has(name));
  const chunks = {
    point: Int32Array.from(kept, ({ point }) => point),
    group: Int32Array.from(kept, ({ name }) => number.get(name)!),
    file: Int32Array.from(kept, ({ file }) => file),
  };
  const rowsOf = names.map((_, group) =>
    Int32Array.from(
      kept.filter((_entry, i) => chunks.group[i] === group),
      ({ point }) => rows[point],
    ),
  );
  return { names, chunks, rowsOf, leftOut: all.length - names.length };
}

async function tell(
  space: Space,
  pair: SeparationOfPair,
  names: readonly string[],
  rowsOf: readonly Int32Array[],
  grouping: Grouping,
): Promise<GroupPair> {
  const { signal } = new AbortController();
  const inPair = new Set([...rowsOf[pair.first], ...rowsOf[pair.second]]);
  const rest = space.points.liveRows().filter((row) => !inPair.has(row));
  const [a, b, others] = [
    await spreadTexts(space, rowsOf[pair.first], signal),
    await spreadTexts(space, rowsOf[pair.second], signal),
    await spreadTexts(space, rest, signal),
  ];
  const { verdict: _, ...figures } = pair;
  const [first, second] = [names[pair.first], names[pair.second]];
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const kind = grouping === 'folder' ? 'folder' : 'file type';
  const except = pair.unit === 'file' ? ', other files alone' : '';
  return {
    ...figures,
    first,
    second,
    terms: sharedTerms(a, b, others),
    words: `${first} and ${second} fall together here: of a chunk’s nearest chunks among both${except}, ${percent(pair.ownShare)} are of its own ${kind}; ${percent(pair.chanceShare)} is chance, and ${percent(pair.detectableShare)} would have been noticed.`,
  };
}

/** What to try, the most promising first. */
function advice(space: Space, together: readonly SeparationOfPair[], rowsOf: readonly Int32Array[]): string[] {
  const tokens = together
    .flatMap(({ first, second }) => [...rowsOf[first], ...rowsOf[second]])
    .map((row) => space.points.point(row)?.tokens ?? 0)
    .sort((a, b) => a - b);
  const median = tokens[tokens.length >> 1] ?? 0;
  const tries = ['If they belong together, there is nothing to do: a search will find the right chunks of both.'];
  if (median >= longChunk) {
    tries.push(
      `Try smaller chunks: these have ${median} tokens in the middle, and a long chunk is the average of all that it says.`,
    );
  } else if (median > 0 && median < shortChunk) {
    tries.push(`Try larger chunks: these have ${median} tokens in the middle, too few to say what they are about.`);
  }
  tries.push(
    'Try another embedding model: a general one may not know what tells these subjects apart. Compare the figures of both.',
  );
  return tries;
}
