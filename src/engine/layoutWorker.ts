/**
 * Entry of the layout worker, a thread of the engine: one task at a time. It is asked to stop and then ends by itself:
 * ending a thread from outside while onnxruntime-node runs aborts the whole process.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { loadOnnxRuntime, type OnnxRuntime } from '../core/embedding/onnxRuntime';
import { layOut, rowsOf, type LayOutOptions } from '../core/projection/layoutStages';
import { rankQuality } from '../core/projection/rankQuality';
import type { LayoutTask, LayoutTasks, LayoutWorkerSetup, RunnerToWorker, WorkerToRunner } from './layoutMessages';

/** Progress is told at most this often. */
const progressEveryMs = 100;

class Cancelled extends Error {}

if (parentPort === null) throw new Error('layoutWorker.js is started by the engine, as a thread.');
const port = parentPort;
const setup = workerData as LayoutWorkerSetup;
let runtime: Promise<OnnxRuntime | undefined> | undefined;
/** One message at a time, in order: a stop waits for the task under way. */
let last: Promise<void> = Promise.resolve();

port.on('message', (message: RunnerToWorker) => {
  last = last.then(() => handle(message));
});

async function handle(message: RunnerToWorker): Promise<void> {
  if (message.type === 'stop') {
    port.close();
    return;
  }
  const { id, task, cancelled } = message;
  let toldMs = 0;
  try {
    runtime ??= loadRuntime();
    const result = await perform(task, {
      runtime: await runtime,
      threads: setup.threads,
      onShare: (share) => {
        if (Atomics.load(cancelled, 0) !== 0) throw new Cancelled();
        const nowMs = performance.now();
        if (nowMs - toldMs < progressEveryMs) return;
        toldMs = nowMs;
        post({ type: 'progress', id, share });
      },
    });
    post({ type: 'done', id, result });
  } catch (error) {
    if (error instanceof Cancelled) post({ type: 'cancelled', id });
    else post({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
}

function perform(task: LayoutTask, options: LayOutOptions): Promise<LayoutTasks[keyof LayoutTasks]['result']> {
  switch (task.name) {
    case 'layOut':
      return layOut(task.job, options);
    case 'assess':
      return rankQuality(rowsOf(task.job), task.job.coordinates, options);
  }
}

async function loadRuntime(): Promise<OnnxRuntime | undefined> {
  if (setup.runtime === 'none') return undefined;
  return loadOnnxRuntime(setup.runtime, { assetsFolder: setup.assetsFolder });
}

function post(message: WorkerToRunner): void {
  port.postMessage(message);
}
