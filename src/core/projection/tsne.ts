import type { VectorRows } from '../neighbors/blockedKnn';
import type { KnnGraph } from '../neighbors/knnGraph';
import { seededRandom } from '../neighbors/seededRandom';
import { joinDirections, type FuzzyGraph } from './fuzzyGraph';
import { alignTo, frameOf, framed, isPlaced, layFlat } from './mapFrame';
import { principalComponents } from './principalAxes';
import { TsneRepulsion } from './tsneRepulsion';
import type { OnShare } from './umap';
import { placeNewPoints } from './warmStart';

export interface TsneParameters {
  perplexity: number;
  epochs: number;
  seed: number;
  /** 2 n map coordinates of the map before, NaN for new points. */
  start?: Float32Array;
}

/** Share of the epochs in which attraction is exaggerated, and how much. */
const exaggeratedShare = 0.25;
const exaggeration = 12;
const momentum = 0.8;
const slowestRate = 200;
/** Longest step of a point in one epoch. */
const longestStep = 5;
const smallestGain = 0.01;
/** Spread of a new map before it is optimised. */
const startSpread = 1e-4;
/** Half the longer side at which a map that goes on begins. */
const warmRadius = 25;

/** Neighbors that t-SNE wants of each point: three times the perplexity, as Van der Maaten 2014 has it. */
export function neighborsForPerplexity(perplexity: number): number {
  return Math.ceil(3 * perplexity);
}

/**
 * t-SNE (Van der Maaten and Hinton 2008) from a kNN graph, 2-D, on typed arrays: exact attraction along the edges,
 * repulsion by Fourier transforms on a grid, learning rate and start as Belkina et al. 2019 and Kobak and Berens 2019
 * advise. The same graph, vectors, start and seed give the same bytes.
 *
 * With a start, exaggeration is left out: points begin where they lay, new ones at their neighbors, and the outcome is
 * laid over the map before.
 *
 * @param knn at least three neighbors for each unit of perplexity; with fewer, those count.
 * @returns 2 n map coordinates.
 */
export function tsne(data: VectorRows, knn: KnnGraph, parameters: TsneParameters, onShare?: OnShare): Float32Array {
  const { seed, start, epochs } = parameters;
  const { count } = data;
  if (count < 2) return new Float32Array(2 * count);
  const graph = affinities(knn, Math.min(parameters.perplexity, (count - 1) / 3));
  const isWarm = start !== undefined && knownPoints(start, count) >= Math.max(2, count / 2);
  const coordinates = isWarm ? warmStart(start, graph, seed) : coldStart(data, seed);
  const exaggerated = isWarm ? 0 : Math.round(epochs * exaggeratedShare);
  const run = new TsneRun(coordinates, graph);
  for (let epoch = 0; epoch < epochs; epoch++) {
    // Moments of the exaggerated phase would fling the points apart.
    if (epoch === exaggerated) run.rest();
    run.step(epoch < exaggerated ? exaggeration : 1);
    onShare?.((epoch + 1) / epochs);
  }
  if (start === undefined || knownPoints(start, count) < 2) layFlat(coordinates);
  else alignTo(coordinates, start, false);
  return framed(coordinates, frameOf(coordinates));
}

/**
 * Symmetric affinities p_ij that sum to 1: Gaussians of squared distance (2 - 2 similarity on unit vectors) whose width
 * gives every point the same perplexity.
 */
export function affinities(knn: KnnGraph, perplexity: number): FuzzyGraph {
  const { count, k } = knn;
  const used = Math.min(k, neighborsForPerplexity(perplexity));
  const forward = new Float32Array(count * used);
  const squared = new Float64Array(used);
  const target = Math.log(Math.max(1, perplexity));
  for (let i = 0; i < count; i++) {
    let found = 0;
    while (found < used && knn.indices[i * k + found] >= 0) {
      squared[found] = 2 - 2 * knn.similarities[i * k + found];
      found++;
    }
    if (found === 0) continue;
    let low = 0;
    let high = Infinity;
    let precision = 1;
    let sum = 0;
    for (let round = 0; round < 64; round++) {
      sum = 0;
      let mean = 0;
      for (let j = 0; j < found; j++) {
        const p = Math.exp(-precision * (squared[j] - squared[0]));
        sum += p;
        mean += p * (squared[j] - squared[0]);
      }
      const entropy = Math.log(sum) + (precision * mean) / sum;
      if (Math.abs(entropy - target) < 1e-5) break;
      if (entropy > target) low = precision;
      else high = precision;
      precision = high === Infinity ? 2 * precision : (low + high) / 2;
      if (precision > 1e12) break;
    }
    for (let j = 0; j < found; j++) {
      forward[i * used + j] = Math.exp(-precision * (squared[j] - squared[0])) / sum / (2 * count);
    }
  }
  return joinDirections(knn, used, forward, (p, q) => p + q);
}

class TsneRun {
  private readonly repulsion: TsneRepulsion;
  private readonly attraction: Float64Array;
  private readonly velocity: Float64Array;
  private readonly gains: Float64Array;

  constructor(
    private readonly coordinates: Float64Array,
    private readonly graph: FuzzyGraph,
  ) {
    this.repulsion = new TsneRepulsion(graph.count);
    this.attraction = new Float64Array(coordinates.length);
    this.velocity = new Float64Array(coordinates.length);
    this.gains = new Float64Array(coordinates.length).fill(1);
  }

  rest(): void {
    this.velocity.fill(0);
    this.gains.fill(1);
  }

  /** One epoch of gradient descent with momentum and gains (Jacobs 1988). */
  step(exaggerated: number): void {
    const { coordinates, repulsion, attraction, velocity, gains } = this;
    this.attract();
    repulsion.compute(coordinates);
    const { force, normalisation } = repulsion;
    const count = coordinates.length / 2;
    const rate = Math.max(slowestRate, count / exaggerated);
    let [meanX, meanY] = [0, 0];
    for (let c = 0; c < coordinates.length; c++) {
      const gradient = exaggerated * attraction[c] - force[c] / normalisation;
      gains[c] = gradient > 0 === velocity[c] > 0 ? Math.max(smallestGain, 0.8 * gains[c]) : gains[c] + 0.2;
      velocity[c] = momentum * velocity[c] - rate * gains[c] * gradient;
    }
    for (let i = 0; i < coordinates.length; i += 2) {
      const length = Math.sqrt(velocity[i] * velocity[i] + velocity[i + 1] * velocity[i + 1]);
      if (length > longestStep) {
        velocity[i] *= longestStep / length;
        velocity[i + 1] *= longestStep / length;
      }
      coordinates[i] += velocity[i];
      coordinates[i + 1] += velocity[i + 1];
      meanX += coordinates[i];
      meanY += coordinates[i + 1];
    }
    for (let i = 0; i < coordinates.length; i += 2) {
      coordinates[i] -= meanX / count;
      coordinates[i + 1] -= meanY / count;
    }
  }

  /** Attraction along every edge, each looked at once: it is there in both directions with one weight. */
  private attract(): void {
    const { coordinates, attraction } = this;
    const { count, rowStart, tail, weight } = this.graph;
    attraction.fill(0);
    for (let i = 0; i < count; i++) {
      const x = coordinates[2 * i];
      const y = coordinates[2 * i + 1];
      let sumX = 0;
      let sumY = 0;
      for (let e = rowStart[i]; e < rowStart[i + 1]; e++) {
        const j = tail[e];
        if (j < i) continue;
        const dx = x - coordinates[2 * j];
        const dy = y - coordinates[2 * j + 1];
        const pull = weight[e] / (1 + dx * dx + dy * dy);
        sumX += pull * dx;
        sumY += pull * dy;
        attraction[2 * j] -= pull * dx;
        attraction[2 * j + 1] -= pull * dy;
      }
      attraction[2 * i] += sumX;
      attraction[2 * i + 1] += sumY;
    }
  }
}

/** Principal components, so small that repulsion alone decides at first, with noise that tells twins apart. */
function coldStart(data: VectorRows, seed: number): Float64Array {
  const coordinates = principalComponents(data, seed, false);
  const random = seededRandom(seed);
  let squares = 0;
  for (let i = 0; i < coordinates.length; i += 2) squares += coordinates[i] * coordinates[i];
  const spread = Math.sqrt(squares / (coordinates.length / 2));
  const scale = spread > 0 ? startSpread / spread : 0;
  for (let i = 0; i < coordinates.length; i++) {
    coordinates[i] = coordinates[i] * scale + 1e-2 * startSpread * random.normal();
  }
  return coordinates;
}

function warmStart(start: Float32Array, graph: FuzzyGraph, seed: number): Float64Array {
  const coordinates = Float64Array.from(start, (value) => value * warmRadius);
  placeNewPoints(coordinates, start, graph, seed);
  return coordinates;
}

function knownPoints(start: Float32Array, count: number): number {
  let known = 0;
  for (let i = 0; i < count; i++) if (isPlaced(start, i)) known++;
  return known;
}
