/**
 * Entry of an embedding worker: a thread of the engine, or a child process where another node runs the native
 * runtime. It opens one single-threaded session and embeds one text at a time. It is asked to stop and then ends by
 * itself: ending a thread from outside while onnxruntime-node runs aborts the whole process.
 */
import { parentPort } from 'node:worker_threads';
import { ModelFolder } from '../core/embedding/modelFolder';
import { loadOnnxRuntime } from '../core/embedding/onnxRuntime';
import { EmbeddingSession } from '../core/embedding/session';
import { type PoolToWorker, type WorkerToPool, packMessage } from './embeddingMessages';
import { EmbeddingWorkerQueue } from './embeddingWorkerQueue';

interface Wire {
  post(message: WorkerToPool): void;
  /** Nothing keeps the worker alive afterwards. */
  close(): void;
}

class EmbeddingWorker {
  private session: EmbeddingSession | undefined;
  private closed = false;
  private threads = 1;
  /** One message at a time: a stop waits for the text under way. */
  private readonly queue = new EmbeddingWorkerQueue((message) => this.handle(message));

  constructor(private readonly wire: Wire) {}

  /** Whether the session has threads of its own that don't end by themselves. */
  get ownsThreads(): boolean {
    return this.threads > 1;
  }

  receive(message: PoolToWorker): void {
    this.queue.receive(message);
  }

  private async handle(message: PoolToWorker): Promise<void> {
    if (this.closed) return;
    switch (message.type) {
      case 'setup':
        try {
          const { runtime, modelFolder, assetsFolder, threads } = message.setup;
          this.threads = runtime === 'wasm' ? threads : 1;
          const [folder, onnx] = await Promise.all([
            ModelFolder.open(modelFolder),
            loadOnnxRuntime(runtime, { assetsFolder, wasmThreads: threads }),
          ]);
          this.session = await EmbeddingSession.create(folder, onnx);
          this.wire.post({ type: 'ready' });
        } catch (error) {
          this.wire.post({ type: 'unusable', message: messageOf(error) });
          this.close();
        }
        return;
      case 'embed':
        this.wire.post({ type: 'begun', id: message.id });
        try {
          if (this.session === undefined) throw new Error('The embedding worker has no session.');
          this.wire.post({ type: 'embedded', id: message.id, embedding: await this.session.embed(message.request) });
        } catch (error) {
          this.wire.post({ type: 'failed', id: message.id, message: messageOf(error) });
        }
        return;
      case 'stop':
        await this.session?.release();
        this.close();
        return;
    }
  }

  private close(): void {
    this.closed = true;
    this.wire.close();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (parentPort !== null) {
  const port = parentPort;
  const worker = new EmbeddingWorker({
    post: (message) => port.postMessage(message, message.type === 'embedded' ? transferable(message) : []),
    close: () => {
      port.close();
      // The threads of a WASM session would keep this one alive. No native code runs here that could be torn.
      if (worker.ownsThreads) process.exit(0);
    },
  });
  port.on('message', (message: PoolToWorker) => worker.receive(message));
} else if (process.send !== undefined) {
  const worker = new EmbeddingWorker({
    post: (message) => {
      if (process.connected) process.send?.(packMessage(message));
    },
    close: () => {
      if (process.connected) process.disconnect();
    },
  });
  process.on('message', (message: PoolToWorker) => worker.receive(message));
  // The engine is gone: finish and end.
  process.on('disconnect', () => worker.receive({ type: 'stop' }));
} else {
  throw new Error('embeddingWorker.js is started by the engine, as a thread or as a child process.');
}

function transferable({ embedding }: Extract<WorkerToPool, { type: 'embedded' }>): ArrayBuffer[] {
  const arrays = embedding.spanVectors === undefined ? [embedding.vector] : [embedding.vector, embedding.spanVectors];
  return arrays.map((array) => array.buffer as ArrayBuffer);
}
