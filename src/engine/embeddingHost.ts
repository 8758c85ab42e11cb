/**
 * The one embedder of an engine: chooses the runtime when the engine starts, opens sessions when there is something to
 * embed, lets them go when there is not, and steps down the ladder when a runtime fails for good.
 */
import * as path from 'node:path';
import type { Embedder, Embedding, EmbedOptions, EmbeddingRequest } from '../core/embedding/embedding';
import type { ModelFolder } from '../core/embedding/modelFolder';
import type { EngineEvent, RuntimeSettings } from '../shared/hostEngine';
import type { RuntimeName } from '../shared/engineInfo';
import { EmbeddingPool, EmbeddingPoolError } from './embeddingPool';
import { chooseRuntime, sessionsFor, type RuntimeChoice } from './runtimeLadder';

/** Sessions hold 150 to 300 MB each: they are closed when nothing was embedded for this long. */
const idleMs = 3 * 60_000;

export interface EmbeddingHostOptions {
  modelFolder: ModelFolder;
  assetsFolder: string;
  storageFolder: string;
  version: string;
  settings: RuntimeSettings;
  /** How the engine's process ended before, when it crashed in the rung noted in `runtimeInUse`. */
  crashed: { runtime: RuntimeName; reason: string } | undefined;
  tell: (event: EngineEvent) => void;
}

export class EmbeddingHost implements Embedder {
  readonly dimensions: number;
  readonly maxTokens: number;
  readonly fingerprint: string;
  private pool: Promise<EmbeddingPool> | undefined;
  private running: EmbeddingPool | undefined;
  private measured: number | undefined;
  private steppingDown: Promise<void> | undefined;
  private underWay = 0;
  private idleTimer: NodeJS.Timeout | undefined;
  private closed = false;

  private constructor(
    private readonly options: EmbeddingHostOptions,
    private choice: RuntimeChoice,
  ) {
    const { manifest, fingerprint } = options.modelFolder;
    this.dimensions = manifest.dimensions;
    this.maxTokens = manifest.maxTokens;
    this.fingerprint = fingerprint;
  }

  /** @throws NoRuntimeError, ModelFolderError */
  static async start(options: EmbeddingHostOptions): Promise<EmbeddingHost> {
    const choice = await chooseRuntimeHere(options, options.crashed);
    for (const reason of choice.steppedDown) options.tell({ type: 'log', level: 'warn', message: reason });
    return new EmbeddingHost(options, choice);
  }

  get runtime(): RuntimeName {
    return this.choice.runtime;
  }

  get threads(): number {
    return this.choice.threads;
  }

  get steppedDown(): string[] {
    return this.choice.steppedDown;
  }

  /** Measured over the last work of all sessions; before that by the probe, with one session. */
  get tokensPerSecond(): number | undefined {
    this.measured = this.running?.tokensPerSecond ?? this.measured;
    return this.measured ?? this.choice.tokensPerSecond;
  }

  /** For estimates: all sessions together, which scale nearly as their number on as many cores. */
  get expectedTokensPerSecond(): number {
    this.measured = this.running?.tokensPerSecond ?? this.measured;
    return this.measured ?? (this.choice.tokensPerSecond ?? 1000) * this.threads * 0.9;
  }

  async embed(requests: readonly EmbeddingRequest[], options: EmbedOptions): Promise<Embedding[]> {
    if (requests.length === 0) return [];
    this.underWay++;
    clearTimeout(this.idleTimer);
    try {
      const pool = await this.openPool();
      try {
        return await pool.embed(requests, options);
      } catch (error) {
        if (!(error instanceof EmbeddingPoolError) || this.closed) throw error;
        // The sessions keep dying: the rung below takes over, and what was embedded before is not embedded again.
        await this.stepDown(pool, error);
        return await (await this.openPool()).embed(requests, options);
      }
    } finally {
      if (--this.underWay === 0 && !this.closed) {
        this.idleTimer = setTimeout(() => void this.closePool(), idleMs);
        this.idleTimer.unref();
      }
    }
  }

  /** An index makes room for so long; questions are answered as ever. Nothing to do where no session is open. */
  beGentleFor(durationMs: number): void {
    this.running?.beGentleFor(durationMs);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.idleTimer);
    await this.closePool();
  }

  private openPool(): Promise<EmbeddingPool> {
    if (this.pool === undefined) {
      const { modelFolder, assetsFolder, tell } = this.options;
      const { runtime, threads, nodePath } = this.choice;
      const starting = EmbeddingPool.start({
        runtime,
        threads,
        sessions: sessionsFor(runtime, threads),
        nodePath,
        modelFolder,
        assetsFolder,
        workerFile: path.join(assetsFolder, 'dist', 'embeddingWorker.js'),
        onWorkerDied: (message) => tell({ type: 'log', level: 'warn', message }),
      });
      this.pool = starting;
      starting.then(
        (pool) => {
          if (this.pool === starting) this.running = pool;
        },
        () => {
          if (this.pool === starting) this.pool = undefined;
        },
      );
    }
    return this.pool;
  }

  private async closePool(): Promise<void> {
    const { pool } = this;
    this.measured = this.tokensPerSecond;
    this.pool = undefined;
    this.running = undefined;
    await (await pool?.catch(() => undefined))?.close();
  }

  /** Several calls fail at once: the first one chooses for all, the others wait for its choice. */
  private async stepDown(broken: EmbeddingPool, error: Error): Promise<void> {
    if (this.running === broken) {
      this.running = undefined;
      this.pool = undefined;
      this.measured = undefined;
      this.steppingDown = this.chooseBelow(error).finally(() => (this.steppingDown = undefined));
    }
    await this.steppingDown;
  }

  private async chooseBelow(error: Error): Promise<void> {
    this.choice = await chooseRuntimeHere(this.options, { runtime: this.choice.runtime, reason: error.message });
    const { tell } = this.options;
    tell({
      type: 'log',
      level: 'warn',
      message: `Embedding goes on with the ${this.choice.runtime} runtime: ${error.message}`,
    });
    tell({
      type: 'runtime',
      runtime: this.runtime,
      tokensPerSecond: this.tokensPerSecond,
      steppedDown: this.steppedDown,
    });
  }
}

/** The rung that works here, by the answers remembered in the storage folder. */
export function chooseRuntimeHere(
  options: Pick<EmbeddingHostOptions, 'modelFolder' | 'assetsFolder' | 'storageFolder' | 'version' | 'settings'>,
  crashed?: { runtime: RuntimeName; reason: string },
): Promise<RuntimeChoice> {
  const { modelFolder, assetsFolder, storageFolder, version, settings } = options;
  return chooseRuntime({
    ...settings,
    execPath: process.execPath,
    modelFolder,
    assetsFolder,
    probeFile: path.join(assetsFolder, 'dist', 'runtimeProbe.js'),
    memoryFile: path.join(storageFolder, 'runtimes.json'),
    versionKey: `${version} node ${process.version} ${process.platform}-${process.arch}`,
    crashed,
  });
}
