import { blockedKnn, defaultNeighborsKept, type VectorRows } from './blockedKnn';
import type { OnnxRuntime, OnnxTensor } from '../embedding/onnxRuntime';
import { emptyGraph, type KnnGraph } from './knnGraph';
import { topSimilarModel, topSimilarNames as names } from './topSimilarModel';

export interface RuntimeKnnOptions {
  k?: number;
  /** Threads within the product, native alone; 1 unless told. */
  threads?: number;
  /** Rows to find neighbors of; all when left out. */
  rows?: Int32Array;
  /** Called between blocks with the share that is done; what it throws stops the search and is passed on. */
  onBlock?: (share: number) => void;
}

/** Values of one block of products: 16 MB, small enough for the caches' sake and for WASM's memory. */
const valuesPerBlock = 4 << 20;
/** Below this many products of two values a session costs more than it saves. */
const fewProducts = 20_000_000;

/**
 * Exact nearest neighbors as one ONNX graph of Gemm and TopK, in blocks of rows. The same outcome as {@link blockedKnn}
 * up to rounding (about 1e-7), a hundred times faster on the native runtime.
 *
 * @throws what the runtime throws, or the reason given by `onBlock`.
 */
export async function runtimeKnn(
  runtime: OnnxRuntime,
  data: VectorRows,
  options: RuntimeKnnOptions = {},
): Promise<KnnGraph> {
  const { k = defaultNeighborsKept, threads = 1, rows, onBlock } = options;
  const { count, dimensions } = data;
  const asked = rows?.length ?? count;
  if (asked * count * dimensions < fewProducts) return blockedKnn(data, k, rows, onBlock);

  const graph = emptyGraph(asked, k);
  const { indices, similarities } = graph;
  // One more than kept, as the nearest row of each row is itself (or a twin of it).
  const taken = Math.min(k + 1, count);
  const blockRows = Math.max(16, Math.min(asked, 1024, Math.floor(valuesPerBlock / count)));
  const session = await runtime.createSession(topSimilarModel(), { threads });
  try {
    const vectors = privateCopyIfShared(data.vectors.subarray(0, count * dimensions));
    const all: OnnxTensor = { type: 'float32', data: vectors, dims: [count, dimensions] };
    const kept: OnnxTensor = { type: 'int64', data: BigInt64Array.of(BigInt(taken)), dims: [1] };
    for (let from = 0; from < asked; from += blockRows) {
      const to = Math.min(asked, from + blockRows);
      const block = blockOf(vectors, dimensions, from, to, rows);
      const result = await session.run({
        [names.rows]: { type: 'float32', data: block, dims: [to - from, dimensions] },
        [names.all]: all,
        [names.k]: kept,
      });
      keepOthers(
        {
          indices: result[names.indices].data as Int32Array,
          similarities: result[names.similarities].data as Float32Array,
          taken,
        },
        { indices, similarities, k, from, to, rows },
      );
      onBlock?.(to / asked);
    }
  } finally {
    await session.release();
  }
  return graph;
}

/** Copies what TopK found into the graph, each row itself left out. */
function keepOthers(
  found: { indices: Int32Array; similarities: Float32Array; taken: number },
  graph: {
    indices: Int32Array;
    similarities: Float32Array;
    k: number;
    from: number;
    to: number;
    rows: Int32Array | undefined;
  },
): void {
  const { taken } = found;
  const { indices, similarities, k, from, to, rows } = graph;
  for (let position = from; position < to; position++) {
    const self = rows === undefined ? position : rows[position];
    const source = (position - from) * taken;
    let target = position * k;
    const end = target + k;
    for (let rank = 0; rank < taken && target < end; rank++) {
      const index = found.indices[source + rank];
      if (index === self) continue;
      indices[target] = index;
      similarities[target] = found.similarities[source + rank]!;
      target++;
    }
  }
}

/** onnxruntime-node takes no array that lies in shared memory. */
function privateCopyIfShared(vectors: Float32Array): Float32Array<ArrayBuffer> {
  return vectors.buffer instanceof ArrayBuffer ? (vectors as Float32Array<ArrayBuffer>) : new Float32Array(vectors);
}

/** Rows of a block, without copying where they lie side by side. */
function blockOf(
  vectors: Float32Array,
  dimensions: number,
  from: number,
  to: number,
  rows: Int32Array | undefined,
): Float32Array {
  if (rows === undefined) return vectors.subarray(from * dimensions, to * dimensions);
  const block = new Float32Array((to - from) * dimensions);
  for (let position = from; position < to; position++) {
    const start = rows[position] * dimensions;
    block.set(vectors.subarray(start, start + dimensions), (position - from) * dimensions);
  }
  return block;
}
