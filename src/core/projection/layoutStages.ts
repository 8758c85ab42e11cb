import type { OnnxRuntime } from '../embedding/onnxRuntime';
import type { KnnGraph } from '../neighbors/knnGraph';
import { exactKnn } from '../neighbors/knnUpdate';
import { clusterHierarchy } from '../topics/clusters';
import type { LayoutJob, LayoutResult } from './layout';
import { pca } from './pca';
import { trust } from './trust';
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
 * Everything that a map needs: the kNN graph (unless the job brings it), coordinates by the job's method, trust and
 * clusters. The same job gives the same coordinates.
 *
 * @throws {RangeError} when the job's arrays don't have the lengths that its counts promise.
 */
export async function layOut(job: LayoutJob, options: LayOutOptions = {}): Promise<LayoutResult> {
  const { vectors, count, dimensions, seed } = job;
  if (vectors.length < count * dimensions) throw new RangeError('The layout was given fewer vectors than it was told.');
  if (job.start !== undefined && job.start.length !== 2 * count) {
    throw new RangeError('The map to start from does not have two coordinates for each point.');
  }
  if (job.graph !== undefined && job.graph.count !== count) {
    throw new RangeError('The neighbors given to the layout are those of another number of points.');
  }
  const stages: LayoutResult['stages'] = [];
  let startedMs = performance.now();
  const finishStage = (name: string) => {
    const now = performance.now();
    stages.push({ name, elapsedMs: now - startedMs });
    startedMs = now;
  };
  const data = { vectors, count, dimensions };

  let graph = job.graph;
  if (graph === undefined) {
    const onBlock = (share: number) => options.onShare?.(share * knnShare);
    graph = await exactKnn(data, { runtime: options.runtime, threads: options.threads, onBlock });
    finishStage('neighbors');
  }
  const coordinates = project(job, graph, (share) => options.onShare?.(knnShare + share * projectionShare));
  finishStage(job.method);
  const trustByPoint = trust(graph, coordinates);
  finishStage('trust');
  options.onShare?.(knnShare + projectionShare);
  const clusters = clusterHierarchy(graph, seed);
  finishStage('clusters');
  options.onShare?.(1);
  return { graph, coordinates, trust: trustByPoint, clusters, stages };
}

/** Coordinates by the job's method: 2 n, the longer side about 2, centered on 0 (a kept map: in its own frame). */
export function project(job: LayoutJob, graph: KnnGraph, onShare?: OnShare): Float32Array {
  switch (job.method) {
    case 'umap':
      return umap(job, graph, job, onShare);
    case 'umap-js':
      return umapJs(job, graph, job, onShare);
    case 'pca':
      return pca(job, job.seed, job.start);
  }
}
