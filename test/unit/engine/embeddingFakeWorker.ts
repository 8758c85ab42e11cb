/**
 * Speaks the pool's protocol without a model, so that deaths and waits can be staged by the text: "slow…" takes 40 ms,
 * "wait FILE" as long as there is no FILE, "meet N AS FOLDER" as long as fewer than N workers came there; "fail…"
 * is refused, "die…" ends the thread, "die once FILE" does so as long as FILE exists. The vector's first number counts the
 * texts of this worker in order, the second names the worker.
 */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, threadId } from 'node:worker_threads';
import type { PoolToWorker, WorkerToPool } from '../../../src/engine/embeddingMessages';
import { EmbeddingWorkerQueue } from '../../../src/engine/embeddingWorkerQueue';

if (parentPort === null) throw new Error('Started as a thread by embeddingPool.test.ts.');
const port = parentPort;
const post = (message: WorkerToPool) => port.postMessage(message);
let embedded = 0;

async function handle(message: PoolToWorker): Promise<void> {
  switch (message.type) {
    case 'setup':
      if (existsSync(`${message.setup.modelFolder}/unusable`)) {
        post({ type: 'unusable', message: 'The model is staged to be unusable.' });
        port.close();
      } else {
        post({ type: 'ready' });
      }
      return;
    case 'stop':
      port.close();
      return;
    case 'embed':
      await embed(message.id, message.request.text);
      return;
  }
}

async function embed(id: number, text: string): Promise<void> {
  post({ type: 'begun', id });
  if (text.startsWith('slow')) await delay(40);
  const [, awaited] = /^wait (.*)$/.exec(text) ?? [];
  if (awaited !== undefined) while (!existsSync(awaited)) await delay(2);
  const [, workers, folder] = /^meet (\d+) \d+ (.*)$/.exec(text) ?? [];
  if (folder !== undefined) {
    writeFileSync(join(folder, String(threadId)), '');
    while (readdirSync(folder).length < Number(workers)) await delay(2);
  }
  if (text.startsWith('die once ')) {
    const file = text.slice('die once '.length);
    if (existsSync(file)) {
      rmSync(file);
      process.exit(7);
    }
  } else if (text.startsWith('die')) {
    process.exit(7);
  }
  if (text.startsWith('fail')) {
    post({ type: 'failed', id, message: 'staged' });
  } else {
    const vector = Float32Array.of(++embedded, threadId);
    post({ type: 'embedded', id, embedding: { vector, tokens: 10, truncated: false } });
  }
}

const queue = new EmbeddingWorkerQueue(handle);
port.on('message', (message: PoolToWorker) => queue.receive(message));
