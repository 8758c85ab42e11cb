import assert from 'node:assert/strict';
import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters';
import fc from 'fast-check';
import type { Chunk, TokenCounter } from '../../../src/core/chunking/chunk';
import { createChunker } from '../../../src/core/chunking/chunkerChoice';
import { chunkerNames, defaultChunking, parseChunking, splitterLanguages } from '../../../src/shared/chunking';
import type { ChunkingSettings } from '../../../src/shared/chunking';
import { splitSentences } from '../../../src/core/topics/sentences';
import { cpuTimeMs } from '../cpuTime';
import { arbitraryCode, arbitraryMarkdown } from './arbitraryText';
import { assertApart, assertCovers, assertLines, assertRange, assertTokens, stubCounter, words } from './chunkChecks';
import { loadTokenizer } from './realTokenizer';

const anyText = fc.oneof(
  arbitraryMarkdown,
  arbitraryCode,
  fc.string({ unit: 'binary', maxLength: 2000 }),
  // Text that repeats: which of the many places is meant?
  fc
    .tuple(fc.constantFrom('ab ', 'a\n', '\n\nx', 'one two. ', '  '), fc.integer({ min: 1, max: 200 }))
    .map(([part, n]) => part.repeat(n)),
);

function cut(
  text: string,
  settings: Partial<ChunkingSettings>,
  maxTokens = 64,
  counter = stubCounter,
): Promise<Chunk[]> {
  return createChunker({ ...defaultChunking, ...settings }, { counter, maxTokens }).chunk({ text, kind: 'markdown' });
}

const textsOf = (text: string, chunks: readonly Chunk[]): string[] =>
  chunks.map(({ start, end }) => text.slice(start, end));

function assertOwn(text: string, chunks: readonly Chunk[], counter: TokenCounter, maxTokens: number): void {
  for (const chunk of chunks) {
    assertTokens(assertRange(text, chunk), chunk, chunk.context, counter);
    assertLines(text, chunk);
    assert.ok(chunk.tokens <= maxTokens, `${chunk.tokens} word pieces exceed the limit of ${maxTokens}`);
    assert.equal(chunk.parts, undefined);
  }
  assertCovers(text, chunks);
}

describe('the chunkers that cut like other pipelines', function () {
  this.timeout(60_000);

  for (const chunker of ['tokens', 'sentences'] as const) {
    it(`${chunker}: exact ranges within the limit that hold all text, whatever the text`, async () => {
      const size = fc.option(fc.integer({ min: 1, max: 90 }));
      await fc.assert(
        fc.asyncProperty(anyText, size, fc.nat(30), fc.constantFrom(16, 64), async (text, size, overlap, maxTokens) => {
          const settings = { chunker, size, overlap: Math.min(overlap, (size ?? maxTokens) - 1, 12) };
          const chunks = await cut(text, settings, maxTokens);
          assertOwn(text, chunks, stubCounter, maxTokens);
          if (settings.overlap === 0) assertApart(chunks);
          chunks.forEach(({ end }, i) => assert.ok(i === 0 || end > chunks[i - 1].end, 'each holds something new'));
        }),
        { numRuns: 200 },
      );
    });
  }

  it('keep to the limit as the model itself counts', async function () {
    const tokenizer = await loadTokenizer();
    if (!tokenizer) this.skip();
    await fc.assert(
      fc.asyncProperty(anyText, fc.constantFrom('tokens', 'sentences'), async (text, chunker) => {
        assertOwn(text, await cut(text, { chunker, overlap: 3 }, 40, tokenizer), tokenizer, 40);
      }),
      { numRuns: 80 },
    );
  });

  it('recursive: gives the very chunks of LangChain’s splitter, each where it stands', async () => {
    const language = fc.option(fc.constantFrom(...splitterLanguages), { freq: 2 });
    await fc.assert(
      fc.asyncProperty(
        anyText,
        fc.integer({ min: 1, max: 400 }),
        fc.nat(399),
        language,
        async (text, size, over, language) => {
          const overlap = Math.min(over, size - 1);
          const options = { chunkSize: size, chunkOverlap: overlap };
          const original = language
            ? RecursiveCharacterTextSplitter.fromLanguage(language, options)
            : new RecursiveCharacterTextSplitter(options);
          const expected = (await original.splitText(text)).filter((chunk) => chunk.trim() !== '');
          const chunks = await cut(text, { chunker: 'recursive', size, overlap, language }, 32);
          assert.deepEqual(textsOf(text, chunks), expected);
          assertCovers(text, chunks);
          for (const chunk of chunks) {
            assertLines(text, chunk);
            const own = text.slice(chunk.start, chunk.end);
            assertTokens(own, chunk, [], stubCounter);
            assert.equal(chunk.parts !== undefined, chunk.tokens > 32 || own.length > 30 * 32);
            if (!chunk.parts) continue;
            assert.ok(chunk.parts.length > 1);
            for (const part of chunk.parts) {
              assertTokens(assertRange(text, part), part, [], stubCounter);
              assert.ok(part.tokens <= 32, 'a part fits the model');
            }
            assertApart(chunk.parts);
            assertCovers(text, chunk.parts, chunk.start, chunk.end);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('recursive: finds the right one of many equal texts', async () => {
    const text = 'same words here. '.repeat(40);
    const chunks = await cut(text, { chunker: 'recursive', size: 34, overlap: 0 }, 256);
    assert.equal(chunks.length, 20);
    chunks.forEach(({ start }, i) => assert.equal(start, i * 34));
    const overlapping = await cut(text, { chunker: 'recursive', size: 51, overlap: 17 }, 256);
    overlapping
      .slice(1)
      .forEach(({ start }, i) => assert.ok(start < overlapping[i].end && start > overlapping[i].start));
  });

  it('recursive: takes separators of one’s own, and LangChain’s sizes when none are given', async () => {
    const text = `${words(30)}§${words(40)}§${words(20)}`;
    const chunks = await cut(text, { chunker: 'recursive', size: 250, overlap: 0, separators: ['§', ' '] }, 256);
    assert.deepEqual(textsOf(text, chunks), [words(30), `§${words(40)}`, `§${words(20)}`]);
    const long = words(1000);
    const usual = await new RecursiveCharacterTextSplitter().splitText(long);
    assert.deepEqual(textsOf(long, await cut(long, { chunker: 'recursive' }, 512)), usual);
  });

  it('tokens: fills windows and repeats what the overlap says', async () => {
    const text = words(100);
    const chunks = await cut(text, { chunker: 'tokens', size: 20, overlap: 5 }, 256);
    assert.deepEqual(
      chunks.map(({ start, end }) => [start / 5, (end + 1) / 5]),
      [
        [0, 20],
        [15, 35],
        [30, 50],
        [45, 65],
        [60, 80],
        [75, 95],
        [90, 100],
      ],
    );
  });

  it('sentences: takes as many as asked for, overlapping by sentences, fewer where the model can’t take them', async () => {
    const sentences = Array.from({ length: 12 }, (_, i) => `Sentence number ${i} is here.`);
    const text = sentences.join(' ');
    assert.equal(splitSentences(text).length, 12);
    const chunks = await cut(text, { chunker: 'sentences', size: 4, overlap: 1 }, 256);
    assert.deepEqual(
      textsOf(text, chunks),
      [0, 3, 6, 9].map((from) => sentences.slice(from, from + 4).join(' ')),
    );
    for (const { tokens } of await cut(text, { chunker: 'sentences', size: 4 }, 24)) assert.ok(tokens <= 24);
  });

  it('take time in proportion to the text', async () => {
    for (const text of [
      'word '.repeat(40_000),
      '这是一句话。'.repeat(10_000),
      '\0'.repeat(60_000),
      '- \n'.repeat(10_000),
    ]) {
      for (const chunker of chunkerNames) {
        const overlap = chunker === 'sentences' ? 2 : 20;
        const elapsedMs = await cpuTimeMs(() => cut(text, { chunker, overlap }, 256));
        assert.ok(elapsedMs < 5000, `${chunker} ${JSON.stringify(text.slice(0, 8))}: ${elapsedMs.toFixed(0)} ms`);
      }
    }
  });

  it('are told apart by name, version and options', () => {
    const idOf = (settings: Partial<ChunkingSettings>): string =>
      createChunker({ ...defaultChunking, ...settings }, { counter: stubCounter, maxTokens: 64 }).id;
    const ids = chunkerNames.flatMap((chunker) => [
      idOf({ chunker }),
      idOf({ chunker, size: 40 }),
      ...(chunker === 'structure' ? [] : [idOf({ chunker, size: 40, overlap: 7 })]),
    ]);
    ids.push(idOf({ chunker: 'recursive', separators: ['x'] }), idOf({ chunker: 'recursive', language: 'rust' }));
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(
      idOf({ chunker: 'structure', size: 62 }),
      idOf({ chunker: 'structure' }),
      'the limit is the usual size',
    );
  });

  it('say which setting can’t be used', () => {
    const wrong = (settings: object, message: RegExp): void => {
      assert.throws(
        () =>
          createChunker(parseChunking({ ...defaultChunking, ...settings }), { counter: stubCounter, maxTokens: 64 }),
        message,
      );
    };
    wrong({ chunker: 'langchain' }, /latentLens\.chunking\.chunker/);
    wrong({ size: 0 }, /latentLens\.chunking\.size/);
    wrong({ size: 1.5 }, /latentLens\.chunking\.size/);
    wrong({ separators: [7] }, /latentLens\.chunking\.separators/);
    wrong({ chunker: 'recursive', size: 100, overlap: 100 }, /overlap is 100, but must be smaller than .* 100/);
    wrong({ chunker: 'recursive', overlap: 1000 }, /overlap is 1000, but must be smaller than .* 1000/);
    wrong({ chunker: 'tokens', overlap: 62 }, /must be smaller/);
  });
});
