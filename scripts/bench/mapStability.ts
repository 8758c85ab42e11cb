import type { OnnxRuntime } from '../../src/core/embedding/onnxRuntime';
import type { VectorRows } from '../../src/core/neighbors/blockedKnn';
import { findNeighbors } from '../../src/core/neighbors/findNeighbors';
import type { KnnGraph } from '../../src/core/neighbors/knnGraph';
import { updateKnn } from '../../src/core/neighbors/knnUpdate';
import { seededRandom } from '../../src/core/neighbors/seededRandom';
import { meanReading, neighborhoodReadings } from '../../src/core/projection/trust';
import { umap } from '../../src/core/projection/umap';
import { defaultLayoutSettings } from '../../src/shared/layoutMethods';

export interface StabilityRow {
  step: string;
  points: number;
  /** Median and 95th percentile of how far old points moved, as a share of the map's longer side. */
  medianMove: number;
  p95Move: number;
  /** Mean trust of the new points as a share of 15: on the kept map, and on one laid out from nothing. */
  newTrust: number;
  newTrustFresh: number;
  /** The same of all points. */
  allTrust: number;
  allTrustFresh: number;
}

const steps = 10;
const growth = 1.1;

/**
 * Ten times a tenth more points in random order, each laid out from the map before, then a tenth from elsewhere.
 * @param alien points of another corpus.
 */
export async function benchStability(
  runtime: OnnxRuntime,
  data: VectorRows,
  alien: VectorRows,
  onRow: (row: StabilityRow) => void = () => undefined,
): Promise<StabilityRow[]> {
  const { dimensions } = data;
  const order = shuffled(data.count);
  const rows: StabilityRow[] = [];
  let count = Math.round(data.count / growth ** steps);
  let vectors = rowsOf(data, order.subarray(0, count));
  let graph = await findNeighbors({ vectors, count, dimensions }, { runtime, threads: 2 });
  const settings = defaultLayoutSettings('umap');
  let map = umap({ vectors, count, dimensions }, graph, settings);
  const add = async (step: string, added: Float32Array): Promise<void> => {
    const before = count;
    count += added.length / dimensions;
    const grown = new Float32Array(count * dimensions);
    grown.set(vectors);
    grown.set(added, before * dimensions);
    vectors = grown;
    const now = { vectors, count, dimensions };
    const origin = Int32Array.from({ length: count }, (_, i) => (i < before ? i : -1));
    graph = await updateKnn(graph, now, origin, { runtime, threads: 2 });
    const start = new Float32Array(2 * count).fill(Number.NaN);
    start.set(map);
    const kept = umap(now, graph, { ...settings, start });
    const row = rowFor(step, before, graph, map, kept, umap(now, graph, settings));
    rows.push(row);
    onRow(row);
    map = kept;
  };
  for (let step = 1; step <= steps; step++) {
    const to = step === steps ? data.count : Math.min(data.count, Math.round(count * growth));
    await add(`${step}`, rowsOf(data, order.subarray(count, to)));
  }
  const aliens = Math.min(alien.count, Math.round(0.1 * data.count));
  await add('alien folder', rowsOf(alien, shuffled(alien.count).subarray(0, aliens)));
  return rows;
}

function rowFor(
  step: string,
  before: number,
  graph: KnnGraph,
  old: Float32Array,
  kept: Float32Array,
  fresh: Float32Array,
): StabilityRow {
  const side = longerSide(old);
  const moves = Float64Array.from({ length: before }, (_, i) =>
    Math.hypot(kept[2 * i] - old[2 * i], kept[2 * i + 1] - old[2 * i + 1]),
  ).sort();
  const share = (readings: Uint8Array) => (meanReading(readings) ?? 0) / 15;
  const ofKept = neighborhoodReadings(graph, kept).trust;
  const ofFresh = neighborhoodReadings(graph, fresh).trust;
  return {
    step,
    points: kept.length / 2,
    medianMove: moves[Math.floor(before / 2)] / side,
    p95Move: moves[Math.floor(0.95 * before)] / side,
    newTrust: share(ofKept.subarray(before)),
    newTrustFresh: share(ofFresh.subarray(before)),
    allTrust: share(ofKept),
    allTrustFresh: share(ofFresh),
  };
}

function longerSide(map: Float32Array): number {
  const axis = (first: number) => map.filter((_, i) => i % 2 === first);
  const length = (values: Float32Array) => {
    const sorted = values.slice().sort();
    return sorted[sorted.length - 1] - sorted[0];
  };
  return Math.max(length(axis(0)), length(axis(1)));
}

function shuffled(count: number): Int32Array {
  const random = seededRandom(11);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}

function rowsOf({ vectors, dimensions }: VectorRows, rows: Int32Array): Float32Array {
  const picked = new Float32Array(rows.length * dimensions);
  rows.forEach((row, i) => picked.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions));
  return picked;
}

export function stabilityTable(rows: readonly StabilityRow[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  return [
    '| Step | Points | Old points moved: median (95th percentile), of the width | Trust of the new points (from nothing) | Trust of all points (from nothing) |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows.map(
      (row) =>
        `| ${row.step} | ${row.points.toLocaleString('en')} | ${percent(row.medianMove)} (${percent(row.p95Move)}) | ` +
        `${row.newTrust.toFixed(3)} (${row.newTrustFresh.toFixed(3)}) | ${row.allTrust.toFixed(3)} (${row.allTrustFresh.toFixed(3)}) |`,
    ),
  ].join('\n');
}
