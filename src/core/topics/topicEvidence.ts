/**
 * How probable it is that sentences speak of one subject: the model under cuts of chunks and of whole documents.
 *
 * Sentences of a segment lie around a mean of their own, drawn around the index's mean with τ times the variance of
 * sentences around it, in d effective dimensions. Integrated over the mean (conjugate Gaussian), the evidence of a segment
 * of m sentences against m sentences of no common subject depends on its kernel sum K = Σ_i,j k(i, j) alone:
 *   ln E(m, K) = −d/2 ln(1 + m τ) + d/2 · τ / (1 + m τ) · K.
 * It is the within-segment scatter of kernel change-point detection with a penalty that grows with ln m instead of a
 * constant (two-covariance model: Brümmer and de Villiers, Odyssey 2010; product partition models: Barry and Hartigan 1993).
 */
import { wordsOf } from './distinguishingTerms';
import type { SegmentSums } from './cuts';

/**
 * Dimensions in which sentences vary independently: off-diagonal similarities of unrelated sentences of the bundled model
 * have a variance of about 1/40 beyond chance. Fitted on seg-clinical.
 */
export const effectiveDimensions = 40;
/** What shared words weigh beside the vectors' similarity. */
const lexicalWeight = 0.5;
/** Beginning of a word that stands for all its forms. */
const stemLength = 6;
/** Variance between subjects against that within one; the evidence of one cut hardly depends on it. */
const subjectVariance = 0.1;

export function segmentEvidence(
  sentences: number,
  kernelSum: number,
  variance = subjectVariance,
  dimensions = effectiveDimensions,
): number {
  const spread = 1 + sentences * variance;
  return (dimensions / 2) * ((variance / spread) * kernelSum - Math.log(spread));
}

/**
 * Similarity of sentences by vectors and words: (cosine + ½ overlap of words) / 1.5, n x n, row-major, 1 on the diagonal.
 * Overlap is the cosine of the sets of word beginnings, stop words left out.
 *
 * @param gram cosine similarities, n x n, row-major.
 */
export function topicKernel(gram: Float64Array, sentences: readonly string[]): Float64Array {
  const count = sentences.length;
  const words = sentences.map(stemsOf);
  const kernel = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    kernel[i * count + i] = 1;
    for (let j = 0; j < i; j++) {
      let shared = 0;
      for (const word of words[i]) if (words[j].has(word)) shared++;
      const overlap = shared === 0 ? 0 : shared / Math.sqrt(words[i].size * words[j].size);
      const value = (gram[i * count + j] + lexicalWeight * overlap) / (1 + lexicalWeight);
      kernel[i * count + j] = value;
      kernel[j * count + i] = value;
    }
  }
  return kernel;
}

/** Sentences come again and again in splices and cuts: their words are kept, as long as they are not too many. */
const knownStems = new Map<string, ReadonlySet<string>>();
const mostKnownStems = 20_000;

function stemsOf(sentence: string): ReadonlySet<string> {
  let stems = knownStems.get(sentence);
  if (stems === undefined) {
    stems = new Set(Array.from(wordsOf(sentence), ({ term }) => term.slice(0, stemLength)));
    if (knownStems.size >= mostKnownStems) knownStems.clear();
    knownStems.set(sentence, stems);
  }
  return stems;
}

/** Evidence for a cut at one place against none: ln E(before) + ln E(after) − ln E(whole). */
export function cutEvidence(sums: SegmentSums, cut: number): number {
  const { count } = sums;
  return (
    segmentEvidence(cut, sums.block(0, cut, 0, cut)) +
    segmentEvidence(count - cut, sums.block(cut, count, cut, count)) -
    segmentEvidence(count, sums.block(0, count, 0, count))
  );
}

/**
 * ln of the Bayes factor of two subjects against one, averaged over the places of the cut.
 *
 * @param logOdds of a cut before each sentence, as the layout tells before anything is embedded; 0 where it says nothing.
 */
export function twoSubjectsEvidence(sums: SegmentSums, logOdds: readonly number[]): number {
  const cuts = Array.from({ length: Math.max(0, sums.count - 1) }, (_, i) => cutEvidence(sums, i + 1) + logOdds[i + 1]);
  if (cuts.length === 0) return Number.NEGATIVE_INFINITY;
  const most = Math.max(...cuts);
  return most + Math.log(cuts.reduce((sum, value) => sum + Math.exp(value - most), 0) / cuts.length);
}
