import { TopK } from '../neighbors/topK';
import { MapNeighbors } from '../projection/mapNeighbors';
import { noCluster, type ClusterHierarchy } from './clusters';
import { wordsOf } from './distinguishingTerms';

/** Terms of a cluster. */
const termsPerCluster = 6;
/** Chunks of a cluster that are read for its words, evenly spread: more change nothing but the time. */
const textsPerCluster = 120;
/** The same in each of its finest parts, where it has any. */
const textsPerPart = 40;
/** Words of a chunk that are read. */
const wordsPerText = 150;
/** A word that fewer chunks of a cluster have is one chunk's and not the cluster's. */
const fewestChunks = 2;
/** Members around the densest place. */
const densityNeighbors = 15;
/** Members among which the densest place is looked for, evenly spread. */
const membersForPlace = 3000;
/** Members whose surroundings are looked at in one step. */
const membersPerStep = 100;

/** What a cluster is called and where its label goes. */
export interface LabelledCluster {
  name: string;
  /** Best first; `name` is the first two joined. */
  terms: string[];
  count: number;
  /** Its densest place, 0 where it has none. */
  x: number;
  y: number;
}

/**
 * Names clusters by class-based TF-IDF (Grootendorst 2022, BERTopic): the share of a cluster's chunks that have a term,
 * times log(1 + mean words per cluster / the term's count in all clusters of its level). Counting chunks rather than words
 * keeps one repetitive chunk from naming its cluster. Below the main level this is multiplied with log2 of how much more
 * often the term stands in the cluster than in its siblings: there a label says what tells the parts of a topic apart. Terms that begin alike (borrow,
 * borrowed) are one; no two clusters of a level are named by the same first term where each has others.
 *
 * @param texts by point.
 * @param coordinates 2 n; NaN for points that have no place.
 * @returns for each level one entry for each cluster in order.
 */
export function labelClusters(
  texts: ArrayLike<string>,
  hierarchy: ClusterHierarchy,
  coordinates: Float32Array,
): LabelledCluster[][] {
  const steps = labelSteps((point) => texts[point], hierarchy, coordinates);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same in steps of about a millisecond, for a thread that others wait for.
 * @param textOf called for the texts that are read alone, when they are.
 */
export function* labelSteps(
  textOf: (point: number) => string,
  { levels, main }: ClusterHierarchy,
  coordinates: Float32Array,
): Generator<undefined, LabelledCluster[][]> {
  const parts = yield* readParts(levels, textOf);
  const labels: LabelledCluster[][] = [];
  let above: ClusterTerms[] = [];
  for (const [level, clusters] of levels.entries()) {
    const members = membersOf(clusters);
    const counted = members.map((_, cluster) => mergeParts(parts.filter(({ of }) => of[level] === cluster)));
    const parents = members.map(([first]) => (level > main ? above[levels[level - 1][first]] : undefined));
    const ranked = yield* rankTerms(counted, parents);
    const terms = distinctTerms(ranked);
    const named: LabelledCluster[] = [];
    for (const [cluster, points] of members.entries()) {
      named.push({
        name: terms[cluster].slice(0, 2).join(', ') || `Cluster ${cluster + 1}`,
        terms: terms[cluster],
        count: points.length,
        ...(yield* densestPlace(points, coordinates)),
      });
    }
    labels.push(named);
    above = counted;
  }
  return labels;
}

/**
 * Terms that tell some chunks from others, best first: by the share of chunks that have a term, its rarity among all, and
 * log2 of how much more often it stands in these.
 */
export function tellingTerms(selected: readonly string[], rest: readonly string[]): string[] {
  const own = countTerms(selected, selected.length);
  const other = countTerms(rest, rest.length);
  const steps = rankTerms([own, other], [mergeParts([own, other]), undefined]);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return distinctTerms([step.value[0]])[0];
  }
}

/** Terms that two groups of chunks both have much of, for their rarity among the others: best first. */
export function sharedTerms(first: readonly string[], second: readonly string[], rest: readonly string[]): string[] {
  const [a, b, others] = [first, second, rest].map((texts) => countTerms(texts, texts.length));
  const both = new Map<string, number>();
  for (const [term, share] of a.share) {
    const less = Math.min(share, b.share.get(term) ?? 0);
    if (less > 0) both.set(term, less);
  }
  const together = { ...mergeParts([a, b]), share: both };
  const steps = rankTerms([together, others], [undefined, undefined]);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return distinctTerms([step.value[0]])[0];
  }
}

function membersOf(clusters: Uint16Array): number[][] {
  const members: number[][] = [];
  clusters.forEach((cluster, point) => {
    if (cluster === noCluster) return;
    while (members.length <= cluster) members.push([]);
    members[cluster].push(point);
  });
  return members;
}

/** Terms of some chunks. */
interface ClusterTerms {
  /** Share of the chunks that have a term. */
  share: Map<string, number>;
  /** Chunks read that have a term. */
  found: Map<string, number>;
  /** How often a term stands in which form. */
  forms: Map<string, Map<string, number>>;
  /** Chunks read, and chunks that they stand for. */
  read: number;
  size: number;
}

/** Reads the chunks that share their cluster at every level: what they have is then summed up for each level. */
function* readParts(
  levels: readonly Uint16Array[],
  textOf: (point: number) => string,
): Generator<undefined, (ClusterTerms & { of: number[] })[]> {
  const parts = new Map<string, { of: number[]; points: number[] }>();
  for (let point = 0; point < (levels[0]?.length ?? 0); point++) {
    const of = levels.map((level) => level[point]);
    if (of.every((cluster) => cluster === noCluster)) continue;
    const key = of.join(' ');
    const part = parts.get(key) ?? { of, points: [] };
    part.points.push(point);
    parts.set(key, part);
  }
  const quota = levels.length === 1 ? textsPerCluster : textsPerPart;
  const read: (ClusterTerms & { of: number[] })[] = [];
  for (const { of, points } of parts.values()) {
    const texts: string[] = [];
    const wanted = Math.min(points.length, quota);
    for (let i = 0; i < wanted; i++) {
      texts.push(textOf(points[Math.floor((i * points.length) / wanted)]));
      if (i % 4 === 3) yield;
    }
    const counted = countTerms([], points.length);
    for (const text of texts) {
      addText(counted, text);
      yield;
    }
    read.push({ ...finishCount(counted), of });
  }
  return read;
}

function countTerms(texts: readonly string[], size: number): ClusterTerms {
  const counted: ClusterTerms = { share: new Map(), found: new Map(), forms: new Map(), read: 0, size };
  for (const text of texts) addText(counted, text);
  return finishCount(counted);
}

function addText(counted: ClusterTerms, text: string): void {
  const { found, forms } = counted;
  counted.read++;
  const seen = new Set<string>();
  let words = 0;
  for (const { term, form } of wordsOf(text)) {
    if (++words > wordsPerText) break;
    const ofTerm = forms.get(term) ?? new Map<string, number>();
    ofTerm.set(form, (ofTerm.get(form) ?? 0) + 1);
    forms.set(term, ofTerm);
    if (seen.has(term)) continue;
    seen.add(term);
    found.set(term, (found.get(term) ?? 0) + 1);
  }
}

function finishCount(counted: ClusterTerms): ClusterTerms {
  const share = new Map<string, number>();
  for (const [term, chunks] of counted.found) share.set(term, chunks / counted.read);
  return { ...counted, share };
}

/** Shares of parts together, each by the chunks that it stands for. */
function mergeParts(parts: readonly ClusterTerms[]): ClusterTerms {
  if (parts.length === 1) return parts[0];
  const merged: ClusterTerms = { share: new Map(), found: new Map(), forms: new Map(), read: 0, size: 0 };
  for (const { size, read } of parts) {
    merged.size += size;
    merged.read += read;
  }
  for (const part of parts) {
    for (const [term, share] of part.share) {
      merged.share.set(term, (merged.share.get(term) ?? 0) + (share * part.size) / merged.size);
      merged.found.set(term, (merged.found.get(term) ?? 0) + part.found.get(term)!);
      const forms = merged.forms.get(term) ?? new Map<string, number>();
      for (const [form, times] of part.forms.get(term)!) forms.set(form, (forms.get(form) ?? 0) + times);
      merged.forms.set(term, forms);
    }
  }
  return merged;
}

/** @param parents what each cluster is told apart within; undefined where the whole level is what it is told from. */
function* rankTerms(
  clusters: readonly ClusterTerms[],
  parents: readonly (ClusterTerms | undefined)[],
): Generator<undefined, RankedTerm[][]> {
  const everywhere = new Map<string, number>();
  let words = 0;
  for (const { share } of clusters) {
    for (const [term, value] of share) {
      everywhere.set(term, (everywhere.get(term) ?? 0) + value);
      words += value;
    }
  }
  const meanWords = words / Math.max(1, clusters.length);
  const ranked: RankedTerm[][] = [];
  for (const [i, { share, found, forms, read, size }] of clusters.entries()) {
    const parent = parents[i];
    const enough = Math.min(fewestChunks, read);
    const lift = (term: string, value: number): number => {
      if (parent === undefined || parent.size <= size) return 1;
      const inSiblings = ((parent.share.get(term) ?? 0) * parent.size - value * size) / (parent.size - size);
      // Half a chunk more on either side: one mention is no proof.
      const least = 0.5 / Math.max(1, read);
      return Math.max(0, Math.log2((value + least) / (Math.max(0, inSiblings) + least)));
    };
    ranked.push(
      [...share]
        .filter(([term]) => found.get(term)! >= enough)
        .map(([term, value]) => ({
          term,
          form: mostFrequent(forms.get(term)!),
          weight: value * Math.log1p(meanWords / everywhere.get(term)!) * lift(term, value),
        }))
        .filter(({ weight }) => weight > 0)
        .sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1)),
    );
    yield;
  }
  return ranked;
}

function mostFrequent(forms: Map<string, number>): string {
  let best = '';
  let most = 0;
  for (const [form, found] of forms) {
    if (found > most || (found === most && form < best)) {
      best = form;
      most = found;
    }
  }
  return best;
}

interface RankedTerm {
  term: string;
  form: string;
  weight: number;
}

/** The best terms of each cluster; the first goes to the cluster that it weighs most in. */
function distinctTerms(ranked: RankedTerm[][]): string[][] {
  const owner = new Map<string, { cluster: number; weight: number }>();
  ranked.forEach((terms, cluster) => {
    for (const { term, weight } of terms.slice(0, 3 * termsPerCluster)) {
      if (weight > (owner.get(term)?.weight ?? 0)) owner.set(term, { cluster, weight });
    }
  });
  return ranked.map((terms, cluster) => {
    const chosen: RankedTerm[] = [];
    const take = (candidates: RankedTerm[], limit: number) => {
      for (const candidate of candidates) {
        if (chosen.length >= limit) break;
        if (!chosen.some(({ term }) => isSameWord(term, candidate.term))) chosen.push(candidate);
      }
    };
    // The name is of words that no other cluster has more of; what follows may be shared.
    take(
      terms.slice(0, 3 * termsPerCluster).filter(({ term }) => owner.get(term)?.cluster === cluster),
      2,
    );
    take(terms, termsPerCluster);
    return chosen.map(({ form }) => form);
  });
}

/** Whether two terms are forms of one word: one begins with all but a short ending of the other. */
function isSameWord(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  let same = 0;
  while (same < shorter && a[same] === b[same]) same++;
  return same === shorter
    ? same >= 3 && Math.abs(a.length - b.length) <= 3
    : same >= 5 && Math.max(a.length, b.length) - same <= 3;
}

/** The middle of the members around the one that has its nearest fellow members closest. */
function* densestPlace(points: number[], coordinates: Float32Array): Generator<undefined, { x: number; y: number }> {
  const step = Math.max(1, points.length / membersForPlace);
  const spread = Array.from({ length: Math.floor(points.length / step) }, (_, i) => points[Math.floor(i * step)]);
  const placed = spread.filter((point) => Number.isFinite(coordinates[2 * point]));
  if (placed.length === 0) return { x: 0, y: 0 };
  const own = new Float32Array(2 * placed.length);
  placed.forEach((point, i) => own.set(coordinates.subarray(2 * point, 2 * point + 2), 2 * i));
  const tree = new MapNeighbors(own);
  const k = Math.min(densityNeighbors, placed.length);
  const indices = new Int32Array(k);
  const nearness = new Float32Array(k);
  const heap = new TopK(k, indices, nearness);
  let best = -Infinity;
  let place = { x: 0, y: 0 };
  for (let i = 0; i < placed.length; i++) {
    if (i % membersPerStep === 0) yield;
    heap.start(0);
    tree.search(own[2 * i], own[2 * i + 1], heap);
    if (heap.floor <= best) continue;
    best = heap.floor;
    let x = 0;
    let y = 0;
    for (const member of indices) {
      x += own[2 * member] / k;
      y += own[2 * member + 1] / k;
    }
    place = { x, y };
  }
  return place;
}
