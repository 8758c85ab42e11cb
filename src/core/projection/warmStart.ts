import { seededRandom } from '../neighbors/seededRandom';
import type { FuzzyGraph } from './fuzzyGraph';
import { isPlaced } from './mapFrame';
import type { MembershipCurve } from './membershipCurve';

/** Edges whose length the scale of a map is fitted to, and random pairs beside each. */
const sampledEdges = 2000;
const pairsPerEdge = 5;

/**
 * The factor from map units to UMAP's units at which the map fits the graph best: the one that maximises the likelihood
 * of edges and of random pairs not being edges, weighted as the optimiser samples them. A map keeps no such factor, and
 * the optimiser would blow up or shrink a map that is handed over in another unit.
 */
export function fittedScale(start: Float32Array, graph: FuzzyGraph, curve: MembershipCurve, seed: number): number {
  const random = seededRandom(seed);
  const near: number[] = [];
  const weights: number[] = [];
  const far: number[] = [];
  const edges = graph.tail.length;
  const step = Math.max(1, Math.floor(edges / sampledEdges));
  let head = 0;
  for (let e = 0; e < edges; e += step) {
    while (graph.rowStart[head + 1] <= e) head++;
    const tail = graph.tail[e];
    if (!isPlaced(start, head) || !isPlaced(start, tail)) continue;
    near.push(squaredDistance(start, head, tail));
    weights.push(graph.weight[e]);
    for (let pair = 0; pair < pairsPerEdge; pair++) {
      const other = random.below(graph.count);
      far.push(isPlaced(start, other) && other !== head ? squaredDistance(start, head, other) : -1);
    }
  }
  const loss = (logScale: number) => {
    const squaredScale = Math.exp(2 * logScale);
    let sum = 0;
    for (let e = 0; e < near.length; e++) {
      let term = Math.log1p(curve.a * (squaredScale * near[e]) ** curve.b);
      for (let pair = 0; pair < pairsPerEdge; pair++) {
        const squared = far[e * pairsPerEdge + pair];
        if (squared < 0) continue;
        const power = curve.a * (squaredScale * squared + 1e-3) ** curve.b;
        term += Math.log1p(1 / power);
      }
      sum += weights[e] * term;
    }
    return sum;
  };
  return near.length === 0 ? 10 : Math.exp(minimum(loss, Math.log(0.2), Math.log(500), 24));
}

/**
 * Places points that have no coordinates at the weighted mean of their neighbors that have, again and again until all
 * are placed that an edge leads to; the others in a ring around the middle. A little seeded noise tells twins apart.
 *
 * @returns points that were placed here.
 */
export function placeNewPoints(
  coordinates: Float64Array,
  start: Float32Array,
  graph: FuzzyGraph,
  seed: number,
): Int32Array {
  const { count, rowStart, tail, weight } = graph;
  const random = seededRandom(seed);
  const isKnown = Uint8Array.from({ length: count }, (_, i) => (isPlaced(start, i) ? 1 : 0));
  const placed: number[] = [];
  for (let i = 0; i < count; i++) if (isKnown[i] === 0) placed.push(i);
  let waiting = placed;
  while (waiting.length > 0) {
    const next: number[] = [];
    const reached: number[] = [];
    for (const point of waiting) {
      let x = 0;
      let y = 0;
      let total = 0;
      for (let e = rowStart[point]; e < rowStart[point + 1]; e++) {
        if (isKnown[tail[e]] === 0) continue;
        x += weight[e] * coordinates[2 * tail[e]];
        y += weight[e] * coordinates[2 * tail[e] + 1];
        total += weight[e];
      }
      if (total > 0) {
        coordinates[2 * point] = x / total + 0.05 * random.normal();
        coordinates[2 * point + 1] = y / total + 0.05 * random.normal();
        reached.push(point);
      } else {
        next.push(point);
      }
    }
    for (const point of reached) isKnown[point] = 1;
    if (reached.length === 0) {
      // No edge leads here: a place of its own beside the map; the points that hang on it follow.
      const [point] = next;
      const angle = 2 * Math.PI * random.next();
      const radius = 1.05 * radiusOf(coordinates, isKnown);
      coordinates[2 * point] = radius * Math.cos(angle);
      coordinates[2 * point + 1] = radius * Math.sin(angle);
      isKnown[point] = 1;
      next.shift();
    }
    waiting = next;
  }
  return Int32Array.from(placed);
}

function radiusOf(coordinates: Float64Array, isKnown: Uint8Array): number {
  let radius = 1;
  for (let i = 0; i < isKnown.length; i++) {
    if (isKnown[i] === 1) radius = Math.max(radius, Math.abs(coordinates[2 * i]), Math.abs(coordinates[2 * i + 1]));
  }
  return radius;
}

function squaredDistance(coordinates: Float32Array, a: number, b: number): number {
  const dx = coordinates[2 * a] - coordinates[2 * b];
  const dy = coordinates[2 * a + 1] - coordinates[2 * b + 1];
  return dx * dx + dy * dy;
}

/** Golden-section search for the minimum of a function with one. */
function minimum(loss: (value: number) => number, from: number, to: number, rounds: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = from;
  let high = to;
  let left = high - ratio * (high - low);
  let right = low + ratio * (high - low);
  let atLeft = loss(left);
  let atRight = loss(right);
  for (let round = 0; round < rounds; round++) {
    if (atLeft < atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - ratio * (high - low);
      atLeft = loss(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + ratio * (high - low);
      atRight = loss(right);
    }
  }
  return (low + high) / 2;
}
