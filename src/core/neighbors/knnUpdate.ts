import type { VectorRows } from './blockedKnn';
import { exactKnn, type KnnOptions } from './exactKnn';
import { findNeighbors } from './findNeighbors';
import { emptyGraph, type KnnGraph } from './knnGraph';
import { TopK } from './topK';

/** How many products the native runtime makes while JavaScript makes one; measured about 60, less for WASM. */
const runtimeAdvantage = { native: 50, wasm: 8 } as const;

/**
 * Brings a graph up to date after rows came and went, without comparing old rows with old rows again: new rows
 * and rows that lost a neighbor are searched in full, the others only take new rows in. The outcome is exact where the graph before was.
 *
 * @param before the graph over the old rows.
 * @param origin for each row of `data` its old row, -1 for one that is new; old rows appear at most once.
 * @returns the graph over all rows of `data`, with the k of `before`.
 */
export async function updateKnn(
  before: KnnGraph,
  data: VectorRows,
  origin: Int32Array,
  options: Omit<KnnOptions, 'k'> = {},
): Promise<KnnGraph> {
  const { k } = before;
  const { count } = data;
  const current = new Int32Array(before.count).fill(-1);
  for (let row = 0; row < count; row++) if (origin[row] >= 0) current[origin[row]] = row;

  const { indices, similarities } = emptyGraph(count, k);
  const full: number[] = [];
  for (let row = 0; row < count; row++) {
    const old = origin[row];
    if (old < 0 || !copyRow(before, old, current, indices, similarities, row * k)) full.push(row);
  }
  const rows = Int32Array.from(full);
  const added = rows.filter((row) => origin[row] < 0);
  // Starting over is cheaper when most rows are searched anyway, or when the runtime is done before the offers are.
  const advantage = options.runtime === undefined ? 1 : runtimeAdvantage[options.runtime.name];
  if (rows.length > count / 2 || added.length * advantage > count) return findNeighbors(data, { ...options, k });

  const searched = await exactKnn(data, { ...options, k, rows });
  const isFull = new Uint8Array(count);
  for (let position = 0; position < rows.length; position++) {
    const row = rows[position];
    isFull[row] = 1;
    indices.set(searched.indices.subarray(position * k, (position + 1) * k), row * k);
    similarities.set(searched.similarities.subarray(position * k, (position + 1) * k), row * k);
  }
  if (added.length > 0) offerAdded(data, added, isFull, { count, k, indices, similarities });
  return { ...before, count, indices, similarities };
}

/** Copies an old row's neighbors under their new numbers; false when one of them is gone or places are free. */
function copyRow(
  before: KnnGraph,
  old: number,
  current: Int32Array,
  indices: Int32Array,
  similarities: Float32Array,
  target: number,
): boolean {
  const { k } = before;
  for (let rank = 0; rank < k; rank++) {
    const neighbor = before.indices[old * k + rank];
    if (neighbor < 0 || current[neighbor] < 0) return false;
    indices[target + rank] = current[neighbor]!;
    similarities[target + rank] = before.similarities[old * k + rank]!;
  }
  return true;
}

/** Offers every added row to the rows that were kept: one block of products, old rows x added rows. */
function offerAdded(data: VectorRows, added: Int32Array, isFull: Uint8Array, graph: KnnGraph): void {
  const { vectors, count, dimensions } = data;
  const { k, indices, similarities } = graph;
  const keptIndices = new Int32Array(k);
  const keptSimilarities = new Float32Array(k);
  const heap = new TopK(k, keptIndices, keptSimilarities);
  for (let row = 0; row < count; row++) {
    if (isFull[row] === 1) continue;
    const base = row * k;
    const floor = similarities[base + k - 1];
    let changed = false;
    for (let a = 0; a < added.length; a++) {
      const similarity = Math.fround(dot(vectors, row * dimensions, added[a] * dimensions, dimensions));
      if (similarity < floor) continue;
      if (!changed) {
        changed = true;
        heap.start(0);
        for (let rank = 0; rank < k; rank++) heap.offer(indices[base + rank], similarities[base + rank]);
      }
      heap.offer(added[a], similarity);
    }
    if (!changed) continue;
    heap.finish();
    indices.set(keptIndices, base);
    similarities.set(keptSimilarities, base);
  }
}

function dot(vectors: Float32Array, left: number, right: number, dimensions: number): number {
  let even = 0;
  let odd = 0;
  let d = 0;
  for (; d + 1 < dimensions; d += 2) {
    even += vectors[left + d] * vectors[right + d];
    odd += vectors[left + d + 1] * vectors[right + d + 1];
  }
  if (d < dimensions) even += vectors[left + d] * vectors[right + d];
  return even + odd;
}
