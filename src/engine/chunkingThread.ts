import { Worker } from 'node:worker_threads';
import type { Chunk, Document } from '../core/chunking/chunk';
import { childEnvironment } from '../shared/childEnvironment';
import type { ChunkingSettings } from '../shared/chunking';

export interface ChunkingWorkerSetup {
  modelFolder: string;
  assetsFolder: string;
}

export interface ChunkingRequest {
  id: number;
  settings: ChunkingSettings;
  document: Document;
  previous: readonly string[];
}

export type ChunkingReply = { id: number; chunks: Chunk[] } | { id: number; error: string };

export interface ChunkingThreadOptions extends ChunkingWorkerSetup {
  /** The bundled `chunkingWorker.js`. */
  workerFile: string;
  /** The thread ends when nothing was asked of it for so long: it holds a tokenizer and grammars of its own. */
  idleMs?: number;
}

const defaultIdleMs = 20_000;

interface Thread {
  worker: Worker;
  /** By id of the request. */
  asked: Map<number, { resolve: (chunks: Chunk[]) => void; reject: (error: Error) => void }>;
}

/** Cuts documents in a thread that is started by the first one, so that long ones hold up neither searches nor windows. */
export class ChunkingThread {
  private thread: Thread | undefined;
  private lastId = 0;
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ChunkingThreadOptions) {}

  get isRunning(): boolean {
    return this.thread !== undefined;
  }

  /** @throws Error when the thread can't start, ends, or the chunker throws */
  chunk(settings: ChunkingSettings, document: Document, previous: readonly string[] = []): Promise<Chunk[]> {
    clearTimeout(this.idleTimer);
    const id = ++this.lastId;
    const { text, kind, path, languageId } = document;
    return new Promise<Chunk[]>((resolve, reject) => {
      const { worker, asked } = (this.thread ??= this.start());
      asked.set(id, { resolve, reject });
      worker.ref();
      // A document of a file knows its place in it by functions, which stay here.
      const request = { id, settings, document: { text, kind, path, languageId }, previous: [...previous] };
      worker.postMessage(request satisfies ChunkingRequest);
    });
  }

  /** Ends the thread when what it was asked for is done; the next document starts another one. */
  close(): void {
    clearTimeout(this.idleTimer);
    this.thread?.worker.postMessage('stop');
    this.thread = undefined;
  }

  private start(): Thread {
    const { workerFile, modelFolder, assetsFolder } = this.options;
    const worker = new Worker(workerFile, {
      ...{ execArgv: [], env: childEnvironment(), name: 'latent-lens chunking' },
      workerData: { modelFolder, assetsFolder } satisfies ChunkingWorkerSetup,
    });
    const thread: Thread = { worker, asked: new Map() };
    const { asked } = thread;
    let problem = 'it ended';
    worker.on('message', (reply: ChunkingReply) => {
      const waiting = asked.get(reply.id);
      asked.delete(reply.id);
      if ('chunks' in reply) waiting?.resolve(reply.chunks);
      else waiting?.reject(new Error(reply.error));
      if (asked.size === 0) this.rest(thread);
    });
    worker.on('error', (error) => (problem = error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => {
      if (this.thread === thread) this.thread = undefined;
      const error = new Error(`The thread that cuts long documents failed: ${problem}.`);
      for (const { reject } of asked.values()) reject(error);
      asked.clear();
    });
    return thread;
  }

  /** Does not keep the process alive meanwhile. */
  private rest(thread: Thread): void {
    thread.worker.unref();
    if (this.thread !== thread) return;
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.close(), this.options.idleMs ?? defaultIdleMs).unref();
  }
}
