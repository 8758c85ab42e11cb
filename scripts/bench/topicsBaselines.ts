/** What a segmentation is compared with. Those that are told the true number of segments have an advantage. */
import type { SeededRandom } from '../../src/core/neighbors/seededRandom';
import type { SegmentSums } from '../../src/core/topics/cuts';
import { wordsOf } from '../../src/core/topics/distinguishingTerms';

export function randomCuts(sentences: number, cuts: number, random: SeededRandom): number[] {
  const places = new Set<number>();
  while (places.size < Math.min(cuts, sentences - 1)) places.add(1 + random.below(sentences - 1));
  return [...places].sort((a, b) => a - b);
}

export function evenCuts(sentences: number, cuts: number): number[] {
  return Array.from({ length: cuts }, (_, i) => Math.round(((i + 1) * sentences) / (cuts + 1)));
}

type WordCounts = Map<string, number>;

function wordCounts(text: string): WordCounts {
  const counts: WordCounts = new Map();
  for (const { term } of wordsOf(text)) counts.set(term.slice(0, 6), (counts.get(term.slice(0, 6)) ?? 0) + 1);
  return counts;
}

function cosine(a: WordCounts, b: WordCounts): number {
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (const [word, count] of a) {
    product += count * (b.get(word) ?? 0);
    squaresA += count * count;
  }
  for (const count of b.values()) squaresB += count * count;
  return product === 0 ? 0 : product / Math.sqrt(squaresA * squaresB);
}

const blockSentences = 6;

/** TextTiling (Hearst 1997) on blocks of sentences: valleys of lexical similarity deeper than the mean less half a deviation. */
export function textTiling(sentences: readonly string[]): number[] {
  const counts = sentences.map(wordCounts);
  const block = (from: number, until: number): WordCounts => {
    const sum: WordCounts = new Map();
    for (const words of counts.slice(Math.max(0, from), until))
      for (const [word, count] of words) sum.set(word, (sum.get(word) ?? 0) + count);
    return sum;
  };
  const raw = sentences
    .slice(1)
    .map((_, i) => cosine(block(i + 1 - blockSentences, i + 1), block(i + 1, i + 1 + blockSentences)));
  const scores = raw.map((score, i) => ((raw[i - 1] ?? score) + score + (raw[i + 1] ?? score)) / 3);
  const climb = (from: number, step: 1 | -1): number => {
    let top = from;
    while (scores[top + step] !== undefined && scores[top + step] >= scores[top]) top += step;
    return scores[top];
  };
  const depths = scores.map((score, i) => climb(i, -1) + climb(i, 1) - 2 * score);
  const mean = depths.reduce((sum, depth) => sum + depth, 0) / Math.max(1, depths.length);
  const variance = depths.reduce((sum, depth) => sum + (depth - mean) ** 2, 0) / Math.max(1, depths.length);
  const cutoff = mean - Math.sqrt(variance) / 2;
  return depths.flatMap((depth, i) => {
    const isPeak = depth >= (depths[i - 1] ?? 0) && depth > (depths[i + 1] ?? 0);
    return isPeak && depth > cutoff && depth > 0 ? [i + 1] : [];
  });
}

const rankReach = 5;
const stopDeviations = 1.2;

/** After C99 (Choi 2000): local ranks of lexical similarities, divisive clustering by inside density, stop at a steep step. */
export function c99(sentences: readonly string[]): number[] {
  const count = sentences.length;
  const counts = sentences.map(wordCounts);
  const similarity = counts.map((a) => counts.map((b) => cosine(a, b)));
  const prefix = Array.from({ length: count + 1 }, () => new Float64Array(count + 1));
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      let [lower, all] = [0, 0];
      for (let a = Math.max(0, i - rankReach); a <= Math.min(count - 1, i + rankReach); a++) {
        for (let b = Math.max(0, j - rankReach); b <= Math.min(count - 1, j + rankReach); b++) {
          if (a === i && b === j) continue;
          all++;
          if (similarity[a][b] < similarity[i][j]) lower++;
        }
      }
      prefix[i + 1][j + 1] = prefix[i][j + 1] + prefix[i + 1][j] - prefix[i][j] + lower / Math.max(1, all);
    }
  }
  const inside = (start: number, end: number): number =>
    prefix[end][end] - prefix[start][end] - prefix[end][start] + prefix[start][start];
  const bounds = [0, count];
  const steps: { cut: number; density: number }[] = [];
  let [sum, area] = [inside(0, count), count * count];
  const densities = [sum / area];
  while (steps.length < Math.min(count - 1, 60)) {
    let best: { cut: number; density: number; sum: number; area: number } | undefined;
    for (let s = 0; s + 1 < bounds.length; s++) {
      const [start, end] = [bounds[s], bounds[s + 1]];
      const whole = inside(start, end);
      for (let cut = start + 1; cut < end; cut++) {
        const nextSum = sum - whole + inside(start, cut) + inside(cut, end);
        const nextArea = area - (end - start) ** 2 + (cut - start) ** 2 + (end - cut) ** 2;
        if (best === undefined || nextSum / nextArea > best.density)
          best = { cut, density: nextSum / nextArea, sum: nextSum, area: nextArea };
      }
    }
    if (best === undefined) break;
    ({ sum, area } = best);
    bounds.push(best.cut);
    bounds.sort((a, b) => a - b);
    steps.push(best);
    densities.push(best.density);
  }
  const gradients = densities.slice(1).map((density, i) => density - densities[i]);
  const mean = gradients.reduce((total, gradient) => total + gradient, 0) / Math.max(1, gradients.length);
  const deviation = Math.sqrt(
    gradients.reduce((total, gradient) => total + (gradient - mean) ** 2, 0) / Math.max(1, gradients.length),
  );
  let kept = 0;
  while (kept < gradients.length && gradients[kept] > mean + stopDeviations * deviation) kept++;
  return steps
    .slice(0, kept)
    .map(({ cut }) => cut)
    .sort((a, b) => a - b);
}

/**
 * Cuts a sequence into the segments that minimise total scatter + penalty x cuts, by optimal partitioning
 * (Jackson et al. 2005), O(n²) after the sums. Exact for any number of cuts.
 *
 * @returns the first sentence of every segment but the first, ascending.
 */
export function constantPenaltyCuts(sums: SegmentSums, penalty: number, minimalLength = 1): number[] {
  const { count } = sums;
  if (count === 0) return [];
  const cost = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY);
  const previous = new Int32Array(count + 1);
  cost[0] = -penalty;
  for (let end = Math.min(minimalLength, count); end <= count; end++) {
    for (let start = 0; start < end; start++) {
      // A text shorter than the minimal length is one segment.
      if (end - start < minimalLength && !(start === 0 && end === count)) break;
      const total = cost[start] + penalty + sums.scatter(start, end);
      if (total < cost[end]) {
        cost[end] = total;
        previous[end] = start;
      }
    }
  }
  const cuts: number[] = [];
  for (let end = previous[count]; end > 0; end = previous[end]!) cuts.push(end);
  return cuts.reverse();
}
