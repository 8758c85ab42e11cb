import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as readline from 'node:readline';
import { CommandLine, ended, failed, type CliRun } from './cliProcess';

const fixtureFile = path.resolve(__dirname, '..', 'fixtures', 'minilm-reference.jsonl');

describe('the command line, without a folder', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-cli-'));
  const cli = new CommandLine(root, path.join(root, 'cache'));
  const at = (...names: string[]): string => path.join(root, ...names);
  after(() => fs.rmSync(root, { recursive: true, force: true }));

  describe('embed', () => {
    const reference = fs
      .readFileSync(fixtureFile, 'utf8')
      .trim()
      .split('\n')
      .slice(0, 24)
      .map((line) => JSON.parse(line) as { text: string; vector: number[] });

    it('gives vectors in the order of the texts, at parity with sentence-transformers', async () => {
      const input = reference.map(({ text }) => JSON.stringify({ text })).join('\n\n');
      const { code, stdout } = await cli.runWith(input, 'embed');
      assert.equal(code, 0);
      const vectors = stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { vector: number[] }).vector);
      assert.equal(vectors.length, reference.length);
      const lowest = Math.min(...vectors.map((vector, i) => dot(vector, reference[i].vector)));
      assert.ok(lowest >= 0.985, `lowest similarity ${lowest}`);
      for (const vector of vectors) assert.ok(Math.abs(dot(vector, vector) - 1) < 1e-5);
    });

    it('answers each line at once, so that a program can wait for its vector, and reads a file too', async () => {
      const child = cli.start('embed');
      const lines = readline.createInterface({ input: child.stdout });
      const answers: string[] = [];
      for (const { text } of reference.slice(0, 2)) {
        child.stdin.write(`${JSON.stringify({ text })}\n`);
        answers.push(((await once(lines, 'line')) as [string])[0]);
      }
      child.stdin.end();
      assert.deepEqual(await once(child, 'exit'), [0, null]);
      fs.writeFileSync(
        at('two.jsonl'),
        reference
          .slice(0, 2)
          .map(({ text }) => `${JSON.stringify({ text })}\r\n`)
          .join(''),
      );
      assert.equal((await cli.run('embed', 'two.jsonl')).stdout, `${answers.join('\n')}\n`);
    });

    it('names the line that is wrong, after the vectors of those before it', async () => {
      const { code, stdout, stderr } = await cli.runWith('{"text":"one"}\n\nnot JSON\n{"text":"two"}\n', 'embed');
      assert.deepEqual([code, stdout.split('\n').length], [1, 2]);
      assert.match(stderr, /^latent-lens: line 3 is not JSON; each line must be like \{"text": "…"\}\.\n$/u);
      failed(await cli.runWith('{"txt":"one"}\n', 'embed'), 1, /line 1 has no "text"/u);
      failed(await cli.run('embed', 'missing.jsonl'), 1, /there is no file missing\.jsonl/u);
    });

    it('says when a text was longer than the model sees', async () => {
      const { code, stdout, stderr } = await cli.runWith(`{"text":"${'word '.repeat(400)}"}\n`, 'embed');
      assert.equal(code, 0);
      assert.equal((JSON.parse(stdout) as { truncated: boolean }).truncated, true);
      assert.match(stderr, /1 text was longer than the model's limit of 256 word pieces/u);
    });

    it('ends quietly when its reader has seen enough', async () => {
      const child = cli.start('embed');
      child.stdin.on('error', () => undefined);
      for (let i = 0; i < 2000; i++) child.stdin.write(`{"text":"line ${i} of many about the harbor"}\n`);
      child.stdin.end();
      await once(child.stdout, 'data');
      child.stdout.destroy();
      const { code, stderr } = await ended(child);
      assert.deepEqual([code, stderr], [0, '']);
    });
  });

  describe('project', () => {
    const [count, dimensions] = [300, 8];
    const project = (...more: string[]): Promise<Record<string, unknown>> =>
      cli.json('project', 'vectors.f32', '--dimensions', String(dimensions), '--epochs', '50', ...more);

    before(() => {
      const bytes = Buffer.alloc(4 * count * dimensions);
      // Three groups, each around an axis of its own.
      for (let i = 0; i < count * dimensions; i++) {
        const [row, d] = [Math.floor(i / dimensions), i % dimensions];
        bytes.writeFloatLE((row % 3 === d ? 3 : 0) + 0.4 * Math.sin(row * 12.9898 + d * 78.233), 4 * i);
      }
      fs.writeFileSync(at('vectors.f32'), bytes);
    });

    it('gives the same bytes for the same seed, others for another, and the seconds of each stage', async () => {
      const answer = await project('--out', 'a.f32');
      await project('--out', 'b.f32');
      await project('--out', 'c.f32', '--seed', '7');
      const [a, b, c] = ['a', 'b', 'c'].map((name) => fs.readFileSync(at(`${name}.f32`)));
      assert.equal(a.length, 4 * 2 * count);
      assert.deepEqual(a, b);
      assert.notDeepEqual(a, c);
      const { points, method, seed, seconds, stages } = answer;
      assert.deepEqual([points, method, seed], [count, 'umap', 42]);
      const timed = stages as { name: string; seconds: number }[];
      assert.ok(timed.length >= 3 && timed[0].name === 'read');
      const sum = timed.reduce((total, stage) => total + stage.seconds, 0);
      assert.ok(sum > 0 && sum <= (seconds as number) + 0.05, `${sum} of ${String(seconds)} s`);
      assert.ok(separation(a) > 2, `groups are apart: ${separation(a)}`);
    });

    it('prints the seconds for people, by principal components too', async () => {
      const { code, stdout } = await cli.run(
        ...['project', 'vectors.f32', '--dimensions', '8', '--method', 'pca', '--out', 'pca.f32'],
      );
      assert.equal(code, 0);
      assert.match(stdout, /^300 points by pca in [\d.]+ s, written to pca\.f32\n( {2}\S.* \d+\.\d{3} s\n)+$/u);
    });

    it('refuses files that are no vectors', async () => {
      fs.writeFileSync(at('odd.f32'), Buffer.alloc(30));
      fs.writeFileSync(at('nan.f32'), Buffer.from(new Float32Array([1, 0, Number.NaN, 1]).buffer));
      const of = (file: string): Promise<CliRun> => cli.run('project', file, '--dimensions', '2', '--out', 'x.f32');
      failed(await of('odd.f32'), 1, /odd\.f32 has 30 bytes, which is no whole number of vectors of 2 float32 values/u);
      failed(await of('nan.f32'), 1, /vector 2 of nan\.f32 holds a value that is no number/u);
      failed(await of('missing.f32'), 1, /there is no file missing\.f32/u);
      assert.ok(!fs.existsSync(at('x.f32')));
    });

    /** Least distance between centers of the three groups, in units of the largest mean distance from a center. */
    function separation(bytes: Buffer): number {
      const coordinates = Array.from({ length: 2 * count }, (_, i) => bytes.readFloatLE(4 * i));
      const groups = [0, 1, 2].map((group) =>
        Array.from({ length: count / 3 }, (_, i) => [
          coordinates[2 * (3 * i + group)],
          coordinates[2 * (3 * i + group) + 1],
        ]),
      );
      const centers = groups.map((points) =>
        [0, 1].map((d) => points.reduce((sum, p) => sum + p[d], 0) / points.length),
      );
      const far = (p: number[], q: number[]): number => Math.hypot(p[0] - q[0], p[1] - q[1]);
      const spread = Math.max(
        ...groups.map((points, g) => points.reduce((sum, p) => sum + far(p, centers[g]), 0) / points.length),
      );
      const [a, b, c] = centers;
      return Math.min(far(a, b), far(b, c), far(a, c)) / spread;
    }
  });
});

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
