import type { CutMeasure } from './mixedTopicsFeatures';
import { mixedTopicsPrior } from './mixedTopicsPrior';

/**
 * What the score weighs, in the order of the coefficients: the number of sentences; the evidence of two subjects; words that the
 * halves share; a shorter half that is long enough to say something. Gain, smoothed gain and similarity across the cut add nothing
 * to the evidence on texts that they were not fitted on, and rank natural chunks worse.
 */
export function scoreFeatures(measure: CutMeasure): number[] {
  return [
    Math.log(measure.sentences),
    measure.evidence / 10,
    measure.lexical,
    Math.log(Math.max(measure.minorLength, 1)),
  ];
}

/**
 * How much a best cut looks like the seam of two texts that have nothing to do with each other: the linear predictor
 * of a logistic regression, fitted by `scripts/bench/topicsFit.ts`. It orders; what is high is for the index to say.
 */
export function spliceScore(measure: CutMeasure): number {
  const { intercept, coefficients } = mixedTopicsPrior.score;
  return scoreFeatures(measure).reduce((sum, value, i) => sum + coefficients[i] * value, intercept);
}
