import type { Embedder, Embedding, EmbedOptions, EmbeddingRequest } from '../core/embedding/embedding';
import type { ModelFolder } from '../core/embedding/modelFolder';
import type { RuntimeName } from '../shared/engineInfo';
import type { WorkerToPool } from './embeddingMessages';
import { EmbeddingQueue, EmbeddingCall, type EmbeddingJob } from './embeddingQueue';
import { type EmbeddingWorkerHandle, startEmbeddingWorker } from './embeddingWorkerHandle';
import { IndexPace } from './indexPace';
import { Throughput } from './throughput';

export interface EmbeddingPoolOptions {
  runtime: RuntimeName;
  /** Threads that embed at most, over all sessions. */
  threads: number;
  /**
   * Most workers, each with a session of its share of the threads; as many as threads unless told. They are started as
   * work waits, so a pool that only answers queries keeps one.
   */
  sessions?: number;
  modelFolder: ModelFolder;
  assetsFolder: string;
  /** `dist/embeddingWorker.js`. */
  workerFile: string;
  /** The node that workers run in when `runtime` is `native-other-node`. */
  nodePath?: string;
  /** A worker died and its text is tried again; for the log. */
  onWorkerDied?: (reason: string) => void;
  /** The pool gave up: what waits is rejected already, nothing can be embedded with it any more. */
  onBroken?: (error: EmbeddingPoolError) => void;
}

/** The pool can't embed (any more): closed, or its workers keep dying. */
export class EmbeddingPoolError extends Error {
  override readonly name = 'EmbeddingPoolError';
}

/** One text could not be embedded; the pool goes on. */
export class TextEmbeddingError extends Error {
  override readonly name = 'TextEmbeddingError';
  constructor(
    message: string,
    /** Which of the call's requests. */
    readonly index: number,
  ) {
    super(message);
  }
}

interface PoolWorker {
  handle: EmbeddingWorkerHandle;
  state: 'starting' | 'ready' | 'stopping';
  /** What it was given and has not answered. */
  readonly jobs: Set<EmbeddingJob>;
  /** Which of them it is at. */
  begun: EmbeddingJob | undefined;
  begunMs: number;
}

/** Texts that a worker is given at a time: the one it is at and the next, so that it never waits for the main thread. */
const textsPerWorker = 2;

/** Deaths in a row, no text embedded between them, after which the pool gives up. */
const deathsUntilBroken = 3;
/** Workers that a text may take down before it is given up. */
const attemptsPerText = 2;
/** How long `close` waits for workers that are in the middle of a text. */
const closingMs = 15_000;

/**
 * N sessions of one thread, one text at a time each: as fast as batches and never slow to answer. A query overtakes
 * everything that waits as index, also inside a worker, and so waits for one text at most. Workers are asked to stop, never terminated.
 */
export class EmbeddingPool implements Embedder {
  readonly dimensions: number;
  readonly maxTokens: number;
  readonly fingerprint: string;
  readonly runtime: RuntimeName;
  readonly threads: number;

  private readonly workers = new Set<PoolWorker>();
  private readonly queue = new EmbeddingQueue();
  private readonly throughput = new Throughput();
  private readonly pace: IndexPace;
  private paceTimer: NodeJS.Timeout | undefined;
  /** Falls when one more worker can't be started, as where memory is short. */
  private workerLimit: number;
  private readonly sessionThreads: number;
  private deathsInARow = 0;
  private refusal: EmbeddingPoolError | undefined;
  private closing: Promise<void> | undefined;

  private constructor(private readonly options: EmbeddingPoolOptions) {
    const { manifest, fingerprint } = options.modelFolder;
    this.dimensions = manifest.dimensions;
    this.maxTokens = manifest.maxTokens;
    this.fingerprint = fingerprint;
    this.runtime = options.runtime;
    this.threads = Math.max(1, options.threads);
    this.workerLimit = Math.max(1, options.sessions ?? this.threads);
    this.sessionThreads = Math.max(1, Math.floor(this.threads / this.workerLimit));
    this.pace = new IndexPace(this.workerLimit);
  }

  /**
   * Resolves when the first worker is ready.
   * @throws {EmbeddingPoolError} when no session can be opened; nothing is left running.
   */
  static async start(options: EmbeddingPoolOptions): Promise<EmbeddingPool> {
    const pool = new EmbeddingPool(options);
    await pool.addWorker();
    return pool;
  }

  /** Word pieces per second over the last seconds of work, all workers together; undefined before the first text. */
  get tokensPerSecond(): number | undefined {
    return this.throughput.tokensPerSecond;
  }

  /** Workers that run now. */
  get workerCount(): number {
    return this.workers.size;
  }

  /**
   * @throws {TextEmbeddingError} for the first text that fails.
   * @throws {EmbeddingPoolError} when the pool is closed or broken, now or before the answer.
   */
  embed(requests: readonly EmbeddingRequest[], options: EmbedOptions): Promise<Embedding[]> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    const call = new EmbeddingCall(requests, options);
    const { signal } = options;
    if (signal !== undefined) {
      const abort = () => {
        call.reject(asError(signal.reason));
        this.queue.removeSettled();
      };
      if (signal.aborted) abort();
      else {
        signal.addEventListener('abort', abort, { once: true });
        call.onSettled = () => signal.removeEventListener('abort', abort);
      }
    }
    if (!call.settled) this.queue.add(call);
    this.assign();
    return call.promise;
  }

  /** Texts of an index leave room for so long: the person types, or the computer runs on its battery. */
  beGentleFor(durationMs: number): void {
    this.pace.beGentleFor(durationMs);
  }

  /**
   * Rejects what waits, lets every worker finish its text and end. Call it before the process exits: a process that
   * exits while onnxruntime-node runs is aborted.
   */
  close(): Promise<void> {
    this.closing ??= this.stopAll();
    return this.closing;
  }

  private async stopAll(): Promise<void> {
    clearTimeout(this.paceTimer);
    this.refuse(new EmbeddingPoolError('The embedding engine is closing; nothing that was stored is lost.'));
    const all = [...this.workers];
    for (const worker of all) this.stop(worker);
    const timeout = new Promise<'timeout'>((resolve) => setTimeout(resolve, closingMs, 'timeout').unref());
    const outcome = await Promise.race([Promise.all(all.map((worker) => worker.handle.ended)), timeout]);
    if (outcome === 'timeout') for (const worker of all) worker.handle.unref();
  }

  private stop(worker: PoolWorker): void {
    if (worker.state === 'stopping') return;
    worker.state = 'stopping';
    worker.handle.post({ type: 'stop' });
  }

  private refuse(error: EmbeddingPoolError): void {
    if (this.refusal !== undefined) return;
    this.refusal = error;
    this.queue.rejectAll(error);
    for (const { jobs } of this.workers) for (const job of jobs) job.call.reject(error);
  }

  /** Gives the next texts to workers, the least busy one first; starts one more worker when texts are left over. */
  private assign(): void {
    // A query is taken at once, whatever else the worker was given.
    this.assignUpTo(textsPerWorker + 1, () => this.queue.next('query'));
    this.assignUpTo(this.pace.isGentle ? 1 : textsPerWorker, () =>
      this.restMs() > 0 ? undefined : this.queue.next('index'),
    );
    if (this.restMs() > 0) this.assignAfterRest();
    const all = [...this.workers];
    const waiting = !this.queue.isEmpty || all.some(({ jobs }) => jobs.size > 1);
    const starting = all.some(({ state }) => state === 'starting');
    if (!waiting || starting || all.length >= this.workerLimit || this.refusal !== undefined) return;
    // Its end is dealt with in `ended`, as every worker's.
    this.addWorker().catch(() => {});
  }

  /** @param most texts that a worker may have afterwards */
  private assignUpTo(most: number, next: () => EmbeddingJob | undefined): void {
    for (;;) {
      let leastBusy: PoolWorker | undefined;
      for (const worker of this.workers) {
        if (worker.state === 'ready' && worker.jobs.size < (leastBusy?.jobs.size ?? most)) leastBusy = worker;
      }
      const job = leastBusy === undefined ? undefined : next();
      if (leastBusy === undefined || job === undefined) return;
      this.give(leastBusy, job);
    }
  }

  /** Milliseconds that the texts of an index rest at the pace of now. */
  private restMs(): number {
    let underWay = 0;
    for (const { jobs } of this.workers) for (const { call } of jobs) if (call.priority === 'index') underWay++;
    return this.pace.waitMs(underWay);
  }

  private assignAfterRest(): void {
    clearTimeout(this.paceTimer);
    if (this.queue.isEmpty || this.refusal !== undefined) return;
    this.paceTimer = setTimeout(() => this.assign(), this.restMs());
  }

  private give(worker: PoolWorker, job: EmbeddingJob): void {
    worker.jobs.add(job);
    this.throughput.started();
    const { id, request, call } = job;
    worker.handle.post({ type: 'embed', id, priority: call.priority, request });
  }

  /** @throws {EmbeddingPoolError} when it ends before it is ready. */
  private addWorker(): Promise<void> {
    const { modelFolder, assetsFolder, workerFile, runtime, nodePath } = this.options;
    return new Promise<void>((resolve, reject) => {
      let unusable: string | undefined;
      const onMessage = (message: WorkerToPool): void => {
        if (message.type === 'ready') {
          if (worker.state === 'starting') worker.state = 'ready';
          resolve();
          this.assign();
        } else if (message.type === 'unusable') {
          unusable = message.message;
        } else if (message.type === 'begun') {
          this.begun(worker, message.id);
        } else {
          this.answered(worker, message);
        }
      };
      const handle = startEmbeddingWorker({
        workerFile,
        setup: {
          runtime: runtime === 'native' || runtime === 'native-other-node' ? 'native' : 'wasm',
          modelFolder: modelFolder.path,
          assetsFolder,
          threads: this.sessionThreads,
        },
        nodePath: runtime === 'native-other-node' ? nodePath : undefined,
        onMessage,
      });
      const worker: PoolWorker = { handle, state: 'starting', jobs: new Set(), begun: undefined, begunMs: 0 };
      this.workers.add(worker);
      void handle.ended.then((how) => {
        const reason = unusable ?? `An embedding worker died: ${how}.`;
        reject(new EmbeddingPoolError(reason));
        this.ended(worker, reason);
      });
    });
  }

  private begun(worker: PoolWorker, id: number): void {
    worker.begun = jobOf(worker, id);
    worker.begunMs = Date.now();
    if (worker.begun !== undefined) worker.begun.attempts++;
  }

  private answered(worker: PoolWorker, message: Extract<WorkerToPool, { type: 'embedded' | 'failed' }>): void {
    const job = jobOf(worker, message.id);
    if (job === undefined) return;
    worker.jobs.delete(job);
    worker.begun = undefined;
    this.pace.finishedText(Date.now() - worker.begunMs);
    this.deathsInARow = 0;
    if (message.type === 'embedded') {
      this.throughput.finished(message.embedding.tokens);
      job.call.resolve(job, message.embedding);
    } else {
      this.throughput.finished(0);
      job.call.reject(new TextEmbeddingError(`A text could not be embedded: ${message.message}`, job.indices[0]));
      this.queue.removeSettled();
    }
    this.assign();
  }

  private ended(worker: PoolWorker, reason: string): void {
    this.workers.delete(worker);
    const jobs = [...worker.jobs];
    for (let i = 0; i < jobs.length; i++) this.throughput.finished(0);
    if (worker.state === 'stopping' || this.refusal !== undefined) {
      for (const job of jobs) job.call.reject(this.refusal ?? new EmbeddingPoolError(reason));
      return;
    }
    this.options.onWorkerDied?.(reason);
    if (worker.state === 'starting' && this.workers.size > 0) {
      this.workerLimit = this.workers.size;
      return;
    }
    this.deathsInARow++;
    // Only the text that it was at is held against it. In reverse, as each goes before all others.
    for (const job of jobs.reverse()) {
      if (job === worker.begun) this.retry(job, reason);
      else this.queue.putBack(job);
    }
    if (this.deathsInARow >= deathsUntilBroken) {
      const error = new EmbeddingPoolError(reason);
      this.refuse(error);
      for (const other of this.workers) this.stop(other);
      this.options.onBroken?.(error);
    } else {
      this.assign();
    }
  }

  private retry(job: EmbeddingJob, reason: string): void {
    if (job.attempts < attemptsPerText) {
      this.queue.putBack(job);
      return;
    }
    job.call.reject(
      new TextEmbeddingError(
        `A text could not be embedded: ${attemptsPerText} workers died over it. ${reason}`,
        job.indices[0],
      ),
    );
    this.queue.removeSettled();
  }
}

function jobOf({ jobs }: PoolWorker, id: number): EmbeddingJob | undefined {
  for (const job of jobs) if (job.id === id) return job;
  return undefined;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
