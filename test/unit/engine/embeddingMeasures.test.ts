import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { RuntimeMemory } from '../../../src/engine/runtimeMemory';
import { Throughput } from '../../../src/engine/throughput';

describe('Throughput', () => {
  let nowMs = 0;
  const text = (throughput: Throughput, elapsedMs: number, tokens: number) => {
    throughput.started();
    nowMs += elapsedMs;
    throughput.finished(tokens);
  };

  it('counts the time in which something is embedded, not the waiting between', () => {
    const throughput = new Throughput(() => nowMs);
    assert.equal(throughput.tokensPerSecond, undefined);
    for (let i = 0; i < 10; i++) {
      text(throughput, 100, 200);
      nowMs += 60_000;
    }
    assert.equal(throughput.tokensPerSecond, 2000);
  });

  it('adds up what workers do side by side', () => {
    const throughput = new Throughput(() => nowMs);
    throughput.started();
    throughput.started();
    nowMs += 100;
    throughput.finished(200);
    throughput.finished(200);
    assert.equal(throughput.tokensPerSecond, 4000);
  });

  it('forgets what is older than five seconds of work', () => {
    const throughput = new Throughput(() => nowMs);
    for (let i = 0; i < 100; i++) text(throughput, 100, 1000);
    for (let i = 0; i < 60; i++) text(throughput, 100, 10);
    assert.equal(throughput.tokensPerSecond, 100);
  });
});

describe('RuntimeMemory', () => {
  const day = 24 * 3600 * 1000;
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'latent-lens-memory-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('asks again after a while where the answer may have been bad luck', async () => {
    let now = 1_000_000;
    const open = () => RuntimeMemory.open(path.join(folder, 'runtimes.json'), '1.0.0', () => now);
    const memory = await open();
    memory.remember('native', { ok: false, reason: 'it hung', validUntil: now + day });
    memory.remember('wasm', { ok: true, tokensPerSecond: 1000 });
    memory.rememberCrash('native', 'SIGTRAP');
    await memory.save();
    assert.equal((await open()).answer('native')?.reason, 'it hung');
    assert.equal((await open()).crash('native')?.reason, 'SIGTRAP');
    now += 2 * day;
    assert.equal((await open()).answer('native'), undefined);
    assert.equal((await open()).crash('native')?.reason, 'SIGTRAP');
    now += 40 * day;
    assert.equal((await open()).crash('native'), undefined);
    assert.equal((await open()).answer('wasm')?.ok, true);
  });

  it('keeps the answers of the newest versions alone', async () => {
    const file = path.join(folder, 'runtimes.json');
    for (let version = 0; version < 12; version++) {
      const memory = await RuntimeMemory.open(file, `version ${version}`, () => 1000 + version);
      memory.remember('native', { ok: true });
      await memory.save();
    }
    const known = async (version: number) =>
      (await RuntimeMemory.open(file, `version ${version}`)).answer('native')?.ok;
    assert.deepEqual(await Promise.all([3, 4, 11].map(known)), [undefined, true, true]);
  });
});
