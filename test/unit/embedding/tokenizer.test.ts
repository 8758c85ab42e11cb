import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { PreTrainedTokenizer } from '@xenova/transformers';
import { ModelFolder } from '../../../src/core/embedding/modelFolder';
import { WordPieceTokenizer } from '../../../src/core/embedding/tokenizer';
import { repositoryRoot } from '../builtEntries';

const modelPath = path.join(repositoryRoot, 'media/models/all-MiniLM-L6-v2');
const json = (file: string): unknown => JSON.parse(readFileSync(path.join(modelPath, file), 'utf8'));

describe('WordPieceTokenizer', () => {
  let tokenizer: WordPieceTokenizer;
  let library: PreTrainedTokenizer;

  before(async () => {
    tokenizer = await WordPieceTokenizer.load(await ModelFolder.open(modelPath));
    library = new PreTrainedTokenizer(json('tokenizer.json'), json('tokenizer_config.json'));
  });

  const difficult = fc.constantFrom(
    ...['[CLS]', '[SEP]', '[MASK]', '[PAD]', '[UNK]', '[cls]', '[[CLS]]', '[CLS', '##ing', 'unbelievable', "don't"],
    ...[
      '東京タワー',
      '中',
      '\u{20000}',
      'ひらがな。カタカナ、',
      '한국어',
      'Ελλάς ΟΔΥΣΣΕΥΣ',
      'Σ.',
      'ΑΣ',
      "'Σ",
      'İstanbul',
    ],
    ...[
      'é',
      'e\u0301',
      '\u0301',
      '\u0903',
      '\u302e',
      'naïve',
      'ﬁ',
      '\u00ad',
      '\u200b',
      '\u202e',
      '\ufeff',
      '\ufffd',
      '\0',
    ],
    ...['😀', '👩‍👩‍👧', '\ud83d', '\ude00', '\v', '\f', '\u0085', '\u00a0', '\u2028', '\u3000', '\n', '\t', ' ', '  '],
    ...[
      '≮',
      '\u037e',
      '\u1fef',
      '«',
      '—',
      '…',
      '$',
      '^',
      '`',
      '~',
      '.',
      "'",
      'x'.repeat(101),
      'x'.repeat(100),
      'ж'.repeat(60),
    ],
  );
  const text = fc
    .array(fc.oneof({ arbitrary: difficult, weight: 3 }, fc.string({ unit: 'binary', maxLength: 8 }), fc.string()), {
      maxLength: 40,
    })
    .map((parts) => parts.join(''));

  it('encodes any text as the library encodes the whole of it, special tokens included', () => {
    fc.assert(
      fc.property(text, (sample) => {
        assert.deepEqual([...tokenizer.encode(sample, Infinity).ids], library.encode(sample));
        assert.equal(tokenizer.countTokens(sample), library.encode(sample).length - 2);
      }),
      { numRuns: 400 },
    );
  });

  it('agrees with the library on every mark, symbol, space and control character between letters', () => {
    const samples: string[] = [];
    for (let code = 0; code < 0x20000; code++) {
      const character = String.fromCodePoint(code);
      if (/[\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}\p{M}]/u.test(character)) samples.push(`a${character}b`);
    }
    assert.ok(samples.length > 8000);
    for (let i = 0; i < samples.length; i += 500) {
      const sample = samples.slice(i, i + 500).join(' ');
      assert.deepEqual([...tokenizer.encode(sample, Infinity).ids], library.encode(sample));
    }
  });

  it('cuts off after 254 pieces between [CLS] and [SEP] and says so', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), fc.integer({ min: 2, max: 256 }), (parts, maxTokens) => {
        const sample = parts.join(' ');
        const whole = library.encode(sample);
        const encoded = tokenizer.encode(sample, maxTokens);
        const expected = whole.length <= maxTokens ? whole : [...whole.slice(0, maxTokens - 1), whole.at(-1)];
        assert.deepEqual([...encoded.ids], expected);
        assert.equal(encoded.truncated, whole.length > maxTokens);
      }),
      { numRuns: 150 },
    );
    const exactly = tokenizer.encode('word '.repeat(254), 256);
    assert.deepEqual([exactly.ids.length, exactly.truncated], [256, false]);
    const oneMore = tokenizer.encode('word '.repeat(255), 256);
    assert.deepEqual([oneMore.ids.length, oneMore.truncated], [256, true]);
  });

  it('gives each piece the range of the text that it comes from', () => {
    fc.assert(
      fc.property(text, (sample) => {
        const { ids, starts, ends } = tokenizer.encode(sample, Infinity);
        let last = 0;
        for (let i = 1; i < ids.length - 1; i++) {
          assert.ok(starts[i] >= last && ends[i] > starts[i] && ends[i] <= sample.length);
          // The range alone has this piece among its own.
          assert.ok(library.encode(sample.slice(starts[i], ends[i])).includes(ids[i]));
          last = starts[i];
        }
      }),
      { numRuns: 100 },
    );
    const { starts, ends } = tokenizer.encode('One two。三', 256);
    assert.deepEqual([...starts], [-1, 0, 4, 7, 8, -1]);
    assert.deepEqual([...ends], [-1, 3, 7, 8, 9, -1]);
  });

  it('stays exact when its cache overflows', () => {
    const words = Array.from({ length: 40_000 }, (_, i) => `w${i}`);
    tokenizer.countTokens(words.join(' '));
    const sample = [...words.slice(0, 100), ...words.slice(-100), 'hello'].join(' ');
    assert.deepEqual([...tokenizer.encode(sample, Infinity).ids], library.encode(sample));
  }).timeout(10_000);
});
