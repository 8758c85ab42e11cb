/**
 * How many chunks an edit of one paragraph changes, and how large chunks are: every document of a folder is cut, then cut
 * again after random edits, with the chunks before at hand as in an index. Embeds nothing.
 *
 *   node --import tsx scripts/bench/chunkEdits.ts FOLDER [EDITS] [SEED] [--keep]
 *
 * With --keep each edit is made to the document that the one before left.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { embeddedText, type Chunk } from '../../src/core/chunking/chunk';
import { markdownBlocks } from '../../src/core/chunking/markdownBlocks';
import { StructureChunker } from '../../src/core/chunking/structureChunker';
import { ModelFolder } from '../../src/core/embedding/modelFolder';
import { WordPieceTokenizer } from '../../src/core/embedding/tokenizer';
import { seededRandom } from '../../src/core/neighbors/seededRandom';

type Random = ReturnType<typeof seededRandom>;

/** Ways in which people change a paragraph. */
const edits: Record<string, (paragraph: string, random: Random, words: readonly string[]) => string> = {
  'change a word': (paragraph, random, words) => replaceWord(paragraph, random, words[random.below(words.length)]),
  'delete a word': (paragraph, random) => replaceWord(paragraph, random, ''),
  'insert a sentence': (paragraph, random, words) => insertAt(paragraph, random, sentence(random, words)),
  'add a sentence': (paragraph, random, words) => `${paragraph} ${sentence(random, words)}`,
  'begin with a sentence': (paragraph, random, words) => `${sentence(random, words)} ${paragraph}`,
  'delete half': (paragraph) => paragraph.slice(0, paragraph.indexOf(' ', paragraph.length / 2)),
  'delete all': () => '',
  'new paragraph': (paragraph, random, words) =>
    `${paragraph}\n\n${sentence(random, words)} ${sentence(random, words)}`,
};

function replaceWord(paragraph: string, random: Random, by: string): string {
  const words = paragraph.split(' ');
  words[random.below(words.length)] = by;
  return words.join(' ');
}

function insertAt(paragraph: string, random: Random, text: string): string {
  const words = paragraph.split(' ');
  words.splice(random.below(words.length + 1), 0, text);
  return words.join(' ');
}

function sentence(random: Random, words: readonly string[]): string {
  return `${Array.from({ length: 5 + random.below(20) }, () => words[random.below(words.length)]).join(' ')}.`;
}

const textsOf = (text: string, chunks: readonly Chunk[]): string[] =>
  chunks.map(({ start, end }) => text.slice(start, end));
const keysOf = (text: string, chunks: readonly Chunk[]): string[] =>
  chunks.map(({ context, start, end }) => embeddedText(context, text.slice(start, end)));

function tellSizes(when: string, chunks: readonly Chunk[]): void {
  const sizes = chunks.map(({ tokens }) => tokens).sort((a, b) => a - b);
  const at = (share: number): number => sizes[Math.floor(share * (sizes.length - 1))];
  const quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => `p${share * 100} ${at(share)}`);
  console.log(`${when}: ${sizes.length} chunks; tokens ${quantiles.join(' ')}`);
}

async function main(): Promise<void> {
  const keep = process.argv.includes('--keep');
  const [folder, editCount = '2000', seed = '1'] = process.argv.slice(2).filter((argument) => argument !== '--keep');
  const model = await ModelFolder.open(path.resolve(__dirname, '../../media/models/all-MiniLM-L6-v2'));
  const chunker = new StructureChunker(await WordPieceTokenizer.load(model), { maxTokens: model.manifest.maxTokens });
  const documents = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));
  const random = seededRandom(Number(seed));
  const all = [];
  for (const { name, text } of documents) {
    const chunks = await chunker.chunk({ text, kind: 'markdown' });
    const paragraphs = markdownBlocks(text).filter(({ kind }) => kind === 'paragraph');
    if (paragraphs.length > 0) all.push({ name, text, chunks, paragraphs });
  }
  tellSizes(
    'before',
    all.flatMap(({ chunks }) => chunks),
  );
  const counts = new Map<string, number[]>();
  for (let i = 0; i < Number(editCount); i++) {
    const document = all[random.below(all.length)];
    const { name, text, chunks, paragraphs } = document;
    if (paragraphs.length === 0) continue;
    const { start, end } = paragraphs[random.below(paragraphs.length)];
    const words = text.slice(0, 20_000).match(/[a-z]{3,}/gi) ?? ['word'];
    const [edit, change] = Object.entries(edits)[i % Object.keys(edits).length];
    const changed = text.slice(0, start) + change(text.slice(start, end), random, words) + text.slice(end);
    const before = new Set(keysOf(text, chunks));
    const after = await chunker.chunk({ text: changed, kind: 'markdown' }, textsOf(text, chunks));
    const count = keysOf(changed, after).filter((key) => !before.has(key)).length;
    if (count > 2) console.log(`${count} chunks: ${edit} in ${name} at ${start}`);
    const known = counts.get(edit) ?? [];
    counts.set(edit, known);
    known[count] = (known[count] ?? 0) + 1;
    if (keep) {
      const left = markdownBlocks(changed).filter(({ kind }) => kind === 'paragraph');
      Object.assign(document, { text: changed, chunks: after, paragraphs: left });
    }
  }
  if (keep) {
    tellSizes(
      'after',
      all.flatMap(({ chunks }) => chunks),
    );
    const anew = [];
    for (const { text } of all) anew.push(...(await chunker.chunk({ text, kind: 'markdown' })));
    tellSizes('anew', anew);
  }
  for (const [edit, of] of counts) console.log(edit.padEnd(24), Array.from(of, (n, i) => `${i}: ${n ?? 0}`).join('  '));
}

void main();
