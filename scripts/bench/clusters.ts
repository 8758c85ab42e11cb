// npm run bench:clusters [-- --store FILE]: how well clusters find planted topics and the chapters of the Rust book, how
// stable they are when a fifth of the chunks is left out, beside the library's Louvain and density clusters.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { UndirectedGraph } from 'graphology';
import louvain from 'graphology-communities-louvain';
import { blockedKnn, type VectorRows } from '../../src/core/neighbors/blockedKnn';
import type { KnnGraph } from '../../src/core/neighbors/knnGraph';
import { seededRandom } from '../../src/core/neighbors/seededRandom';
import { fuzzyGraph } from '../../src/core/projection/fuzzyGraph';
import { clusterHierarchy, noCluster, type ClusterChoices } from '../../src/core/topics/clusters';
import { EngineService } from '../../src/engine/engineService';
import { defaultIndexSettings } from '../../src/shared/indexDefaults';
import { plantedVectors } from '../../test/unit/neighbors/plantedVectors';
import { densityClusters } from './densityClusters';
import { describeMachine } from './machine';
import { unpackRustBook } from './rustBook';

const assetsFolder = path.resolve(__dirname, '../..');
const neighborsKept = 30;
const subsamples = 5;
const keptShare = 0.8;

interface Labelled extends VectorRows {
  labels: Int32Array;
}

type Clusterer = (graph: KnnGraph) => Uint16Array;

const main =
  (choices: ClusterChoices = {}): Clusterer =>
  (graph) => {
    const { levels, main: at } = clusterHierarchy(graph, 42, choices);
    return levels[at];
  };
const level =
  (offset: number): Clusterer =>
  (graph) => {
    const { levels, main: at } = clusterHierarchy(graph, 42);
    return levels[at + offset] ?? new Uint16Array(graph.count).fill(noCluster);
  };

const clusterers: [name: string, clusterer: Clusterer][] = [
  ['Leiden, main level', main()],
  ['Leiden, coarse level', level(-1)],
  ['Leiden, fine level', level(1)],
  ['Leiden of 10 neighbors', main({ neighbors: 10 })],
  ['Leiden of 30 neighbors', main({ neighbors: 30 })],
  ['Leiden joined from resolution 2', main({ fineResolution: 2 })],
  ['Leiden joined from resolution 8', main({ fineResolution: 8 })],
  ['Leiden, count within a factor of 1.4', main({ closeEnough: 0.35 })],
  ['Louvain (graphology), resolution 1', libraryLouvain],
  ['Density clusters (HDBSCAN*), of 10', (graph) => densityClusters(graph, 10)],
  ['Density clusters (HDBSCAN*), of 25', (graph) => densityClusters(graph, 25)],
];

async function bench(): Promise<void> {
  console.log(describeMachine(), '\n');
  for (const [topics, noise] of [
    [12, 0.9],
    [12, 1.3],
    [25, 1.1],
  ]) {
    const data = plantedVectors(1500, 64, topics, noise, 5);
    report(`${topics} planted topics of 1,500 points, noise ${noise}`, data);
  }
  const chapters = await chaptersOfTheBook();
  if (chapters === undefined) console.log('The Rust book is not beside the checkout: its chapters are left out.');
  else report(`Chapters of the Rust book, ${chapters.count} chunks`, chapters);
}

function report(title: string, data: Labelled): void {
  const graph = blockedKnn(data, neighborsKept);
  console.log(`${title} (${new Set(data.labels).size} labels)`);
  console.log('| Method | Clusters | Left out | Adjusted Rand | Stability | CPU |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  const parts = Array.from({ length: subsamples }, (_, i) => subsample(data, i + 1));
  for (const [name, clusterer] of clusterers) {
    const startedUs = process.cpuUsage().user;
    const found = clusterer(graph);
    const cpuMs = (process.cpuUsage().user - startedUs) / 1000;
    const left = found.reduce((sum, cluster) => sum + (cluster === noCluster ? 1 : 0), 0);
    const clusters = new Set(found.filter((cluster) => cluster !== noCluster)).size;
    if (clusters === 0) continue;
    const stability = parts.map(({ rows, graph: part }) =>
      adjustedRand(
        clusterer(part),
        rows.map((row) => found[row]),
      ),
    );
    const mean = stability.reduce((sum, value) => sum + value, 0) / stability.length;
    console.log(
      `| ${name} | ${clusters} | ${Math.round((100 * left) / data.count)} % | ${adjustedRand(found, data.labels).toFixed(2)} | ${mean.toFixed(2)} | ${cpuMs.toFixed(0)} ms |`,
    );
  }
  console.log();
}

/** Four fifths of the points, drawn at random, with neighbors of their own. */
function subsample({ vectors, count, dimensions }: VectorRows, seed: number): { rows: Int32Array; graph: KnnGraph } {
  const random = seededRandom(seed);
  const rows = Int32Array.from({ length: count }, (_, i) => i).filter(() => random.next() < keptShare);
  const part = new Float32Array(rows.length * dimensions);
  rows.forEach((row, i) => part.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions));
  return { rows, graph: blockedKnn({ vectors: part, count: rows.length, dimensions }, neighborsKept) };
}

/** Adjusted Rand index (Hubert and Arabie 1985); what is left out by the first counts as clusters of one point each. */
function adjustedRand(found: ArrayLike<number>, labels: ArrayLike<number>): number {
  const pairs = (count: number) => (count * (count - 1)) / 2;
  const both = new Map<string, number>();
  const left = new Map<string, number>();
  const right = new Map<string, number>();
  const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  const name = (label: number, i: number) => (label === noCluster ? `alone ${i}` : `${label}`);
  for (let i = 0; i < found.length; i++) {
    add(both, `${name(found[i], i)}/${name(labels[i], i)}`);
    add(left, name(found[i], i));
    add(right, name(labels[i], i));
  }
  const sum = (counts: Map<string, number>) => [...counts.values()].reduce((total, count) => total + pairs(count), 0);
  const expected = (sum(left) * sum(right)) / pairs(found.length);
  return (sum(both) - expected) / ((sum(left) + sum(right)) / 2 - expected);
}

function libraryLouvain(knn: KnnGraph): Uint16Array {
  const graph = fuzzyGraph(knn, 16);
  const library = new UndirectedGraph<Record<string, never>, { weight: number }>();
  for (let node = 0; node < graph.count; node++) library.addNode(node);
  for (let node = 0; node < graph.count; node++) {
    for (let e = graph.rowStart[node]; e < graph.rowStart[node + 1]; e++) {
      if (graph.tail[e] > node) library.addUndirectedEdge(node, graph.tail[e], { weight: graph.weight[e] });
    }
  }
  const random = seededRandom(42);
  const found = louvain(library, { getEdgeWeight: 'weight', rng: () => random.next() });
  return Uint16Array.from({ length: graph.count }, (_, node) => found[node]);
}

/** Chunks of the current edition, labelled by the chapter that their file belongs to. */
async function chaptersOfTheBook(): Promise<Labelled | undefined> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-bench-'));
  const given = process.argv.indexOf('--store');
  const storeFile = given < 0 ? undefined : process.argv[given + 1];
  try {
    const corpus = unpackRustBook(path.join(folder, 'corpus'));
    if (corpus === undefined) return undefined;
    const storageFolder = path.join(folder, 'storage');
    const service = new EngineService({ assetsFolder, storageFolder, version: 'bench', storeFile });
    await service.start({ runtime: 'auto', threads: 0, nodePath: '' });
    const spec = { uri: pathToFileURL(corpus).href, path: corpus, name: path.basename(corpus) };
    const space = service.openSpace([{ folder: spec, settings: { ...defaultIndexSettings, include: ['src/ch*.md'] } }]);
    await space.index(true);
    const rows: number[] = [];
    const labels: number[] = [];
    for (const row of space.points.liveRows()) {
      const chapter = /^src\/ch(\d\d)-/.exec(space.points.point(row)?.places[0].file.path ?? '');
      if (chapter === null) continue;
      rows.push(row);
      labels.push(Number(chapter[1]));
    }
    const vectors = Float32Array.from(space.points.vectorsOf(Int32Array.from(rows)));
    const { dimensions } = space.points;
    await service.close();
    return { vectors, count: rows.length, dimensions, labels: Int32Array.from(labels) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

bench().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
