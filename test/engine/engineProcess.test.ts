import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { EngineDiedError, type EngineStatus } from '../../src/host/engineClient';
import { encodeFrame } from '../../src/shared/framing';
import { EngineFixture, page, stateWhere, until } from './engineFixture';

describe('the engine process', () => {
  let fixture: EngineFixture;
  beforeEach(() => {
    fixture = new EngineFixture();
  });
  afterEach(async () => {
    await fixture.close();
  });

  const writePages = (count: number): void => {
    for (let i = 0; i < count; i++) fixture.write(`folder${i % 5}/page${i}.md`, page(i));
  };

  it('is one for two windows that start at once, and embeds nothing for the second', async () => {
    writePages(30);
    const first = fixture.window();
    const second = fixture.window();
    const [opened, again] = await Promise.all([
      first.request('openSpace', fixture.folders),
      second.request('openSpace', fixture.folders),
    ]);
    assert.equal(opened.spaceId, again.spaceId);
    assert.equal(opened.state.phase, 'none');
    const { spaceId } = opened;
    const seenBySecond = stateWhere(second, ({ phase, files }) => phase === 'ready' && files === 30);
    const report = await first.request('index', { spaceId, startedByPerson: true });
    assert.equal(report.files, 30);
    assert.ok(report.embedded > 0);
    await seenBySecond;
    const repeated = await second.request('index', { spaceId, startedByPerson: true });
    assert.deepEqual([repeated.embedded, repeated.files], [0, 30]);
    const [a, b] = [await first.request('info', {}), await second.request('info', {})];
    assert.equal(a.pid, b.pid);
    assert.equal(a.windows, 2);
  });

  it('shows the same map after all windows were closed and opened again, and embeds nothing', async () => {
    writePages(30);
    const before = fixture.window();
    const { spaceId } = await before.request('openSpace', fixture.folders);
    await before.request('index', { spaceId, startedByPerson: true });
    const map = await before.request('map', { spaceId });
    await before.dispose();
    await fixture.engineGone();
    const after = fixture.window();
    const { state } = await after.request('openSpace', fixture.folders);
    assert.equal(state.files, 30);
    const again = await after.request('map', { spaceId });
    assert.ok(map !== null && again !== null);
    assert.deepEqual(new Map(byPlace(again)), new Map(byPlace(map)));
    const report = await after.request('index', { spaceId, startedByPerson: true });
    assert.deepEqual([report.embedded, report.reused], [0, report.chunks]);

    function byPlace({ point, coordinates }: { point: Uint32Array; coordinates: Float32Array }): [number, number[]][] {
      return Array.from(point, (id, i) => [id, [...coordinates.subarray(2 * i, 2 * i + 2)]]);
    }
  });

  it('loses at most what was in flight when it is killed in mid-index, and completes by itself', async () => {
    const pages = 90;
    writePages(pages);
    // WASM, one session: slow enough to be killed in the middle.
    const client = fixture.window({}, 'wasm');
    const { spaceId } = await client.request('openSpace', fixture.folders);
    const { pid } = await client.request('info', {});
    const socketOfKilled = fixture.lease().address;
    const midway = stateWhere(client, ({ files }) => files >= 15);
    const run = client.request('index', { spaceId, startedByPerson: true });
    const died = assert.rejects(run, EngineDiedError);
    const { files: committed } = await midway;
    process.kill(pid, 'SIGKILL');
    await died;
    const done = await stateWhere(client, ({ phase }) => phase === 'ready', 150_000);
    assert.equal(done.files, pages, 'the index is not called ready before it is whole');
    assert.notEqual((await client.request('info', {})).pid, pid);
    assert.ok(!fs.existsSync(socketOfKilled), 'the socket of the killed engine is cleared away');
    const report = done.lastReport;
    assert.ok(report !== undefined && !report.cancelled);
    assert.ok(report.reused >= committed, `${report.reused} chunks reused of ${committed} files that were committed`);
    assert.ok(report.embedded < report.chunks);
    assert.equal(report.embedded + report.reused, report.chunks);
  });

  it('keeps what was embedded when the person stops it, and waits for the person to go on', async () => {
    writePages(80);
    const client = fixture.window({}, 'wasm');
    const { spaceId } = await client.request('openSpace', fixture.folders);
    const midway = stateWhere(client, ({ files }) => files >= 10);
    const run = client.request('index', { spaceId, startedByPerson: true });
    await midway;
    await client.request('stopIndexing', { spaceId });
    const report = await run;
    assert.ok(report.cancelled);
    await client.dispose();
    await fixture.engineGone();
    const later = fixture.window();
    const { state } = await later.request('openSpace', fixture.folders);
    assert.ok(state.files >= 10 && state.files < 80, `${state.files} files are kept`);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const { files } = (await later.request('openSpace', fixture.folders)).state;
    assert.equal(files, state.files, 'it does not go on by itself');
    const rest = await later.request('index', { spaceId, startedByPerson: true });
    assert.equal(rest.files, 80);
    assert.ok(rest.reused >= state.files);
  });

  it('stops when nobody asks, and starts again on the next request with the space still open', async () => {
    writePages(3);
    const client = fixture.window({ idleMs: 1_500 });
    const { spaceId } = await client.request('openSpace', fixture.folders);
    await client.request('index', { spaceId, startedByPerson: true });
    const { pid } = await client.request('info', {});
    const statuses: EngineStatus[] = [];
    client.onStatus((status) => statuses.push(status));
    await until(() => statuses.includes('stopped'), 20_000, 'the engine to stop');
    const { hits } = await client.request('search', { spaceId, query: 'repairing a pump', limit: 3 });
    assert.equal(hits.length, 3);
    assert.notEqual((await client.request('info', {})).pid, pid);
    assert.ok(!fixture.log.some((line) => line.includes('died')), 'an idle stop is no crash');
  });

  it('exits when its last window is gone, and leaves no socket', async () => {
    const client = fixture.window();
    await client.request('info', {});
    const lease = fixture.lease();
    assert.ok(fs.existsSync(lease.address));
    await client.dispose();
    await fixture.engineGone();
    await until(() => !fs.existsSync(lease.address), 5_000, 'the socket to go');
  });

  it('does not talk to a stranger who lacks the token', async () => {
    const client = fixture.window();
    await client.request('info', {});
    const lease = fixture.lease();
    const socket = net.connect(lease.address);
    // The engine hangs up on what it has not read: the system may call that a reset.
    socket.on('error', () => undefined);
    const received: Buffer[] = [];
    socket.on('data', (bytes) => received.push(bytes));
    socket.write(`${'0'.repeat(48)}\n`);
    socket.write(encodeFrame({ kind: 'hello', protocolVersion: 1, version: 'test', settings: {} }));
    await new Promise((resolve) => socket.once('close', resolve));
    assert.equal(Buffer.concat(received).length, 0);
    assert.ok((await client.request('info', {})).pid > 0);
  });

  it('says which file of the model was altered', async () => {
    const assets = path.join(fixture.root, 'assets');
    const source = path.resolve(__dirname, '..', '..');
    fs.mkdirSync(assets);
    fs.symlinkSync(path.join(source, 'dist'), path.join(assets, 'dist'));
    fs.cpSync(path.join(source, 'media', 'models'), path.join(assets, 'media', 'models'), { recursive: true });
    fs.appendFileSync(path.join(assets, 'media', 'models', 'all-MiniLM-L6-v2', 'tokenizer.json'), ' ');
    const client = fixture.window({ assetsFolder: assets });
    await assert.rejects(client.request('info', {}), /tokenizer\.json was altered/);
  });

  it('ends a request that is cancelled, and one whose engine dies', async () => {
    writePages(3);
    const client = fixture.window();
    const { spaceId } = await client.request('openSpace', fixture.folders);
    await client.request('index', { spaceId, startedByPerson: true });
    const controller = new AbortController();
    const cancelled = client.request('search', { spaceId, query: 'storm', limit: 3 }, controller.signal);
    controller.abort();
    await assert.rejects(cancelled, { name: 'CancelledError' });
    const { pid } = await client.request('info', {});
    const orphaned = client.request('search', { spaceId, query: 'storm', limit: 3 });
    process.kill(pid, 'SIGKILL');
    await assert.rejects(orphaned, EngineDiedError);
    const { hits } = await client.request('search', { spaceId, query: 'storm', limit: 3 });
    assert.equal(hits.length, 3);
  });
});
