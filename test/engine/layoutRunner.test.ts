import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { exactKnn } from '../../src/core/neighbors/exactKnn';
import type { LayoutJob } from '../../src/core/projection/layout';
import { layOut } from '../../src/core/projection/layoutStages';
import { LayoutRunner, LayoutWorkerDiedError } from '../../src/engine/layoutRunner';
import { defaultLayoutSettings } from '../../src/shared/layoutMethods';
import { builtEntry, repositoryRoot } from '../unit/builtEntries';
import { plantedVectors } from '../unit/neighbors/plantedVectors';

const assetsFolder = repositoryRoot;

function jobOf(count: number, epochs: number): LayoutJob {
  const { vectors, dimensions } = plantedVectors(count, 64, 6, 0.7, 2);
  const shared = new Float32Array(new SharedArrayBuffer(vectors.byteLength));
  shared.set(vectors);
  return { vectors: shared, count, dimensions, method: 'umap', ...defaultLayoutSettings('umap'), epochs, seed: 3 };
}

describe('the layout worker', function () {
  this.timeout(20_000);
  let runner: LayoutRunner;

  before(async () => {
    runner = new LayoutRunner({ workerFile: await builtEntry('layoutWorker'), assetsFolder, runtime: 'native' });
  });
  after(() => runner.close());

  it('answers what the core computes from its graph, with stages, and tells progress', async () => {
    const job = jobOf(700, 150);
    const shares: number[] = [];
    const result = await runner.run(job, { onProgress: (share) => shares.push(share) });
    const origin = Int32Array.from({ length: job.count }, (_, row) => row);
    const here = await layOut({ ...job, known: { graph: result.graph, origin } });
    assert.deepEqual(result.coordinates, here.coordinates);
    assert.deepEqual(result.clusters, here.clusters);
    assert.deepEqual(result.trust, here.trust);
    assert.deepEqual(
      result.stages.map(({ name }) => name),
      ['neighbors', 'umap', 'trust', 'clusters'],
    );
    assert.ok(shares.length > 0 && shares.every((share) => share > 0 && share <= 1));
    const exact = await exactKnn(job);
    assert.ok(result.graph.similarities.every((value, at) => Math.abs(value - exact.similarities[at]) < 2e-6));
    // A graph that the caller keeps is not taken away by the worker.
    const again = await runner.run({ ...job, known: { graph: result.graph, origin } });
    assert.deepEqual(again.coordinates, result.coordinates);
    assert.equal(result.graph.indices.length, 700 * 50);
  });

  it('stops when the signal says so, and serves the next job', async () => {
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const long = runner.run(jobOf(600, 100_000), {
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await assert.rejects(long, reason);
    assert.equal((await runner.run(jobOf(50, 10))).coordinates.length, 100);
    await assert.rejects(runner.run(jobOf(50, 10), { signal: AbortSignal.abort(reason) }), reason);
  });

  it('passes on why a layout failed', async () => {
    await assert.rejects(runner.run({ ...jobOf(50, 10), count: 51 }), /fewer vectors/);
  });

  it('that dies settles its jobs, and the next job gets a new one', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'layout-worker-'));
    const workerFile = path.join(folder, 'worker.js');
    await writeFile(
      workerFile,
      `require('node:worker_threads').parentPort.once('message', () => { throw new Error('broken'); });`,
    );
    const dying = new LayoutRunner({ workerFile, assetsFolder, runtime: 'none' });
    try {
      const both = await Promise.allSettled([dying.run(jobOf(20, 5)), dying.run(jobOf(20, 5))]);
      for (const outcome of both) {
        assert.ok(outcome.status === 'rejected' && outcome.reason instanceof LayoutWorkerDiedError);
        assert.match(outcome.reason.message, /broken/);
      }
      await writeFile(
        workerFile,
        `const port = require('node:worker_threads').parentPort;
         port.on('message', (message) => message.type === 'stop' ? port.close() : port.postMessage({ type: 'done', id: message.id, result: 'second' }));`,
      );
      assert.equal(await dying.run(jobOf(20, 5)), 'second');
    } finally {
      await dying.close();
      await rm(folder, { recursive: true });
    }
    await assert.rejects(dying.run(jobOf(20, 5)), /closed/);
  });

  it('lays out by WASM, and without any runtime', async () => {
    const workerFile = await builtEntry('layoutWorker');
    const job = jobOf(800, 10);
    for (const runtime of ['wasm', 'none'] as const) {
      const other = new LayoutRunner({ workerFile, assetsFolder, runtime });
      const result = await other.run(job);
      await other.close();
      assert.equal(result.coordinates.length, 1600);
    }
  });
});
