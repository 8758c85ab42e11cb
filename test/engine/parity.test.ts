import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import type { Embedding } from '../../src/core/embedding/embedding';
import { ModelFolder } from '../../src/core/embedding/modelFolder';
import { EmbeddingPool } from '../../src/engine/embeddingPool';
import type { RuntimeProbeAnswer } from '../../src/engine/runtimeProbe';
import { builtEntry, repositoryRoot } from '../unit/builtEntries';

const modelPath = path.join(repositoryRoot, 'media/models/all-MiniLM-L6-v2');

/** Texts and their vectors by sentence-transformers in full precision; odd texts come last. */
const reference = readFileSync(path.join(repositoryRoot, 'test/fixtures/minilm-reference.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { text: string; vector: number[] });
const naturalTexts = 116;

const similarity = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d] * b[d];
  return sum;
};
const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

for (const runtime of ['native', 'wasm'] as const) {
  describe(`embedding with the ${runtime} runtime`, function () {
    this.timeout(120_000);
    let pool: EmbeddingPool;
    let embeddings: Embedding[];

    before(async () => {
      pool = await EmbeddingPool.start({
        runtime,
        threads: 2,
        modelFolder: await ModelFolder.open(modelPath),
        assetsFolder: repositoryRoot,
        workerFile: await builtEntry('embeddingWorker'),
      });
      embeddings = await pool.embed(reference, { priority: 'index' });
    });
    after(() => pool.close());

    it('is at parity with sentence-transformers in full precision', () => {
      assert.equal(reference.length, 126);
      const similarities = embeddings.map(({ vector }, i) => similarity(vector, reference[i].vector));
      const mean = meanOf(similarities);
      const minimum = Math.min(...similarities);
      const natural = Math.min(...similarities.slice(0, naturalTexts));
      const figures = `mean ${mean.toFixed(4)}, minimum ${minimum.toFixed(4)}, natural texts ${natural.toFixed(4)}`;
      assert.ok(mean >= 0.994 && minimum >= 0.94 && natural >= 0.985, figures);
    });

    it('gives vectors of length one for empty and odd texts too, and says what it did not see', () => {
      for (const { vector } of embeddings) assert.ok(Math.abs(similarity(vector, vector) - 1) < 1e-5);
      const byText = (start: string) => embeddings[reference.findIndex(({ text }) => text.startsWith(start))];
      assert.equal(embeddings[reference.findIndex(({ text }) => text === '')].tokens, 2);
      assert.deepEqual(
        [byText('The quick brown fox. The').tokens, byText('The quick brown fox. The').truncated],
        [256, true],
      );
      assert.equal(byText('A man with').truncated, false);
    });

    it('gives the same text the byte-same vector, whatever is embedded beside it and by whichever worker', async () => {
      const picks = [0, 42, 95, 104, 116, 118, 122, 124, 125];
      const alone: Embedding[] = [];
      for (const pick of picks) alone.push(...(await pool.embed([reference[pick]], { priority: 'query' })));
      const together = await pool.embed(
        [...picks].reverse().map((pick) => reference[pick]),
        { priority: 'index' },
      );
      picks.forEach((pick, i) => {
        assert.deepEqual(alone[i].vector, embeddings[pick].vector);
        assert.deepEqual(together[picks.length - 1 - i].vector, embeddings[pick].vector);
      });
    });

    it('averages the pieces of each span in the same pass', async () => {
      const finance = 'The bank raised its interest rates again.';
      const sports = 'The goalkeeper saved a penalty in the last minute.';
      const text = `${finance} ${sports} `;
      const spans = [
        [0, finance.length],
        [finance.length + 1, text.length],
        [text.length - 1, text.length],
      ] as const;
      const [both, alone, ofFinance, ofSports] = await pool.embed(
        [{ text, spans }, { text }, { text: finance }, { text: sports }],
        { priority: 'query' },
      );
      assert.deepEqual(both.vector, alone.vector);
      assert.equal(alone.spanVectors, undefined);
      const span = (i: number) => (both.spanVectors as Float32Array).subarray(i * 384, (i + 1) * 384);
      assert.equal(both.spanVectors?.length, 3 * 384);
      assert.ok(Math.abs(similarity(span(0), span(0)) - 1) < 1e-5);
      assert.ok(similarity(span(0), ofFinance.vector) > similarity(span(0), ofSports.vector) + 0.2);
      assert.ok(similarity(span(1), ofSports.vector) > similarity(span(1), ofFinance.vector) + 0.2);
      assert.deepEqual(span(2), new Float32Array(384));
    });

    it('is what truly runs, and its probe says how fast', async function () {
      if (process.platform !== 'linux') this.skip();
      // Looks at what is mapped into the probe's process when it ends.
      const preload = path.join(repositoryRoot, 'out', 'entries', 'printMaps.cjs');
      writeFileSync(
        preload,
        `process.on('exit', () => process.stderr.write(require('node:fs').readFileSync('/proc/self/maps', 'utf8')));`,
      );
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        ['--require', preload, await builtEntry('runtimeProbe'), runtime, modelPath, repositoryRoot],
        { maxBuffer: 1 << 26 },
      );
      assert.equal(/onnxruntime_binding/.test(stderr), runtime === 'native');
      assert.doesNotMatch(stderr, /sharp|libvips/);
      const answer = JSON.parse(stdout) as RuntimeProbeAnswer;
      assert.ok(answer.ok && answer.runtime === runtime && answer.tokensPerSecond > 10 && answer.similarity > 0.98);
    });
  });
}

describe('an embedding worker in a process of its own', function () {
  this.timeout(60_000);

  it('gives the same vectors as a thread, and ends when it is asked to', async () => {
    const options = {
      threads: 1,
      modelFolder: await ModelFolder.open(modelPath),
      assetsFolder: repositoryRoot,
      workerFile: await builtEntry('embeddingWorker'),
    };
    const thread = await EmbeddingPool.start({ ...options, runtime: 'native' });
    const child = await EmbeddingPool.start({ ...options, runtime: 'native-other-node', nodePath: process.execPath });
    const requests = [{ text: 'lone \ud800 surrogate', spans: [[0, 4]] as const }, { text: '東京' }, { text: '' }];
    const [ofThread, ofChild] = await Promise.all(
      [thread, child].map((pool) => pool.embed(requests, { priority: 'index' })),
    );
    assert.deepEqual(ofChild, ofThread);
    await Promise.all([thread.close(), child.close()]);
    assert.deepEqual([thread.workerCount, child.workerCount], [0, 0]);
  });
});
