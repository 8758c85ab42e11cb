/** Score of a chunk by its number of sentences n: level + slope (ln n − ln 6), with a spread of `scale`. */
export interface ScoreLine {
  level: number;
  slope: number;
  scale: number;
}

/** A score, the number of sentences, and how many chunks of the index it stands for. */
export interface WeightedScore {
  score: number;
  sentences: number;
  weight: number;
}

/** Prior knowledge counts as much as this many chunks. */
const priorChunksForSlope = 40;
const priorChunksForScale = 20;
const priorChunksForLevel = 4;

export function lengthOf(sentences: number): number {
  return Math.log(sentences) - Math.log(6);
}

export function expectedScore(line: ScoreLine, sentences: number): number {
  return line.level + line.slope * lengthOf(sentences);
}

/** Kish's effective sample size. */
export function effectiveCount(scores: readonly WeightedScore[]): number {
  let sum = 0;
  let squares = 0;
  for (const { weight } of scores) {
    sum += weight;
    squares += weight * weight;
  }
  return squares > 0 ? (sum * sum) / squares : 0;
}

/**
 * Fits the bulk of the scores and leaves its upper tail alone: level by the median, scale by the distance from the
 * median to the 84th percentile, so that a tenth of mixed chunks hardly moves them (Efron's empirical null, JASA 2004).
 * Each is drawn towards the prior as far as the index is small.
 */
export function fitScoreLine(scores: readonly WeightedScore[], prior: ScoreLine): ScoreLine {
  const effective = effectiveCount(scores);
  if (effective === 0) return prior;
  const slope = fitSlope(scores, prior.slope);
  const residuals = scores.map(({ score, sentences, weight }) => ({
    value: score - slope * lengthOf(sentences),
    weight,
  }));
  const median = weightedQuantile(residuals, 0.5);
  const level = shrink(median, prior.level, effective, priorChunksForLevel);
  const upper = weightedQuantile(residuals, 0.8413) - median;
  const scale = Math.sqrt(shrink(upper * upper, prior.scale * prior.scale, effective, priorChunksForScale));
  return { level, slope, scale: Math.max(scale, prior.scale / 2) };
}

function shrink(own: number, prior: number, chunks: number, priorChunks: number): number {
  return (chunks * own + priorChunks * prior) / (chunks + priorChunks);
}

/** Weighted least squares after two rounds of clipping, with the prior's slope as further observations. */
function fitSlope(scores: readonly WeightedScore[], priorSlope: number): number {
  let slope = priorSlope;
  for (let round = 0; round < 3; round++) {
    const residuals = scores.map(({ score, sentences, weight }) => ({
      value: score - slope * lengthOf(sentences),
      weight,
    }));
    const median = weightedQuantile(residuals, 0.5);
    const reach = 2.5 * Math.max(1e-6, weightedQuantile(residuals, 0.8413) - median);
    const inside = scores.filter((_, i) => Math.abs(residuals[i].value - median) <= reach);
    const total = inside.reduce((sum, { weight }) => sum + weight, 0);
    const meanLength = inside.reduce((sum, { sentences, weight }) => sum + weight * lengthOf(sentences), 0) / total;
    const meanScore = inside.reduce((sum, { score, weight }) => sum + weight * score, 0) / total;
    let covariance = 0;
    let variance = 0;
    for (const { score, sentences, weight } of inside) {
      const length = lengthOf(sentences) - meanLength;
      covariance += (weight * length * (score - meanScore)) / total;
      variance += (weight * length * length) / total;
    }
    const effective = effectiveCount(inside);
    const priorInformation = priorChunksForSlope * lengthVariance;
    slope = (effective * covariance + priorInformation * priorSlope) / (effective * variance + priorInformation);
  }
  return slope;
}

/** Usual variance of ln n among chunks. */
const lengthVariance = 0.1;

export function weightedQuantile(values: readonly { value: number; weight: number }[], quantile: number): number {
  const sorted = [...values].sort((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let below = 0;
  for (const { value, weight } of sorted) {
    below += weight;
    if (below >= quantile * total) return value;
  }
  return sorted.at(-1)?.value ?? Number.NaN;
}

/** Upper tail of the standard normal distribution. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  // Chebyshev fit of erfc (Press et al., Numerical Recipes, erfcc): relative error below 1.2e-7 everywhere, also far out.
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const polynomial =
    -1.26551223 +
    t *
      (1.00002368 +
        t *
          (0.37409196 +
            t *
              (0.09678418 +
                t *
                  (-0.18628806 +
                    t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  return 0.5 * t * Math.exp(-x * x + polynomial);
}

/** Upper tail of Student's t, by the normal approximation of Abramowitz and Stegun 26.7.8. */
function studentTail(t: number, degreesOfFreedom: number): number {
  const shrunk = (t * (1 - 1 / (4 * degreesOfFreedom))) / Math.sqrt(1 + (t * t) / (2 * degreesOfFreedom));
  return normalTail(shrunk);
}

/**
 * The tail of ordinary scores is another one in every index. With a bend b of 0 or more it falls more slowly than the normal
 * distribution's: a normal z above 1 has the strength z + b (z − 1)². With a negative one it falls faster: strength t is as
 * rare as a normal t − b (t − 1)².
 */
function bent(strength: number, bend: number): number {
  if (strength <= 1 || Math.abs(bend) < 1e-6) return strength;
  const beyond = strength - 1;
  return bend < 0 ? strength - bend * beyond ** 2 : 1 + (Math.sqrt(1 + 4 * bend * beyond) - 1) / (2 * bend);
}

/** Share of ordinary chunks with at least this strength, for a spread that is known as well as so many degrees of freedom tell. */
export function ordinaryTail(strength: number, bend: number, degreesOfFreedom: number): number {
  return studentTail(bent(strength, bend), degreesOfFreedom);
}

/** Density of ordinary strengths. */
export function ordinaryDensity(strength: number, bend: number): number {
  const beyond = Math.max(0, strength - 1);
  const slope = bend < 0 ? 1 - 2 * bend * beyond : 1 / Math.sqrt(1 + 4 * bend * beyond);
  return normalDensity(bent(strength, bend)) * slope;
}

/**
 * What is expected of a bend before an index is seen. Plain texts of seg-clinical alone show .35, the Rust book less than 0; a tail
 * left freer than this takes mixed chunks for ordinary ones, and one that falls faster flags two wrong chunks of five.
 */
export const bendPrior = { mean: -0.15, spread: 0.1 };

/**
 * The bend that makes the strengths of an index most probable, those of mixed chunks included: maximum a posteriori of
 * the mixture (1 − π) ordinary + π mixed over a grid.
 *
 * @param mixed density of each strength among mixed chunks.
 */
export function fitBend(
  strengths: readonly { strength: number; mixed: number; weight: number }[],
  prevalence: number,
): number {
  // Below 1 the bend changes nothing.
  const upper = strengths.filter(({ strength }) => strength > 1);
  let best = { bend: bendPrior.mean, logPosterior: Number.NEGATIVE_INFINITY };
  for (let step = -12; step <= 12; step++) {
    const deviation = step / 4;
    const bend = bendPrior.mean + deviation * bendPrior.spread;
    const logPosterior = upper.reduce(
      (sum, { strength, mixed, weight }) =>
        sum + weight * Math.log((1 - prevalence) * ordinaryDensity(strength, bend) + prevalence * mixed + 1e-300),
      -(deviation ** 2) / 2,
    );
    if (logPosterior > best.logPosterior) best = { bend, logPosterior };
  }
  return best.bend;
}

export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}
