import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { childEnvironment } from '../shared/childEnvironment';
import { type EmbeddingWorkerSetup, type PoolToWorker, type WorkerToPool, unpackMessage } from './embeddingMessages';

/** One worker as the pool sees it, be it a thread or a process. */
export interface EmbeddingWorkerHandle {
  post(message: PoolToWorker): void;
  /** Resolves with how it ended, once, after its last message. */
  readonly ended: Promise<string>;
  /** Lets the process end although the worker has not. */
  unref(): void;
}

export interface WorkerStart {
  workerFile: string;
  setup: EmbeddingWorkerSetup;
  /** The node to run the worker in as a process of its own; a thread when undefined. */
  nodePath: string | undefined;
  onMessage(message: WorkerToPool): void;
}

export function startEmbeddingWorker(start: WorkerStart): EmbeddingWorkerHandle {
  const handle = start.nodePath === undefined ? startThread(start) : startProcess(start, start.nodePath);
  handle.post({ type: 'setup', setup: start.setup });
  return handle;
}

function startThread(start: WorkerStart): EmbeddingWorkerHandle {
  const worker = new Worker(start.workerFile, { execArgv: [], env: childEnvironment(), name: 'latent-lens embedding' });
  worker.on('message', (message: WorkerToPool) => start.onMessage(message));
  let problem: string | undefined;
  const ended = new Promise<string>((resolve) => {
    // An 'exit' follows every 'error'.
    worker.on('error', (error) => (problem = error.message));
    worker.on('exit', (code) => resolve(problem ?? `it ended with code ${code}`));
  });
  return {
    post: (message) => worker.postMessage(message),
    ended,
    unref: () => worker.unref(),
  };
}

function startProcess(start: WorkerStart, nodePath: string): EmbeddingWorkerHandle {
  const child = spawn(nodePath, [start.workerFile], {
    env: childEnvironment(),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    windowsHide: true,
  });
  child.on('message', (message) => start.onMessage(unpackMessage(message)));
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    // 'close' comes after the last message, 'exit' may come before it.
    child.on('close', (code, signal) =>
      resolve(signal === null ? `it ended with code ${code}` : `killed by ${signal}`),
    );
  });
  return {
    post: (message) => {
      // A worker that is gone says so through `ended`.
      if (child.connected) child.send(message, () => {});
    },
    ended,
    unref: () => {
      child.channel?.unref();
      child.unref();
    },
  };
}
