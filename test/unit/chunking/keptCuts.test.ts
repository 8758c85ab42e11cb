import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Chunk, Chunker } from '../../../src/core/chunking/chunk';
import { cutAt, KeptCutsChunker } from '../../../src/core/chunking/keptCutsChunker';
import {
  findCuts,
  formatKeptMarks,
  isMarkedFine,
  parseKeptMarks,
  placeAt,
  placeOfWhole,
} from '../../../src/shared/keptMarks';

const words = { countTokens: (text: string) => text.split(/\s+/).filter(Boolean).length };
const text = 'Bonds pay interest.\nRates rise, yields fall. The keeper saved the penalty. The match ended.\n';
const at = text.indexOf('The keeper');

describe('what is kept about chunks by content', () => {
  it('is found again after edits elsewhere, other blanks and line ends, and not when the text at the cut changed', () => {
    const place = placeAt(text, at);
    assert.deepEqual(findCuts(text, [place]), [at]);
    const moved = `# New\r\n\r\nA paragraph.\r\n\r\n${text.replace('fall. The', 'fall.\r\n\r\nThe')}`;
    const [found] = findCuts(moved, [place]);
    assert.ok(moved.slice(found).startsWith('The keeper'));
    assert.deepEqual(findCuts(text.replace('yields fall', 'yields drop'), [place]), []);
    assert.deepEqual(findCuts('', [place]), []);
  });

  it('finds any cut of any text that has letters on both sides', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2, maxLength: 300, unit: 'grapheme' }), fc.nat(), (content, seed) => {
        const cut = 1 + (seed % (content.length - 1));
        const place = placeAt(content, cut);
        fc.pre(place.before !== '' && place.after !== '');
        const first = cut + content.slice(cut).search(/\S/);
        assert.ok(findCuts(content, [place]).includes(first));
      }),
    );
  });

  it('tells whether a warning is marked as fine, by kind and by the text at its cut', () => {
    const marks = { fine: [{ kind: 'mixed-topics', path: 'a.md', ...placeAt(text, at) }], cuts: [] };
    assert.ok(isMarkedFine(marks, 'mixed-topics', text, at));
    assert.ok(isMarkedFine(marks, 'mixed-topics', `Before. ${text}`, at + 8), 'the chunk grew');
    assert.ok(!isMarkedFine(marks, 'mixed-topics', text, text.indexOf('The match')), 'another cut');
    assert.ok(!isMarkedFine(marks, 'cut-off', text, at), 'another kind');
    const whole = { fine: [{ kind: 'boilerplate', path: 'a.md', ...placeOfWhole(text) }], cuts: [] };
    assert.ok(isMarkedFine(whole, 'boilerplate', text, undefined));
    assert.ok(!isMarkedFine(whole, 'boilerplate', 'Another text.', undefined));
  });

  it('is written so that it reads back, and a file that is no list of marks is refused', () => {
    const marks = {
      fine: [{ kind: 'mixed-topics', path: 'b.md', ...placeAt(text, at) }],
      cuts: [{ path: 'a.md', ...placeAt(text, at) }],
    };
    assert.deepEqual(parseKeptMarks(formatKeptMarks(marks)), marks);
    for (const content of ['', '[]', '{"version":2}', '{"version":1,"cuts":[{"path":1}]}'])
      assert.throws(() => parseKeptMarks(content), /\.latentlens\.json can't be read.*left as it is/s);
  });
});

describe('cuts that are kept in the index', () => {
  const whole = (content: string): Chunk => ({
    ...{ start: 0, end: content.trimEnd().length, startLine: 0, endLine: 1, context: ['Sports'], tokens: 99 },
  });

  it('divide the chunk that they lie in, count its tokens anew and leave the others alone', () => {
    const [first, second] = cutAt(text, [whole(text)], [at], words);
    assert.equal(text.slice(first.start, first.end), text.slice(0, at).trimEnd());
    assert.equal(text.slice(second.start, second.end), text.slice(at).trimEnd());
    assert.deepEqual([first.startLine, first.endLine, second.startLine], [0, 1, 1]);
    assert.deepEqual([first.tokens, second.tokens], [1 + 7 + 2, 1 + 8 + 2]);
    assert.deepEqual(second.context, ['Sports']);
    assert.deepEqual(cutAt(text, [whole(text)], [0, text.length], words), [whole(text)]);
  });

  it('divide the parts of a chunk that is longer than the model takes', () => {
    const parts = [
      { start: 0, end: at + 10, tokens: 9 },
      { start: at + 11, end: text.trimEnd().length, tokens: 9 },
    ];
    const [first, second] = cutAt(text, [{ ...whole(text), parts }], [at], words);
    assert.equal(first.parts, undefined, 'what fits is no part');
    assert.deepEqual(
      second.parts?.map(({ start, end }) => text.slice(start, end)),
      ['The keeper', 'saved the penalty. The match ended.'],
    );
  });

  it('hold in their own file alone, which has another name for its way of cutting', async () => {
    const inner: Chunker = { id: 'whole', chunk: async (document) => [whole(document.text)] };
    const cutsOf = (path: string) => (path === 'a.md' ? [placeAt(text, at)] : []);
    const chunker = new KeptCutsChunker(inner, words, cutsOf, (path) => (path === 'a.md' ? 'cuts-1' : ''));
    assert.equal((await chunker.chunk({ text, kind: 'markdown', path: 'a.md' })).length, 2);
    assert.equal((await chunker.chunk({ text, kind: 'markdown', path: 'b.md' })).length, 1);
    assert.deepEqual([chunker.id, chunker.variantOf('a.md'), chunker.variantOf('b.md')], ['whole', 'cuts-1', '']);
  });
});
