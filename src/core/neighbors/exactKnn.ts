import type { OnnxRuntime } from '../embedding/onnxRuntime';
import { blockedKnn, defaultNeighborsKept, type VectorRows } from './blockedKnn';
import type { KnnGraph } from './knnGraph';
import { runtimeKnn } from './runtimeKnn';

export interface KnnOptions {
  /** Finds the neighbors; plain JavaScript does where none is given. */
  runtime?: OnnxRuntime;
  /** Threads of the native runtime. */
  threads?: number;
  /** Neighbors kept of each row. */
  k?: number;
  /** Called between blocks with the share that is done; what it throws ends the search and is passed on. */
  onBlock?: (share: number) => void;
}

/** Exact neighbors of all rows, or of some, by the runtime where one is given. */
export async function exactKnn(data: VectorRows, options: KnnOptions & { rows?: Int32Array } = {}): Promise<KnnGraph> {
  const { runtime, threads, k = defaultNeighborsKept, rows, onBlock } = options;
  if (runtime === undefined) return blockedKnn(data, k, rows, onBlock);
  return runtimeKnn(runtime, data, { k, threads, rows, onBlock });
}
