import type { Embedding, EmbeddingPriority, EmbeddingRequest } from '../core/embedding/embedding';
import type { OnnxRuntimeName } from '../core/embedding/onnxRuntime';

/** What a worker needs to open its own session. */
export interface EmbeddingWorkerSetup {
  runtime: OnnxRuntimeName;
  modelFolder: string;
  assetsFolder: string;
  /** Threads within one text, WASM alone; 1 for a session of a pool. */
  threads: number;
}

export type PoolToWorker =
  | { type: 'setup'; setup: EmbeddingWorkerSetup }
  | { type: 'embed'; id: number; priority: EmbeddingPriority; request: EmbeddingRequest }
  /** The worker finishes what it has, then exits by itself. */
  | { type: 'stop' };

export type WorkerToPool =
  | { type: 'ready' }
  /** No session could be opened; the worker exits. */
  | { type: 'unusable'; message: string }
  /** Tells which text a worker was at when it died. */
  | { type: 'begun'; id: number }
  | { type: 'embedded'; id: number; embedding: Embedding }
  | { type: 'failed'; id: number; message: string };

/**
 * For a worker in another process: under another node, whose V8 may write a serialization that ours can't read, so
 * messages are JSON and vectors base64 of their little-endian bytes.
 */
export function packMessage(message: WorkerToPool): unknown {
  if (message.type !== 'embedded') return message;
  const { vector, spanVectors, ...rest } = message.embedding;
  return {
    ...message,
    embedding: { ...rest, vector: packFloats(vector), spanVectors: spanVectors && packFloats(spanVectors) },
  };
}

export function unpackMessage(packed: unknown): WorkerToPool {
  const message = packed as WorkerToPool;
  if (message.type !== 'embedded') return message;
  const { vector, spanVectors, ...rest } = message.embedding as unknown as PackedEmbedding;
  const embedding: Embedding = { ...rest, vector: unpackFloats(vector) };
  if (spanVectors !== undefined) embedding.spanVectors = unpackFloats(spanVectors);
  return { ...message, embedding };
}

interface PackedEmbedding extends Omit<Embedding, 'vector' | 'spanVectors'> {
  vector: string;
  spanVectors?: string;
}

function packFloats(floats: Float32Array): string {
  return Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength).toString('base64');
}

function unpackFloats(packed: string): Float32Array {
  // A copy of its own: small buffers are views on Node's shared pool.
  return new Float32Array(Uint8Array.from(Buffer.from(packed, 'base64')).buffer);
}
