import type { CutMeasure } from './mixedTopicsFeatures';
import { mixedTopicsPrior } from './mixedTopicsPrior';

/**
 * What the score weighs, in the order of the coefficients: more gain, also among smoothed sentences, than texts of this
 * length have; halves that are unlike each other and share no words; a shorter half that is long enough to say something.
 */
export function scoreFeatures(measure: CutMeasure): number[] {
  return [
    Math.log(measure.sentences),
    Math.log(Math.max(measure.gain, 1e-6)),
    Math.log(Math.max(measure.smoothedGain, 1e-6)),
    measure.across,
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
