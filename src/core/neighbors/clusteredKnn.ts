import type { OnnxRuntime, OnnxSession } from '../embedding/onnxRuntime';
import type { VectorRows } from './blockedKnn';
import { emptyGraph, type KnnGraph } from './knnGraph';
import { RegionIndex } from './regionIndex';
import { TopK } from './topK';
import { topSimilarModel, topSimilarNames as names } from './topSimilarModel';

export interface ClusteredKnnOptions {
  k: number;
  /** Threads within a product, native alone. */
  threads?: number;
  /** Share of all rows that each row is compared with. */
  share: number;
  /** Called between blocks with the share that is done; what it throws ends the search and is passed on. */
  onBlock?: (share: number) => void;
}

/** Values of one block of products. */
const valuesPerBlock = 4 << 20;
/** Neighbors of how many neighbors are looked at beyond the regions that were compared. */
const joined = 20;
/** Share of the work before the regions are compared. */
const regionsShare = 0.15;

/**
 * Nearest neighbors without comparing all with all: rows are sorted into regions, every region is compared in full with
 * those around it (an inverted file, Jégou, Douze and Schmid 2011), and what lies beyond is found by way of the neighbors:
 * whoever has a row among its neighbors is offered to it, and so are neighbors' neighbors (NN-descent, Dong, Charikar and
 * Li 2011). Deterministic. Not exact: measure its recall.
 */
export async function clusteredKnn(
  runtime: OnnxRuntime,
  data: VectorRows,
  { k, threads = 1, share, onBlock }: ClusteredKnnOptions,
): Promise<KnnGraph> {
  const session = await runtime.createSession(topSimilarModel(), { threads });
  try {
    const index = await RegionIndex.build(session, data, (done) => onBlock?.(done * regionsShare));
    const graph = await compareRegions(session, data, index, k, Math.ceil(share * data.count), (done) =>
      onBlock?.(regionsShare + done * (0.9 - regionsShare)),
    );
    const finder = new BeyondRegions(data, index, graph);
    finder.offerBack();
    finder.offerNeighborsOfNeighbors((done) => onBlock?.(0.9 + 0.1 * done));
    return graph;
  } finally {
    await session.release();
  }
}

async function compareRegions(
  session: OnnxSession,
  { count, dimensions }: VectorRows,
  index: RegionIndex,
  k: number,
  candidatesWanted: number,
  onShare: (share: number) => void,
): Promise<KnnGraph> {
  const graph = emptyGraph(count, k);
  const { indices, similarities } = graph;
  index.choosePartners(candidatesWanted);
  let candidates = new Float32Array(0);
  let rowOf = new Int32Array(0);
  for (let region = 0; region < index.count; region++) {
    const from = index.start[region];
    const to = index.start[region + 1];
    if (from === to) continue;
    const partners = index.partners[region];
    const found = partners.reduce((sum, partner) => sum + index.start[partner + 1] - index.start[partner], 0);
    if (candidates.length < found * dimensions) candidates = new Float32Array(Math.ceil(1.2 * found) * dimensions);
    if (rowOf.length < found) rowOf = new Int32Array(Math.ceil(1.2 * found));
    let filled = 0;
    for (const partner of partners) {
      const [first, end] = [index.start[partner], index.start[partner + 1]];
      candidates.set(index.sorted.subarray(first * dimensions, end * dimensions), filled * dimensions);
      rowOf.set(index.rows.subarray(first, end), filled);
      filled += end - first;
    }
    const taken = Math.min(k + 1, found);
    const all = {
      type: 'float32' as const,
      data: candidates.subarray(0, found * dimensions),
      dims: [found, dimensions],
    };
    const kept = { type: 'int64' as const, data: BigInt64Array.of(BigInt(taken)), dims: [1] };
    const blockRows = Math.max(16, Math.floor(valuesPerBlock / found));
    for (let first = from; first < to; first += blockRows) {
      const end = Math.min(to, first + blockRows);
      const block = index.sorted.subarray(first * dimensions, end * dimensions);
      const result = await session.run({
        [names.rows]: { type: 'float32', data: block, dims: [end - first, dimensions] },
        [names.all]: all,
        [names.k]: kept,
      });
      const nearest = result[names.indices].data as Int32Array;
      const values = result[names.similarities].data as Float32Array;
      for (let position = first; position < end; position++) {
        const self = index.rows[position];
        const source = (position - first) * taken;
        let target = self * k;
        for (let rank = 0; rank < taken && target < (self + 1) * k; rank++) {
          const row = rowOf[nearest[source + rank]];
          if (row === self) continue;
          indices[target] = row;
          similarities[target++] = values[source + rank];
        }
      }
      onShare(end / count);
    }
  }
  return graph;
}

/** Offers rows to each other that lie in regions which were not compared. */
class BeyondRegions {
  private readonly heap: TopK;
  private readonly keptIndices: Int32Array;
  private readonly keptSimilarities: Float32Array;
  /** For which row a row was offered or known last, plus one. */
  private readonly seenFor: Int32Array;

  constructor(
    private readonly data: VectorRows,
    private readonly index: RegionIndex,
    private readonly graph: KnnGraph,
  ) {
    this.keptIndices = new Int32Array(graph.k);
    this.keptSimilarities = new Float32Array(graph.k);
    this.heap = new TopK(graph.k, this.keptIndices, this.keptSimilarities);
    this.seenFor = new Int32Array(graph.count);
  }

  /** Whoever found a row offers itself to it. */
  offerBack(): void {
    const { index, graph } = this;
    const { count, k, indices, similarities } = graph;
    const heads: number[] = [];
    const tails: number[] = [];
    const values: number[] = [];
    for (let i = 0; i < count; i++) {
      for (let at = i * k; at < (i + 1) * k && indices[at] >= 0; at++) {
        const other = indices[at];
        if (index.compared(other, i) || similarities[at] < similarities[(other + 1) * k - 1]) continue;
        heads.push(other);
        tails.push(i);
        values.push(similarities[at]);
      }
    }
    const order = Uint32Array.from(heads, (_, e) => e).sort((a, b) => heads[a] - heads[b] || a - b);
    for (let from = 0; from < order.length;) {
      const row = heads[order[from]];
      this.begin(row);
      for (; from < order.length && heads[order[from]] === row; from++)
        this.offer(tails[order[from]], values[order[from]]);
      this.end(row);
    }
  }

  offerNeighborsOfNeighbors(onShare: (share: number) => void): void {
    const { index, graph, seenFor } = this;
    const { count, k, indices, similarities } = graph;
    // What is offered is read from the graph as it was before: the order of rows must not matter.
    const before = indices.slice();
    const reach = Math.min(joined, k);
    for (let i = 0; i < count; i++) {
      if (i % 1024 === 0) onShare(i / count);
      let begun = false;
      const floor = () => (begun ? this.heap.floor : similarities[(i + 1) * k - 1]);
      for (let a = 0; a < reach; a++) {
        const neighbor = before[i * k + a];
        if (neighbor < 0) break;
        for (let b = 0; b < reach; b++) {
          const other = before[neighbor * k + b];
          if (other < 0) break;
          if (other === i || seenFor[other] === i + 1 || index.compared(i, other)) continue;
          seenFor[other] = i + 1;
          const similarity = this.similarity(i, other);
          if (similarity < floor()) continue;
          if (!begun) {
            begun = true;
            this.begin(i);
          }
          this.offer(other, similarity);
        }
      }
      if (begun) this.end(i);
    }
  }

  private begin(row: number): void {
    const { k, indices, similarities } = this.graph;
    this.heap.start(0);
    for (let at = row * k; at < (row + 1) * k && indices[at] >= 0; at++) this.heap.offer(indices[at], similarities[at]);
  }

  private offer(row: number, similarity: number): void {
    if (similarity < this.heap.floor) return;
    for (let at = 0; at < this.heap.count; at++) if (this.keptIndices[at] === row) return;
    this.heap.offer(row, similarity);
  }

  private end(row: number): void {
    const { k, indices, similarities } = this.graph;
    this.heap.finish();
    indices.set(this.keptIndices.subarray(0, this.heap.count), row * k);
    similarities.set(this.keptSimilarities.subarray(0, this.heap.count), row * k);
  }

  private similarity(a: number, b: number): number {
    const { vectors, dimensions } = this.data;
    const left = a * dimensions;
    const right = b * dimensions;
    let [even, odd] = [0, 0];
    let d = 0;
    for (; d + 1 < dimensions; d += 2) {
      even += vectors[left + d] * vectors[right + d];
      odd += vectors[left + d + 1] * vectors[right + d + 1];
    }
    if (d < dimensions) even += vectors[left + d] * vectors[right + d];
    return Math.fround(even + odd);
  }
}
