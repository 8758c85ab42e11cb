/**
 * All that the engine can do, with no transport: the server puts it on a socket, the command line calls it in its own
 * process, a test calls it in one line.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Chunker } from '../core/chunking/chunk';
import { ModelFolder } from '../core/embedding/modelFolder';
import { WordPieceTokenizer } from '../core/embedding/tokenizer';
import { DiskSource } from '../core/index/diskSource';
import type { ChunkingSettings } from '../shared/chunking';
import { engineCrashFile } from '../shared/engineLease';
import type { EngineEvent, FolderToOpen, RuntimeSettings } from '../shared/hostEngine';
import type { EngineInfo, RuntimeName } from '../shared/engineInfo';
import { Chunkers } from './chunkers';
import { ChunkingThread } from './chunkingThread';
import { EmbeddingHost } from './embeddingHost';
import { engineHandlers } from './engineHandlers';
import type { EngineRooms } from './engineRooms';
import type { EngineHandlers, ServedEngine } from './engineServer';
import { FolderStores } from './folderStores';
import { LayoutRunner } from './layoutRunner';
import { runsOnBattery } from './powerSource';
import { Space, type SpaceTools } from './space';

export interface EngineServiceOptions {
  /** The extension's own folder: `dist/` and `media/` lie in it. */
  assetsFolder: string;
  storageFolder: string;
  version: string;
  /** Where the one folder's store lies, when the person named it (command line). */
  storeFile?: string;
  /** Where maps and measures of mixed topics lie: in the storage folder unless told. */
  mapsFolder?: string;
}

/** Which runtime the engine used, so that a crash of its process is put down to that one. */
const runtimeInUseFile = 'runtime.in-use';

const powerCheckMs = 15_000;

export function bundledModelPath(assetsFolder: string): string {
  return path.join(assetsFolder, 'media', 'models', 'all-MiniLM-L6-v2');
}

export class EngineService implements ServedEngine, EngineRooms {
  private readonly listeners = new Set<(event: EngineEvent) => void>();
  private readonly spaces = new Map<string, Space>();
  private modelFolder: ModelFolder | undefined;
  private embedding: EmbeddingHost | undefined;
  private stores: FolderStores | undefined;
  private runner: LayoutRunner | undefined;
  private tokenizerPromise: Promise<WordPieceTokenizer> | undefined;
  private chunkers: Chunkers | undefined;
  private chunkingThread: ChunkingThread | undefined;
  private powerTimer: NodeJS.Timeout | undefined;
  readonly handlers: EngineHandlers = engineHandlers(this);
  /** Windows that are connected; the server knows. */
  windows = (): number => 0;

  constructor(readonly options: EngineServiceOptions) {}

  onEvent(listener: (event: EngineEvent) => void): void {
    this.listeners.add(listener);
  }

  get isBusy(): boolean {
    return [...this.spaces.values()].some((space) => space.isIndexing);
  }

  /**
   * Chooses a runtime, which verifies the model first.
   * @throws ModelFolderError that names a missing or altered file
   */
  async start(settings: RuntimeSettings): Promise<void> {
    const { assetsFolder, storageFolder, version, storeFile } = this.options;
    fs.mkdirSync(storageFolder, { recursive: true });
    this.modelFolder = await ModelFolder.open(bundledModelPath(assetsFolder));
    const { fingerprint, manifest } = this.modelFolder;
    this.stores = new FolderStores(
      storageFolder,
      { fingerprint, name: manifest.name, dimensions: manifest.dimensions },
      storeFile,
    );
    const crashFile = path.join(storageFolder, engineCrashFile);
    const inUseFile = path.join(storageFolder, runtimeInUseFile);
    const crash = readIfThere(crashFile);
    const inUse = readIfThere(inUseFile);
    this.embedding = await EmbeddingHost.start({
      modelFolder: this.modelFolder,
      assetsFolder,
      storageFolder,
      version,
      settings,
      crashed:
        crash === undefined || inUse === undefined ? undefined : { runtime: inUse as RuntimeName, reason: crash },
      tell: (event) => this.tell(event),
    });
    fs.writeFileSync(inUseFile, this.embedding.runtime);
    fs.rmSync(crashFile, { force: true });
    this.powerTimer = setInterval(() => this.watchPower(), powerCheckMs).unref();
  }

  /** Called now and then: an index that runs on the battery makes room. */
  private watchPower(): void {
    if (this.isBusy && runsOnBattery() === true) this.embedding?.beGentleFor(2 * powerCheckMs);
  }

  info(): EngineInfo {
    const { manifest } = this.model();
    const embedding = this.embeddingHost();
    return {
      version: this.options.version,
      pid: process.pid,
      runtime: embedding.runtime,
      steppedDown: embedding.steppedDown,
      threads: embedding.threads,
      tokensPerSecond: embedding.tokensPerSecond,
      modelName: manifest.name,
      dimensions: manifest.dimensions,
      maxTokens: manifest.maxTokens,
      node: process.version,
      memoryBytes: process.memoryUsage().rss,
      windows: this.windows(),
    };
  }

  async close(): Promise<void> {
    clearInterval(this.powerTimer);
    await Promise.all([...this.spaces.values()].map((space) => space.close()));
    this.spaces.clear();
    this.chunkingThread?.close();
    await this.runner?.close();
    await this.embedding?.close();
    this.stores?.closeAll();
  }

  /** The space of these folders: opened once, whoever asks. */
  openSpace(folders: FolderToOpen[], refresh = true): Space {
    const sorted = [...folders].sort((a, b) => (a.folder.uri < b.folder.uri ? -1 : 1));
    const id = createHash('sha256')
      .update(sorted.map(({ folder }) => folder.uri).join('\n'))
      .digest('hex')
      .slice(0, 24);
    const sources = sorted.map(({ folder, settings }) => ({ source: new DiskSource(folder.path, settings), settings }));
    const known = this.spaces.get(id);
    if (known !== undefined) {
      known.useSources(sources);
      return known;
    }
    const stores = this.folderStores();
    const opened = [];
    try {
      for (const [i, { folder }] of sorted.entries()) opened.push({ open: stores.open(folder), ...sources[i] });
    } catch (error) {
      for (const { open } of opened) stores.close(open.spec);
      throw error;
    }
    const space = new Space(id, opened, this.tools(), this.model().manifest.dimensions);
    this.spaces.set(id, space);
    space.resume(refresh);
    return space;
  }

  private tools(): SpaceTools {
    const embedding = this.embeddingHost();
    return {
      embedder: () => Promise.resolve(embedding),
      chunker: (settings) => this.chunker(settings),
      counter: () => this.tokenizer(),
      runtime: () => embedding.runtime,
      tokensPerSecond: () => embedding.tokensPerSecond,
      layoutRunner: () => Promise.resolve(this.layoutRunner()),
      fingerprint: embedding.fingerprint,
      mapsFolder: this.options.mapsFolder ?? path.join(this.options.storageFolder, 'maps'),
      tell: (event) => this.tell(event),
    };
  }

  private layoutRunner(): LayoutRunner {
    this.runner ??= new LayoutRunner({
      workerFile: path.join(this.options.assetsFolder, 'dist', 'layoutWorker.js'),
      assetsFolder: this.options.assetsFolder,
      runtime: this.embeddingHost().runtime === 'native' ? 'native' : 'wasm',
    });
    return this.runner;
  }

  tokenizer(): Promise<WordPieceTokenizer> {
    this.tokenizerPromise ??= WordPieceTokenizer.load(this.model());
    return this.tokenizerPromise;
  }

  chunker(settings: ChunkingSettings): Promise<Chunker> {
    const { path: modelFolder, manifest } = this.model();
    const { assetsFolder } = this.options;
    const workerFile = path.join(assetsFolder, 'dist', 'chunkingWorker.js');
    this.chunkingThread ??= new ChunkingThread({ workerFile, modelFolder, assetsFolder });
    this.chunkers ??= new Chunkers(() => this.tokenizer(), manifest.maxTokens, assetsFolder, this.chunkingThread);
    return this.chunkers.of(settings);
  }

  async deleteIndex(folderUri: string): Promise<{ bytes: number }> {
    const stores = this.folderStores();
    const affected = [...this.spaces.values()].filter((space) => space.folderOfUri(folderUri) !== undefined);
    for (const space of affected) await this.closeSpace(space);
    const bytes = stores.delete(folderUri);
    for (const space of affected) space.removeStored();
    // The windows of these spaces go on with an index that is empty again.
    for (const space of affected) {
      const reopened = this.openSpace(space.folderList.map(({ open, settings }) => ({ folder: open.spec, settings })));
      this.tell({ type: 'state', spaceId: reopened.id, state: reopened.state() });
      this.tell({ type: 'map', spaceId: reopened.id, revision: reopened.map.revision });
      this.tell({ type: 'warnings', spaceId: reopened.id });
    }
    return { bytes };
  }

  /** Closes the spaces that no window shows any more, so that their memory and stores are free. */
  async keepOnly(spaceIds: ReadonlySet<string>): Promise<void> {
    for (const space of [...this.spaces.values()]) if (!spaceIds.has(space.id)) await this.closeSpace(space);
  }

  private async closeSpace(space: Space): Promise<void> {
    await space.close();
    this.spaces.delete(space.id);
    for (const { open } of space.folderList) this.folderStores().close(open.spec);
  }

  space(id: string): Space {
    const space = this.spaces.get(id);
    if (space === undefined)
      throw new Error('This window’s index is not open in the engine. Reload the window; what was stored is kept.');
    return space;
  }

  model(): ModelFolder {
    if (this.modelFolder === undefined) throw new Error('The engine has not started.');
    return this.modelFolder;
  }

  embeddingHost(): EmbeddingHost {
    if (this.embedding === undefined) throw new Error('The engine has not started.');
    return this.embedding;
  }

  folderStores(): FolderStores {
    if (this.stores === undefined) throw new Error('The engine has not started.');
    return this.stores;
  }

  private tell(event: EngineEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
