import type { OnnxRuntime } from '../../src/core/embedding/onnxRuntime';
import { nearest, type VectorRows } from '../../src/core/neighbors/blockedKnn';
import { findNeighbors } from '../../src/core/neighbors/findNeighbors';
import { TopK } from '../../src/core/neighbors/topK';
import { MapNeighbors } from '../../src/core/projection/mapNeighbors';
import { FixedMap } from '../../src/core/projection/placement';
import { meanReading, neighborhoodReadings, trustNeighbors } from '../../src/core/projection/trust';
import { umap } from '../../src/core/projection/umap';
import { defaultLayoutSettings } from '../../src/shared/layoutMethods';

export interface PlacementRow {
  name: string;
  /** Points of the map, and points that were held out of it and then placed. */
  fitted: number;
  placed: number;
  /** Mean of the 15 true neighbors that are among the map's 15 nearest. */
  fittedTrust: number;
  placedTrust: number;
  /** Mean number of stars of a placed point. */
  stars: number;
  /** Processor time of one text, the search for its true neighbors included. */
  medianMs: number;
  p99Ms: number;
}

/** Every tenth point is held out of a map and then placed on it. */
export async function benchPlacement(runtime: OnnxRuntime, name: string, data: VectorRows): Promise<PlacementRow> {
  const { vectors, dimensions } = data;
  const rows = Array.from({ length: data.count }, (_, row) => row);
  const held = rows.filter((row) => row % 10 === 3);
  const kept = rows.filter((row) => row % 10 !== 3);
  const inside = { vectors: new Float32Array(kept.length * dimensions), count: kept.length, dimensions };
  const vectorOf = (row: number) => vectors.slice(row * dimensions, (row + 1) * dimensions);
  kept.forEach((row, i) => inside.vectors.set(vectorOf(row), i * dimensions));
  const graph = await findNeighbors(inside, { runtime, threads: 2 });
  const map = umap(inside, graph, defaultLayoutSettings('umap'));
  const fixed = new FixedMap(map);
  const tree = new MapNeighbors(map);
  const near = new Int32Array(trustNeighbors);
  const heap = new TopK(trustNeighbors, near, new Float32Array(trustNeighbors));
  let found = 0;
  let stars = 0;
  const times: number[] = [];
  // Compiled once, as in an engine that has placed a text before.
  const first = nearest(inside, vectorOf(kept[0]), trustNeighbors);
  fixed.place(first.indices, first.similarities);
  for (const row of held) {
    const before = process.cpuUsage();
    const truth = nearest(inside, vectorOf(row), trustNeighbors);
    const at = fixed.place(truth.indices, truth.similarities);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
    if (at === undefined) continue;
    stars += at.stars.length;
    heap.start(0);
    tree.search(at.x, at.y, heap);
    found += near.filter((point) => truth.indices.includes(point)).length;
  }
  times.sort((a, b) => a - b);
  return {
    name,
    fitted: kept.length,
    placed: held.length,
    fittedTrust: meanReading(neighborhoodReadings(graph, map).trust) ?? 0,
    placedTrust: found / held.length,
    stars: stars / held.length,
    medianMs: times[Math.floor(times.length / 2)],
    p99Ms: times[Math.floor(0.99 * times.length)],
  };
}

export function placementTable(rows: readonly PlacementRow[]): string {
  return [
    '| Vectors | On the map | Placed | Neighbors kept of 15, fitted | Placed | Ratio | Stars each | Milliseconds with the search: median, 99th percentile |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${row.fitted.toLocaleString('en')} | ${row.placed.toLocaleString('en')} | ${row.fittedTrust.toFixed(2)} | ` +
        `${row.placedTrust.toFixed(2)} | ${(row.placedTrust / row.fittedTrust).toFixed(2)} | ${row.stars.toFixed(2)} | ` +
        `${row.medianMs.toFixed(1)}, ${row.p99Ms.toFixed(1)} |`,
    ),
  ].join('\n');
}
