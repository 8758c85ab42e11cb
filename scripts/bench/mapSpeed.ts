/** What a map costs and keeps, beside umap-js alone on the same vectors with the same neighbors and epochs, in one run. */
import * as path from 'node:path';
import { UMAP } from 'umap-js';
import { loadOnnxRuntime, type OnnxRuntimeName } from '../../src/core/embedding/onnxRuntime';
import type { VectorRows } from '../../src/core/neighbors/blockedKnn';
import { findNeighbors } from '../../src/core/neighbors/findNeighbors';
import { seededRandom } from '../../src/core/neighbors/seededRandom';
import { frameOf, framed } from '../../src/core/projection/mapFrame';
import { mapQuality } from '../../src/core/projection/mapQuality';
import { meanReading, neighborhoodReadings } from '../../src/core/projection/trust';
import { umap } from '../../src/core/projection/umap';
import { umapJs } from '../../src/core/projection/umapJs';
import { clusterHierarchy } from '../../src/core/topics/clusters';
import { defaultLayoutSettings } from '../../src/shared/layoutMethods';
import { topicalVectors } from './mapData';

export interface MapBenchOptions {
  /** L2-normalised rows; made up of nested topics where none are given. */
  data?: VectorRows;
  epochs?: number;
  neighbors?: number;
  runtime?: OnnxRuntimeName;
  /** umap-js alone takes most of the time. */
  withUmapJs?: boolean;
}

export interface MapBenchRow {
  name: string;
  /** Vectors in, coordinates out, neighbors included. */
  elapsedMs: number;
  /** Processor time of all threads: what counts where the machine is shared. */
  cpuMs: number;
  trustworthiness?: number;
  continuity?: number;
  /** Mean of the true 15 nearest that are among the map's 15 nearest. */
  trust?: number;
}

export interface MapBench {
  count: number;
  dimensions: number;
  epochs: number;
  neighbors: number;
  runtime: OnnxRuntimeName;
  rows: MapBenchRow[];
  /** Elapsed time of umap-js alone over that of neighbors and own kernel together. */
  ratioToUmapJs: number | undefined;
}

export async function benchMap(options: MapBenchOptions = {}): Promise<MapBench> {
  const { data = topicalVectors(10_000, 384), epochs = 200, neighbors = 15, runtime: name = 'native' } = options;
  const runtime = await loadOnnxRuntime(name, { assetsFolder: path.resolve(__dirname, '../..') });
  const parameters = { ...defaultLayoutSettings('umap'), neighbors, epochs };
  const rows: MapBenchRow[] = [];

  const knn = await timed(() => findNeighbors(data, { runtime, threads: 2 }));
  const graph = knn.result;
  rows.push({ name: `neighbors (${recallWords(graph.recall)}, ${name})`, ...knn.time });
  const judged = (map: Float32Array) => ({
    ...mapQuality(data, map, { sample: 300 }),
    trust: meanReading(neighborhoodReadings(graph, map).trust),
  });
  const add = (label: string, time: Time, map: Float32Array) => {
    const { trustworthiness, continuity, trust: kept } = judged(map);
    rows.push({ name: label, ...time, trustworthiness, continuity, trust: kept });
  };
  const plus = (time: Time): Time => ({
    elapsedMs: time.elapsedMs + knn.time.elapsedMs,
    cpuMs: time.cpuMs + knn.time.cpuMs,
  });

  const own = await timed(() => umap(data, graph, parameters));
  add('umap, neighbors included', plus(own.time), own.result);
  const start = await timed(() => umap(data, graph, { ...parameters, start: own.result }));
  add('umap from the map before, neighbors included', plus(start.time), start.result);
  const clusters = await timed(() => clusterHierarchy(graph, 42));
  rows.push({ name: 'clusters', ...clusters.time });

  let ratioToUmapJs: number | undefined;
  if (options.withUmapJs !== false) {
    const given = await timed(() => umapJs(data, graph, parameters));
    add('umap-js given these neighbors', plus(given.time), given.result);
    const alone = await timed(() => umapJsAlone(data, parameters));
    add('umap-js alone', alone.time, alone.result);
    ratioToUmapJs = alone.time.elapsedMs / (own.time.elapsedMs + knn.time.elapsedMs);
  }
  return { count: data.count, dimensions: data.dimensions, epochs, neighbors, runtime: name, rows, ratioToUmapJs };
}

/** The library from vectors to coordinates; on L2-normalised rows its Euclidean distance orders as cosine does. */
export function umapJsAlone(
  { vectors, count, dimensions }: VectorRows,
  {
    neighbors,
    minimalDistance,
    epochs,
    seed,
  }: { neighbors: number; minimalDistance: number; epochs: number; seed: number },
): Float32Array {
  const random = seededRandom(seed);
  const library = new UMAP({
    nNeighbors: neighbors,
    minDist: minimalDistance,
    nEpochs: epochs,
    random: () => random.next(),
  });
  const rows = Array.from({ length: count }, (_, row) =>
    Array.from(vectors.subarray(row * dimensions, (row + 1) * dimensions)),
  );
  const coordinates = Float64Array.from(library.fit(rows).flat());
  return framed(coordinates, frameOf(coordinates));
}

export type Time = Pick<MapBenchRow, 'elapsedMs' | 'cpuMs'>;

export async function timed<T>(run: () => T | Promise<T>): Promise<{ result: T; time: Time }> {
  const started = performance.now();
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return { result, time: { elapsedMs: performance.now() - started, cpuMs: (user + system) / 1000 } };
}

/** The table that `npm run bench` prints. */
export function mapBenchTable(bench: MapBench): string {
  const { count, dimensions, epochs, neighbors, runtime, rows, ratioToUmapJs } = bench;
  const share = (value: number | undefined) => (value === undefined ? '' : value.toFixed(4));
  return [
    `Map of ${count} x ${dimensions}, ${epochs} epochs, ${neighbors} neighbors, ${runtime} runtime`,
    '',
    '| | seconds | processor seconds | trustworthiness | continuity | neighbors kept of 15 |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${(row.elapsedMs / 1000).toFixed(2)} | ${(row.cpuMs / 1000).toFixed(2)} | ${share(row.trustworthiness)} | ` +
        `${share(row.continuity)} | ${row.trust?.toFixed(2) ?? ''} |`,
    ),
    ...(ratioToUmapJs === undefined
      ? []
      : ['', `umap-js alone takes ${ratioToUmapJs.toFixed(1)} times as long as umap.`]),
  ].join('\n');
}

export function recallWords(recall: number | undefined): string {
  return recall === undefined ? 'exact' : `recall ${recall.toFixed(3)}, measured`;
}
