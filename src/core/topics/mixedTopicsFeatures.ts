import type { TextRange } from '../chunking/textLines';
import { bestCut, gramMatrix, SegmentSums } from './cuts';
import { lexicalSimilarity } from './distinguishingTerms';
import { seamLogOdds } from './seams';
import type { JudgedSentence } from './mixedTopicsUnits';
import { cutEvidence, topicKernel, twoSubjectsEvidence } from './topicEvidence';

/** A chunk of fewer sentences has no two parts of which one could say what they are about. */
export const minimalSentences = 4;
/** A part of the cut has two sentences, or one that is this share of the text. */
const fairShare = 0.1;

/** What the best cut of a chunk is like: plain numbers, kept under the key of the chunk's vector. */
export interface CutMeasure {
  sentences: number;
  /** Offset in the text at which the second part begins. */
  cut: number;
  /** The within-part scatter that the cut removes (cosine kernel; the largest that any allowed cut removes). */
  gain: number;
  /** ln of the Bayes factor of two subjects, wherever the cut, against one: see `topicEvidence.ts`. */
  evidence: number;
  /** Mean similarity of sentences on different sides of the cut. */
  across: number;
  /** Cosine of the two sides' word counts. */
  lexical: number;
  /** UTF-16 units of the shorter side's sentences. */
  minorLength: number;
  /**
   * How much each sentence speaks for its side: its mean similarity to the others there less that to the other side.
   * Measures of splices, and those of older stores, lack it.
   */
  speaksFor?: number[];
  /**
   * The heading that divides the text, of several the one with most evidence of a cut there: the ln of the Bayes factor of two
   * subjects against one. Absent where none does.
   */
  heading?: { cut: number; evidence: number };
}

/** Headings of this level and above divide a text: those below are most often names of entries in a list. */
const lowestDividingLevel = 4;
/** On each side of a heading that divides a text is this share of its sentences' letters. */
const dividedShare = 0.25;

/**
 * Numbers of the sentences that begin with a heading which divides the text. A heading below the one before it does not: what stands
 * between the two most often introduces it.
 */
export function dividingHeadings(sentences: readonly JudgedSentence[]): number[] {
  const { lengthBefore } = allowedCuts(sentences);
  const total = lengthBefore[sentences.length];
  let above: number | undefined;
  return sentences.flatMap(({ heading }, i) => {
    if (heading === undefined) return [];
    const isBelow = above !== undefined && above < heading.level;
    above = heading.level;
    if (isBelow || heading.level > lowestDividingLevel) return [];
    return Math.min(lengthBefore[i], total - lengthBefore[i]) >= dividedShare * total ? [i] : [];
  });
}

/**
 * Measures the best cut of a text.
 *
 * @param vectors sentences x dimensions, row-major, L2-normalised; of `spans`, in order. All-zero rows (a span that the
 * model did not see) end the part that is judged.
 * @param center what all sentences of the index have in common, see `centerOf`; taken away before they are compared.
 * @returns undefined when there are too few sentences or no cut leaves two parts worth the name.
 */
export function measureCut(
  text: string,
  spans: readonly JudgedSentence[],
  vectors: Float32Array,
  dimensions: number,
  center?: Float32Array,
): CutMeasure | undefined {
  const seen = seenSentences(vectors, spans.length, dimensions);
  if (seen < minimalSentences) return undefined;
  const rows = vectors.slice(0, seen * dimensions);
  if (center !== undefined) subtractCenter(rows, dimensions, center);
  const gram = gramMatrix(rows, seen, dimensions);
  return measureGram(text, spans.slice(0, seen), gram);
}

/** Mean of vectors n x dimensions, row-major: not normalised. */
export function centerOf(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const center = new Float64Array(dimensions);
  let count = 0;
  for (const rows of vectors) {
    for (let k = 0; k < rows.length; k++) center[k % dimensions] += rows[k];
    count += rows.length / dimensions;
  }
  return Float32Array.from(center, (sum) => (count > 0 ? sum / count : 0));
}

/** Takes the center from every row and normalises it again: similarities then are about what differs in this index. */
function subtractCenter(rows: Float32Array, dimensions: number, center: Float32Array): void {
  for (let start = 0; start < rows.length; start += dimensions) {
    let squares = 0;
    for (let k = 0; k < dimensions; k++) {
      rows[start + k] -= center[k];
      squares += rows[start + k] ** 2;
    }
    const scale = squares > 1e-12 ? 1 / Math.sqrt(squares) : 0;
    for (let k = 0; k < dimensions; k++) rows[start + k] *= scale;
  }
}

/**
 * The gain of the best cut alone, for the screen.
 *
 * @param vectors as for {@link measureCut}.
 * @returns undefined when there are too few sentences or no cut leaves two parts worth the name.
 */
export function bestGain(
  spans: readonly TextRange[],
  vectors: Float32Array,
  dimensions: number,
): { sentences: number; gain: number } | undefined {
  const seen = seenSentences(vectors, spans.length, dimensions);
  if (seen < minimalSentences) return undefined;
  const gram = gramMatrix(vectors.subarray(0, seen * dimensions), seen, dimensions);
  const { cut, gain } = bestCut(new SegmentSums(gram, seen), allowedCuts(spans.slice(0, seen)).isAllowed);
  return cut === 0 ? undefined : { sentences: seen, gain };
}

/** Cuts that leave two parts worth the name; the lengths of the sentences before each, in UTF-16 units. */
function allowedCuts(spans: readonly TextRange[]): { isAllowed: (cut: number) => boolean; lengthBefore: number[] } {
  const count = spans.length;
  const lengthBefore = [0];
  for (const { start, end } of spans) lengthBefore.push(lengthBefore.at(-1)! + end - start);
  const total = lengthBefore[count];
  const isPart = (sentences: number, length: number): boolean => sentences >= 2 || length >= fairShare * total;
  const isAllowed = (cut: number): boolean =>
    isPart(cut, lengthBefore[cut]) && isPart(count - cut, total - lengthBefore[cut]);
  return { isAllowed, lengthBefore };
}

function measureGram(text: string, spans: readonly JudgedSentence[], gram: Float64Array): CutMeasure | undefined {
  const count = spans.length;
  const { isAllowed, lengthBefore } = allowedCuts(spans);
  const sums = new SegmentSums(gram, count);
  const { cut: anyCut, gain } = bestCut(sums, isAllowed);
  if (anyCut === 0) return undefined;
  const sentences = spans.map(({ start, end }) => text.slice(start, end));
  const both = new SegmentSums(topicKernel(gram, sentences), count);
  const logOdds = seamLogOdds(spans);
  const cut = mostEvidentCut(both, logOdds, isAllowed);
  const cutOffset = spans[cut].start;
  const side = (from: number, to: number): string => sentences.slice(from, to).join('\n');
  return {
    sentences: count,
    cut: cutOffset,
    gain,
    evidence: twoSubjectsEvidence(both, logOdds),
    across: sums.across(cut),
    lexical: lexicalSimilarity(side(0, cut), side(cut, count)),
    minorLength: Math.min(lengthBefore[cut], lengthBefore[count] - lengthBefore[cut]),
    ...mostEvidentHeading(spans, both),
    speaksFor: Array.from({ length: count }, (_, i) => {
      const [start, end] = i < cut ? [0, cut] : [cut, count];
      const own = sums.block(i, i + 1, start, end) - gram[i * count + i];
      const other = sums.block(i, i + 1, 0, count) - own - gram[i * count + i];
      const lead = own / Math.max(1, end - start - 1) - other / (count - (end - start));
      return Math.round(100 * lead) / 100 || 0;
    }),
  };
}

/** The allowed cut with most evidence; the first of equals. */
function mostEvidentCut(sums: SegmentSums, logOdds: readonly number[], isAllowed: (cut: number) => boolean): number {
  let best = { cut: 0, evidence: Number.NEGATIVE_INFINITY };
  for (let cut = 1; cut < sums.count; cut++) {
    const evidence = isAllowed(cut) ? cutEvidence(sums, cut) + logOdds[cut] : Number.NEGATIVE_INFINITY;
    if (evidence > best.evidence) best = { cut, evidence };
  }
  return best.cut;
}

function mostEvidentHeading(spans: readonly JudgedSentence[], sums: SegmentSums): Pick<CutMeasure, 'heading'> {
  const headings = dividingHeadings(spans)
    .map((i) => ({ cut: spans[i].heading?.start ?? spans[i].start, evidence: cutEvidence(sums, i) }))
    .sort((a, b) => b.evidence - a.evidence);
  return headings.length === 0 ? {} : { heading: headings[0] };
}

function seenSentences(vectors: Float32Array, count: number, dimensions: number): number {
  for (let i = 0; i < count; i++) {
    let isZero = true;
    for (let k = i * dimensions; isZero && k < (i + 1) * dimensions; k++) isZero = vectors[k] === 0;
    if (isZero) return i;
  }
  return count;
}
