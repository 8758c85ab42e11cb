import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as esbuild from 'esbuild';
import { seededRandom } from '../../src/core/neighbors/seededRandom';
import { FolderStores } from '../../src/engine/folderStores';

const kills = 200;
const lanes = 2;
/** Half the time of a child is spent on code that runs for a moment: nothing is optimized, nothing in other threads. */
const briefly = ['--liftoff-only', '--max-lazy', '--v8-pool-size=0'];
const repositoryRoot = path.resolve(__dirname, '../..');

type Content = Record<string, string | null>;
type Line =
  { opened: Content; setAside?: string } | { intended: Content } | { committed: Content } | { failed: string };

describe('a store whose process is killed', () => {
  let folder: string;
  let entry: string;

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-crashes-'));
    entry = path.join(repositoryRoot, 'out', 'entries', 'storeCrashChild.js');
    await esbuild.build({
      entryPoints: [path.join(__dirname, 'storeCrashChild.ts')],
      ...{ bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' },
      external: ['node-sqlite3-wasm'],
      outfile: entry,
    });
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Runs the child until it is dead: by its own hand in the middle of a write, or after some time by ours. */
  function runUntilKilled(store: string, seed: number, dieAtWrite: number, killAfterMs: number): Promise<Line[]> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...briefly, entry, store, String(seed), String(dieAtWrite)]);
      let output = '';
      let errors = '';
      let timer: NodeJS.Timeout | undefined;
      child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        // The clock runs from the moment at which it begins to write.
        timer ??= setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      });
      child.on('close', (_code, signal) => {
        clearTimeout(timer);
        const lines = output.split('\n').slice(0, -1);
        if (signal !== 'SIGKILL') reject(new Error(`it ended by itself: ${output.slice(-500)} ${errors}`));
        else resolve(lines.map((line) => JSON.parse(line) as Line));
      });
    });
  }

  /** What each file may hold after the last line: what was committed last, or what was intended since and may just be. */
  class Expectation {
    private committed: Content = {};
    private intended: Content = {};

    check(found: Content, where: string): void {
      for (const name of new Set([
        ...Object.keys(found),
        ...Object.keys(this.committed),
        ...Object.keys(this.intended),
      ])) {
        const allowed = [this.committed[name] ?? null];
        if (name in this.intended) allowed.push(this.intended[name]);
        assert.ok(allowed.includes(found[name] ?? null), `${where}: ${name} holds ${found[name]?.slice(0, 60)}`);
      }
      this.committed = { ...found };
      this.intended = {};
    }

    take(line: Line): void {
      if ('intended' in line) this.intended = line.intended;
      if ('committed' in line) Object.assign(this.committed, line.committed);
    }
  }

  it(`loses no committed file and stores none by half, ${kills} times`, async function () {
    // A quarter of a minute where two cores are free; they often are not.
    this.timeout(480_000);
    const lane = async (number: number): Promise<number> => {
      const store = path.join(folder, `lane${number}`, 'index.db');
      fs.mkdirSync(path.dirname(store));
      const random = seededRandom(100 + number);
      const expectation = new Expectation();
      let commits = 0;
      for (let kill = 0; kill < kills / lanes; kill++) {
        const inTheMiddle = random.next() < 0.6;
        const dieAtWrite = inTheMiddle ? 1 + random.below(120) : 0;
        const lines = await runUntilKilled(
          store,
          random.below(1e9),
          dieAtWrite,
          inTheMiddle ? 3_000 : random.below(60),
        );
        const [first, ...rest] = lines;
        assert.ok(first !== undefined && 'opened' in first, `kill ${kill}: ${JSON.stringify(first)}`);
        assert.equal(first.setAside, undefined, `kill ${kill}: nothing is set aside`);
        expectation.check(first.opened, `lane ${number}, kill ${kill}`);
        for (const line of rest) expectation.take(line);
        commits += rest.filter((line) => 'committed' in line).length;
      }
      return commits;
    };
    const commits = await Promise.all(Array.from({ length: lanes }, (_, i) => lane(i)));
    const sum = commits.reduce((total, count) => total + count, 0);
    assert.ok(sum > kills / 2, `only ${sum} commits were made: the kills came too early to prove anything`);
  });

  it('is refused to a second process while the first one lives, and is its own at once when that is killed', async () => {
    const store = path.join(folder, 'shared', 'index.db');
    fs.mkdirSync(path.dirname(store));
    const child = spawn(process.execPath, [entry, store, '1', '0']);
    const killed = new Promise((resolve) => child.once('close', resolve));
    try {
      await new Promise<void>((resolve) => {
        child.stdout.setEncoding('utf8').on('data', (text: string) => text.includes('"committed"') && resolve());
      });
      const spec = { uri: 'file:///w', path: '/w', name: 'w' };
      const stores = new FolderStores(folder, { fingerprint: 'm', name: 'm', dimensions: 8 }, store);
      assert.throws(
        () => stores.open(spec),
        (error: Error) =>
          error.message.includes(`in use by another process (${child.pid})`) &&
          /Nothing was changed/.test(error.message),
      );
      child.kill('SIGKILL');
      await killed;
      assert.ok(fs.existsSync(`${store}.lock`), 'the lock of the killed process is still there');
      const { index, setAside } = stores.open(spec);
      assert.equal(setAside, undefined);
      assert.ok(index.fileCount > 0);
      stores.close(spec);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
