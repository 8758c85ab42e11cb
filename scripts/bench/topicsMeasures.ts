/** Measures of the splices of `topicsData.ts`, as the detector takes them of chunks. */
import { centerOf, measureCut, type CutMeasure } from '../../src/core/topics/mixedTopicsFeatures';
import type { JudgedSentence } from '../../src/core/topics/mixedTopicsUnits';
import type { SentenceSample } from '../../src/core/topics/mixedTopicsSplices';
import type { SplicedText } from './topicsData';

export interface MeasuredText {
  text: SplicedText;
  measure: CutMeasure;
  /** Whether the cut is at the seam, to the sentence. */
  isCutRight: boolean;
}

export function centerOfSentences(vectors: ReadonlyMap<string, Float32Array>): Float32Array {
  const rows = [...vectors.values()];
  return centerOf(rows, rows[0]?.length ?? 0);
}

/** Texts for which no cut is allowed are left out. */
export function measureTexts(
  texts: readonly SplicedText[],
  vectors: ReadonlyMap<string, Float32Array>,
  center: Float32Array,
): MeasuredText[] {
  return texts.flatMap((text) => {
    const sample = sampleOf(text, vectors, '');
    const measure = measureCut(sample.text, sample.spans, sample.vectors, center.length, center);
    return measure ? [{ text, measure, isCutRight: sample.spans[text.seam]?.start === measure.cut }] : [];
  });
}

/** A text with its sentences' vectors, as the detector takes it of a chunk. */
export function sampleOf(
  { sentences }: SplicedText,
  vectors: ReadonlyMap<string, Float32Array>,
  document: string,
): SentenceSample {
  const spans: JudgedSentence[] = [];
  let start = 0;
  for (const sentence of sentences) {
    spans.push({ start, end: start + sentence.length, seam: 'paragraph' });
    start += sentence.length + 1;
  }
  const rows = sentences.map((sentence) => vectors.get(sentence)!);
  const dimensions = rows[0].length;
  const joined = new Float32Array(rows.length * dimensions);
  rows.forEach((row, i) => joined.set(row, i * dimensions));
  return { document, text: sentences.join('\n'), spans, vectors: joined };
}

/** Area under the ROC curve, ties counted half: the chance that a random positive lies above a random negative. */
export function areaUnderRoc(negatives: readonly number[], positives: readonly number[]): number {
  const all = [
    ...negatives.map((score) => ({ score, positive: 0 })),
    ...positives.map((score) => ({ score, positive: 1 })),
  ];
  all.sort((a, b) => a.score - b.score);
  let ranks = 0;
  for (let i = 0; i < all.length;) {
    let next = i;
    let positivesHere = 0;
    while (next < all.length && all[next].score === all[i].score) positivesHere += all[next++].positive;
    ranks += (positivesHere * (i + 1 + next)) / 2;
    i = next;
  }
  return (ranks - (positives.length * (positives.length + 1)) / 2) / (positives.length * negatives.length);
}
