import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import type { Chunk } from '../../../src/core/chunking/chunk';
import { CodeGrammars } from '../../../src/core/chunking/codeGrammars';
import { grammarNames, grammarOf } from '../../../src/core/chunking/codeLanguages';
import { StructureChunker } from '../../../src/core/chunking/structureChunker';
import { repositoryRoot } from '../builtEntries';
import { arbitraryCode } from './arbitraryText';
import { assertApart, assertCovers, assertLines, assertRange, assertTokens, stubCounter, words } from './chunkChecks';

const folder = path.join(repositoryRoot, 'node_modules/@vscode/tree-sitter-wasm/wasm');
const grammars = new CodeGrammars(folder);

function cut(text: string, document: { path?: string; languageId?: string }, maxTokens = 64): Promise<Chunk[]> {
  return new StructureChunker(stubCounter, { maxTokens, grammars }).chunk({ text, kind: 'code', ...document });
}

async function textsOf(
  text: string,
  document: { path?: string; languageId?: string },
  maxTokens = 64,
): Promise<string[]> {
  return (await cut(text, document, maxTokens)).map(({ start, end }) => text.slice(start, end));
}

/** About 40 word pieces, with a blank line inside: what a cut at blank lines would tear apart. */
const body = (by: string): string =>
  [words(16), '', words(16)].map((line) => (line === '' ? '' : by + line)).join('\n');

describe('the structure chunker on code', function () {
  this.timeout(60_000);

  it('keeps functions and methods whole, with their comments, attributes and decorators', async () => {
    const samples: [path: string, text: string, pieces: string[]][] = [
      [
        'a.ts',
        `import a from 'a';\nimport b from 'b';\n\n/** Says so. */\nexport class A {\n  // First.\n  @logged()\n  first() {\n    return \`\n${body('    ')}\`;\n  }\n\n  second() {\n    return \`\n${body('    ')}\`;\n  }\n}\n`,
        [
          `// First.\n  @logged()\n  first() {\n    return \`\n${body('    ')}\`;\n  }`,
          `second() {\n    return \`\n${body('    ')}\`;\n  }`,
        ],
      ],
      [
        'a.py',
        `import os\n\n@cached\ndef first():\n    """\n${body('    ')}\n    """\n\n# Second.\n\n\ndef second():\n    """\n${body('    ')}\n    """\n`,
        [
          `@cached\ndef first():\n    """\n${body('    ')}\n    """`,
          `def second():\n    """\n${body('    ')}\n    """`,
        ],
      ],
      [
        'a.rs',
        `use a;\n\n/// First.\n#[inline]\nfn first() {\n    "\n${body('    ')}";\n}\n\nimpl A {\n    fn second() {\n        "\n${body('    ')}";\n    }\n\n    fn third() {\n        "\n${body('    ')}";\n    }\n}\n`,
        [
          `/// First.\n#[inline]\nfn first() {\n    "\n${body('    ')}";\n}`,
          `fn third() {\n        "\n${body('    ')}";\n    }`,
        ],
      ],
    ];
    for (const [name, text, pieces] of samples) {
      const chunks = await textsOf(text, { path: name });
      for (const piece of pieces)
        assert.ok(
          chunks.some((chunk) => chunk.includes(piece)),
          `${name}: ${JSON.stringify(chunks)}`,
        );
    }
  });

  it('gives exact chunks within the limit that hold all text, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCode, fc.constantFrom('x.js', 'x.py', 'x.rs', 'x.go'), async (text, name) => {
        const chunks = await cut(text, { path: name }, 40);
        for (const chunk of chunks) {
          assertTokens(assertRange(text, chunk), chunk, chunk.context, stubCounter);
          assertLines(text, chunk);
          assert.ok(chunk.tokens <= 40);
        }
        assertApart(chunks);
        assertCovers(text, chunks);
      }),
      { numRuns: 60 },
    );
  });

  it('changes one or two chunks when a line is added to a function', async () => {
    const functions = Array.from({ length: 30 }, (_, i) => `function f${i}() {\n  ${words(5 + ((i * 7) % 30))};\n}`);
    const text = functions.join('\n\n');
    const before = await textsOf(text, { path: 'a.js' });
    const chunker = new StructureChunker(stubCounter, { maxTokens: 64, grammars });
    for (let i = 0; i < 30; i++) {
      const edited = text.replace(`f${i}() {`, `f${i}() {\n  ${words(9, 'new')};`);
      const after = await chunker.chunk({ text: edited, kind: 'code', path: 'a.js' }, before);
      const changed = after.filter(({ start, end }) => !before.includes(edited.slice(start, end))).length;
      assert.ok(changed === 1 || changed === 2, `${changed} chunks change`);
    }
  });

  it('falls back to lines where there is no grammar, or it can’t be loaded', async () => {
    const text = `class A {\n  first() {\n    ${words(30)}\n  }\n\n  second() {\n    ${words(30)}\n  }\n}\n`;
    const lines = await new StructureChunker(stubCounter, { maxTokens: 64 }).chunk({ text, kind: 'code' });
    assert.ok(lines.length > 1);
    assert.deepEqual(await cut(text, { path: 'a.unknown' }), lines);
    const broken = new StructureChunker(stubCounter, { maxTokens: 64, grammars: new CodeGrammars('/nowhere') });
    assert.deepEqual(await broken.chunk({ text, kind: 'code', path: 'a.js' }), lines);
  });

  it('has a grammar for every language it names, by extension and by the editor’s language id', () => {
    const bundled = readdirSync(folder).flatMap((file) => /^tree-sitter-(.+)\.wasm$/.exec(file)?.[1] ?? []);
    // What esbuild.js leaves out of the package has no functions and classes.
    const used = bundled.filter((name) => !['css', 'ini', 'regex'].includes(name));
    assert.deepEqual([...grammarNames].sort(), used.sort());
    assert.equal(grammarOf('typescript', ''), 'typescript');
    assert.equal(grammarOf(undefined, 'tsx'), 'tsx');
    assert.equal(grammarOf('plaintext', 'txt'), undefined);
  });
});
