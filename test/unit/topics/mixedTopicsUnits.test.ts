import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sentenceSpans } from '../../../src/core/topics/mixedTopicsUnits';

function sentences(text: string): string[] {
  return sentenceSpans(text).map(({ start, end }) => text.slice(start, end));
}

describe('sentences that are judged for mixed topics', () => {
  it('leaves out code, tables and markup', () => {
    const text = [
      'Threads share the state of a counter.',
      '```rust\nlet counter = Mutex::new(0);\n```',
      '<a id="anchor"></a>',
      '| column | other |\n| --- | --- |\n| value of a cell | value of another |',
      'A lock protects every access to it.',
    ].join('\n\n');
    assert.deepEqual(sentences(text), ['Threads share the state of a counter.', 'A lock protects every access to it.']);
  });

  it('keeps a heading with the sentence after it', () => {
    assert.deepEqual(sentences('First part of the text here.\n\n## Shipping\n\nParcels leave the house at noon.'), [
      'First part of the text here.',
      '## Shipping\n\nParcels leave the house at noon.',
    ]);
  });

  it('joins fragments to a neighbor', () => {
    assert.deepEqual(sentences('Really? Yes. The parcel was sent on Monday morning. Good.'), [
      'Really? Yes. The parcel was sent on Monday morning. Good.',
    ]);
  });

  it('gives ordered ranges inside any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        let from = 0;
        for (const { start, end } of sentenceSpans(text)) {
          assert.ok(start >= from && end > start && end <= text.length);
          from = end;
        }
      }),
      { numRuns: 200 },
    );
  });
});
