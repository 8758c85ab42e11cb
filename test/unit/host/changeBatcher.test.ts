import assert from 'node:assert/strict';
import { ChangeBatcher } from '../../../src/host/space/changeBatcher';
import { after, useFakeClock } from './fakeClock';

describe('the batcher of changed files', () => {
  const goBy = useFakeClock();

  it('sends each path once, after the folder was quiet, and folders apart', async () => {
    const sent: [string, string[]][] = [];
    const batcher = new ChangeBatcher({
      quietMs: 20,
      maxWaitMs: 1000,
      send: async (...batch) => void sent.push(batch),
    });
    batcher.add('a', 'one.md');
    batcher.add('a', 'two.md');
    batcher.add('b', 'one.md');
    batcher.add('a', 'one.md');
    assert.equal(sent.length, 0);
    await goBy(60);
    assert.deepEqual(sent.sort(), [
      ['a', ['one.md', 'two.md']],
      ['b', ['one.md']],
    ]);
    batcher.dispose();
  });

  it('does not wait forever while files keep changing', async () => {
    let batches = 0;
    const batcher = new ChangeBatcher({ quietMs: 40, maxWaitMs: 80, send: async () => void batches++ });
    for (let i = 0; i < 16; i++) {
      batcher.add('a', `${i}.md`);
      await goBy(15);
    }
    assert.ok(batches >= 1, 'nothing was sent while files kept changing');
    batcher.dispose();
  });

  it('waits out a burst, so that a switch of branches is one batch', async () => {
    const sent: string[][] = [];
    const batcher = new ChangeBatcher({
      ...{ quietMs: 10, maxWaitMs: 40, burstPaths: 100, burstQuietMs: 60, burstMaxWaitMs: 5_000 },
      send: async (_folder, paths) => void sent.push(paths),
    });
    // Six gusts with a pause of more than `quietMs` between them, over more than `maxWaitMs`.
    for (let gust = 0; gust < 6; gust++) {
      for (let i = 0; i < 500; i++) batcher.add('a', `${gust}/${i}.md`);
      await goBy(20);
    }
    await goBy(120);
    assert.deepEqual(
      sent.map((paths) => paths.length),
      [3_000],
    );
    batcher.dispose();
  });

  it('keeps what arrives while a batch is on its way, and never sends two at a time', async () => {
    const sent: string[][] = [];
    let running = 0;
    let most = 0;
    const batcher = new ChangeBatcher({
      quietMs: 5,
      maxWaitMs: 50,
      send: async (_folder, paths) => {
        most = Math.max(most, ++running);
        sent.push(paths);
        await after(40);
        running--;
      },
    });
    batcher.add('a', 'one.md');
    await goBy(20);
    batcher.add('a', 'two.md');
    batcher.add('a', 'three.md');
    await goBy(120);
    assert.deepEqual(sent, [['one.md'], ['two.md', 'three.md']]);
    assert.equal(most, 1);
    batcher.dispose();
  });

  it('sends nothing after it was disposed of', async () => {
    let batches = 0;
    const batcher = new ChangeBatcher({ quietMs: 5, maxWaitMs: 50, send: async () => void batches++ });
    batcher.add('a', 'one.md');
    batcher.dispose();
    batcher.add('a', 'two.md');
    await goBy(30);
    assert.equal(batches, 0);
  });
});
