import { Worker } from 'node:worker_threads';
import type { LayoutJob, LayoutResult } from '../core/projection/layout';
import type { RankReadings } from '../core/projection/rankQuality';
import type { LayoutTask, LayoutTasks, LayoutWorkerSetup, RunnerToWorker, WorkerToRunner } from './layoutMessages';

export interface LayoutRunnerOptions extends Pick<LayoutWorkerSetup, 'runtime' | 'assetsFolder'> {
  /** The bundled `layoutWorker.js`. */
  workerFile: string;
  /** Threads of the native runtime, 2 unless told: a search for neighbors is short and wants them. */
  threads?: number;
}

export interface LayoutRunOptions {
  signal?: AbortSignal;
  /** Share of the layout that is done, 0 to 1. */
  onProgress?: (share: number) => void;
}

/** The layout worker ended before its job did. */
export class LayoutWorkerDiedError extends Error {
  override readonly name = 'LayoutWorkerDiedError';
}

interface Run {
  resolve(result: LayoutTasks[keyof LayoutTasks]['result']): void;
  reject(reason: unknown): void;
  onProgress: ((share: number) => void) | undefined;
  reason: () => unknown;
}

/**
 * Lays maps out in one worker thread, started on first use. Jobs wait for each other. Every job ends: with its result,
 * its error, the reason of its signal, or the news that the worker died; after that the next job gets a new worker.
 */
export class LayoutRunner {
  private worker: Worker | undefined;
  private exited: Promise<void> = Promise.resolve();
  private readonly runs = new Map<number, Run>();
  private nextId = 1;
  private closed = false;

  constructor(private readonly options: LayoutRunnerOptions) {}

  /**
   * Lays a map out. Vectors (and a graph) that lie in shared memory are not copied; they may be read until the promise
   * settles.
   * @throws the signal's reason, {@link LayoutWorkerDiedError}, or what the layout threw.
   */
  run(job: LayoutJob, options?: LayoutRunOptions): Promise<LayoutResult> {
    return this.perform({ name: 'layOut', job }, options) as Promise<LayoutResult>;
  }

  /** R_NX of a map; throws as {@link run} does. */
  assess(job: LayoutTasks['assess']['job'], options?: LayoutRunOptions): Promise<RankReadings> {
    return this.perform({ name: 'assess', job }, options) as Promise<RankReadings>;
  }

  private async perform(task: LayoutTask, { signal, onProgress }: LayoutRunOptions = {}): Promise<unknown> {
    signal?.throwIfAborted();
    if (this.closed) throw new Error('The layout worker was closed.');
    const worker = (this.worker ??= this.start());
    const id = this.nextId++;
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    const cancel = () => void Atomics.store(cancelled, 0, 1);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.runs.set(id, { resolve, reject, onProgress, reason: () => signal?.reason as unknown });
        // Keeps the process alive while it works, and only then.
        worker.ref();
        worker.postMessage({ type: 'run', id, task, cancelled } satisfies RunnerToWorker);
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.runs.delete(id);
      if (this.runs.size === 0) worker.unref();
    }
  }

  /** Lets jobs under way finish (abort their signals to hurry), then ends the worker. Never ends it in the middle of one. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.worker !== undefined) {
      this.worker.ref();
      this.worker.postMessage({ type: 'stop' } satisfies RunnerToWorker);
    }
    await this.exited;
  }

  private start(): Worker {
    const { workerFile, runtime, assetsFolder, threads = 2 } = this.options;
    const worker = new Worker(workerFile, {
      workerData: { runtime, assetsFolder, threads } satisfies LayoutWorkerSetup,
      name: 'layout',
    });
    worker.unref();
    let problem = '';
    worker.on('message', (message: WorkerToRunner) => this.receive(message));
    worker.on('error', (error: unknown) => (problem = error instanceof Error ? error.message : String(error)));
    this.exited = new Promise((resolve) => {
      worker.on('exit', (code) => {
        if (this.worker === worker) this.worker = undefined;
        const why = problem === '' ? `exit code ${code}` : problem;
        for (const run of this.runs.values()) {
          run.reject(
            new LayoutWorkerDiedError(
              `The layout worker ended before the map was done (${why}). The map before is kept.`,
            ),
          );
        }
        resolve();
      });
    });
    return worker;
  }

  private receive(message: WorkerToRunner): void {
    const run = this.runs.get(message.id);
    if (run === undefined) return;
    switch (message.type) {
      case 'progress':
        run.onProgress?.(message.share);
        return;
      case 'done':
        run.resolve(message.result);
        return;
      case 'cancelled':
        run.reject(run.reason());
        return;
      case 'failed':
        run.reject(new Error(message.message));
        return;
    }
  }
}
