/**
 * Segments of a whole document, their number decided by the document itself.
 *
 * Lengths of segments are negative binomial, evidence of a segment as in `topicEvidence.ts`. The forward-backward
 * recursion over all segmentations (Fearnhead 2006, "Exact and efficient Bayesian inference for multiple changepoint
 * problems") gives the probability that two sentences share a segment, averaged over a grid of subject variances and mean
 * lengths by their evidence: so nothing has to be set for a collection. The answer is the segmentation with the least
 * expected number of wrong pairs at half a segment's distance: the expected Pk (Beeferman, Berger and Lafferty 1999).
 */
import { gramMatrix, SegmentSums } from './cuts';
import type { SeamKind } from './mixedTopicsUnits';
import { mayBeginSegment, seamLogOdds } from './seams';
import { effectiveDimensions, segmentEvidence, topicKernel } from './topicEvidence';

const subjectVariances = [0.04, 0.08, 0.16, 0.32, 0.64] as const;
const meanLengths = [4, 6, 9, 14, 21, 32, 48, 70] as const;
/** Shape of the lengths' distribution: 1 would be memoryless, larger ones leave out very short segments. */
const lengthShape = 6;
/** The document's own mean is taken from its sentences, but never more of it than this: its subject stays. */
const commonLength = 0.15;
/**
 * Long segments drift within themselves: where they are longer than 10 sentences each sentence says less of its segment
 * (d L = 400 for a mean length of L), and a cut must be more probable. Fitted on seg-clinical.
 */
const driftingDimensions = 400;
const leastDimensions = 4;
const surestBias = 0.5;
const unsureBias = 0.3;
/** Sentences that are segmented in one piece: the recursion takes the square of their number. */
const longestPiece = 400;

/**
 * @param sentences texts, in order.
 * @param vectors sentences x dimensions, row-major, L2-normalised; of `sentences`.
 * @param seams what stands before each sentence, where the layout is known.
 * @returns the first sentence of every segment but the first, ascending.
 */
export function segmentSentences(
  sentences: readonly string[],
  vectors: Float32Array,
  dimensions: number,
  seams?: readonly SeamKind[],
): number[] {
  const layout = layoutOf(sentences.length, seams);
  const cuts: number[] = [];
  let from = 0;
  while (from < sentences.length) {
    const until = Math.min(sentences.length, from + longestPiece);
    const rows = vectors.slice(from * dimensions, until * dimensions);
    const pieceLayout = {
      logOdds: layout.logOdds.slice(from, until),
      mayBegin: layout.mayBegin.slice(from, until),
    };
    const found = segmentPiece(sentences.slice(from, until), rows, dimensions, pieceLayout).map((cut) => from + cut);
    if (until === sentences.length) return [...cuts, ...found];
    // The last segment may go on: the next piece begins with it, or anew where the piece is one segment.
    const last = found.at(-1) ?? lastBeginning(layout.mayBegin, from, until);
    cuts.push(...found);
    if (found.length === 0) cuts.push(last);
    from = last;
  }
  return cuts;
}

/** The last place up to `until` with which a segment may begin; `until` where the layout allows none. */
function lastBeginning(mayBegin: readonly boolean[], from: number, until: number): number {
  for (let i = until; i > from; i--) if (mayBegin[i]) return i;
  return until;
}

/** What the layout says of each sentence: ln odds of a cut before it, and whether a segment may begin with it at all. */
interface SentenceLayout {
  logOdds: readonly number[];
  mayBegin: readonly boolean[];
}

function layoutOf(count: number, seams: readonly SeamKind[] | undefined): SentenceLayout {
  if (seams === undefined) {
    return { logOdds: new Array<number>(count).fill(0), mayBegin: new Array<boolean>(count).fill(true) };
  }
  const sentences = seams.map((seam) => ({ seam }));
  return { logOdds: seamLogOdds(sentences), mayBegin: mayBeginSegment(sentences) };
}

function segmentPiece(
  sentences: readonly string[],
  rows: Float32Array,
  dimensions: number,
  { logOdds, mayBegin }: SentenceLayout,
): number[] {
  const count = sentences.length;
  if (count < 2) return [];
  subtractCommon(rows, count, dimensions);
  const sums = new SegmentSums(topicKernel(gramMatrix(rows, count, dimensions), sentences), count);
  let posterior = inferSegments(sums, effectiveDimensions, logOdds);
  const length = count / (posterior.cuts + 1);
  const spoken = Math.max(leastDimensions, Math.min(effectiveDimensions, driftingDimensions / length));
  if (spoken < effectiveDimensions) posterior = inferSegments(sums, spoken, logOdds);
  const bias = unsureBias + ((surestBias - unsureBias) * spoken) / effectiveDimensions;
  return leastExpectedErrors(posterior.segments, mayBegin, Math.max(2, Math.round(length / 2)), bias);
}

/** Takes what all sentences have in common, at most `commonLength` of it, and normalises again. */
function subtractCommon(rows: Float32Array, count: number, dimensions: number): void {
  const mean = new Float64Array(dimensions);
  for (let i = 0; i < rows.length; i++) mean[i % dimensions] += rows[i] / count;
  const length = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0));
  const share = length > 0 ? Math.min(1, commonLength / length) : 0;
  for (let start = 0; start < rows.length; start += dimensions) {
    let squares = 0;
    for (let k = 0; k < dimensions; k++) {
      rows[start + k] -= share * mean[k];
      squares += rows[start + k] ** 2;
    }
    const scale = squares > 1e-12 ? 1 / Math.sqrt(squares) : 0;
    for (let k = 0; k < dimensions; k++) rows[start + k] *= scale;
  }
}

interface SegmentPosterior {
  /** Probability of each segment [start, end): (n + 1) x (n + 1), row-major. */
  segments: Float64Array;
  /** Expected number of cuts. */
  cuts: number;
}

function inferSegments(sums: SegmentSums, dimensions: number, logOdds: readonly number[]): SegmentPosterior {
  const { count } = sums;
  const stride = count + 1;
  const cells: (SegmentPosterior & { logEvidence: number })[] = [];
  const evidence = new Float64Array(stride * stride);
  for (const variance of subjectVariances) {
    for (let start = 0; start < count; start++) {
      for (let end = start + 1; end <= count; end++) {
        const kernelSum = sums.block(start, end, start, end);
        const cut = start > 0 ? logOdds[start] : 0;
        evidence[start * stride + end] = segmentEvidence(end - start, kernelSum, variance, dimensions) + cut;
      }
    }
    for (const length of meanLengths) cells.push(forwardBackward(evidence, count, lengthPrior(length, count)));
  }
  const most = Math.max(...cells.map(({ logEvidence }) => logEvidence));
  const weights = cells.map(({ logEvidence }) => Math.exp(logEvidence - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const segments = new Float64Array(stride * stride);
  let cuts = 0;
  cells.forEach((cell, c) => {
    const weight = weights[c] / total;
    if (weight < 1e-4) return;
    cuts += weight * cell.cuts;
    for (let i = 0; i < segments.length; i++) segments[i] += weight * cell.segments[i];
  });
  return { segments, cuts };
}

/** ln probabilities of a segment's length, and of a last segment's, which may have gone on. */
interface LengthPrior {
  exact: Float64Array;
  atLeast: Float64Array;
}

/** Negative binomial of lengths from 1 on, with the given mean. */
function lengthPrior(mean: number, longest: number): LengthPrior {
  const beyond = mean - 1;
  const p = beyond / (beyond + lengthShape);
  const exact = new Float64Array(longest + 1).fill(Number.NEGATIVE_INFINITY);
  const atLeast = new Float64Array(longest + 1);
  let log = lengthShape * Math.log(1 - p);
  let shorter = 0;
  for (let length = 1; length <= longest; length++) {
    exact[length] = log;
    atLeast[length] = Math.log(Math.max(1e-12, 1 - shorter));
    shorter += Math.exp(log);
    log += Math.log(p * (length - 1 + lengthShape)) - Math.log(length);
  }
  return { exact, atLeast };
}

function forwardBackward(
  evidence: Float64Array,
  count: number,
  prior: LengthPrior,
): SegmentPosterior & { logEvidence: number } {
  const stride = count + 1;
  const score = (start: number, end: number): number =>
    evidence[start * stride + end] + (end === count ? prior.atLeast : prior.exact)[end - start];
  const forward = new Float64Array(stride).fill(Number.NEGATIVE_INFINITY);
  const backward = new Float64Array(stride).fill(Number.NEGATIVE_INFINITY);
  forward[0] = 0;
  backward[count] = 0;
  const terms = new Float64Array(stride);
  for (let end = 1; end <= count; end++) {
    for (let start = 0; start < end; start++) terms[start] = forward[start] + score(start, end);
    forward[end] = logSum(terms, 0, end);
  }
  for (let start = count - 1; start >= 0; start--) {
    for (let end = start + 1; end <= count; end++) terms[end] = backward[end] + score(start, end);
    backward[start] = logSum(terms, start + 1, count + 1);
  }
  const logEvidence = forward[count];
  const segments = new Float64Array(stride * stride);
  let cuts = 0;
  for (let start = 0; start < count; start++) {
    if (start > 0) cuts += Math.exp(forward[start] + backward[start] - logEvidence);
    for (let end = start + 1; end <= count; end++) {
      const log = forward[start] + score(start, end) + backward[end] - logEvidence;
      if (log > -25) segments[start * stride + end] = Math.exp(log);
    }
  }
  return { segments, cuts, logEvidence };
}

function logSum(values: Float64Array, from: number, until: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = from; i < until; i++) if (values[i] > most) most = values[i];
  let sum = 0;
  for (let i = from; i < until; i++) if (values[i] > most - 30) sum += Math.exp(values[i] - most);
  return most + Math.log(sum);
}

/**
 * The segmentation that maximises Σ (P(i and i + reach share a segment) − bias) over the pairs that it leaves together: with
 * a bias of ½ the least expected number of wrong pairs.
 */
function leastExpectedErrors(
  segments: Float64Array,
  mayBegin: readonly boolean[],
  reach: number,
  bias: number,
): number[] {
  const count = mayBegin.length;
  const stride = count + 1;
  const before = new Float64Array(count + 1);
  const byEnd = new Float64Array(stride);
  for (let i = 0; i < count; i++) {
    let together = 0;
    for (let end = i + 1; end <= count; end++) byEnd[end] += segments[i * stride + end];
    for (let end = i + reach + 1; end <= count; end++) together += byEnd[end];
    before[i + 1] = before[i] + (i + reach < count ? together - bias : 0);
  }
  const best = new Float64Array(stride).fill(Number.NEGATIVE_INFINITY);
  const previous = new Int32Array(stride);
  // Of equally good segmentations the one with fewer cuts.
  const perCut = 1e-6;
  best[0] = perCut;
  for (let end = 1; end <= count; end++) {
    for (let start = 0; start < end; start++) {
      if (start > 0 && !mayBegin[start]) continue;
      const pairs = end - reach > start ? before[end - reach] - before[start] : 0;
      if (best[start] + pairs - perCut > best[end]) {
        best[end] = best[start] + pairs - perCut;
        previous[end] = start;
      }
    }
  }
  const cuts: number[] = [];
  for (let end = previous[count]; end > 0; end = previous[end]) cuts.push(end);
  return cuts.reverse();
}
