import type { ScoreLine } from './mixedTopicsNull';

interface MixedTopicsPrior {
  score: { intercept: number; coefficients: readonly number[] };
  ordinary: ScoreLine;
  splices: ScoreLine;
}

/** Fitted on the even documents of seg-clinical by `scripts/bench/topicsFit.ts`, which prints this file's figures. */
export const mixedTopicsPrior: MixedTopicsPrior = {
  score: { intercept: 0.4217, coefficients: [-3.7951, 3.3779, 1.5259, -17.197, -9.3064, 1.2309] },
  ordinary: { level: -5.5426, slope: 0.1121, scale: 3.3841 },
  splices: { level: 2.6291, slope: 0.7643, scale: 1.9512 },
};
