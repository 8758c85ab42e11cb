import assert from 'node:assert/strict';
import fc from 'fast-check';
import { embeddedText, type Chunk, type Document, type TokenCounter } from '../../../src/core/chunking/chunk';
import { StructureChunker } from '../../../src/core/chunking/structureChunker';
import { cpuTimeMs } from '../cpuTime';
import { arbitraryCode, arbitraryMarkdown } from './arbitraryText';
import { assertApart, assertCovers, assertLines, assertRange, assertTokens, stubCounter, words } from './chunkChecks';
import { loadTokenizer } from './realTokenizer';

const kinds: Document['kind'][] = ['markdown', 'plain', 'code'];

function chunker(maxTokens = 256, counter = stubCounter): StructureChunker {
  return new StructureChunker(counter, { maxTokens });
}

async function textsOf(
  text: string,
  kind: Document['kind'] = 'markdown',
  maxTokens = 64,
  previous?: readonly string[],
): Promise<string[]> {
  const chunks = await chunker(maxTokens).chunk({ text, kind }, previous);
  return chunks.map((chunk) => text.slice(chunk.start, chunk.end));
}

function assertExact(text: string, chunks: readonly Chunk[], counter: TokenCounter, maxTokens: number): void {
  for (const chunk of chunks) {
    assertTokens(assertRange(text, chunk), chunk, chunk.context, counter);
    assertLines(text, chunk);
    assert.ok(chunk.tokens <= maxTokens, `${chunk.tokens} word pieces exceed the limit of ${maxTokens}`);
  }
  assertApart(chunks);
  assertCovers(text, chunks);
}

describe('the structure chunker', function () {
  this.timeout(60_000);
  const anyText = fc.oneof(arbitraryMarkdown, arbitraryCode, fc.string({ unit: 'binary', maxLength: 2000 }));

  it('gives exact chunks within the limit that hold all text, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyText,
        fc.constantFrom(...kinds),
        fc.constantFrom(16, 40, 256),
        async (text, kind, maxTokens) => {
          const chunks = await chunker(maxTokens).chunk({ text, kind });
          assertExact(text, chunks, stubCounter, maxTokens);
          assert.deepEqual(
            await chunker(maxTokens).chunk({ text, kind }),
            chunks,
            'the same document gives the same chunks',
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps to the limit as the model itself counts', async function () {
    const tokenizer = await loadTokenizer();
    if (!tokenizer) this.skip();
    await fc.assert(
      fc.asyncProperty(anyText, fc.constantFrom(...kinds), fc.constantFrom(24, 256), async (text, kind, maxTokens) => {
        assertExact(text, await chunker(maxTokens, tokenizer).chunk({ text, kind }), tokenizer, maxTokens);
      }),
      { numRuns: 100 },
    );
  });

  it('takes time in proportion to the text with the model’s tokenizer', async function () {
    const tokenizer = await loadTokenizer();
    if (!tokenizer) this.skip();
    const section = `## Section\n\n${'Ownership moves values, and borrowing lends them. '.repeat(12)}\n\n- one\n- two\n\n`;
    for (const [text, kind] of [
      [section.repeat(200), 'markdown'],
      ['fn f() {\n    g(a, b);\n\n    h();\n}\n\n'.repeat(3_000), 'code'],
      ['这是一句话。'.repeat(40_000), 'plain'],
      ['a,b;'.repeat(30_000), 'plain'],
      ['- \n'.repeat(20_000), 'markdown'],
      ['\0'.repeat(250_000), 'plain'],
    ] as const) {
      const cutter = chunker(256, tokenizer);
      await cutter.chunk({ text: text.slice(0, 10_000), kind });
      const elapsedMs = await cpuTimeMs(() => cutter.chunk({ text, kind }));
      assert.ok(elapsedMs < 8000, `${kind} ${JSON.stringify(text.slice(0, 12))}: ${elapsedMs.toFixed(0)} ms`);
    }
  });

  it('cuts at headings and keeps those above as context', async () => {
    const text = `# Guide\n\n## Install\n\n${words(40)}\n\n## Use\n\n### Start\n\n${words(40)}\n\n### Stop\n\n${words(40)}\n`;
    const chunks = await chunker(64).chunk({ text, kind: 'markdown' });
    assert.deepEqual(
      chunks.map((chunk) => [text.slice(chunk.start, chunk.end).split('\n')[0], chunk.context]),
      [
        ['# Guide', []],
        ['## Use', ['Guide']],
        ['### Stop', ['Guide', 'Use']],
      ],
    );
  });

  it('never leaves a heading without its text', async () => {
    for (const size of [3, 20, 58, 70, 200]) {
      const chunks = await textsOf(
        `# A\n\n${words(size)}\n\n## B\n\n${words(size)}\n\n## C\n\n### D\n\n${words(size)}`,
      );
      for (const chunk of chunks) assert.doesNotMatch(chunk.trim(), /^#+ \w$|\n#+ \w$/, `${size} words: ${chunk}`);
    }
    assert.deepEqual(await textsOf('# Alone'), ['# Alone']);
  });

  it('joins tiny sections under one heading, but none over a higher one', async () => {
    const tiny = (name: string): string => `### ${name}\n\n${words(4)}\n\n`;
    const joined = await textsOf(`# T\n\n## X\n\n${words(35)}\n\n${tiny('A')}${tiny('B')}## Y\n\n${tiny('C')}`);
    assert.ok(joined.some((chunk) => chunk.includes('### A') && chunk.includes('### B')));
    assert.ok(joined.every((chunk) => !chunk.includes('### B') || !chunk.includes('## Y')));
  });

  it('keeps lists, tables and code whole where they fit', async () => {
    const list = Array.from({ length: 8 }, (_, i) => `- item ${i} ${words(2)}`).join('\n');
    const table = `| a | b |\n|---|---|\n${'| word | word |\n'.repeat(6)}`.trim();
    const code = '```js\nlet a = 1;\n\nlet b = 2;\n\nlet c = 3;\n```';
    for (const block of [list, table, code]) {
      const chunks = await textsOf(`${words(40)}\n\n${block}\n\n${words(40)}`);
      assert.ok(
        chunks.some((chunk) => chunk.includes(block)),
        `torn apart: ${JSON.stringify(chunks)}`,
      );
    }
  });

  it('cuts what does not fit at sentences, then words, then characters', async () => {
    const sentence = `${words(19)} end.`;
    for (const chunk of await textsOf(Array.from({ length: 12 }, () => sentence).join(' ')))
      assert.match(chunk, /end\.$/);
    for (const chunk of await textsOf(words(200))) assert.match(chunk, /^word.*word$/);
    const family = '👩‍👩‍👧‍👦';
    const pieces = await textsOf(family.repeat(25), 'plain', 32);
    assert.ok(pieces.length > 1);
    for (const piece of pieces) assert.equal(piece.replaceAll(family, ''), '', 'a family stays together');
  });

  it('keeps definitions of code together', async () => {
    const method = (name: string): string => `  ${name}() {\n    ${words(12)};\n\n    ${words(12)};\n  }`;
    const code = `import x;\n\nclass A {\n${method('first')}\n\n${method('second')}\n}\n\nfunction f() {\n  ${words(50)}\n}\n`;
    const chunks = await textsOf(code, 'code');
    assert.ok(chunks.some((chunk) => chunk.startsWith('function f()')));
    assert.ok(
      chunks.some((chunk) => chunk.startsWith('second()')),
      JSON.stringify(chunks),
    );
  });

  it('shortens a context that would eat the limit', async () => {
    const text = `# ${words(30, 'outer')}\n\n## ${words(30, 'middle')}\n\n### ${words(5, 'inner')}\n\n${words(300)}`;
    const chunks = await chunker(64).chunk({ text, kind: 'markdown' });
    assertExact(text, chunks, stubCounter, 64);
    const { context } = chunks.at(-1)!;
    assert.ok(stubCounter.countTokens(embeddedText(context, '')) <= 16);
    assert.deepEqual(context, [words(5, 'inner')], 'the nearest heading says most');
  });

  it('counts the context of the headings above for a heading alone', async () => {
    for (const length of [20, 39, 40, 44, 48, 52, 56, 60]) {
      const text = `# A.\n\n## ${'x'.repeat(length)} A.\n\n`;
      assertExact(text, await chunker(16).chunk({ text, kind: 'markdown' }), stubCounter, 16);
    }
  });

  it('reads titles as people do and front matter as a part of its own', async () => {
    const text = `---\ntitle: x\n---\n\n# The [\`Box\`](box.md) **type** {#box}\n\n${words(80)}\n`;
    const chunks = await chunker(64).chunk({ text, kind: 'markdown' });
    assert.deepEqual(chunks.at(-1)!.context, ['The Box type']);
    assert.ok(text.slice(chunks[0].start, chunks[0].end).startsWith('---\ntitle'));
    assert.ok(chunks.every((chunk) => !chunk.context.join().includes('title')));
  });

  it('changes one or two chunks when a sentence is added to a paragraph of a document that was cut before', async () => {
    const paragraphs = Array.from({ length: 60 }, (_, i) => `About ${i * i}: ${words(20 + ((i * 37) % 90))}.`);
    const cut = (parts: string[], previous?: string[]): Promise<string[]> =>
      textsOf(`# T\n\n${parts.join('\n\n')}`, 'markdown', 256, previous);
    const before = await cut(paragraphs);
    for (const edited of paragraphs) {
      const after = await cut(
        paragraphs.map((part) => (part === edited ? `${part} ${words(15, 'new')}.` : part)),
        before,
      );
      const changed = after.filter((chunk) => !before.includes(chunk)).length;
      assert.ok(changed === 1 || changed === 2, `${changed} chunks: ${edited}`);
    }
  });

  it('cuts the same text the same way again, whatever it was before, when its own chunks are at hand', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (text, other) => {
        const edited = text.slice(0, text.length >> 1) + other + text.slice(text.length >> 1);
        const previous = await textsOf(text);
        const after = await textsOf(edited, 'markdown', 64, previous);
        assert.deepEqual(await textsOf(edited, 'markdown', 64, after), after);
        assert.deepEqual(await textsOf(text, 'markdown', 64, previous), previous);
      }),
      { numRuns: 100 },
    );
  });

  it('gives exact chunks whatever was there before', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, fc.array(fc.string({ maxLength: 40 })), fc.nat(), async (text, strings, at) => {
        const whole = await textsOf(text, 'markdown', 40);
        const previous = [...whole.slice(at % (whole.length + 1)), ...strings, ...whole];
        const chunks = await chunker(64).chunk({ text, kind: 'markdown' }, previous);
        assertExact(text, chunks, stubCounter, 64);
      }),
      { numRuns: 150 },
    );
  });
});
