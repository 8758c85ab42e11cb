import assert from 'node:assert/strict';
import type { SearchHit } from '../../../src/shared/space';
import { hitWords } from '../../../src/host/search/searchItems';

const hit: SearchHit = {
  rank: 1,
  point: 4,
  place: {
    chunkId: 9,
    folderUri: 'file:///w',
    path: 'support/refunds.md',
    start: 0,
    end: 40,
    startLine: 2,
    endLine: 5,
  },
  places: 1,
  similarity: 0.6123,
  percentile: 99.42,
  text: '\n\n## Refunds $(x) arrive\nWithin five days.',
};

describe('a hit in the quick pick', () => {
  it('shows its first line of words, its place as people count lines, and both figures', () => {
    assert.deepEqual(hitWords(hit, undefined), {
      label: 'Refunds $ (x) arrive',
      description: '0.61 · 99.4th percentile',
      detail: 'support/refunds.md:3',
    });
  });

  it('names the folder where there are several, and says when the text is in several places', () => {
    const words = hitWords({ ...hit, places: 3 }, 'docs');
    assert.equal(words.detail, 'docs/support/refunds.md:3');
    assert.ok(words.description.endsWith('3 places'));
  });

  it('falls back to the place where the text has no word', () => {
    assert.equal(hitWords({ ...hit, text: '---\n***' }, undefined).label, 'support/refunds.md:3');
  });
});
