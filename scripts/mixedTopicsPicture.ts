/**
 * The pictures of docs/methods/mixed-topics.md from real data: similarities of a true alarm's sentences (the sample workspace)
 * and of a false alarm's (the Rust book, where it is beside the checkout), the cut, and what each sentence says.
 *
 *   npx tsx scripts/mixedTopicsPicture.ts
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gramMatrix, SegmentSums } from '../src/core/topics/cuts';
import { sentenceSpans } from '../src/core/topics/mixedTopicsUnits';
import { seamLogOdds } from '../src/core/topics/seams';
import { cutEvidence, topicKernel } from '../src/core/topics/topicEvidence';
import { unpackRustBook } from './bench/rustBook';
import { openSession } from './bench/topicsSentences';

const root = path.resolve(__dirname, '..');
const cell = 26;
const gap = 14;
const textWidth = 520;

interface Example {
  title: string;
  file: string;
  /** The passage begins and ends with these words. */
  from: string;
  until: string;
}

function passage(file: string, from: string, until: string): string {
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(from);
  const end = text.indexOf(until, start);
  if (start < 0 || end < 0) throw new Error(`${path.basename(file)} no longer holds the passage of the picture.`);
  return text.slice(start, end + until.length);
}

async function panel({ title, file, from, until }: Example, top: number): Promise<{ svg: string; height: number }> {
  const { session } = await openSession();
  const text = passage(file, from, until);
  const spans = sentenceSpans(text);
  const sentences = spans.map(({ start, end }) => text.slice(start, end));
  const count = sentences.length;
  const rows = new Float32Array(count * session.dimensions);
  for (const [i, sentence] of sentences.entries())
    rows.set((await session.embed({ text: sentence })).vector, i * session.dimensions);
  await session.release();
  const kernel = topicKernel(gramMatrix(rows, count, session.dimensions), sentences);
  const sums = new SegmentSums(kernel, count);
  const logOdds = seamLogOdds(spans);
  const evidence = (cut: number): number => cutEvidence(sums, cut) + logOdds[cut];
  const cuts = Array.from({ length: count - 1 }, (_, i) => i + 1);
  const cut = cuts.reduce((best, next) => (evidence(next) > evidence(best) ? next : best));
  const parts = [`<text x="0" y="${top + 16}" class="title">${escaped(title)}</text>`];
  const y = (i: number): number => top + 28 + i * cell + (i >= cut ? gap : 0);
  const x = (i: number): number => i * cell + (i >= cut ? gap : 0);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const similarity = Math.max(0, Math.min(1, kernel[i * count + j] / 0.5));
      parts.push(
        `<rect x="${x(j)}" y="${y(i)}" width="${cell - 1}" height="${cell - 1}" fill="#2f6fde" fill-opacity="${(0.06 + 0.94 * similarity).toFixed(2)}"/>`,
      );
    }
    const shown = sentences[i].replace(/\s+/g, ' ').replace(/^#+ [^.]*? (?=[A-Z])/u, '');
    parts.push(
      `<text x="${count * cell + gap + 12}" y="${y(i) + 17}">${escaped(shown.length > 74 ? `${shown.slice(0, 73)}…` : shown)}</text>`,
    );
  }
  return { svg: parts.join('\n'), height: 28 + count * cell + gap + 24 };
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

async function main(): Promise<void> {
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'latent-lens-picture-'));
  try {
    const book = unpackRustBook(temporary);
    if (book === undefined) throw new Error('The Rust book is not beside the checkout (../shared/data).');
    const examples: Example[] = [
      {
        title: 'Right: two notes in one chunk (samples/workspace/mixed/meeting-notes-march.md)',
        file: path.join(root, 'samples/workspace/mixed/meeting-notes-march.md'),
        from: 'The search service',
        until: 'in the boathouse.',
      },
      {
        title: 'Wrong at a loose setting: an explanation and its analogy (the Rust book, ch15-04-rc.md)',
        file: path.join(book, 'src/ch15-04-rc.md'),
        from: 'You have to enable multiple ownership',
        until: 'TV watchers!',
      },
    ];
    const panels: string[] = [];
    let top = 8;
    for (const example of examples) {
      const { svg, height } = await panel(example, top);
      panels.push(svg);
      top += height;
    }
    const width = 12 * cell + textWidth;
    writeFileSync(
      path.join(root, 'docs/images/mixed-topics.svg'),
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 0 ${width + 24} ${top}" width="${width + 24}" height="${top}" font-family="sans-serif" font-size="13">
<style>text { fill: #1c2330 } .title { font-weight: 600; font-size: 14px }</style>
<rect x="-12" y="0" width="${width + 24}" height="${top}" fill="#ffffff"/>
${panels.join('\n')}
</svg>
`,
    );
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
