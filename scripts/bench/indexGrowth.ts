/**
 * What an index costs at 1,000 to 100,000 chunks, stage by stage, over a generated folder with synthetic vectors: the
 * disk is walked, files are read and cut, and the store is written and opened as the product does it. Memory and the
 * first answer are those of the real engine process.
 */
import { setMaxListeners } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Chunker } from '../../src/core/chunking/chunk';
import { DiskSource } from '../../src/core/index/diskSource';
import { FolderIndex } from '../../src/core/index/folderIndex';
import { IndexUpdate } from '../../src/core/index/indexer';
import { Points } from '../../src/core/index/points';
import type { ModelFolder } from '../../src/core/embedding/modelFolder';
import { FolderStores } from '../../src/engine/folderStores';
import { SpaceQueries } from '../../src/engine/spaceQueries';
import { EngineClient } from '../../src/host/engineClient';
import type { IndexSettings } from '../../src/shared/indexing';
import { chunksPerFile, SyntheticEmbedder, writeWorkspace } from './indexWorkspace';
import { mainThreadMs, median, percentile, timedTurns, type Turns } from './indexMeasures';

export interface GrowthRow {
  files: number;
  chunks: number;
  /** Milliseconds by stage. */
  walkMs: number;
  chunkMs: number;
  storeMs: number;
  openMs: number;
  rescanMs: number;
  searchMs: { median: number; p95: number };
  /** Texts embedded by the rescan: must be none. */
  rescanned: number;
  /** Bytes on the disk, beside the text of chunks and their headings. */
  diskBytes: number;
  textBytes: number;
  /** Main-thread turns while all was read, cut and stored. */
  turns: Turns;
  engine: EngineFigures;
}

interface EngineFigures {
  idleBytes: number;
  openBytes: number;
  /** From the request to open the folder to the first hits, in an engine that runs. */
  firstAnswerMs: number;
  /** The same, the start of the process and of its first session included. */
  fromStartMs: number;
  /** What of the first answer the engine's main thread worked, on whatever a busy machine left it. */
  firstAnswerOwnMs: number | undefined;
  /** With the session that embedded the query. */
  answeredBytes: number;
}

interface GrowthOptions {
  folder: string;
  assetsFolder: string;
  model: ModelFolder;
  chunker: Chunker;
  settings: IndexSettings;
  vocabulary: readonly string[];
}

export async function benchGrowth(chunks: number, options: GrowthOptions): Promise<GrowthRow> {
  const { model, chunker, settings, vocabulary } = options;
  const root = path.join(options.folder, `workspace-${chunks}`);
  const storage = path.join(options.folder, `storage-${chunks}`);
  const files = Math.round(chunks / chunksPerFile);
  writeWorkspace(root, files, vocabulary);
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const source = new DiskSource(root, settings);
  const walk = await timed(() => source.list(signal));
  const { manifest, fingerprint } = model;
  const embedder = new SyntheticEmbedder(manifest.dimensions, fingerprint);
  const stores = new FolderStores(storage, { fingerprint, name: manifest.name, dimensions: manifest.dimensions });
  const spec = { uri: pathToFileURL(root).href, path: root, name: `${chunks} chunks` };

  const open = stores.open(spec);
  const { store } = open.index;
  let chunkMs = 0;
  let storeMs = 0;
  const timedChunker: Chunker = {
    id: chunker.id,
    chunk: async (document) => {
      const startMs = performance.now();
      const cut = await chunker.chunk(document);
      chunkMs += performance.now() - startMs;
      return cut;
    },
  };
  const commit = store.commit.bind(store);
  store.commit = (...args) => {
    const startMs = performance.now();
    try {
      return commit(...args);
    } finally {
      storeMs += performance.now() - startMs;
    }
  };
  const update = (): Promise<{ embedded: number }> =>
    new IndexUpdate(open.index, { source, chunker: timedChunker, embedder, signal }).everything();
  const { turns } = await timedTurns(update);
  const rescan = await timed(update);
  // As after the person's stop: the engine below opens it and walks no disk of its own accord.
  open.runState = 'stopped';
  const stored = open.index.chunkCount;
  let textBytes = 0;
  for (const id of open.index.liveEmbeddings()) {
    const text = store.text(id);
    textBytes += Buffer.byteLength(text?.text ?? '') + Buffer.byteLength(JSON.stringify(text?.context));
  }
  stores.close(spec);
  const storeFile = store.file;
  const diskBytes = fs.statSync(storeFile).size - textBytes;

  const identity = {
    ...{ folderUri: spec.uri, folderPath: root, modelFingerprint: fingerprint, modelName: manifest.name },
    dimensions: manifest.dimensions,
  };
  let index: FolderIndex | undefined;
  let points = new Points(manifest.dimensions);
  const opened = await timed(() => {
    ({ index } = FolderIndex.open(storeFile, identity));
    points.addFolder(0, index);
    return Promise.resolve();
  });
  const queries = new SpaceQueries(
    points,
    (row) => index?.store.text(points.point(row)?.embeddingId ?? -1),
    () => spec.uri,
  );
  const searches: number[] = [];
  for (let i = 0; i < 60; i++) {
    const [{ vector }] = await embedder.embed([{ text: `query ${i}` }], { priority: 'query' });
    searches.push((await timed(() => Promise.resolve(queries.neighbors(vector, 30, undefined)))).elapsedMs);
  }
  index?.store.close();
  points = new Points(manifest.dimensions);

  const row: GrowthRow = {
    files: walk.result.files.length,
    chunks: stored,
    walkMs: walk.elapsedMs,
    chunkMs,
    storeMs,
    openMs: opened.elapsedMs,
    rescanMs: rescan.elapsedMs,
    rescanned: rescan.result.embedded,
    searchMs: { median: median(searches), p95: percentile(searches, 95) },
    diskBytes,
    textBytes,
    turns,
    engine: await engineFigures(options, storage, { folder: spec, settings }),
  };
  fs.rmSync(root, { recursive: true, force: true });
  fs.rmSync(storage, { recursive: true, force: true });
  return row;
}

async function engineFigures(
  { assetsFolder }: GrowthOptions,
  storageFolder: string,
  toOpen: { folder: { uri: string; path: string; name: string }; settings: IndexSettings },
): Promise<EngineFigures> {
  const connect = (): EngineClient =>
    new EngineClient({
      assetsFolder,
      storageFolder,
      version: 'bench',
      settings: () => ({ runtime: 'auto', threads: 0, nodePath: '' }),
      log: (level, message) => level !== 'info' && console.error(message),
      lingerMs: 300,
    });
  // The first start of an engine asks which runtimes work; that is not what is measured.
  const first = connect();
  await first.request('info', {});
  await first.dispose();
  await engineGone(storageFolder);

  const startMs = performance.now();
  const client = connect();
  try {
    const { memoryBytes: idleBytes, pid } = await client.request('info', {});
    const ownBeforeMs = mainThreadMs(pid);
    const openMs = performance.now();
    const { spaceId } = await client.request('openSpace', { folders: [toOpen] });
    const { memoryBytes: openBytes } = await client.request('info', {});
    const results = await client.request('search', { spaceId, query: 'how are errors handled', limit: 30 });
    const endMs = performance.now();
    const ownMs = mainThreadMs(pid);
    const firstAnswerOwnMs = ownMs === undefined || ownBeforeMs === undefined ? undefined : ownMs - ownBeforeMs;
    if (results.hits.length < 30) throw new Error('the engine found too little');
    const { memoryBytes: answeredBytes } = await client.request('info', {});
    const times = { firstAnswerMs: endMs - openMs, firstAnswerOwnMs, fromStartMs: endMs - startMs };
    return { idleBytes, openBytes, answeredBytes, ...times };
  } finally {
    await client.dispose();
    await engineGone(storageFolder);
  }
}

async function engineGone(storageFolder: string): Promise<void> {
  const deadlineMs = performance.now() + 20_000;
  while (fs.existsSync(path.join(storageFolder, 'engine.lease'))) {
    if (performance.now() > deadlineMs) throw new Error('the engine does not end');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; elapsedMs: number }> {
  const startMs = performance.now();
  const result = await work();
  return { result, elapsedMs: performance.now() - startMs };
}
