import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JudgedSentence, SeamKind } from '../../../src/core/topics/mixedTopicsUnits';
import { seamLogOdds } from '../../../src/core/topics/seams';

const kinds: SeamKind[] = ['sentence', 'paragraph', 'item', 'announced', 'aside', 'aside-end', 'heading'];
const sentencesWith = (seams: readonly SeamKind[]): JudgedSentence[] =>
  seams.map((seam, i) => ({ start: 10 * i, end: 10 * i + 9, seam }));

describe('odds of a cut by layout', () => {
  it('says nothing where all seams are alike', () => {
    for (const kind of kinds.filter((each) => each !== 'aside-end')) {
      const odds = seamLogOdds(sentencesWith(['paragraph', kind, kind, kind]));
      for (const value of odds.slice(1)) assert.ok(Math.abs(value) < 1e-12, `${kind}: ${value}`);
    }
    assert.deepEqual(seamLogOdds([]), []);
    assert.equal(seamLogOdds(sentencesWith(['sentence'])).length, 1);
  });

  it('prefers paragraphs and headings to places inside a paragraph, and these to what a colon announces', () => {
    const [, sentence, announced, paragraph, heading] = seamLogOdds(
      sentencesWith(['paragraph', 'sentence', 'announced', 'paragraph', 'heading']),
    );
    assert.ok(announced < sentence && sentence < paragraph && paragraph < heading);
    const against = (value: number): number => Number((value - paragraph).toFixed(6));
    assert.deepEqual([sentence, announced, heading].map(against), [-0.7, -2, 1], 'as the page of the method says');
    const [, alone, noteEnd] = seamLogOdds(sentencesWith(['paragraph', 'paragraph', 'aside-end']));
    assert.equal(Number((noteEnd - alone).toFixed(6)), 2);
  });

  it('deals out shares of one cut, and adds to them where a note ends', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { minLength: 2, maxLength: 30 }), (seams) => {
        const odds = seamLogOdds(sentencesWith(seams)).slice(1);
        const total = odds.reduce((sum, value) => sum + Math.exp(value), 0) / odds.length;
        const ends = seams.slice(1).filter((kind) => kind === 'aside-end').length;
        if (ends === 0) assert.ok(Math.abs(total - 1) < 1e-9);
        else assert.ok(total > 1);
      }),
      { numRuns: 200 },
    );
  });
});
