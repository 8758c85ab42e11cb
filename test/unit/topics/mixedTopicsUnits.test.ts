import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dividingHeadings } from '../../../src/core/topics/mixedTopicsFeatures';
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
      sentenceSpans(text).flatMap(({ heading }) => heading?.level ?? []),
      [2],
    );
  });

  it('counts a heading that a listing parts from its text, and the highest of headings that follow each other', () => {
    const text = [
      '## Alpha',
      'The first part of the page speaks of parcels.',
      '### Examples',
      '## Beta',
      '```\nlisting\n```',
      'The second part of the page speaks of invoices.',
    ].join('\n\n');
    const [, second] = sentenceSpans(text);
    assert.deepEqual(second?.heading, { start: text.indexOf('## Beta'), level: 2 });
    assert.equal(second.seam, 'heading');
    assert.equal(second.start, text.indexOf('The second part'), 'the listing is no sentence');
    const [lower] = sentenceSpans('## Beta\n\n```\nlisting\n```\n\n### Gamma\n\nThe text begins here at last.').slice(
      -1,
    );
    assert.deepEqual([lower?.heading, lower?.start], [{ start: 0, level: 2 }, 37]);
  });

  it('keeps a fragment below its heading', () => {
    const text = '## Alpha\n\nThe first part of the page speaks of parcels.\n\n## B\n\nSo:\n\n```\nlisting\n```';
    assert.deepEqual(
      sentences(text).map((sentence) => sentence.slice(0, 8)),
      ['## Alpha', '## B\n\nSo'],
    );
  });

  it('finds headings that divide a text: those beside or above the one before, with a quarter of it on each side', () => {
    const paragraph = (about: string): string =>
      `The ${about} comes first in this part. Then more of the ${about} is told to whoever reads it.`;
    const dividing = (...parts: string[]): string[] => {
      const text = parts.join('\n\n');
      const spans = sentenceSpans(text);
      return dividingHeadings(spans).map((i) => text.slice(spans[i].start, spans[i].start + 9).split('\n')[0]);
    };
    const [one, two] = [paragraph('parcel'), paragraph('invoice')];
    assert.deepEqual(dividing('## One', one, '## Two', two), ['## Two']);
    assert.deepEqual(dividing(one, '## Two', two), ['## Two'], 'the chunk begins inside a section');
    assert.deepEqual(dividing('### One', one, '## Two', two), ['## Two']);
    assert.deepEqual(dividing('# Title', one, '## Two', two), [], 'an introduction');
    assert.deepEqual(dividing('# Title', '```\ncode\n```', one, '## Two', two), [], 'an introduction with a listing');
    assert.deepEqual(dividing(one, '##### Two', two), [], 'an entry of a list');
    assert.deepEqual(dividing(one, one, one, two, '## Two', 'The invoice comes last.'), [], 'too little of it');
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
  it('begins nothing with the text below a heading, nor with a later part of a listing', () => {
    const long = Array.from(
      { length: 60 },
      (_, i) => `let value${i} = compute(${i});${i % 20 === 19 ? '\n' : ''}`,
    ).join('\n');
    const text = `# Title\n\n<!-- toc -->\n\nThe text of the page.\n\n\`\`\`\n${long}\n\`\`\``;
    const units = documentUnits(text).filter(({ start, end }) => /\p{L}/u.test(text.slice(start, end)));
    assert.ok(units.length > 4);
    for (const { seam, start } of units.slice(1)) assert.equal(seam, 'announced', text.slice(start, start + 20));
  });

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
