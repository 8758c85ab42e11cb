import type { OnnxRuntime } from '../embedding/onnxRuntime';
import { defaultNeighborsKept, type VectorRows } from '../neighbors/blockedKnn';
import type { KnnGraph } from '../neighbors/knnGraph';
import { findNeighbors } from '../neighbors/findNeighbors';
import { updateKnn } from '../neighbors/knnUpdate';
import { clusterHierarchy } from '../topics/clusters';
import { centeredRows } from './centeredRows';
import type { LayoutJob, LayoutResult } from './layout';
import { pca } from './pca';
import { neighborhoodReadings } from './trust';
import { neighborsForPerplexity, tsne } from './tsne';
import { umap, type OnShare } from './umap';
import { umapJs } from './umapJs';

export interface LayOutOptions {
  /** Finds the neighbors; plain JavaScript does where none is given. */
  runtime?: OnnxRuntime;
  /** Threads of the native runtime. */
  threads?: number;
  /** Called often with the share of the whole that is done; what it throws ends the layout and is passed on. */
  onShare?: OnShare;
}

// Shares of the whole that the stages take, roughly as measured at 10,000 x 384.
const knnShare = 0.3;
const projectionShare = 0.6;

/**
 * Everything that a map needs: the kNN graph (brought up to date where the job knows one), coordinates by the job's
 * method, both readings of every point and clusters. The same job gives the same coordinates.
 *
 * @throws {RangeError} when the job's arrays don't have the lengths that its counts promise.
 */
export async function layOut(job: LayoutJob, options: LayOutOptions = {}): Promise<LayoutResult> {
  const { count, seed, onShare } = { ...job, ...options };
  if (job.start !== undefined && job.start.length !== 2 * count) {
    throw new RangeError('The map to start from does not have two coordinates for each point.');
  }
  if (job.known !== undefined && job.known.origin.length !== count) {
    throw new RangeError('The neighbors given to the layout are those of another number of points.');
  }
  const stages: LayoutResult['stages'] = [];
  let startedMs = performance.now();
  const finishStage = (name: string) => {
    const now = performance.now();
    stages.push({ name, elapsedMs: now - startedMs });
    startedMs = now;
  };
  const data = rowsOf(job);
  const onBlock = (share: number) => onShare?.(share * knnShare);
  const graph = await trueNeighbors(job, data, { ...options, onBlock });
  finishStage('neighbors');
  const counted = await countedRows(job, data, graph, options);
  if (counted.graph !== graph) finishStage('neighbors of centered vectors');
  const coordinates = project(
    job,
    counted.graph,
    (share) => onShare?.(knnShare + share * projectionShare),
    counted.data,
  );
  finishStage(job.method);
  const readings = neighborhoodReadings(graph, coordinates);
  finishStage('trust');
  onShare?.(knnShare + projectionShare);
  const clusters = clusterHierarchy(graph, seed);
  finishStage('clusters');
  onShare?.(1);
  return { graph, coordinates, ...readings, clusters, stages };
}

/** The job's rows as one block of private memory, which the runtimes want; the block itself where it is that already. */
export function rowsOf({
  vectors,
  rows,
  count,
  dimensions,
}: Pick<LayoutJob, 'vectors' | 'rows' | 'count' | 'dimensions'>): VectorRows {
  if (rows === undefined) {
    if (vectors.length < count * dimensions)
      throw new RangeError('The layout was given fewer vectors than it was told.');
    const isShared = !(vectors.buffer instanceof ArrayBuffer);
    return { vectors: isShared ? vectors.slice(0, count * dimensions) : vectors, count, dimensions };
  }
  const gathered = new Float32Array(count * dimensions);
  for (let i = 0; i < count; i++) {
    const from = rows[i] * dimensions;
    if (from + dimensions > vectors.length)
      throw new RangeError('The layout was given fewer vectors than it was told.');
    gathered.set(vectors.subarray(from, from + dimensions), i * dimensions);
  }
  return { vectors: gathered, count, dimensions };
}

/** Neighbors that a job's method reads. */
export function neighborsWanted({ method, neighbors, perplexity }: LayoutJob): number {
  const read = method === 'tsne' ? neighborsForPerplexity(perplexity) : neighbors - 1;
  return Math.max(defaultNeighborsKept, read);
}

type SearchOptions = LayOutOptions & { onBlock?: (share: number) => void };

/** Old rows are never compared with old rows again, unless more neighbors are wanted than the known graph keeps. */
async function trueNeighbors(job: LayoutJob, data: VectorRows, options: SearchOptions): Promise<KnnGraph> {
  const { known } = job;
  const k = neighborsWanted(job);
  if (known !== undefined && known.graph.k >= k) return updateKnn(known.graph, data, known.origin, options);
  return findNeighbors(data, { ...options, k });
}

/** What the layout takes for near: the vectors and neighbors themselves, or those after the mean is taken away. */
async function countedRows(
  job: LayoutJob,
  data: VectorRows,
  graph: KnnGraph,
  options: LayOutOptions,
): Promise<{ data: VectorRows; graph: KnnGraph }> {
  if (job.metric === 'cosine') return { data, graph };
  const centered = centeredRows(data);
  // PCA reads no neighbors.
  if (job.method === 'pca') return { data: centered, graph };
  const onBlock = () => options.onShare?.(knnShare);
  return { data: centered, graph: await findNeighbors(centered, { ...options, onBlock, k: neighborsWanted(job) }) };
}

/**
 * Coordinates by the job's method: 2 n, the longer side about 2, centered on 0 (a kept map: in its own frame).
 * @param data what the layout takes for the rows and `graph` is made from: the job's own unless told.
 */
export function project(
  job: LayoutJob,
  graph: KnnGraph,
  onShare?: OnShare,
  data: VectorRows = rowsOf(job),
): Float32Array {
  switch (job.method) {
    case 'umap':
      return umap(data, graph, job, onShare);
    case 'umap-js':
      return umapJs(data, graph, job, onShare);
    case 'pca':
      return pca(data, job.seed, job.start, onShare);
    case 'tsne':
      return tsne(data, graph, job, onShare);
  }
}
