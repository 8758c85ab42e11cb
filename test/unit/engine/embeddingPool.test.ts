import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { ModelFolder } from '../../../src/core/embedding/modelFolder';
import { EmbeddingPool, EmbeddingPoolError, TextEmbeddingError } from '../../../src/engine/embeddingPool';
import { builtEntry } from '../builtEntries';

const texts = (...all: string[]) => all.map((text) => ({ text }));
const slowTexts = (count: number) => texts(...Array.from({ length: count }, (_, i) => `slow ${i}`));

describe('EmbeddingPool', () => {
  let folder: string;
  let pool: EmbeddingPool;
  let deaths: string[];
  let broken: EmbeddingPoolError | undefined;

  const start = async (threads: number) => {
    const modelFolder = {
      path: folder,
      manifest: { dimensions: 2, maxTokens: 256 },
      fingerprint: 'staged',
    } as unknown as ModelFolder;
    pool = await EmbeddingPool.start({
      runtime: 'native',
      threads,
      modelFolder,
      assetsFolder: folder,
      workerFile: await builtEntry('embeddingFakeWorker', 'test/unit/engine/embeddingFakeWorker.ts'),
      onWorkerDied: (reason) => deaths.push(reason),
      onBroken: (error) => (broken = error),
    });
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'latent-lens-pool-'));
    deaths = [];
    broken = undefined;
  });
  afterEach(async () => {
    await pool.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers in the order of the requests and embeds identical texts of a call once', async () => {
    await start(1);
    const order: number[] = [];
    const answers = await pool.embed(texts('a', 'b', 'a', 'c', 'a'), {
      priority: 'index',
      onEmbedded: (index) => order.push(index),
    });
    assert.deepEqual(
      answers.map(({ vector }) => vector[0]),
      [1, 2, 1, 3, 1],
    );
    assert.deepEqual(order, [0, 2, 4, 1, 3]);
    assert.deepEqual(await pool.embed([], { priority: 'index' }), []);
    // The same text with other spans is another question.
    const spans = await pool.embed(
      [{ text: 'd', spans: [[0, 1]] }, { text: 'd', spans: [[0, 1]] }, { text: 'd' }, { text: '["d",null]' }],
      { priority: 'index' },
    );
    assert.deepEqual(
      spans.map(({ vector }) => vector[0]),
      [4, 4, 5, 6],
    );
  });

  it('makes room while it is asked to, for an index alone', async () => {
    await start(1);
    let embedded = 0;
    const measure = async (): Promise<number> => {
      const startMs = performance.now();
      embedded = 0;
      await pool.embed(slowTexts(5), { priority: 'index', onEmbedded: () => embedded++ });
      return performance.now() - startMs;
    };
    // The least of three: a machine that stands still in between is no full speed.
    const fullSpeedMs = Math.min(await measure(), await measure(), await measure());
    pool.beGentleFor(60_000);
    const gentle = measure();
    // The first text is under way, the others wait and rest; a question waits for the one text alone.
    await pool.embed(texts('question'), { priority: 'query' });
    assert.ok(embedded <= 1, `${embedded} texts went first`);
    const gentleMs = await gentle;
    assert.ok(gentleMs > 1.5 * fullSpeedMs, `${gentleMs} ms, ${fullSpeedMs} ms at full speed`);
  });

  it('lets a query wait for one text at most, whatever waits to be indexed', async () => {
    await start(1);
    const embedded: string[] = [];
    const asked = path.join(folder, 'asked');
    // The first text is under way until the query is asked, the second lies ready in the worker.
    const index = pool.embed(texts(`wait ${asked}`, 'a', 'b'), {
      priority: 'index',
      onEmbedded: (i) => embedded.push(`index ${i}`),
    });
    const query = pool.embed(texts('query'), { priority: 'query', onEmbedded: () => embedded.push('query') });
    writeFileSync(asked, '');
    await Promise.all([query, index]);
    assert.ok(embedded.indexOf('query') <= 1, embedded.join(', '));
    assert.equal(embedded.length, 4);
  });

  it('starts workers as texts wait, up to its threads, and uses all of them', async () => {
    await start(3);
    await pool.embed(texts('alone'), { priority: 'query' });
    assert.equal(pool.workerCount, 1);
    const meeting = path.join(folder, 'meeting');
    mkdirSync(meeting);
    // No text ends before three workers are at one.
    const meetings = Array.from({ length: 24 }, (_, i) => `meet 3 ${i} ${meeting}`);
    const answers = await pool.embed(texts(...meetings), { priority: 'index' });
    assert.equal(pool.workerCount, 3);
    assert.equal(new Set(answers.map(({ vector }) => vector[1])).size, 3);
  });

  it('tells how many word pieces it embeds in a second', async () => {
    await start(1);
    assert.equal(pool.tokensPerSecond, undefined);
    await pool.embed(slowTexts(24), { priority: 'index' });
    const rate = pool.tokensPerSecond;
    // A worker does no more than 10 pieces in 40 ms.
    assert.ok(rate !== undefined && rate > 50 && rate < 300, `${rate} tokens/s`);
  });

  it('starts nothing more once a call is aborted, rejects it with the reason and goes on', async () => {
    await start(1);
    const controller = new AbortController();
    const embedded: number[] = [];
    const call = pool.embed(slowTexts(20), {
      priority: 'index',
      signal: controller.signal,
      onEmbedded: (index) => {
        embedded.push(index);
        if (index === 1) controller.abort(new Error('stopped by the person'));
      },
    });
    await assert.rejects(call, /stopped by the person/);
    const [next] = await pool.embed(texts('next'), { priority: 'index' });
    assert.deepEqual(embedded, [0, 1]);
    assert.ok(next.vector[0] <= 4, `${next.vector[0]} texts were embedded`);
    const aborted = AbortSignal.abort(new Error('before it began'));
    await assert.rejects(pool.embed(texts('x'), { priority: 'query', signal: aborted }), /before it began/);
  });

  it('gives the text of a worker that died to another one', async () => {
    await start(2);
    const marker = path.join(folder, 'marker');
    writeFileSync(marker, '');
    const answers = await pool.embed(texts('slow 1', `die once ${marker}`, 'slow 2', 'b', 'c'), { priority: 'index' });
    assert.equal(answers.length, 5);
    assert.ok(answers.every(({ tokens }) => tokens === 10));
    assert.deepEqual([deaths.length, broken], [1, undefined]);
    assert.match(deaths[0], /ended with code 7/);
  });

  it('gives up a text that takes two workers down, says which, and goes on with the others', async () => {
    await start(2);
    const bad = pool.embed(texts('a', 'die', 'b'), { priority: 'index' });
    const good = pool.embed(texts('x', 'y'), { priority: 'index' });
    await assert.rejects(bad, (error) => error instanceof TextEmbeddingError && error.index === 1);
    assert.equal((await good).length, 2);
    assert.equal(broken, undefined);
    const refused = pool.embed(texts('a', 'fail'), { priority: 'index' });
    await assert.rejects(refused, (error) => error instanceof TextEmbeddingError && /staged/.test(error.message));
    assert.equal((await pool.embed(texts('z'), { priority: 'query' })).length, 1);
  });

  it('settles everything when its workers keep dying, and refuses what comes after', async () => {
    await start(1);
    const calls = [
      ...['die 1', 'die 2', 'die 3'].map((text) => pool.embed(texts(text), { priority: 'index' })),
      pool.embed(slowTexts(50), { priority: 'index' }),
    ];
    const outcomes = await Promise.allSettled(calls);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected', 'rejected'],
    );
    assert.ok(broken instanceof EmbeddingPoolError);
    assert.equal(deaths.length, 3);
    await assert.rejects(pool.embed(texts('later'), { priority: 'query' }), EmbeddingPoolError);
  });

  it('says why no session could be opened, and carries on with those it has when one more can not be', async () => {
    await start(2);
    writeFileSync(path.join(folder, 'unusable'), '');
    assert.equal((await pool.embed(slowTexts(4), { priority: 'index' })).length, 4);
    // The second worker may still be starting.
    while (deaths.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(deaths, ['The model is staged to be unusable.']);
    assert.equal(pool.workerCount, 1);
    await pool.close();
    await assert.rejects(start(1), /The model is staged to be unusable/);
  });

  it('closes between texts: what runs ends, what waits is rejected, every worker is gone', async () => {
    await start(2);
    const call = pool.embed(slowTexts(10), { priority: 'index' });
    await pool.embed(texts('query'), { priority: 'query' });
    const rejected = assert.rejects(call, /closing/);
    await pool.close();
    await rejected;
    assert.equal(pool.workerCount, 0);
    assert.deepEqual([deaths, broken], [[], undefined]);
    await assert.rejects(pool.embed(texts('later'), { priority: 'query' }), EmbeddingPoolError);
  });
});
