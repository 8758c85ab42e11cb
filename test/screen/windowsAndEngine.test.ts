import assert from 'node:assert/strict';
import { VscodeSession } from './vscodeSession';

describe('Windows and their engine', () => {
  it('share one engine and one index in two windows on one folder', async () => {
    const session = await VscodeSession.start();
    try {
      const first = await session.open();
      const chunks = await first.index();
      const second = await session.open();
      assert.equal(await second.indexedChunks(), chunks);
      await second.openMap();
      await first.openMap();
      assert.equal(session.engines().length, 1, 'one engine');
      assert.match(await second.engineInformation(), /Windows that share it: 2/);
      assert.equal([...session.log().matchAll(/Indexed /g)].length, 1, 'the second window indexed nothing');
    } finally {
      await session.stop();
    }
  });

  it('complete an index whose engine was killed in the middle, and embed little twice', async () => {
    // One thread of WASM is slow enough to be killed in the middle.
    const session = await VscodeSession.start({
      settings: { 'latentLens.engine.runtime': 'wasm', 'latentLens.engine.threads': 1 },
    });
    try {
      const lens = await session.open();
      await lens.workbench.runCommand('Latent Lens: Index Workspace');
      await lens.statusItem.filter({ hasText: /Indexing [1-9]\d?%/ }).waitFor({ timeout: 60_000 });
      const [engine] = session.engines();
      process.kill(engine, 'SIGKILL');
      const chunks = await lens.indexedChunks(180_000);
      const [restarted] = session.engines();
      assert.notEqual(restarted, engine, 'another engine took over');
      const pixels = await lens.openMap();
      assert.ok(pixels.areas >= 5);
      const run = /Indexed [\d,]+ files?, ([\d,]+) chunks?: (\d+) embedded, (\d+) reused/.exec(session.log());
      assert.ok(run, session.log());
      assert.equal(Number(run[1]), chunks);
      assert.ok(Number(run[3]) > 0, `what was stored before the kill was reused: ${run[0]}`);
    } finally {
      await session.stop();
    }
  });
});
