import type { ScoreLine } from './mixedTopicsNull';

interface MixedTopicsPrior {
  score: { intercept: number; coefficients: readonly number[] };
  ordinary: ScoreLine;
  splices: ScoreLine;
}

/** Fitted on the even documents of seg-clinical by `scripts/bench/topicsFit.ts`, which prints this file's figures. */
export const mixedTopicsPrior: MixedTopicsPrior = {
  score: { intercept: 1.0002, coefficients: [-0.7931, 7.5436, -8.1154, 0.3399] },
  ordinary: { level: -1.39, slope: -1.4738, scale: 1.925 },
  splices: { level: 0.938, slope: 2.888, scale: 3.0165 },
};
