// npm run bench: tokens per second of each runtime, and the time of index, neighbors, projection and search on the Rust
// book (or `npm run bench -- FOLDER`), beside umap-js alone on the same vectors. Run `npm run build` first.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EngineService } from '../../src/engine/engineService';
import type { Space } from '../../src/engine/space';
import { benchEmbedding } from './embedding';
import { describeMachine } from './machine';
import { benchMap, mapBenchTable } from './mapSpeed';
import { benchMemory } from './memory';
import { unpackRustBook } from './rustBook';
import { defaultIndexSettings } from '../../src/shared/indexDefaults';

const queries = [
  'how do I share data between threads safely',
  'what happens when a value goes out of scope',
  'returning an error instead of panicking',
  'the difference between a vector and an array',
  'publish a crate',
  'run a future to completion',
  'match every variant of an enum',
  'a pointer that counts its references',
  'write a test that should panic',
  'read command line arguments',
];
const searchRounds = 5;
const assetsFolder = path.resolve(__dirname, '../..');

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-bench-'));
  try {
    console.log(describeMachine(), '\n');
    const corpus = process.argv[2] ?? unpackRustBook(path.join(folder, 'corpus'));
    if (corpus === undefined) {
      throw new Error('The Rust book is not beside the checkout: name a folder, as in npm run bench -- FOLDER.');
    }
    const memoryBefore = await settledMemory();
    const service = new EngineService({ assetsFolder, storageFolder: path.join(folder, 'storage'), version: 'bench' });
    await service.start({ runtime: 'auto', threads: 0, nodePath: '' });
    const toOpen = {
      folder: { uri: pathToFileURL(corpus).href, path: corpus, name: path.basename(corpus) },
      settings: { ...defaultIndexSettings, exclude: [{ glob: '**/node_modules', setting: 'default' as const }] },
    };
    const space = service.openSpace([toOpen]);
    await benchIndex(service, space, memoryBefore);
    await benchSearch(service, space);
    const rows = space.points.liveRows();
    const live = space.points.liveVectors();
    const data = { ...live, vectors: Float32Array.from(live.vectors.subarray(0, live.count * live.dimensions)) };
    const texts = Array.from(
      rows.filter((_, i) => i % 20 === 0),
      (row) => space.textOf(row)?.text ?? '',
    );
    const chunks = space.points.chunkCount;
    await service.close();
    const { idle, open } = await benchMemory(assetsFolder, path.join(folder, 'storage'), toOpen);
    const added = open - idle;
    console.log(
      `Memory of the engine with no session open: ${megabytes(idle)} idle, ${megabytes(open)} with ${chunks} chunks, so ${megabytes((added / chunks) * 10_000)} per 10,000 chunks\n`,
    );
    await benchEmbedding({ texts });
    console.log('');
    console.log(mapBenchTable(await benchMap({ data, withUmapJs: true })));
    console.log(mapBenchTable(await benchMap({ data, withUmapJs: false, runtime: 'wasm' })));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function benchIndex(service: EngineService, space: Space, memoryBefore: number): Promise<void> {
  let longestTurnMs = 0;
  let last = performance.now();
  const pulse = setInterval(() => {
    longestTurnMs = Math.max(longestTurnMs, performance.now() - last - 20);
    last = performance.now();
  }, 20);
  const first = await space.index(true);
  clearInterval(pulse);
  const second = await space.index(true);
  const { storeBytes } = await service.handlers.readings({ spaceId: space.id }, new AbortController().signal);
  const memory = (await settledMemory()) - memoryBefore;
  console.log(
    `Index: ${first.files} files, ${first.chunks} chunks, ${space.points.liveCount} points, ${first.tokens} tokens embedded, ${first.runtime} runtime`,
  );
  console.log(
    `  first run ${seconds(first.elapsedMs)} (${Math.round(first.tokensPerSecond)} tokens/s), second run ${seconds(second.elapsedMs)}, ${second.embedded} embedded in it`,
  );
  console.log(
    `  map of the whole index ${seconds(space.map.layout?.elapsedMs ?? 0)} from vectors to labels (neighbors, layout, trust, clusters, words)`,
  );
  console.log(
    `  mixed-topic warnings ${space.mixed.flaggedCount()}, longest turn of the engine's main thread ${Math.round(longestTurnMs)} ms`,
  );
  console.log(
    `  disk ${megabytes((storeBytes / space.points.chunkCount) * 10_000)} per 10,000 chunks, memory with sessions open ${megabytes(memory)} above the empty process\n`,
  );
}

async function benchSearch(service: EngineService, space: Space): Promise<void> {
  const { signal } = new AbortController();
  const search = (query: string) => service.handlers.search({ spaceId: space.id, query, limit: 30 }, signal);
  const { elapsedMs: firstMs } = await search('warm up');
  const elapsed: number[] = [];
  for (let round = 0; round < searchRounds; round++) {
    for (const query of queries) elapsed.push((await search(`${query}${' '.repeat(round)}`)).elapsedMs);
  }
  elapsed.sort((a, b) => a - b);
  const at = (share: number): string => `${elapsed[Math.floor(share * (elapsed.length - 1))]} ms`;
  console.log(
    `Search: ${elapsed.length} queries over ${space.points.liveCount} points, text to hits: median ${at(0.5)}, 95th percentile ${at(0.95)}; the very first ${firstMs} ms\n`,
  );
}

async function settledMemory(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
