import type { MapCluster } from '../../shared/space';
import { TopK } from '../neighbors/topK';
import { MapNeighbors } from '../projection/mapNeighbors';
import { noCluster } from './clusters';
import { wordsOf } from './distinguishingTerms';

/** Terms of a cluster. */
const termsPerCluster = 6;
/** Chunks of a cluster that are read for its words, evenly spread: more change nothing but the time. */
const textsPerCluster = 120;
/** Words of a chunk that are read. */
const wordsPerText = 150;
/** A word that fewer chunks of a cluster have is one chunk's and not the cluster's. */
const fewestChunks = 2;
/** Members around the densest place. */
const densityNeighbors = 15;
/** Members whose surroundings are looked at in one step. */
const membersPerStep = 100;

/**
 * Names clusters by class-based TF-IDF (Grootendorst 2022, BERTopic): the share of a cluster's chunks that have a term,
 * times log(1 + mean words per cluster / the term's count in all clusters). Counting chunks rather than words keeps one
 * repetitive chunk from naming its cluster. Terms that begin alike (borrow, borrowed) are one; no two clusters are named
 * by the same first term where each has others.
 *
 * @param texts by point.
 * @param clusters cluster of each point, {@link noCluster} for none.
 * @param coordinates 2 n; NaN for points that have no place.
 * @returns one entry for each cluster in order; `name` is the first two terms joined, `x` and `y` its densest place.
 */
export function labelClusters(
  texts: ArrayLike<string>,
  clusters: Uint16Array,
  coordinates: Float32Array,
): MapCluster[] {
  const steps = labelSteps((point) => texts[point], clusters, coordinates);
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
  clusters: Uint16Array,
  coordinates: Float32Array,
): Generator<undefined, MapCluster[]> {
  const members = membersOf(clusters);
  const counts: TermCounts[] = [];
  for (const points of members) counts.push(yield* countTerms(points, textOf));
  const everywhere = new Map<string, number>();
  let words = 0;
  for (const { chunks } of counts) {
    for (const [term, found] of chunks) {
      everywhere.set(term, (everywhere.get(term) ?? 0) + found);
      words += found;
    }
  }
  const meanWords = words / Math.max(1, members.length);
  const ranked: RankedTerm[][] = [];
  for (const { chunks, read, forms } of counts) {
    const enough = Math.min(fewestChunks, read);
    ranked.push(
      [...chunks]
        .filter(([, found]) => found >= enough)
        .map(([term, found]) => ({
          term,
          form: mostFrequent(forms.get(term)!),
          weight: (found / read) * Math.log1p(meanWords / everywhere.get(term)!),
        }))
        .sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1)),
    );
    yield;
  }
  const terms = distinctTerms(ranked);
  const labels: MapCluster[] = [];
  for (const [cluster, points] of members.entries()) {
    labels.push({
      name: terms[cluster].slice(0, 2).join(', ') || `Cluster ${cluster + 1}`,
      terms: terms[cluster],
      count: points.length,
      ...(yield* densestPlace(points, coordinates)),
    });
  }
  return labels;
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

interface TermCounts {
  /** Chunks that have a term. */
  chunks: Map<string, number>;
  /** How often a term stands in which form. */
  forms: Map<string, Map<string, number>>;
  /** Chunks read. */
  read: number;
}

function* countTerms(points: number[], textOf: (point: number) => string): Generator<undefined, TermCounts> {
  const chunks = new Map<string, number>();
  const forms = new Map<string, Map<string, number>>();
  const read = Math.min(points.length, textsPerCluster);
  for (let i = 0; i < read; i++) {
    const text = textOf(points[Math.floor((i * points.length) / read)]);
    const seen = new Set<string>();
    let words = 0;
    for (const { term, form } of wordsOf(text)) {
      if (++words > wordsPerText) break;
      const ofTerm = forms.get(term) ?? new Map<string, number>();
      ofTerm.set(form, (ofTerm.get(form) ?? 0) + 1);
      forms.set(term, ofTerm);
      if (seen.has(term)) continue;
      seen.add(term);
      chunks.set(term, (chunks.get(term) ?? 0) + 1);
    }
    yield;
  }
  return { chunks, forms, read };
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
  const placed = points.filter((point) => Number.isFinite(coordinates[2 * point]));
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
