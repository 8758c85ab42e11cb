/**
 * The whole pipeline (read, cut, tokenize, embed, store) beside the bare model in the same run, over a part of a real
 * folder, and how long searches and the main thread's turns take meanwhile.
 */
import { setMaxListeners } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as esbuild from 'esbuild';
import { embeddedText, type Chunker } from '../../src/core/chunking/chunk';
import type { ModelFolder } from '../../src/core/embedding/modelFolder';
import { DiskSource } from '../../src/core/index/diskSource';
import type { DocumentSource, SourceFile } from '../../src/core/index/documentSource';
import { spreadOrder } from '../../src/core/index/fileOrder';
import { FolderIndex } from '../../src/core/index/folderIndex';
import { IndexUpdate, type UpdateReport } from '../../src/core/index/indexer';
import { Points } from '../../src/core/index/points';
import { EmbeddingPool } from '../../src/engine/embeddingPool';
import { EngineService } from '../../src/engine/engineService';
import { childEnvironment } from '../../src/shared/childEnvironment';
import type { RuntimeName } from '../../src/shared/engineInfo';
import type { IndexSettings } from '../../src/shared/indexing';
import type { BareModelSetup } from './bareModelWorker';
import { median, percentile, timedTurns, type Turns } from './indexMeasures';

export interface PipelineOptions {
  folder: string;
  assetsFolder: string;
  model: ModelFolder;
  chunker: Chunker;
  settings: IndexSettings;
  /** The folder whose files are embedded. */
  corpus: string;
}

interface PipelineRow {
  runtime: RuntimeName;
  threads: number;
  chunks: number;
  tokens: number;
  /** Tokens per second of each round; one more of the bare model, as each of the pipeline lies between two of them. */
  bare: number[];
  pipeline: number[];
  /** Median over the rounds: the pipeline's rate by the mean of the bare model's before and after it. */
  share: number;
  /** Of the round whose longest was the shortest: what the machine did besides is not the pipeline's. */
  turns: Turns;
}

interface WhileIndexing {
  runtime: RuntimeName;
  chunks: number;
  searches: number;
  searchMs: { median: number; p95: number; longest: number };
  turns: Turns;
  /** Resident bytes of the process with all sessions open, at most. */
  peakBytes: number;
}

/** Word pieces of a round: some seconds of either runtime, so that what disturbs a round disturbs both sides of it. */
const tokensOfRound = { native: 80_000, wasm: 16_000 } as const;
const rounds = 4;
const indexingMs = 30_000;
const searchEveryMs = 200;

export async function benchPipeline(
  kind: 'native' | 'wasm',
  threads: number,
  options: PipelineOptions,
): Promise<PipelineRow> {
  const { model, assetsFolder, chunker, settings, corpus, folder } = options;
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const disk = new DiskSource(corpus, settings);
  const part = await partOf(disk, chunker, tokensOfRound[kind]);
  const source: DocumentSource = {
    list: () => Promise.resolve({ files: part.files, skipped: {} }),
    find: () => Promise.resolve([]),
    readingOf: (name) => disk.readingOf(name),
    read: (name) => disk.read(name),
  };
  const bare = await BareModel.start(kind, threads, part.texts, options);
  const runtime: RuntimeName = kind === 'wasm' && threads === 1 ? 'wasm-single' : kind;
  const pool = await EmbeddingPool.start({
    ...{ runtime, threads, modelFolder: model, assetsFolder },
    workerFile: path.join(assetsFolder, 'dist', 'embeddingWorker.js'),
  });
  const identity = {
    ...{ folderUri: 'file:///bench', folderPath: corpus, modelFingerprint: model.fingerprint },
    ...{ modelName: model.manifest.name, dimensions: model.manifest.dimensions },
  };
  /** From an empty store on. */
  const pipelineRound = async (round: number): Promise<{ result: UpdateReport; elapsedMs: number; turns: Turns }> => {
    const { index } = FolderIndex.open(path.join(folder, `pipeline-${kind}-${round}.db`), identity);
    try {
      const points = new Points(model.manifest.dimensions);
      index.onChange((change) => points.apply(0, change));
      const update = new IndexUpdate(index, { source, chunker, embedder: pool, signal });
      return await timedTurns(() => update.everything());
    } finally {
      index.store.close();
    }
  };
  try {
    // All sessions of the pool are open and warm before the clock begins.
    await pool.embed(
      part.texts.slice(0, 16 * threads).map((text) => ({ text: `${text} again` })),
      { priority: 'index' },
    );
    const bareRates = [await bare.tokensPerSecond()];
    const done = [];
    for (let round = 0; round < rounds; round++) {
      done.push(await pipelineRound(round));
      bareRates.push(await bare.tokensPerSecond());
    }
    const rates = done.map(({ result, elapsedMs }) => (result.tokens / elapsedMs) * 1000);
    const shares = rates.map((rate, i) => rate / ((bareRates[i] + bareRates[i + 1]) / 2));
    const [{ turns }] = done.sort((one, other) => one.turns.longest - other.turns.longest);
    const { chunks, tokens } = done[0].result;
    return { runtime, threads, turns, chunks, tokens, bare: bareRates, pipeline: rates, share: median(shares) };
  } finally {
    await Promise.all([bare.close(), pool.close()]);
  }
}

/** Files spread over the corpus, and the distinct texts of their chunks. */
async function partOf(
  source: DiskSource,
  chunker: Chunker,
  tokens: number,
): Promise<{ files: SourceFile[]; texts: string[] }> {
  const { files } = await source.list(new AbortController().signal);
  const part: SourceFile[] = [];
  const texts = new Set<string>();
  let sum = 0;
  for (const file of spreadOrder(files)) {
    if (sum >= tokens) break;
    const read = await source.read(file.path);
    if (!read.read) continue;
    part.push(file);
    for (const document of read.documents) {
      for (const chunk of await chunker.chunk({ path: file.path, ...document })) {
        const text = embeddedText(chunk.context, document.text.slice(chunk.start, chunk.end));
        if (texts.has(text)) continue;
        texts.add(text);
        sum += chunk.tokens;
      }
    }
  }
  return { files: part, texts: [...texts] };
}

class BareModel {
  private constructor(private readonly workers: readonly Worker[]) {}

  static async start(
    runtime: 'native' | 'wasm',
    threads: number,
    texts: readonly string[],
    { folder, assetsFolder, model }: PipelineOptions,
  ): Promise<BareModel> {
    const bundle = path.join(folder, 'bareModelWorker.js');
    await esbuild.build({
      entryPoints: [path.join(__dirname, 'bareModelWorker.ts')],
      ...{ bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' },
      external: ['onnxruntime-node'],
      outfile: bundle,
    });
    const setup: BareModelSetup = { runtime, modelFolder: model.path, assetsFolder, texts };
    const workers = Array.from(
      { length: threads },
      () => new Worker(bundle, { execArgv: [], env: childEnvironment(), workerData: setup }),
    );
    await Promise.all(workers.map((worker) => once(worker)));
    return new BareModel(workers);
  }

  async tokensPerSecond(): Promise<number> {
    const next = new SharedArrayBuffer(4);
    const startMs = performance.now();
    const rounds = this.workers.map((worker) => {
      const answer = once(worker) as Promise<{ tokens: number }>;
      worker.postMessage({ next });
      return answer;
    });
    const tokens = (await Promise.all(rounds)).reduce((sum, round) => sum + round.tokens, 0);
    return (tokens / (performance.now() - startMs)) * 1000;
  }

  async close(): Promise<void> {
    await Promise.all(
      this.workers.map((worker) => {
        const ended = new Promise((resolve) => worker.once('exit', resolve));
        worker.postMessage('stop');
        return ended;
      }),
    );
  }
}

function once(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (message: unknown): void => {
      worker.off('error', reject);
      resolve(message);
    };
    worker.once('message', settle);
    worker.once('error', reject);
  });
}

const queries = [
  'how do I share data between threads safely',
  'what happens when a value goes out of scope',
  'returning an error instead of panicking',
  'publish a crate',
  'run a future to completion',
  'a pointer that counts its references',
];

/** The engine as it is: a search every 200 ms while the corpus is being indexed, map and warnings included. */
export async function benchWhileIndexing(kind: 'native' | 'wasm', options: PipelineOptions): Promise<WhileIndexing> {
  const { assetsFolder, folder, corpus, settings } = options;
  const storageFolder = path.join(folder, `while-${kind}`);
  const service = new EngineService({ assetsFolder, storageFolder, version: 'bench' });
  await service.start({ runtime: kind, threads: 0, nodePath: '' });
  try {
    const spec = { uri: pathToFileURL(corpus).href, path: corpus, name: path.basename(corpus) };
    const space = service.openSpace([{ folder: spec, settings }]);
    const { signal } = new AbortController();
    const searches: number[] = [];
    let peakBytes = 0;
    const { turns } = await timedTurns(async () => {
      const { handlers } = service;
      let isOver = false;
      const run = handlers.index({ spaceId: space.id, startedByPerson: true }, signal).finally(() => (isOver = true));
      // Sessions are open, and there is something to find.
      while (!isOver && space.points.liveCount < 100) await pause(50);
      const endMs = performance.now() + indexingMs;
      for (let i = 0; !isOver && performance.now() < endMs; i++) {
        const startMs = performance.now();
        const query = `${queries[i % queries.length]} ${i}`;
        await handlers.search({ spaceId: space.id, query, limit: 30 }, signal);
        searches.push(performance.now() - startMs);
        peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
        await pause(searchEveryMs);
      }
      await handlers.stopIndexing({ spaceId: space.id }, signal);
      await run;
    });
    return {
      runtime: service.info().runtime,
      chunks: space.points.chunkCount,
      searches: searches.length,
      searchMs: { median: median(searches), p95: percentile(searches, 95), longest: Math.max(...searches) },
      turns,
      peakBytes,
    };
  } finally {
    await service.close();
    fs.rmSync(storageFolder, { recursive: true, force: true });
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
