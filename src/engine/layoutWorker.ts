/**
 * Entry of the layout worker, a thread of the engine: one layout at a time. It is asked to stop and then ends by itself:
 * ending a thread from outside while onnxruntime-node runs aborts the whole process.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { loadOnnxRuntime, type OnnxRuntime } from '../core/embedding/onnxRuntime';
import { layOut } from '../core/projection/layoutStages';
import type { LayoutWorkerSetup, RunnerToWorker, WorkerToRunner } from './layoutMessages';

/** Progress is told at most this often. */
const progressEveryMs = 100;

class Cancelled extends Error {}

if (parentPort === null) throw new Error('layoutWorker.js is started by the engine, as a thread.');
const port = parentPort;
const setup = workerData as LayoutWorkerSetup;
let runtime: Promise<OnnxRuntime | undefined> | undefined;
/** One message at a time, in order: a stop waits for the layout under way. */
let last: Promise<void> = Promise.resolve();

port.on('message', (message: RunnerToWorker) => {
  last = last.then(() => handle(message));
});

async function handle(message: RunnerToWorker): Promise<void> {
  if (message.type === 'stop') {
    port.close();
    return;
  }
  const { id, job, cancelled } = message;
  let toldMs = 0;
  try {
    runtime ??= loadRuntime();
    const result = await layOut(job, {
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
    const { graph, coordinates, trust, clusters } = result;
    const arrays: { buffer: ArrayBufferLike }[] = [coordinates, trust, ...clusters.levels];
    // A graph that came with the job may lie in shared memory or be used twice: it is copied.
    if (job.graph === undefined) arrays.push(graph.indices, graph.similarities);
    post(
      { type: 'done', id, result },
      arrays.map((array) => array.buffer as ArrayBuffer),
    );
  } catch (error) {
    if (error instanceof Cancelled) post({ type: 'cancelled', id });
    else post({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
}

async function loadRuntime(): Promise<OnnxRuntime | undefined> {
  if (setup.runtime === 'none') return undefined;
  return loadOnnxRuntime(setup.runtime, { assetsFolder: setup.assetsFolder });
}

function post(message: WorkerToRunner, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}
