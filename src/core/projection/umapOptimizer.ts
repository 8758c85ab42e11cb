import type { FuzzyGraph } from './fuzzyGraph';
import type { MembershipCurve } from './membershipCurve';

/** Longest step of one force, before the learning rate. */
const maxForce = 4;

// Tables of the gradient's coefficients by squared distance: one cell for each value of the exponent and the upper six
// bits of the mantissa of its float32, from 2^-20 (added to every squared distance, so that no lower cell exists) to 2^40.
const mantissaBits = 6;
const shift = 23 - mantissaBits;
const lowestExponent = -20;
const highestExponent = 40;
const smallest = 2 ** lowestExponent;
const firstCell = (127 + lowestExponent) << mantissaBits;
const cells = (highestExponent - lowestExponent) << mantissaBits;

/** Coefficients of attraction and repulsion, read by the upper bits of the squared distance. */
export interface ForceTables {
  attraction: Float64Array;
  repulsion: Float64Array;
}

/**
 * Gradient coefficients of McInnes, Healy and Melville 2018, section 3.2: attraction -2ab d^(2(b-1)) / (1 + a d^(2b)),
 * repulsion 2b / ((0.001 + d^2)(1 + a d^(2b))). The limit of 4 is put on the length of the force (umap-learn: on each
 * component), which lets it be part of the table.
 */
export function forceTables({ a, b }: MembershipCurve): ForceTables {
  const attraction = new Float64Array(cells);
  const repulsion = new Float64Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    const exponent = (cell >> mantissaBits) + lowestExponent;
    const mantissa = 1 + ((cell & ((1 << mantissaBits) - 1)) + 0.5) / (1 << mantissaBits);
    const squared = mantissa * 2 ** exponent;
    const limit = maxForce / Math.sqrt(squared);
    const power = a * squared ** b;
    attraction[cell] = -Math.min(limit, (2 * b * power) / squared / (1 + power));
    repulsion[cell] = Math.min(limit, (2 * b) / ((0.001 + squared) * (1 + power)));
  }
  return { attraction, repulsion };
}

export interface OptimizerOptions {
  epochs: number;
  seed: number;
  /** Learning rate of the first epoch; it falls linearly to 0. */
  learningRate: number;
  /** Points that move; all when left out. What they attract and repel stays then where it is. */
  moving?: Int32Array;
  /** Called after every epoch; what it throws ends the run. */
  onEpoch?: (epoch: number) => void;
}

/**
 * UMAP's optimiser: stochastic gradient descent with negative sampling over flat edge arrays, no allocation in its
 * loops. An edge of weight w is sampled every max/w epochs. The same input gives the same bytes.
 *
 * The five negative samples of an attraction are drawn against one position of the point and added up, so that the
 * processor can work on all of them at once; umap-learn moves the point after each.
 *
 * @param coordinates 2 n in UMAP's units (a map of some 20), all finite; changed in place.
 */
export function optimize(
  coordinates: Float64Array,
  graph: FuzzyGraph,
  tables: ForceTables,
  options: OptimizerOptions,
): void {
  const { epochs, seed, learningRate, moving, onEpoch } = options;
  if (graph.count < 2 || epochs < 1) return;
  const period = samplingPeriods(graph.weight, epochs);
  const due = period.slice();
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ 0x2545f491) | 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = learningRate * (1 - epoch / epochs);
    state = moveOnce(coordinates, graph, period, due, tables, epoch, rate, state, moving);
    onEpoch?.(epoch + 1);
  }
}

/** Epochs between two samples of an edge; Infinity for edges too weak to be sampled once. */
function samplingPeriods(weight: Float32Array, epochs: number): Float64Array {
  let max = 0;
  for (const value of weight) if (value > max) max = value;
  const period = new Float64Array(weight.length);
  for (let e = 0; e < weight.length; e++) period[e] = weight[e] * epochs < max ? Infinity : max / weight[e];
  return period;
}

const floats = new Float32Array(8);
const bits = new Int32Array(floats.buffer);

/** One epoch: all points, or those alone that move while the others stand still. */
function moveOnce(
  coordinates: Float64Array,
  graph: FuzzyGraph,
  period: Float64Array,
  due: Float64Array,
  tables: ForceTables,
  epoch: number,
  rate: number,
  seedState: number,
  moving: Int32Array | undefined,
): number {
  const { count, rowStart, tail } = graph;
  const { attraction, repulsion } = tables;
  const scale = count / 4294967296;
  const half = count / 2;
  let state = seedState;
  const isWhole = moving === undefined;
  const points = isWhole ? count : moving.length;
  for (let at = 0; at < points; at++) {
    const i = isWhole ? at : moving[at];
    let x = coordinates[2 * i];
    let y = coordinates[2 * i + 1];
    const end = rowStart[i + 1];
    for (let e = rowStart[i]; e < end; e++) {
      if (due[e] > epoch) continue;
      due[e] += period[e];
      const other = 2 * tail[e];
      const dx = x - coordinates[other];
      const dy = y - coordinates[other + 1];
      floats[0] = dx * dx + dy * dy + smallest;
      const pull = attraction[(bits[0] >>> shift) - firstCell] * rate;
      x += pull * dx;
      y += pull * dy;
      if (isWhole) {
        coordinates[other] -= pull * dx;
        coordinates[other + 1] -= pull * dy;
      }

      // A linear congruential step (Numerical Recipes), scaled by its upper bits; five at once, written out.
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      let a = (state * scale + half) | 0;
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      let b = (state * scale + half) | 0;
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      let c = (state * scale + half) | 0;
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      let f = (state * scale + half) | 0;
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      let g = (state * scale + half) | 0;
      // The point itself lies at its old place: sampled, it would push itself away.
      if (a === i) a = i === 0 ? 1 : i - 1;
      if (b === i) b = i === 0 ? 1 : i - 1;
      if (c === i) c = i === 0 ? 1 : i - 1;
      if (f === i) f = i === 0 ? 1 : i - 1;
      if (g === i) g = i === 0 ? 1 : i - 1;
      const ax = x - coordinates[2 * a];
      const ay = y - coordinates[2 * a + 1];
      const bx = x - coordinates[2 * b];
      const by = y - coordinates[2 * b + 1];
      const cx = x - coordinates[2 * c];
      const cy = y - coordinates[2 * c + 1];
      const fx = x - coordinates[2 * f];
      const fy = y - coordinates[2 * f + 1];
      const gx = x - coordinates[2 * g];
      const gy = y - coordinates[2 * g + 1];
      floats[1] = ax * ax + ay * ay + smallest;
      floats[2] = bx * bx + by * by + smallest;
      floats[3] = cx * cx + cy * cy + smallest;
      floats[4] = fx * fx + fy * fy + smallest;
      floats[5] = gx * gx + gy * gy + smallest;
      const pa = repulsion[(bits[1] >>> shift) - firstCell];
      const pb = repulsion[(bits[2] >>> shift) - firstCell];
      const pc = repulsion[(bits[3] >>> shift) - firstCell];
      const pf = repulsion[(bits[4] >>> shift) - firstCell];
      const pg = repulsion[(bits[5] >>> shift) - firstCell];
      x += rate * (pa * ax + pb * bx + pc * cx + (pf * fx + pg * gx));
      y += rate * (pa * ay + pb * by + pc * cy + (pf * fy + pg * gy));
    }
    coordinates[2 * i] = x;
    coordinates[2 * i + 1] = y;
  }
  return state;
}
