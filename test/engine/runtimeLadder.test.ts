import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { ModelFolder } from '../../src/core/embedding/modelFolder';
import {
  chooseRuntime,
  defaultThreads,
  sessionsFor,
  NoRuntimeError,
  type RuntimeLadderOptions,
} from '../../src/engine/runtimeLadder';

/** Stages what a probe does, by runtime; notes every start. */
const fakeProbe = (native: string, wasm: string) => `
  const { appendFileSync } = require('node:fs');
  const runtime = process.argv[2];
  appendFileSync(__filename + '.log', JSON.stringify({ runtime, via: process.env.STAGED_NODE, options: process.env.NODE_OPTIONS,
    electron: process.env.ELECTRON_RUN_AS_NODE }) + '\\n');
  const works = (ran = runtime) => console.log(JSON.stringify({ ok: true, runtime: ran, version: '1', node: '20', similarity: 1, tokensPerSecond: 1234 }));
  ({ native: () => { ${native} }, wasm: () => { ${wasm} } })[runtime]();
`;

describe('the ladder of runtimes', () => {
  let folder: string;
  let options: RuntimeLadderOptions;
  const stage = (native: string, wasm: string) => fs.writeFileSync(options.probeFile, fakeProbe(native, wasm));
  const probes = () =>
    fs.existsSync(`${options.probeFile}.log`)
      ? fs
          .readFileSync(`${options.probeFile}.log`, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { runtime: string; via?: string; options?: string; electron?: string })
      : [];
  /** A node that the person named: a script that says so to the probe. */
  const namedNode = () => {
    const file = path.join(folder, 'node');
    fs.writeFileSync(file, `#!/bin/sh\nSTAGED_NODE=named exec "${process.execPath}" "$@"\n`, { mode: 0o755 });
    return file;
  };

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(tmpdir(), 'latent-lens-ladder-'));
    options = {
      runtime: 'auto',
      threads: 2,
      nodePath: '',
      execPath: process.execPath,
      modelFolder: { path: folder, fingerprint: 'staged', verify: async () => {} } as unknown as ModelFolder,
      assetsFolder: folder,
      probeFile: path.join(folder, 'probe.js'),
      memoryFile: path.join(folder, 'storage', 'runtimes.json'),
      versionKey: '1.0.0',
    };
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('takes the native runtime where it works, and asks once a version', async () => {
    stage('works()', 'works()');
    const expected = { runtime: 'native', threads: 2, nodePath: undefined, tokensPerSecond: 1234, steppedDown: [] };
    assert.deepEqual(await chooseRuntime(options), expected);
    assert.deepEqual(await chooseRuntime(options), expected);
    assert.equal(probes().length, 1);
    await chooseRuntime({ ...options, versionKey: '1.0.1' });
    assert.equal(probes().length, 2);
  });

  it('starts a probe as plain Node, with no options of the shell around it', async () => {
    stage('works()', 'works()');
    const before = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = '--no-warnings';
    try {
      await chooseRuntime(options);
    } finally {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
    }
    assert.deepEqual(probes(), [{ runtime: 'native', electron: '1' }]);
  });

  const faults: [fault: string, native: string, reason: RegExp][] = [
    [
      'crashes',
      "process.kill(process.pid, 'SIGTRAP')",
      /native runtime does not work here: its test crashed \(SIGTRAP\)\.$/,
    ],
    ['dies', 'works(); process.exit(3)', /its test crashed \(exit code 3\)/],
    [
      'is missing',
      "console.log(JSON.stringify({ ok: false, message: 'it is not shipped' }))",
      /does not work here: it is not shipped\.$/,
    ],
    ['is silent', '', /gave no answer/],
    ['is silently the other one', "works('wasm')", /ran the wasm runtime instead/],
    ['hangs', 'setInterval(() => {}, 1000)', /did not end within/],
  ];
  for (const [fault, native, reason] of faults) {
    it(`steps down to WASM where the native runtime ${fault}, says so, and remembers it`, async () => {
      stage(native, 'works()');
      for (let start = 0; start < 2; start++) {
        const choice = await chooseRuntime({ ...options, probeTimeoutMs: fault === 'hangs' ? 1200 : 20_000 });
        assert.equal(choice.runtime, 'wasm');
        assert.equal(choice.steppedDown.length, 1);
        assert.match(choice.steppedDown[0], reason);
      }
      assert.deepEqual(
        probes().map(({ runtime }) => runtime),
        ['native', 'wasm'],
      );
    });
  }

  it('learns nothing from a probe that was ended with us', async function () {
    if (process.platform === 'win32') this.skip();
    stage("process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)", 'works()');
    await assert.rejects(chooseRuntime(options), /was ended by SIGTERM\. Try again\.$/);
    stage('works()', 'works()');
    assert.equal((await chooseRuntime(options)).runtime, 'native');
  });

  it('runs the native runtime under the node that the person named, and only where it is needed', async function () {
    if (process.platform === 'win32') this.skip();
    const nodePath = namedNode();
    stage("process.env.STAGED_NODE ? works() : process.kill(process.pid, 'SIGTRAP')", 'works()');
    const choice = await chooseRuntime({ ...options, nodePath });
    assert.deepEqual([choice.runtime, choice.nodePath, choice.steppedDown.length], ['native-other-node', nodePath, 1]);
    assert.deepEqual(
      probes().map(({ via }) => via),
      [undefined, 'named'],
    );
    const missing = await chooseRuntime({ ...options, nodePath: path.join(folder, 'no-such-node') });
    assert.equal(missing.runtime, 'wasm');
    assert.match(missing.steppedDown[1], /under the node that you named does not work here: it can't be started/);
  });

  it('never runs native code when WASM was asked for', async () => {
    stage('works()', 'works()');
    assert.equal((await chooseRuntime({ ...options, runtime: 'wasm', nodePath: '/no/node' })).runtime, 'wasm');
    assert.deepEqual(
      probes().map(({ runtime }) => runtime),
      ['wasm'],
    );
    const single = await chooseRuntime({ ...options, runtime: 'wasm', threads: 1 });
    assert.deepEqual([single.runtime, single.threads], ['wasm-single', 1]);
  });

  it('does not take a rung again that crashed in use, down to one WASM session', async () => {
    stage('works()', 'works()');
    assert.equal((await chooseRuntime(options)).runtime, 'native');
    const after = await chooseRuntime({ ...options, crashed: { runtime: 'native', reason: 'SIGTRAP' } });
    assert.equal(after.runtime, 'wasm');
    assert.match(after.steppedDown[0], /native runtime is not used: it crashed on \d{4}-\d\d-\d\d \(SIGTRAP\)\.$/);
    assert.equal((await chooseRuntime(options)).runtime, 'wasm');
    const lowest = await chooseRuntime({ ...options, crashed: { runtime: 'wasm', reason: 'out of memory' } });
    assert.deepEqual([lowest.runtime, lowest.threads, lowest.steppedDown.length], ['wasm-single', 1, 2]);
    const stuck = await chooseRuntime({ ...options, crashed: { runtime: 'wasm-single', reason: 'again' } });
    assert.equal(stuck.runtime, 'wasm-single');
    assert.equal((await chooseRuntime({ ...options, versionKey: '2.0.0' })).runtime, 'native');
  });

  it('says why when nothing works, and asks again what it can not remember', async () => {
    stage('process.exit(1)', 'process.exit(2)');
    await assert.rejects(
      chooseRuntime(options),
      (error) => error instanceof NoRuntimeError && /exit code 1.*exit code 2/.test(error.message),
    );
    stage('works()', 'works()');
    fs.writeFileSync(options.memoryFile, '{"formatVersion": 1, "answers": {"1.0');
    assert.equal((await chooseRuntime(options)).runtime, 'native');
    // A file stands where the folder should be: nothing can be remembered, everything still works.
    const memoryFile = path.join(options.probeFile, 'runtimes.json');
    assert.equal((await chooseRuntime({ ...options, memoryFile })).runtime, 'native');
  });

  it('ends its probe when it is aborted', async () => {
    stage('setInterval(() => {}, 1000)', 'works()');
    const controller = new AbortController();
    const choice = chooseRuntime({ ...options, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('closing')), 100);
    await assert.rejects(choice, /closing/);
    assert.equal(fs.existsSync(options.memoryFile), false);
  });

  it('takes as many sessions as the machine has room for', () => {
    const gigabyte = 1024 ** 3;
    assert.equal(defaultThreads('native', { parallelism: 16, memoryBytes: 4 * gigabyte }), 4);
    assert.equal(defaultThreads('native', { parallelism: 2, memoryBytes: 4 * gigabyte }), 2);
    assert.equal(defaultThreads('wasm', { parallelism: 16, memoryBytes: 4 * gigabyte }), 3);
    assert.equal(defaultThreads('wasm', { parallelism: 8, memoryBytes: 32 * gigabyte }), 4);
    assert.equal(defaultThreads('wasm', { parallelism: 8, memoryBytes: gigabyte / 2 }), 1);
    assert.equal(defaultThreads('wasm-single', { parallelism: 8, memoryBytes: 32 * gigabyte }), 1);
    assert.deepEqual([sessionsFor('wasm', 2, 8 * gigabyte), sessionsFor('wasm', 2, 16 * gigabyte)], [1, 2]);
    assert.equal(sessionsFor('native', 4, gigabyte), 4);
  });
});
