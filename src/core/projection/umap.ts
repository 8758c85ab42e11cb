import type { VectorRows } from '../neighbors/blockedKnn';
import type { KnnGraph } from '../neighbors/knnGraph';
import { seededRandom } from '../neighbors/seededRandom';
import { fuzzyGraph, type FuzzyGraph } from './fuzzyGraph';
import { alignTo, frameOf, framed, isPlaced, layFlat } from './mapFrame';
import { closeGaps, holdGroups, widestGap, widestKeptGap } from './mapGaps';
import { membershipCurve } from './membershipCurve';
import { principalComponents } from './principalAxes';
import { forceTables, optimize } from './umapOptimizer';
import { fittedScale, placeNewPoints } from './warmStart';

/** Half the longer side of a new map before it is optimised, in UMAP's units. */
const startRadius = 10;
/** Share of points that must be in place for a map to be kept: with fewer it is a new map that only begins at the old one. */
const keptShare = 0.5;
/**
 * Points that a kept map has at least. In a smaller one nearly all are neighbors of each other, so nothing but repulsion
 * decides on a new point, and it would be thrown far out.
 */
const fewestKept = 30;
/** Learning rate with which a kept map settles: enough to make room, not to leave its place. */
const settlingRate = 0.006;
/** A map of fewer points is smaller in UMAP's units, so that the same step is a longer way on it. */
const fullSettlingPoints = 1500;

export interface UmapParameters {
  /** n_neighbors, the point itself counted. */
  neighbors: number;
  minimalDistance: number;
  epochs: number;
  seed: number;
  /** 2 n map coordinates of the map before, NaN for new points. */
  start?: Float32Array;
  /** Takes the map before as no more than a place to begin: every point moves as freely as in a new map. */
  renew?: boolean;
}

/** Called between rounds with the share that is done; what it throws ends the run and is passed on. */
export type OnShare = (share: number) => void;

/**
 * UMAP (McInnes, Healy and Melville 2018) from a kNN graph, 2-D, on typed arrays. The same graph, vectors, start and
 * seed give the same bytes.
 *
 * Without a start the first two principal components are it. With one, old points keep their places but for what the
 * new ones push: new points are placed at their neighbors and optimised while the others stand still, then all settle
 * together at a low learning rate, and the map is laid over the old one in the old one's size. Where most points are new, few
 * were there, or a renewal is asked for, the map before is a start like another, and the outcome a new map that lies as it did.
 * The gaps of every map are closed at the end.
 *
 * @returns 2 n map coordinates.
 */
export function umap(data: VectorRows, knn: KnnGraph, parameters: UmapParameters, onShare?: OnShare): Float32Array {
  const { seed, start, epochs, renew = false } = parameters;
  const { count } = data;
  if (count < 2) return new Float32Array(2 * count);
  const graph = fuzzyGraph(knn, Math.max(2, Math.min(parameters.neighbors, count)));
  const curve = membershipCurve(parameters.minimalDistance);
  const tables = forceTables(curve);
  const known = start === undefined ? 0 : knownPoints(start, count);
  if (start === undefined || known < Math.max(fewestKept, count * keptShare) || renew) {
    const coordinates =
      start === undefined || known < 2
        ? principalStart(data, seed)
        : scaledStart(start, graph, startRadius, seed).coordinates;
    const onEpoch = onShare && ((epoch: number) => onShare(epoch / epochs));
    optimize(coordinates, graph, tables, { epochs, seed, learningRate: 1, onEpoch });
    closeGaps(coordinates, widestGap, () => onShare?.(1));
    // A new map in its own scale, turned the way the old one lay.
    if (start === undefined || known < 2) layFlat(coordinates);
    else alignTo(coordinates, start, false);
    return framed(coordinates, frameOf(coordinates));
  }

  const scale = fittedScale(start, graph, curve, seed);
  const { coordinates, added } = scaledStart(start, graph, scale, seed);
  // New points are placed among old ones that stand still, then all settle.
  const hasNew = added.length > 0;
  const stages = [
    { epochs: hasNew ? epochs : 0, learningRate: 1, moving: added },
    { epochs: Math.ceil(epochs / 2), learningRate: settlingRate * Math.min(1, Math.sqrt(count / fullSettlingPoints)) },
  ];
  const all = stages.reduce((sum, stage) => sum + stage.epochs, 0);
  let done = 0;
  stages.forEach((stage, i) => {
    const onEpoch = (epoch: number) => onShare?.((done + epoch) / all);
    optimize(coordinates, graph, tables, { ...stage, seed: seed + i, onEpoch });
    done += stage.epochs;
  });
  for (let i = 0; i < coordinates.length; i++) coordinates[i] /= scale;
  alignTo(coordinates, start, true);
  onShare?.(1);
  holdGroups(coordinates, start);
  closeGaps(coordinates, widestKeptGap, () => onShare?.(1));
  alignTo(coordinates, start, true);
  return Float32Array.from(coordinates);
}

function knownPoints(start: Float32Array, count: number): number {
  let known = 0;
  for (let i = 0; i < count; i++) if (isPlaced(start, i)) known++;
  return known;
}

/** Principal components with the longer side at 20 and noise that tells twins apart, as umap-learn starts. */
function principalStart(data: VectorRows, seed: number): Float64Array {
  const coordinates = principalComponents(data, seed, false);
  const random = seededRandom(seed);
  let largest = 0;
  for (const value of coordinates) largest = Math.max(largest, Math.abs(value));
  const scale = largest > 0 ? startRadius / largest : 1;
  for (let i = 0; i < coordinates.length; i++) coordinates[i] = coordinates[i] * scale + 1e-3 * random.normal();
  return coordinates;
}

/** The old map in UMAP's units, new points placed at their neighbors. */
function scaledStart(
  start: Float32Array,
  graph: FuzzyGraph,
  scale: number,
  seed: number,
): { coordinates: Float64Array; added: Int32Array } {
  const coordinates = Float64Array.from(start, (value) => value * scale);
  const added = placeNewPoints(coordinates, start, graph, seed);
  return { coordinates, added };
}
