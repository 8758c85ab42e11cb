/**
 * What a map costs and keeps, beside umap-js alone on the same vectors with the same neighbors and epochs, in one run.
 * `tsx scripts/bench/map.ts [VECTORS.f32] [--dimensions 384] [--count 10000] [--epochs 200] [--runtime native]`.
 */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { UMAP } from 'umap-js';
import { loadOnnxRuntime, type OnnxRuntimeName } from '../../src/core/embedding/onnxRuntime';
import type { VectorRows } from '../../src/core/neighbors/blockedKnn';
import { exactKnn } from '../../src/core/neighbors/exactKnn';
import { seededRandom } from '../../src/core/neighbors/seededRandom';
import { frameOf, framed } from '../../src/core/projection/mapFrame';
import { mapQuality } from '../../src/core/projection/mapQuality';
import { meanTrust, trust } from '../../src/core/projection/trust';
import { umap } from '../../src/core/projection/umap';
import { umapJs } from '../../src/core/projection/umapJs';
import { clusterHierarchy } from '../../src/core/topics/clusters';

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

/** Rows as an index has them: topics of different sizes with topics of their own, on the unit sphere. */
export function topicalVectors(count: number, dimensions: number, seed = 1): VectorRows {
  const random = seededRandom(seed);
  const direction = () => Float32Array.from({ length: dimensions }, () => random.normal() / Math.sqrt(dimensions));
  const topics = Array.from({ length: 25 }, () => ({
    center: direction(),
    parts: Array.from({ length: 20 }, direction),
  }));
  const vectors = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    const { center, parts } = topics[Math.floor(topics.length * random.next() ** 1.5)];
    const part = parts[random.below(parts.length)];
    const noise = direction();
    let squares = 0;
    for (let d = 0; d < dimensions; d++) {
      const value = center[d] + 0.7 * part[d] + 0.9 * noise[d];
      vectors[row * dimensions + d] = value;
      squares += value * value;
    }
    for (let d = 0; d < dimensions; d++) vectors[row * dimensions + d] /= Math.sqrt(squares);
  }
  return { vectors, count, dimensions };
}

export async function benchMap(options: MapBenchOptions = {}): Promise<MapBench> {
  const { data = topicalVectors(10_000, 384), epochs = 200, neighbors = 15, runtime: name = 'native' } = options;
  const runtime = await loadOnnxRuntime(name, { assetsFolder: path.resolve(__dirname, '../..') });
  const parameters = { neighbors, minimalDistance: 0.1, epochs, seed: 42 };
  const rows: MapBenchRow[] = [];

  const knn = await timed(() => exactKnn(data, { runtime, threads: 2 }));
  const graph = knn.result;
  rows.push({ name: `neighbors (exact, ${name})`, ...knn.time });
  const judged = (map: Float32Array) => ({
    ...mapQuality(data, map, { sample: 300 }),
    trust: meanTrust(trust(graph, map)),
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
function umapJsAlone(
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

type Time = Pick<MapBenchRow, 'elapsedMs' | 'cpuMs'>;

async function timed<T>(run: () => T | Promise<T>): Promise<{ result: T; time: Time }> {
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

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      dimensions: { type: 'string', default: '384' },
      count: { type: 'string', default: '10000' },
      epochs: { type: 'string', default: '200' },
      runtime: { type: 'string', default: 'native' },
      'no-umap-js': { type: 'boolean', default: false },
    },
  });
  const dimensions = Number(values.dimensions);
  const [file] = positionals;
  let data: VectorRows;
  if (file === undefined) {
    data = topicalVectors(Number(values.count), dimensions);
  } else {
    const bytes = readFileSync(file);
    const vectors = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    data = { vectors, count: Math.min(Number(values.count), Math.floor(vectors.length / dimensions)), dimensions };
  }
  const runtime: OnnxRuntimeName = values.runtime === 'wasm' ? 'wasm' : 'native';
  const bench = await benchMap({ data, epochs: Number(values.epochs), runtime, withUmapJs: !values['no-umap-js'] });
  console.log(mapBenchTable(bench));
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === __filename) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
