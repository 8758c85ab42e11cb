/** Segmentation of whole documents against the baselines: no number is told to ours. */
import { seededRandom } from '../../src/core/neighbors/seededRandom';
import { gramMatrix, SegmentSums } from '../../src/core/topics/cuts';
import type { SeamKind } from '../../src/core/topics/mixedTopicsUnits';
import { segmentSentences } from '../../src/core/topics/segmentation';
import { boundaryF1, pk, windowDiff } from './segmentationMetrics';
import { c99, constantPenaltyCuts, evenCuts, randomCuts, textTiling } from './topicsBaselines';
import type { SegmentedDocument } from './topicsData';

/** Per cut, on raw cosine vectors: what serves the Choi documents best. */
const usualPenalty = 1.5;

interface SegmentationRow {
  method: string;
  pk: number;
  windowDiff: number;
  boundaryF1: number;
  cuts: number;
}

export function benchSegmentation(
  documents: readonly SegmentedDocument[],
  vectors: ReadonlyMap<string, Float32Array>,
  /** By document, where its layout is known. */
  seams?: readonly (readonly SeamKind[])[],
): SegmentationRow[] {
  const random = seededRandom(1);
  const prepared = documents.map((document, i) => {
    const sentences = document.flat();
    const reference: number[] = [];
    for (const segment of document.slice(0, -1)) reference.push((reference.at(-1) ?? 0) + segment.length);
    return { sentences, reference, seams: seams?.[i] };
  });
  const dimensions = [...vectors.values()][0].length;
  const rowsOf = (sentences: readonly string[]): Float32Array => {
    const rows = new Float32Array(sentences.length * dimensions);
    sentences.forEach((sentence, i) => rows.set(vectors.get(sentence)!, i * dimensions));
    return rows;
  };
  type Method = (sentences: readonly string[], cuts: number, layout: readonly SeamKind[] | undefined) => number[];
  const ours: Method = (sentences, _, layout) => segmentSentences(sentences, rowsOf(sentences), dimensions, layout);
  const withoutLayout: Method = (sentences) => segmentSentences(sentences, rowsOf(sentences), dimensions);
  const constantPenalty = (sentences: readonly string[]): number[] => {
    const sums = new SegmentSums(gramMatrix(rowsOf(sentences), sentences.length, dimensions), sentences.length);
    return constantPenaltyCuts(sums, usualPenalty);
  };
  const methods: Record<string, Method> = {
    'Latent Lens': ours,
    ...(seams === undefined ? {} : { 'Latent Lens, told no layout': withoutLayout }),
    [`kernel change points, penalty ${usualPenalty}`]: constantPenalty,
    'no cut': () => [],
    'random, true number': (sentences, cuts) => randomCuts(sentences.length, cuts, random),
    'even, true number': (sentences, cuts) => evenCuts(sentences.length, cuts),
    TextTiling: textTiling,
    'C99-style': c99,
  };
  return Object.entries(methods).map(([method, cut]) => {
    const results = prepared.map(({ sentences, reference, seams: layout }) => ({
      reference,
      sentences: sentences.length,
      found: cut(sentences, reference.length, layout),
    }));
    const mean = (of: (result: (typeof results)[number]) => number): number =>
      results.reduce((sum, result) => sum + of(result), 0) / results.length;
    return {
      method,
      pk: mean(({ reference, found, sentences }) => pk(reference, found, sentences)),
      windowDiff: mean(({ reference, found, sentences }) => windowDiff(reference, found, sentences)),
      boundaryF1: boundaryF1(results),
      cuts: mean(({ found }) => found.length),
    };
  });
}

export function segmentationTable(rows: readonly SegmentationRow[]): string {
  const percent = (value: number): string => (100 * value).toFixed(1);
  return [
    '| Method | Pk % | WindowDiff % | Boundary F1 | Cuts a document |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ method, pk: error, windowDiff: difference, boundaryF1: f1, cuts }) =>
        `| ${method} | ${percent(error)} | ${percent(difference)} | ${f1.toFixed(2)} | ${cuts.toFixed(1)} |`,
    ),
  ].join('\n');
}
