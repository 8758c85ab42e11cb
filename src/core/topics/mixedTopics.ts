import type { CutMeasure } from './mixedTopicsFeatures';
import {
  bendPrior,
  effectiveCount,
  expectedScore,
  fitBend,
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
  /**
   * Place of the score among the chunks of this index, the number of sentences accounted for, 0 to 100; undefined while
   * the index has too few chunks to say.
   */
  percentile: number | undefined;
  /** Standard deviations above an ordinary chunk with as many sentences. */
  strength: number;
  /**
   * Whether it is flagged because a heading divides it and its sentences speak for two subjects there rather than for one: then its
   * cut is at the heading.
   */
  headed: boolean;
}

/** What the model knows, for the store: plain JSON. */
export interface MixedTopicModelState {
  version: 3;
  ordinary: ScoreLine;
  /** How fast the tail of ordinary strengths falls, see `fitBend`. */
  bend: number;
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
/**
 * Share of mixed chunks that is assumed before anything is seen, as found in natural chunks: of 60 drawn at random from the Rust
 * book two readers call one mixed (`test/fixtures/mixedTopicChunkReadings.jsonl`); it counts as much as so many chunks of the index.
 */
const assumedPrevalence = { share: 0.02, chunks: 60 };
/** An index is never believed to be mixed through and through: then mixing is what is ordinary in it. */
const highestPrevalence = 0.15;
const fittingRounds = 8;
/** What the default setting aims at: the share of flags that are right. */
export const aimedPrecision = 0.8;
/** And at most this share of ordinary chunks may reach the cut of a flagged chunk, whatever the estimate says. */
const mostOrdinary = 0.03;
/** Bounds of an estimate: one in twenty lies beyond each. */
const boundDeviations = 1.645;

/**
 * When a chunk is flagged: `precision` where four of five flags are estimated to be right; a number where that share of
 * ordinary chunks has such a cut: 0.05 means "1 in 20 ordinary chunks is flagged".
 */
export type MixedTopicSensitivity = 'precision' | number;

/** What a setting means for one index. */
export interface MixedTopicEstimate {
  /** Share of ordinary chunks that reach the threshold, at the usual number of sentences; 0 where nothing is flagged. */
  ordinaryShare: number;
  /** Estimated share of flags that are right and its 90 % interval; undefined where nothing is flagged. */
  precision: { estimate: number; low: number; high: number } | undefined;
  /** Estimated share of mixed chunks. */
  prevalence: number;
}

/**
 * Says which chunks of one index mix topics. Two distributions of the splice score, each a line over ln n (n sentences)
 * with a spread: ordinary chunks, fitted to the bulk of the index, and splices made of the index's own sentences. With
 * their tails S0 and S1 and the share π of mixed chunks, of the chunks that reach strength t the estimated share
 *   P(t | n) = π S1(t | n) / (π S1(t | n) + (1 − π) S0(t | n))
 * is mixed; by default a chunk is flagged from the least t on at which P is 0.8. Where no t has that, nothing is. π is estimated by
 * expectation maximization from a prior, the share found in labelled natural chunks (a two-groups model, Efron,
 * "Microarrays, empirical Bayes and the two-groups model", Statistical Science 2008).
 */
export class MixedTopicModel {
  /** Every chunk is judged each time that somebody asks for warnings: what differs is its number of sentences alone. */
  private readonly thresholds = new Map<string, number>();

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
    const { ordinary: ordinaryLine, bend, prevalence } = fitTwoGroups(scores, spliceLine);
    return new MixedTopicModel({
      version: 3,
      ordinary: ordinaryLine,
      bend,
      splices: spliceLine,
      chunks,
      spliced: splices.length,
      prevalence,
      percentiles: chunks >= minimalChunks ? percentilesOf(scores, ordinaryLine) : [],
    });
  }

  /** @throws when the state is of another version. */
  static fromJSON(state: MixedTopicModelState): MixedTopicModel {
    if (state.version !== 3) throw new Error(`Mixed-topic model of version ${String(state.version)} can't be read.`);
    return new MixedTopicModel(state);
  }

  toJSON(): MixedTopicModelState {
    return this.state;
  }

  /** False when the index is too small to say what is ordinary in it: then nothing is flagged. */
  get canJudge(): boolean {
    return this.state.percentiles.length > 0;
  }

  judge(measure: CutMeasure, sensitivity: MixedTopicSensitivity = 'precision'): MixedTopicVerdict {
    const strength = this.strengthOf(spliceScore(measure), measure.sentences);
    const stands = this.canJudge && strength >= this.threshold(measure.sentences, sensitivity);
    const headed = this.canJudge && (measure.heading?.evidence ?? -1) > 0;
    return { flagged: stands || headed, percentile: this.percentileOf(strength), strength, headed };
  }

  /** The strength from which a chunk of so many sentences is flagged; infinite where the setting can't be reached. */
  threshold(sentences: number, sensitivity: MixedTopicSensitivity = 'precision'): number {
    const key = `${sensitivity} ${sentences}`;
    let threshold = this.thresholds.get(key);
    if (threshold === undefined) {
      threshold = this.findThreshold(sentences, sensitivity);
      this.thresholds.set(key, threshold);
    }
    return threshold;
  }

  private findThreshold(sentences: number, sensitivity: MixedTopicSensitivity): number {
    const rate = sensitivity === 'precision' ? mostOrdinary : sensitivity;
    for (let strength = 0; strength <= 8; strength += 0.02) {
      if (this.ordinaryTail(strength) > rate) continue;
      if (sensitivity !== 'precision' || this.precisionAt(strength, sentences) >= aimedPrecision) return strength;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** @param sentences as many as usual chunks of the index have. */
  estimate(sentences: number, sensitivity: MixedTopicSensitivity = 'precision'): MixedTopicEstimate {
    const { prevalence, chunks } = this.state;
    const strength = this.threshold(sentences, sensitivity);
    if (!this.canJudge || strength === Number.POSITIVE_INFINITY) {
      return { ordinaryShare: 0, precision: undefined, prevalence };
    }
    const ordinaryShare = this.ordinaryTail(strength);
    const judged = chunks + assumedPrevalence.chunks;
    // Both the share of mixed chunks and the tail of ordinary ones are counts, as uncertain as counts of that size.
    const deviation = Math.sqrt(
      (1 - prevalence) / (judged * prevalence) + 1 / (1 + chunks * ordinaryShare) + 1 / (1 + this.state.spliced / 4),
    );
    const estimate = this.precisionAt(strength, sentences);
    const odds = estimate / (1 - estimate);
    const bound = (sign: 1 | -1): number => {
      const moved = odds * Math.exp(sign * boundDeviations * deviation);
      return moved / (1 + moved);
    };
    return { ordinaryShare, precision: { estimate, low: bound(-1), high: bound(1) }, prevalence };
  }

  private precisionAt(strength: number, sentences: number): number {
    const { prevalence } = this.state;
    const mixed = prevalence * this.spliceTail(strength, sentences);
    // How fast the tail falls is seen from few chunks: what is promised must hold one deviation heavier.
    const ordinary = this.ordinaryTail(strength, this.state.bend + bendPrior.spread);
    return mixed / (mixed + (1 - prevalence) * ordinary + 1e-300);
  }

  private strengthOf(score: number, sentences: number): number {
    return (score - expectedScore(this.state.ordinary, sentences)) / this.state.ordinary.scale;
  }

  /** What the model of a small index does not know widens its tail: the error of a median, and of the spread. */
  private ordinaryTail(strength: number, bend = this.state.bend): number {
    const { chunks } = this.state;
    return ordinaryTail(strength / Math.sqrt(1 + 1.57 / Math.max(1, chunks)), bend, 20 + chunks / 2);
  }

  private spliceTail(strength: number, sentences: number): number {
    const { ordinary, splices } = this.state;
    const score = expectedScore(ordinary, sentences) + strength * ordinary.scale;
    return normalTail((score - expectedScore(splices, sentences)) / splices.scale);
  }

  private percentileOf(strength: number): number | undefined {
    const { percentiles } = this.state;
    if (percentiles.length === 0) return undefined;
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

/**
 * Ordinary line, tail and prevalence that fit together. The line is that of all chunks, by median and quantiles that a tenth of
 * mixed ones hardly move: leaving out what seems mixed feeds on itself, as it lowers the spread by which chunks seem so.
 */
function fitTwoGroups(
  scores: readonly WeightedScore[],
  splices: ScoreLine,
): { ordinary: ScoreLine; bend: number; prevalence: number } {
  const ordinary = fitScoreLine(scores, mixedTopicsPrior.ordinary);
  let bend = fitBend([], 0);
  let prevalence = assumedPrevalence.share;
  const total = scores.reduce((sum, { weight }) => sum + weight, 0);
  const strengths = scores.map(({ score, sentences, weight }) => ({
    strength: (score - expectedScore(ordinary, sentences)) / ordinary.scale,
    mixed:
      (ordinary.scale / splices.scale) * normalDensity((score - expectedScore(splices, sentences)) / splices.scale),
    weight,
  }));
  for (let round = 0; round < fittingRounds; round++) {
    bend = fitBend(strengths, prevalence);
    const expected = strengths.reduce((sum, { strength, mixed, weight }) => {
      if (strength <= 1) return sum;
      const asOrdinary = (1 - prevalence) * ordinaryDensity(strength, bend);
      return sum + (weight * prevalence * mixed) / (prevalence * mixed + asOrdinary + 1e-300);
    }, 0);
    const prior = assumedPrevalence;
    prevalence = Math.min(highestPrevalence, (expected + prior.share * prior.chunks) / (total + prior.chunks));
  }
  return { ordinary, bend, prevalence };
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
