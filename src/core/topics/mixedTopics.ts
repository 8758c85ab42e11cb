import type { CutMeasure } from './mixedTopicsFeatures';
import {
  effectiveCount,
  expectedScore,
  fitScoreLine,
  normalDensity,
  normalTail,
  ordinaryDensity,
  ordinaryTail,
  type ScoreLine,
  type WeightedScore,
} from './mixedTopicsNull';
import { mixedTopicsPrior } from './mixedTopicsPrior';
import { spliceScore } from './mixedTopicsScore';

/** A chunk's best cut and how many chunks of the index it stands for. */
export interface WeightedMeasure {
  measure: CutMeasure;
  weight: number;
}

export interface MixedTopicVerdict {
  /** Whether the cut stands out so far that it is more likely a seam than an oddity. */
  flagged: boolean;
  /** Place of the score among the chunks of this index, the number of sentences accounted for, 0 to 100. */
  percentile: number;
  /** Standard deviations above an ordinary chunk with as many sentences. */
  strength: number;
}

/** What the model knows, for the store: plain JSON. */
export interface MixedTopicModelState {
  version: 1;
  ordinary: ScoreLine;
  splices: ScoreLine;
  /** Effective number of ordinary chunks that it was fitted on. */
  chunks: number;
  spliced: number;
  /** Estimated share of mixed chunks. */
  prevalence: number;
  /** Strengths at the percentiles 0 to 100 of the ordinary chunks; empty when there are too few to say. */
  percentiles: number[];
}

/** Fewer judged chunks than this don't make an index to compare with. */
const minimalChunks = 20;
/** Share of mixed chunks that is assumed before anything is seen; it counts as much as so many chunks of the index. */
const assumedPrevalence = { share: 0.03, chunks: 50 };
/** An index is never believed to be mixed through and through: then mixing is what is ordinary in it. */
const highestPrevalence = 0.15;
const fittingRounds = 8;
/** Share of flags that should be right, under the assumptions of the model. */
const aimedPrecision = 0.8;
/** Share of mixes that are farther apart than an index's own sentences can show: another world altogether. */
const foreignShare = 0.05;
/** Flags always lie above this quantile of the ordinary chunks with as many sentences. */
const ordinaryQuantileTail = 0.02;
/**
 * Says which chunks of one index mix topics. Two distributions of the splice score, each a line over ln n (n sentences)
 * with a spread: ordinary chunks, fitted to the bulk of the index, and splices made of the index's own sentences. The
 * share π of mixed chunks is estimated by expectation maximization from a prior of 3 % (a two-groups model, Efron,
 * "Microarrays, empirical Bayes and the two-groups model", Statistical Science 2008). With tails S0 and S1 a chunk is
 * flagged when its score t has
 *   π S1(t | n) / (π S1(t | n) + (1 − π) S0(t | n)) ≥ 0.8   and   S0(t | n) ≤ 0.02.
 * Where splices of that length don't stand out from ordinary chunks, no score does and nothing is flagged.
 */
export class MixedTopicModel {
  private constructor(private readonly state: MixedTopicModelState) {}

  /**
   * @param ordinary measured chunks of the index with weights that make them stand for all that can be judged.
   * @param splices of the index's own sentences, see `measureSplices`; may be empty.
   */
  static fit(ordinary: readonly WeightedMeasure[], splices: readonly CutMeasure[]): MixedTopicModel {
    const scores: WeightedScore[] = ordinary.map(({ measure, weight }) => ({
      score: spliceScore(measure),
      sentences: measure.sentences,
      weight,
    }));
    const chunks = effectiveCount(scores);
    const spliceScores = splices.map((measure) => ({
      score: spliceScore(measure),
      sentences: measure.sentences,
      weight: 1,
    }));
    const spliceLine = fitScoreLine(spliceScores, mixedTopicsPrior.splices);
    const { ordinary: ordinaryLine, prevalence } = fitTwoGroups(scores, spliceLine);
    return new MixedTopicModel({
      version: 1,
      ordinary: ordinaryLine,
      splices: spliceLine,
      chunks,
      spliced: splices.length,
      prevalence,
      percentiles: chunks >= minimalChunks ? percentilesOf(scores, ordinaryLine) : [],
    });
  }

  /** @throws when the state is of another version. */
  static fromJSON(state: MixedTopicModelState): MixedTopicModel {
    if (state.version !== 1) throw new Error(`Mixed-topic model of version ${String(state.version)} can't be read.`);
    return new MixedTopicModel(state);
  }

  toJSON(): MixedTopicModelState {
    return this.state;
  }

  /** False when the index is too small to say what is ordinary in it: then nothing is flagged. */
  get canJudge(): boolean {
    return this.state.percentiles.length > 0;
  }

  judge(measure: CutMeasure): MixedTopicVerdict {
    const strength = this.strengthOf(spliceScore(measure), measure.sentences);
    return {
      flagged: this.canJudge && strength >= this.threshold(measure.sentences),
      percentile: this.percentileOf(strength),
      strength,
    };
  }

  /** The strength from which a chunk of so many sentences is flagged; infinite where no strength would do. */
  threshold(sentences: number): number {
    for (let strength = 1.5; strength <= 8; strength += 0.02) {
      if (this.ordinaryTail(strength) > ordinaryQuantileTail) continue;
      if (this.precision(strength, sentences) >= aimedPrecision) return strength;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Share of splices of so many sentences that the threshold finds. */
  recall(sentences: number): number {
    const threshold = this.threshold(sentences);
    return Number.isFinite(threshold) ? this.spliceTail(threshold, sentences) : 0;
  }

  private precision(strength: number, sentences: number): number {
    const { prevalence } = this.state;
    const right = prevalence * this.spliceTail(strength, sentences);
    const wrong = (1 - prevalence) * this.ordinaryTail(strength);
    return right + wrong > 0 ? right / (right + wrong) : 0;
  }

  private strengthOf(score: number, sentences: number): number {
    return (score - expectedScore(this.state.ordinary, sentences)) / this.state.ordinary.scale;
  }

  /** What the model of a small index does not know widens its tail: the error of a median, and of the spread. */
  private ordinaryTail(strength: number): number {
    const { chunks } = this.state;
    return ordinaryTail(strength / Math.sqrt(1 + 1.57 / Math.max(1, chunks)), 20 + chunks / 2);
  }

  private spliceTail(strength: number, sentences: number): number {
    const { ordinary, splices } = this.state;
    const score = expectedScore(ordinary, sentences) + strength * ordinary.scale;
    const own = normalTail((score - expectedScore(splices, sentences)) / splices.scale);
    return foreignShare + (1 - foreignShare) * own;
  }

  private percentileOf(strength: number): number {
    const { percentiles } = this.state;
    if (percentiles.length === 0) return 100 * (1 - normalTail(strength));
    let low = 0;
    let high = percentiles.length - 1;
    if (strength <= percentiles[low]) return 0;
    if (strength >= percentiles[high]) return 100;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (percentiles[middle] <= strength) low = middle;
      else high = middle;
    }
    const step = percentiles[high] - percentiles[low];
    return low + (step > 0 ? (strength - percentiles[low]) / step : 0);
  }
}

/** Ordinary line and prevalence that fit together; what is probably mixed has no say in what is ordinary. */
function fitTwoGroups(
  scores: readonly WeightedScore[],
  splices: ScoreLine,
): { ordinary: ScoreLine; prevalence: number } {
  let ordinary = fitScoreLine(scores, mixedTopicsPrior.ordinary);
  let prevalence = assumedPrevalence.share;
  const total = scores.reduce((sum, { weight }) => sum + weight, 0);
  for (let round = 0; round < fittingRounds; round++) {
    const mixed = scores.map(({ score, sentences }) => {
      const strength = (score - expectedScore(ordinary, sentences)) / ordinary.scale;
      if (strength <= 1) return 0;
      const asSplice = normalDensity((score - expectedScore(splices, sentences)) / splices.scale) / splices.scale;
      const asOrdinary = ordinaryDensity(strength) / ordinary.scale;
      return (prevalence * asSplice) / (prevalence * asSplice + (1 - prevalence) * asOrdinary + 1e-300);
    });
    const expected = scores.reduce((sum, { weight }, i) => sum + weight * mixed[i], 0);
    const prior = assumedPrevalence;
    prevalence = Math.min(highestPrevalence, (expected + prior.share * prior.chunks) / (total + prior.chunks));
    ordinary = fitScoreLine(
      scores.map((entry, i) => ({ ...entry, weight: entry.weight * (1 - mixed[i]) })),
      mixedTopicsPrior.ordinary,
    );
  }
  return { ordinary, prevalence };
}

function percentilesOf(scores: readonly WeightedScore[], line: ScoreLine): number[] {
  const sorted = scores
    .map(({ score, sentences, weight }) => ({
      strength: (score - expectedScore(line, sentences)) / line.scale,
      weight,
    }))
    .sort((a, b) => a.strength - b.strength);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  const percentiles: number[] = [];
  let below = 0;
  let i = 0;
  for (let percent = 0; percent <= 100; percent++) {
    while (i < sorted.length - 1 && below + sorted[i].weight < (percent / 100) * total) below += sorted[i++].weight;
    percentiles.push(sorted[i].strength);
  }
  return percentiles;
}
