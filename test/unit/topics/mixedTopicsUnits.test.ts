import assert from 'node:assert/strict';
import fc from 'fast-check';
import { documentUnits, sentenceSpans } from '../../../src/core/topics/mixedTopicsUnits';
import { splitSentences } from '../../../src/core/topics/sentences';

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

  it('tells what stands before each sentence', () => {
    const text = [
      'The first page speaks of parcels. A second sentence goes on.',
      '- The first entry of a list is this one.',
      '- The second entry stands below it.',
      'What follows is announced by a colon:',
      'The announced paragraph stands here.',
      '> A note is set apart from the page. A second sentence of it stands here.',
      'Here the text of the page goes on again.',
      '## Invoices',
      'Invoices are paid at the end of a month.',
    ].join('\n\n');
    assert.deepEqual(
      sentenceSpans(text).map(({ seam }) => seam),
      ['paragraph', 'sentence', 'item', 'item', 'paragraph', 'announced', 'aside', 'sentence', 'aside-end', 'heading'],
    );
    assert.deepEqual(
      sentenceSpans(text).flatMap(({ headingLevel }) => headingLevel ?? []),
      [2],
    );
  });

  it('leaves out captions and never joins a fragment across a heading', () => {
    const text =
      '<span class="filename">Filename: src/main.rs</span>\n\nThe program prints a line of text.\n\nDone.\n\n### Next part\n\nThe next part begins with this.';
    assert.deepEqual(sentences(text), [
      'The program prints a line of text.\n\nDone.',
      '### Next part\n\nThe next part begins with this.',
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

describe('units of a document with their layout', () => {
  it('keeps headings with what they announce, and listings with the text before them', () => {
    const text = [
      '# Parcels',
      'Parcels leave at noon. They weigh little.',
      '```\ncode\n```',
      'Prices follow:',
      '- A letter costs one coin.',
      '## Invoices',
      '### Paper',
      'Invoices are printed.',
    ].join('\n\n');
    assert.deepEqual(
      documentUnits(text).map(({ start, end, seam }) => [text.slice(start, end).split(/\W+/)[1] ?? '', seam]),
      [
        ['Parcels', 'heading'],
        ['leave', 'announced'],
        ['weigh', 'sentence'],
        ['code', 'announced'],
        ['follow', 'paragraph'],
        ['A', 'announced'],
        ['Invoices', 'heading'],
        ['Paper', 'announced'],
        ['are', 'announced'],
      ],
    );
  });

  it('has the very ranges of the sentences of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab.:# \n>-`|=<'), maxLength: 120 }), (text) => {
        assert.deepEqual(
          documentUnits(text).map(({ start, end }) => ({ start, end })),
          splitSentences(text),
        );
      }),
      { numRuns: 300 },
    );
  });
});
