import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { CommandLine, failed } from './cliProcess';

const sample = path.resolve(__dirname, '../../samples/workspace');

interface Checked {
  chunks: number;
  warnings: {
    path: string;
    heading: string | null;
    flagged?: boolean;
    strength: number | null;
    deviations: number | null;
    cutOffset: number | null;
    text: string;
  }[];
}

describe('check and segment', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-topics-'));
  const cli = new CommandLine(root, path.join(root, 'cache'));
  after(() => fs.rmSync(root, { recursive: true, force: true }));

  it('lists every chunk with its best cut, the flagged ones first, as without --all', async () => {
    const all = await cli.json<Checked>('check', sample, '--all');
    assert.equal(all.warnings.length, all.chunks);
    const judged = all.warnings.filter(({ strength }) => strength !== null);
    for (const { strength, cutOffset, text } of judged) {
      assert.ok(strength! >= 0 && strength! <= 100 && cutOffset! > 0 && cutOffset! < text.length);
    }
    assert.ok(judged.length > 100 && judged.length < all.chunks, 'short chunks and code are listed without a strength');
    const deviations = judged.map((chunk) => chunk.deviations!);
    assert.deepEqual(
      deviations,
      [...deviations].sort((a, b) => b - a),
    );
    const flagged = all.warnings.filter((chunk) => chunk.flagged).map((chunk) => chunk.path);
    const alone = await cli.json<Checked>('check', sample);
    assert.deepEqual(flagged.sort(), alone.warnings.map((chunk) => chunk.path).sort());
    assert.ok(flagged.length > 0);
  });

  it('says of chunks that a heading divides why they are listed, in every form', async () => {
    const { warnings } = await cli.json<Checked>('check', sample);
    const contact = warnings.find((chunk) => chunk.path === 'support/contact.md');
    assert.equal(contact?.heading, 'Visiting the shop');
    assert.equal(warnings.find((chunk) => chunk.path.startsWith('mixed/'))?.heading, null);
    const words = 'another heading, “Visiting the shop”';
    const { stdout } = await cli.run('check', sample);
    assert.ok(stdout.includes(`runs on under ${words}, its strongest cut stronger than`), stdout);
    const headed = warnings.filter(({ heading }) => heading !== null).length;
    assert.ok(
      stdout.includes(`${headed} of them run on under another heading, which is told at every setting`),
      stdout,
    );
    assert.ok((await cli.run('check', sample, '--sarif')).stdout.includes(words));
  });

  it('fails over a limit alone, and flags by strength where told to', async () => {
    const { warnings } = await cli.json<Checked>('check', sample);
    assert.equal((await cli.run('check', sample, '--max', String(warnings.length))).code, 0);
    assert.equal((await cli.run('check', sample, '--max', String(warnings.length - 1))).code, 1);
    const loose = await cli.json<Checked>('check', sample, '--strength', '90');
    assert.ok(loose.warnings.length > warnings.length && loose.warnings.every(({ strength }) => strength! >= 90));
    assert.ok(
      loose.warnings.every(({ heading }) => heading === null),
      'strength alone is the reason',
    );
    const log = JSON.parse((await cli.run('check', sample, '--sarif')).stdout) as { runs: { results: unknown[] }[] };
    assert.equal(log.runs[0].results.length, warnings.length);
    failed(await cli.run('check', sample, '--sarif', '--json'), 2, /choose one/u);
    failed(await cli.run('check', sample, '--strength', '101'), 2, /percentile from 0 to 100/u);
  });

  it('prints the segments of a document between lines of ten =', async () => {
    const harbor = [
      'The harbor opens at dawn',
      'Ships wait for the tide outside the harbor',
      'The pilot boards each ship in the bay',
      'Tugs pull the largest ships to the quay',
      'The lighthouse guides ships at night',
    ];
    const bread = [
      'Knead the dough for ten minutes',
      'Let the dough rise under a cloth',
      'The oven must be hot before the bread goes in',
      'Bake the loaf until its crust is brown',
      'Fresh bread tastes best with butter',
    ];
    fs.writeFileSync(path.join(root, 'lines.txt'), `==========\n${[...harbor, ...bread].join('\n')}\n`);
    const { stdout, code } = await cli.run('segment', 'lines.txt');
    assert.deepEqual([code, stdout], [0, `${harbor.join('\n')}\n==========\n${bread.join('\n')}\n`]);
    fs.writeFileSync(path.join(root, 'prose.txt'), `${[...harbor, ...bread].join('. ')}.\n`);
    const prose = await cli.json<{ sentences: number; segments: string[][] }>('segment', 'prose.txt', '--text');
    assert.deepEqual(
      prose.segments.map(({ length }) => length),
      [5, 5],
    );
    const paragraphs = [harbor.slice(0, 2), harbor.slice(2), bread.slice(0, 3), bread.slice(3)];
    const page = ['# Two subjects', ...paragraphs.map((sentences) => `${sentences.join('. ')}.`)].join('\n\n');
    fs.writeFileSync(path.join(root, 'page.md'), `${page}\n`);
    const { segments } = await cli.json<{ segments: string[][] }>('segment', 'page.md', '--text');
    assert.deepEqual(
      segments.map((segment) => [segment[0], segment.length]),
      [
        ['# Two subjects', 6],
        [`${bread[0]}.`, 5],
      ],
    );
    fs.writeFileSync(path.join(root, 'blank.txt'), '\n==========\n');
    failed(await cli.run('segment', 'blank.txt'), 1, /holds no sentence/u);
  });
});
