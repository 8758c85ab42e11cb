import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { isProvablyDead, Lease, LeaseHeldError, processStart } from '../../../src/engine/lease';

describe('a lease', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-lease-'));
    file = path.join(folder, 'a.lease');
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('has one owner at a time, and is free again after its release', () => {
    const first = Lease.acquire(file, { note: 'x' });
    assert.ok(first.isHeld());
    assert.throws(() => Lease.acquire(file), LeaseHeldError);
    first.release();
    assert.ok(!first.isHeld());
    const second = Lease.acquire(file);
    assert.ok(second.isHeld());
    second.release();
    assert.deepEqual(fs.readdirSync(folder), [], 'nothing is left behind');
  });

  it('is taken over from a process that was killed, by exactly one of many', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await new Promise((resolve) => child.once('spawn', resolve));
    const pid = child.pid ?? 0;
    fs.writeFileSync(file, JSON.stringify({ pid, processStart: processStart(pid) }));
    assert.throws(() => Lease.acquire(file), LeaseHeldError, 'the owner is alive');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const outcomes = Array.from({ length: 5 }, () => {
      try {
        return Lease.acquire(file);
      } catch (error) {
        assert.ok(error instanceof LeaseHeldError);
        return undefined;
      }
    });
    assert.equal(outcomes.filter((lease) => lease?.isHeld()).length, 1);
    for (const lease of outcomes) lease?.release();
  });

  it('belongs to nobody when its pid was given to another process', function () {
    if (processStart(process.pid) === '') this.skip();
    assert.ok(isProvablyDead({ owner: { pid: process.pid, processStart: '1' }, ageMs: 0 }));
    assert.ok(!isProvablyDead({ owner: { pid: process.pid, processStart: processStart(process.pid) }, ageMs: 1e9 }));
  });

  it('that can not be read is not taken at once: its owner may be writing it', () => {
    fs.writeFileSync(file, '{"pid":');
    assert.throws(() => Lease.acquire(file), LeaseHeldError);
    const longAgo = new Date(Date.now() - 3_600_000);
    fs.utimesSync(file, longAgo, longAgo);
    Lease.acquire(file).release();
  });

  it('tells its owner when it was taken', () => {
    const lease = Lease.acquire(file);
    fs.writeFileSync(file, JSON.stringify({ pid: 1, processStart: 'other' }));
    assert.ok(!lease.isHeld());
    lease.release();
    assert.ok(fs.existsSync(file), 'the new owner keeps it');
  });
});
