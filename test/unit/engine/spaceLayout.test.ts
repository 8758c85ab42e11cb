import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Points } from '../../../src/core/index/points';
import type { LayoutJob, LayoutResult } from '../../../src/core/projection/layout';
import type { LayoutRunOptions } from '../../../src/engine/layoutRunner';
import { SpaceLayout } from '../../../src/engine/spaceLayout';
import { defaultLayoutSettings } from '../../../src/shared/layoutMethods';
import { SpaceMap } from '../../../src/engine/spaceMap';
import type { SpaceQueries } from '../../../src/engine/spaceQueries';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';

/** A layout over points that are only counted, with a worker that answers at once and remembers its jobs. */
function layoutOver(folder: string, count: number, textOf: (row: number) => string = () => 'some words') {
  const state = { count, revision: 1 };
  const points = {
    dimensions: 2,
    get rows() {
      return state.count;
    },
    get liveCount() {
      return state.count;
    },
    get revision() {
      return state.revision;
    },
    isLive: () => true,
    liveRows: () => Int32Array.from({ length: state.count }, (_, row) => row),
    rowsByKey: () => Int32Array.from({ length: state.count }, (_, row) => row),
    get vectorRows() {
      return { vectors: new Float32Array(2 * state.count), count: state.count, dimensions: 2 };
    },
    point: (row: number) => ({ key: String(row), places: [{ folder: 0, file: { path: 'a.md', fileType: 'md' } }] }),
    rowOfKey: (key: string) => Number(key),
  } as unknown as Points;
  const jobs: LayoutJob[] = [];
  const random = seededRandom(1);
  const holding = { next: false };
  const run = (job: LayoutJob, { signal }: LayoutRunOptions = {}): Promise<LayoutResult> => {
    jobs.push(job);
    if (holding.next) {
      holding.next = false;
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
    }
    return Promise.resolve({
      graph: { count: job.count, k: 0, indices: new Int32Array(0), similarities: new Float32Array(0) },
      coordinates: Float32Array.from({ length: 2 * job.count }, () => random.normal()),
      trust: new Uint8Array(job.count),
      falseNeighbors: new Uint8Array(job.count),
      clusters: { levels: [Uint16Array.from({ length: job.count }, (_, i) => i % 20)], main: 0 },
      stages: [],
    });
  };
  const map = new SpaceMap(points);
  const queries = { restoreQuerySample: () => undefined } as unknown as SpaceQueries;
  const layout = new SpaceLayout(
    'space',
    points,
    map,
    queries,
    {
      layoutRunner: () => Promise.resolve({ run, assess: () => Promise.reject(new Error('not asked for')) }),
      mapsFolder: folder,
      tell: () => undefined,
    },
    {
      textOf: (row) => ({ key: '', context: [], text: textOf(row), kind: 'prose', tokens: 1, parts: 1 }),
      onMap: () => undefined,
      onProgress: () => undefined,
    },
  );
  return { layout, map, jobs, state, holding };
}

describe('the layout of a space', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-layout-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('is renewed once when an index is done that made the map grow to twice its first layout', async () => {
    const { layout, jobs, state } = layoutOver(folder, 200);
    await layout.layOut();
    for (const count of [300, 450]) {
      Object.assign(state, { count, revision: count });
      await layout.layOut(undefined, 'step');
    }
    assert.deepEqual(
      jobs.map(({ renew, start }) => [renew === true, start !== undefined]),
      [
        [false, false],
        [false, true],
        [false, true],
      ],
    );
    await layout.finish();
    assert.equal(jobs.length, 4, 'the map held every point already, and is renewed all the same');
    assert.ok(jobs[3].renew === true && jobs[3].start !== undefined && jobs[3].count === 450);
    await layout.finish();
    assert.equal(jobs.length, 4);
  });

  it('is renewed after a restart in the middle of a first index, too', async () => {
    const first = layoutOver(folder, 200);
    await first.layout.layOut();
    Object.assign(first.state, { count: 300, revision: 2 });
    await first.layout.layOut(undefined, 'step');
    const second = layoutOver(folder, 450);
    second.layout.restore();
    await second.layout.finish();
    assert.deepEqual(
      second.jobs.map(({ renew }) => renew),
      [true],
    );
  });

  it('is never renewed by edits, however many come one after the other', async () => {
    const { layout, jobs, state } = layoutOver(folder, 200);
    await layout.layOut();
    for (let count = 240; count < 600; count = Math.round(count * 1.2)) {
      Object.assign(state, { count, revision: count });
      await layout.finish();
    }
    assert.ok(jobs.length > 5);
    assert.ok(jobs.every(({ renew }) => renew === false));
  });

  it('that is stopped keeps the map before and what was asked for it, and what is known is not found again', async () => {
    const { layout, map, jobs, state, holding } = layoutOver(folder, 200);
    await layout.layOut();
    const { revision } = map;
    holding.next = true;
    const asked = layout.layOut({ method: 'tsne', ...defaultLayoutSettings('tsne'), perplexity: 12 });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(layout.progress, { method: 'tsne', share: 0 });
    await Promise.all([assert.rejects(asked, /The map before is kept/), layout.stop()]);
    assert.deepEqual([map.revision, map.layout?.method, layout.progress], [revision, 'umap', undefined]);
    await layout.layOut();
    assert.equal(jobs[2].method, 'umap');
    assert.ok(jobs[2].start !== undefined && jobs[2].known?.origin.every((place, row) => place === row));
    // An index that ends is done all the same when its layout is stopped.
    Object.assign(state, { count: 300, revision: 2 });
    holding.next = true;
    const finished = layout.finish();
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([finished, layout.stop()]);
    assert.equal(map.layout?.method, 'umap');
    // Other settings ask for another picture, which must not start from this one.
    await layout.layOut({ method: 'umap', ...defaultLayoutSettings('umap'), neighbors: 30 });
    assert.equal(jobs[4].start, undefined);
  });

  it('labels 10,000 points without holding up its thread for 50 ms, and reads only the texts that count', async function () {
    this.timeout(20_000);
    const random = seededRandom(5);
    const words = Array.from({ length: 3000 }, (_, i) => `term${String.fromCharCode(97 + (i % 26))}${i.toString(26)}`);
    const text = () => Array.from({ length: 150 }, () => words[random.below(words.length)]).join(' ');
    let read = 0;
    const { layout, map } = layoutOver(folder, 10_000, () => {
      read++;
      return text();
    });
    // Processor time of this thread's turns: the machine may be busy with something else.
    const turns: number[] = [];
    let before = process.cpuUsage();
    let isDone = false;
    const tick = () => {
      const { user, system } = process.cpuUsage(before);
      turns.push((user + system) / 1000);
      before = process.cpuUsage();
      if (!isDone) setImmediate(tick);
    };
    setImmediate(tick);
    await layout.layOut().finally(() => (isDone = true));
    assert.equal(map.columns(['folder'], () => false).clusters.length, 20);
    assert.equal(read, 20 * 120);
    turns.sort((a, b) => b - a);
    // A collection of garbage may make one turn long.
    assert.ok(turns.length > 5 && turns[2] < 50, `longest turns: ${turns.slice(0, 5).map(Math.round).join(', ')} ms`);
  });
});
