/**
 * Fits what the detector of mixed topics knows before it has seen an index: the coefficients of the splice score and the
 * prior lines, on the even documents of seg-clinical. Prints the constant of `src/core/topics/mixedTopicsPrior.ts`.
 *
 *   npx tsx scripts/bench/topicsFit.ts
 */
import path from 'node:path';
import { expectedScore, fitScoreLine, lengthOf, type ScoreLine } from '../../src/core/topics/mixedTopicsNull';
import { scoreFeatures } from '../../src/core/topics/mixedTopicsScore';
import { readSegmented, spliceTexts } from './topicsData';
import { centerOfSentences, measureTexts } from './topicsMeasures';
import { sentenceVectors } from './topicsSentences';

const seed = 1;
const ridge = 1e-3;

/** Newton's method for logistic regression with standardised columns and a small ridge penalty. */
function fitLogistic(
  rows: readonly number[][],
  labels: readonly number[],
): { intercept: number; coefficients: number[] } {
  const columns = rows[0].length;
  const mean = Array.from({ length: columns }, (_, j) => rows.reduce((sum, row) => sum + row[j], 0) / rows.length);
  const deviation = mean.map((m, j) => Math.sqrt(rows.reduce((sum, row) => sum + (row[j] - m) ** 2, 0) / rows.length));
  const standard = rows.map((row) => [1, ...row.map((value, j) => (value - mean[j]) / deviation[j])]);
  const weights = new Array<number>(columns + 1).fill(0);
  for (let round = 0; round < 25; round++) {
    const size = columns + 1;
    const system = Array.from({ length: size }, () => new Array<number>(size + 1).fill(0));
    standard.forEach((row, i) => {
      const predicted = 1 / (1 + Math.exp(-row.reduce((sum, value, j) => sum + value * weights[j], 0)));
      const variance = predicted * (1 - predicted);
      for (let j = 0; j < size; j++) {
        system[j][size] += (labels[i] - predicted) * row[j];
        for (let k = 0; k < size; k++) system[j][k] += variance * row[j] * row[k];
      }
    });
    for (let j = 1; j < size; j++) {
      system[j][j] += ridge * rows.length;
      system[j][size] -= ridge * rows.length * weights[j];
    }
    solve(system).forEach((step, j) => (weights[j] += step));
  }
  const coefficients = mean.map((_, j) => weights[j + 1] / deviation[j]);
  const intercept = weights[0] - coefficients.reduce((sum, value, j) => sum + value * mean[j], 0);
  return { intercept, coefficients };
}

/** Gauss-Jordan elimination with pivoting of an augmented, regular system. */
function solve(system: number[][]): number[] {
  const size = system.length;
  for (let i = 0; i < size; i++) {
    let pivot = i;
    for (let k = i; k < size; k++) if (Math.abs(system[k][i]) > Math.abs(system[pivot][i])) pivot = k;
    [system[i], system[pivot]] = [system[pivot], system[i]];
    for (let k = 0; k < size; k++) {
      if (k === i) continue;
      const factor = system[k][i] / system[i][i];
      for (let j = i; j <= size; j++) system[k][j] -= factor * system[i][j];
    }
  }
  return system.map((row, i) => row[size] / row[i]);
}

async function main(): Promise<void> {
  const shared = path.resolve(__dirname, '../../../shared/data/seg-clinical');
  const documents = readSegmented(shared);
  const vectors = await sentenceVectors('seg-clinical', documents.flat(2), console.error);
  const texts = spliceTexts(
    documents.filter((_, i) => i % 2 === 0),
    { count: 4000, seed, siblings: false },
  );
  const measured = measureTexts(texts, vectors, centerOfSentences(vectors));
  const learned = measured;
  const score = fitLogistic(
    learned.map(({ measure }) => scoreFeatures(measure)),
    learned.map(({ text }) => (text.kind === 'plain' ? 0 : 1)),
  );
  const scored = learned.map(({ text, measure }) => ({
    isPlain: text.kind === 'plain',
    score: scoreFeatures(measure).reduce((sum, value, i) => sum + value * score.coefficients[i], score.intercept),
    sentences: measure.sentences,
    weight: 1,
  }));
  const line = (isPlain: boolean): ScoreLine => {
    const own = scored.filter((entry) => entry.isPlain === isPlain);
    let fitted: ScoreLine = { level: 0, slope: 0, scale: 1 };
    // The prior of the prior fades: four thousand texts against a handful.
    for (let round = 0; round < 4; round++) fitted = fitScoreLine(own, fitted);
    return fitted;
  };
  const ordinary = line(true);
  const splices = line(false);
  const strengths = scored
    .filter(({ isPlain }) => isPlain)
    .map((entry) => (entry.score - expectedScore(ordinary, entry.sentences)) / ordinary.scale)
    .sort((a, b) => a - b);
  const lengths = scored.map(({ sentences }) => lengthOf(sentences));
  console.error(`ln n from ${Math.min(...lengths).toFixed(2)} to ${Math.max(...lengths).toFixed(2)}`);
  for (const share of [0.5, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999]) {
    console.error(
      `strength at quantile ${share} of plain texts: ${strengths[Math.floor(share * strengths.length)].toFixed(2)}`,
    );
  }
  const round = (value: number): number => Number(value.toFixed(4));
  const rounded = (fitted: ScoreLine): ScoreLine => ({
    level: round(fitted.level),
    slope: round(fitted.slope),
    scale: round(fitted.scale),
  });
  console.log(
    JSON.stringify(
      {
        score: { intercept: round(score.intercept), coefficients: score.coefficients.map(round) },
        ordinary: rounded(ordinary),
        splices: rounded(splices),
      },
      null,
      2,
    ),
  );
}

void main();
