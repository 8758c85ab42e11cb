import type { KnnGraph } from '../neighbors/knnGraph';
import { seededRandom, type SeededRandom } from '../neighbors/seededRandom';
import type { GroupPair } from '../../shared/mapQuestions';

/** Chance of saying "apart" of any pair of groups that are the same, over all pairs. */
const significance = 0.05;
/** Chunks that each group must have. */
const fewestChunks = 20;
/** Files that each group must have for whole files to be permuted. */
const fewestFiles = 6;
/** Nearest neighbors within the pair that are looked at, the own file left out where files are permuted. */
const neighborsTaken = 10;
/** Neighbors of a chunk among which those are looked for. */
export const neighborsSearched = 30;
/** Chunks of a pair whose neighbors are counted in every permutation; of larger pairs a random sample. */
const mostSources = 2000;
/** Permutations of every pair, and those added where the first leave a doubt. */
const firstPermutations = 60;
const furtherPermutations = 340;
const permutationsPerStep = 10;
/** A pair this many standard deviations above chance is apart, whatever the correction: Cantelli's bound alone is 1 %, the normal tail 10^-23. */
const beyondDoubt = 10;
/** Own share that must have been noticeable, 8 times in 10: below that power nothing is said. */
const mustBeNoticed = 0.65;
const powerQuantile = 0.8416;

/** Distinct texts, once for each group that they stand in. */
export interface GroupedChunks {
  /** Position of the text in the graph. */
  point: Int32Array;
  group: Int32Array;
  /** File, numbered over all groups. */
  file: Int32Array;
}

/** Its groups by number, its figures as they are told. */
export interface SeparationOfPair extends Omit<GroupPair, 'first' | 'second' | 'terms' | 'words'> {
  first: number;
  second: number;
  verdict: 'together' | 'apart' | 'unclear';
}

interface Tested extends SeparationOfPair {
  deviations: number;
  spread: number;
  nulls: number[];
}

/**
 * Which pairs of groups leave-one-out nearest neighbors in the original space tell apart, and which they tell apart no
 * better than permuted labels do. Statistic: the share of a chunk's nearest neighbors, among the chunks of both groups,
 * that lie in its own group, averaged over each group and then over both (Schilling 1986, Henze 1988). Its distribution
 * under "the labels mean nothing" comes from permuting the labels of whole files, whose chunks are alike whatever the
 * group, with neighbors in the own file left out; of single chunks where there are fewer than six files a group. p-values
 * count the standardized permutations of all doubtful pairs together, which gives them the resolution that Holm's
 * correction (1979) needs. Not being told apart proves nothing where little could have been seen: "together" is
 * said only where an own share of 65 % would have been noticed 8 times in 10.
 *
 * In steps, as pairs are many.
 * @returns every pair of groups that have enough chunks.
 */
export function* separateGroups(
  graph: KnnGraph,
  chunks: GroupedChunks,
  groups: number,
  seed = 42,
): Generator<undefined, SeparationOfPair[]> {
  const sizes = new Int32Array(groups);
  for (const group of chunks.group) sizes[group]++;
  const lookup = chunksBy(chunks.point, graph.count);
  const byGroup = chunksBy(chunks.group, groups);
  /** Place of each chunk in the pair that is looked at; -1 outside of it. */
  const local = new Int32Array(chunks.group.length).fill(-1);
  const random = seededRandom(seed);
  const doubtful: { tested: Tested; pair: PairGraph }[] = [];
  const all: Tested[] = [];
  for (let first = 0; first < groups; first++) {
    for (let second = first + 1; second < groups; second++) {
      if (sizes[first] < fewestChunks || sizes[second] < fewestChunks) continue;
      const own = [...membersOf(byGroup, first), ...membersOf(byGroup, second)].sort((a, b) => a - b);
      own.forEach((chunk, i) => (local[chunk] = i));
      const pair = pairGraph(graph, chunks, { lookup, local, own }, first, random);
      for (const chunk of own) local[chunk] = -1;
      yield;
      const tested = yield* test(pair, first, second, random);
      all.push(tested);
      if (tested.deviations <= beyondDoubt) doubtful.push({ tested, pair });
      yield;
    }
  }
  for (const { tested, pair } of doubtful) {
    for (let i = 0; i < furtherPermutations; i++) {
      tested.nulls.push(pair.ownShare(pair.permuted(random)));
      if (i % permutationsPerStep === 0) yield;
    }
    describe(tested);
  }
  judge(
    all,
    doubtful.map(({ tested }) => tested),
  );
  return all.map(({ deviations: _, spread: __, nulls: ___, ...pair }) => pair);
}

/** Holm's step-down correction, then power. Pairs beyond doubt come first in its order. */
function judge(all: readonly Tested[], doubtful: Tested[]): void {
  const pooled = Float64Array.from(
    doubtful.flatMap(({ nulls, chanceShare, spread }) => nulls.map((null_) => (null_ - chanceShare) / spread)),
  ).sort();
  const raw = (deviations: number) => (1 + pooled.length - firstAtLeast(pooled, deviations)) / (1 + pooled.length);
  for (const pair of all) pair.pValue = 1 / (1 + firstPermutations + furtherPermutations);
  doubtful.sort((a, b) => b.deviations - a.deviations);
  let corrected = 0;
  let rejecting = true;
  let left = doubtful.length;
  for (const [i, pair] of doubtful.entries()) {
    corrected = Math.max(corrected, Math.min(1, (doubtful.length - i) * raw(pair.deviations)));
    pair.pValue = corrected;
    rejecting &&= corrected <= significance;
    if (rejecting) left--;
    else pair.verdict = 'unclear';
  }
  const critical = normalQuantile(1 - significance / Math.max(1, left));
  for (const pair of all) {
    pair.chanceLimit = pair.chanceShare + critical * pair.spread;
    pair.detectableShare = pair.chanceShare + (critical + powerQuantile) * pair.spread;
    if (pair.verdict === 'unclear' && pair.detectableShare <= mustBeNoticed) pair.verdict = 'together';
  }
}

/** Neighbors among the chunks of two groups. */
interface PairGraph {
  firstChunks: number;
  secondChunks: number;
  unit: 'file' | 'chunk';
  /** 1 for chunks of the first group. */
  labels: Uint8Array;
  ownShare(labels: Uint8Array): number;
  permuted(random: SeededRandom): Uint8Array;
}

function pairGraph(
  graph: KnnGraph,
  chunks: GroupedChunks,
  { lookup, local, own }: { lookup: Lists; local: Int32Array; own: readonly number[] },
  first: number,
  random: SeededRandom,
): PairGraph {
  const { start, members } = lookup;
  const labels = Uint8Array.from(own, (chunk) => (chunks.group[chunk] === first ? 1 : 0));
  const files = new Map<number, number>();
  const fileOf = Int32Array.from(own, (chunk) => {
    const file = chunks.file[chunk];
    if (!files.has(file)) files.set(file, files.size);
    return files.get(file)!;
  });
  const fileLabels = new Uint8Array(files.size);
  fileOf.forEach((file, i) => (fileLabels[file] = labels[i]));
  const firstFiles = fileLabels.reduce((sum, label) => sum + label, 0);
  const byFile = firstFiles >= fewestFiles && fileLabels.length - firstFiles >= fewestFiles;
  const unitOf = byFile ? fileOf : Int32Array.from(own, (_, i) => i);

  const sources = sample(own.length, mostSources, random);
  const searched = Math.min(neighborsSearched, graph.k);
  const rowStart = new Int32Array(sources.length + 1);
  const tail: number[] = [];
  sources.forEach((source, s) => {
    const from = tail.length;
    const offer = (point: number): void => {
      for (let m = start[point]; m < start[point + 1] && tail.length - from < neighborsTaken; m++) {
        const other = local[members[m]];
        if (other >= 0 && other !== source && unitOf[other] !== unitOf[source]) tail.push(other);
      }
    };
    const point = chunks.point[own[source]];
    // The same text in the other group is the nearest of all.
    offer(point);
    for (let rank = 0; rank < searched && tail.length - from < neighborsTaken; rank++) {
      const neighbor = graph.indices[point * graph.k + rank];
      if (neighbor >= 0) offer(neighbor);
    }
    rowStart[s + 1] = tail.length;
  });
  const tails = Int32Array.from(tail);
  const unitLabels = byFile ? fileLabels : labels;
  return {
    firstChunks: labels.reduce((sum, label) => sum + label, 0),
    secondChunks: labels.reduce((sum, label) => sum + 1 - label, 0),
    unit: byFile ? 'file' : 'chunk',
    labels,
    ownShare: (given) => meanOwnShare(sources, rowStart, tails, given),
    permuted: (from) => {
      const shuffled = unitLabels.slice();
      for (let i = shuffled.length - 1; i > 0; i--) {
        const other = from.below(i + 1);
        const kept = shuffled[i];
        shuffled[i] = shuffled[other];
        shuffled[other] = kept;
      }
      return byFile ? labels.map((_, i) => shuffled[fileOf[i]]) : shuffled;
    },
  };
}

/** Mean over both groups of the mean share of neighbors with the same label; chunks without neighbors say nothing. */
function meanOwnShare(sources: Int32Array, rowStart: Int32Array, tail: Int32Array, labels: Uint8Array): number {
  const share = [0, 0];
  const counted = [0, 0];
  for (let s = 0; s < sources.length; s++) {
    const degree = rowStart[s + 1] - rowStart[s];
    if (degree === 0) continue;
    const label = labels[sources[s]];
    let same = 0;
    for (let e = rowStart[s]; e < rowStart[s + 1]; e++) if (labels[tail[e]] === label) same++;
    share[label] += same / degree;
    counted[label]++;
  }
  const mean = (label: number) => (counted[label] === 0 ? 0.5 : share[label] / counted[label]);
  return (mean(0) + mean(1)) / 2;
}

function* test(pair: PairGraph, first: number, second: number, random: SeededRandom): Generator<undefined, Tested> {
  const tested: Tested = {
    first,
    second,
    verdict: 'apart',
    firstChunks: pair.firstChunks,
    secondChunks: pair.secondChunks,
    ownShare: pair.ownShare(pair.labels),
    chanceShare: 0.5,
    chanceLimit: 1,
    detectableShare: 1,
    pValue: 1,
    unit: pair.unit,
    deviations: 0,
    spread: 0,
    nulls: [],
  };
  for (let i = 0; i < firstPermutations; i++) {
    tested.nulls.push(pair.ownShare(pair.permuted(random)));
    if (i % permutationsPerStep === 0) yield;
  }
  describe(tested);
  return tested;
}

function describe(tested: Tested): void {
  const { nulls } = tested;
  const mean = nulls.reduce((sum, value) => sum + value, 0) / nulls.length;
  const variance = nulls.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (nulls.length - 1);
  tested.chanceShare = mean;
  // Where no permutation changes anything, nothing can be seen either.
  tested.spread = variance > 1e-12 ? Math.sqrt(variance) : 1;
  tested.deviations = (tested.ownShare - mean) / tested.spread;
}

/** Chunks by a key of theirs, in compressed rows. */
interface Lists {
  start: Int32Array;
  members: Int32Array;
}

/** Chunks of each point (several where one text stands in several groups) or of each group. */
function chunksBy(key: Int32Array, keys: number): Lists {
  const start = new Int32Array(keys + 1);
  for (const each of key) start[each + 1]++;
  for (let at = 0; at < keys; at++) start[at + 1] += start[at];
  const next = start.slice();
  const members = new Int32Array(key.length);
  key.forEach((each, chunk) => (members[next[each]++] = chunk));
  return { start, members };
}

function membersOf({ start, members }: Lists, key: number): Int32Array {
  return members.subarray(start[key], start[key + 1]);
}

function sample(count: number, most: number, random: SeededRandom): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  if (count <= most) return order;
  for (let i = 0; i < most; i++) {
    const other = i + random.below(count - i);
    const kept = order[i];
    order[i] = order[other];
    order[other] = kept;
  }
  return order.slice(0, most).sort();
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Acklam's rational approximation for the upper half, to about 1e-9. */
export function normalQuantile(probability: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ];
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
  const polynomial = (coefficients: readonly number[], x: number) =>
    coefficients.reduce((sum, value) => sum * x + value, 0);
  if (probability > 0.97575) {
    const q = Math.sqrt(-2 * Math.log(1 - probability));
    return -polynomial(c, q) / (polynomial(d, q) * q + 1);
  }
  const q = probability - 0.5;
  const r = q * q;
  return (polynomial(a, r) * q) / (polynomial(b, r) * r + 1);
}
