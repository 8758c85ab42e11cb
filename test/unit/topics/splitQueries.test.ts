import assert from 'node:assert/strict';
import { queriesOf } from '../../../src/core/topics/splitQueries';

describe('queries of the halves of a chunk', () => {
  it('are the heading above, the one between, and the first sentences', () => {
    const halves = [
      'Parcels leave at noon. They are light.\n\n',
      '## Invoices ##\n\nAn invoice is paid late. Then more.',
    ];
    assert.deepEqual(queriesOf(['Shop', 'Shipping'], halves), [
      { kind: 'heading', text: 'Shipping' },
      { kind: 'heading', text: 'Invoices' },
      { kind: 'first-sentence', text: 'Parcels leave at noon.' },
      { kind: 'first-sentence', text: 'An invoice is paid late.' },
    ]);
  });

  it('take headings that a line marks, of a chunk without context, each once', () => {
    const halves = ['# Shop\n\nParcels\n=======\n\nThey leave at noon.', '- An entry of a list comes first.'];
    assert.deepEqual(queriesOf([], halves), [
      { kind: 'heading', text: 'Parcels' },
      { kind: 'first-sentence', text: 'They leave at noon.' },
      { kind: 'first-sentence', text: 'An entry of a list comes first.' },
    ]);
    assert.deepEqual(queriesOf(['Parcels'], ['One sentence.', 'Parcels\n---\n']), [
      { kind: 'heading', text: 'Parcels' },
      { kind: 'first-sentence', text: 'One sentence.' },
    ]);
    assert.deepEqual(queriesOf([], ['', '']), []);
  });
});
