import type { ScoreLine } from './mixedTopicsNull';

interface MixedTopicsPrior {
  score: { intercept: number; coefficients: readonly number[] };
  ordinary: ScoreLine;
  splices: ScoreLine;
}

/** Fitted on the even documents of seg-clinical by `scripts/bench/topicsFit.ts`, which prints this file's figures. */
export const mixedTopicsPrior: MixedTopicsPrior = {
  score: { intercept: 0.4243, coefficients: [-3.7955, 3.3786, 1.5257, -17.2016, -9.2858, 1.2305] },
  ordinary: { level: -5.5423, slope: 0.1052, scale: 3.3902 },
  splices: { level: 2.6285, slope: 0.7643, scale: 1.9513 },
};
