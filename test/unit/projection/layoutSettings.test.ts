import assert from 'node:assert/strict';
import { blockedKnn } from '../../../src/core/neighbors/blockedKnn';
import { centeredRows } from '../../../src/core/projection/centeredRows';
import type { LayoutJob } from '../../../src/core/projection/layout';
import { layOut, rowsOf } from '../../../src/core/projection/layoutStages';
import { parseWebviewMessage } from '../../../src/shared/hostWebview';
import {
  defaultLayoutSettings,
  layoutMethodNames,
  layoutMethods,
  layoutSettings,
} from '../../../src/shared/layoutMethods';
import { plantedVectors } from '../neighbors/plantedVectors';

describe('the settings of layouts', () => {
  it('describe every method once, in ranges that hold what it is laid out with by default', () => {
    assert.deepEqual(layoutMethods.map(({ method }) => method).sort(), [...layoutMethodNames].sort());
    for (const { method, help, settings } of layoutMethods) {
      assert.ok(help.endsWith('.') && settings.length > 0);
      for (const name of settings) {
        const setting = layoutSettings[name];
        assert.match(setting.help, /^[A-Z].*\.$/u);
        if (setting.kind !== 'number') continue;
        const value = defaultLayoutSettings(method)[name] as number;
        assert.ok(value >= setting.min && value <= setting.max, `${method}: ${name}`);
      }
    }
  });

  it('are checked when the panel sends them', () => {
    const ask = (more: object) =>
      parseWebviewMessage({ type: 'request', id: 1, request: { method: 'relayout', layout: 'tsne', ...more } });
    ask({});
    ask({ perplexity: 12, metric: 'centered', minimalDistance: 0.25, epochs: 300, seed: 7, neighbors: 5 });
    for (const wrong of [
      { perplexity: 500 },
      { metric: 'euclidean' },
      { neighbors: 2.5 },
      { epochs: -1 },
      { seed: NaN },
    ]) {
      assert.throws(() => ask(wrong), JSON.stringify(wrong));
    }
  });
});

describe('a layout', () => {
  const data = plantedVectors(120, 16, 4);
  const job: LayoutJob = { ...data, method: 'umap', ...defaultLayoutSettings('umap'), epochs: 50 };

  it('by centered cosine is another picture of points whose true neighbors stay those by cosine', async () => {
    const { vectors } = centeredRows(data);
    for (let d = 0; d < 16; d++) {
      let norms = 0;
      for (let row = 0; row < 120; row++) norms += vectors[row * 16 + d] ** 2;
      assert.ok(norms > 0);
    }
    const cosine = await layOut(job);
    const centered = await layOut({ ...job, metric: 'centered' });
    assert.notDeepEqual(centered.coordinates, cosine.coordinates);
    assert.deepEqual(centered.graph.indices, cosine.graph.indices);
  });

  it('of some rows, in an order of their own, is that of these rows alone', async () => {
    const rows = Int32Array.from({ length: 60 }, (_, i) => 119 - 2 * i);
    const picked = rowsOf({ ...data, rows, count: 60 });
    assert.deepEqual(picked.vectors.slice(16, 32), data.vectors.slice(117 * 16, 118 * 16));
    const some = await layOut({ ...job, rows, count: 60 });
    assert.deepEqual(some.coordinates, (await layOut({ ...job, ...picked })).coordinates);
    await assert.rejects(layOut({ ...job, rows: Int32Array.of(120), count: 1 }), RangeError);
  });

  it('takes over the neighbors that are known, and only those', async () => {
    const before = blockedKnn({ ...data, count: 110 }, 50);
    const origin = Int32Array.from({ length: 120 }, (_, i) => (i < 110 ? i : -1));
    const updated = await layOut({ ...job, known: { graph: before, origin } });
    const anew = await layOut(job);
    assert.deepEqual(updated.graph.indices, anew.graph.indices);
    assert.deepEqual(updated.coordinates, anew.coordinates);
    // t-SNE wants more neighbors than were kept.
    const wide = await layOut({ ...job, method: 'tsne', known: { graph: before, origin } });
    assert.equal(wide.graph.k, 90);
  });
});
