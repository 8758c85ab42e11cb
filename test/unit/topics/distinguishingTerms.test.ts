import assert from 'node:assert/strict';
import { distinguishingTerms, lexicalSimilarity, TermBackground } from '../../../src/core/topics/distinguishingTerms';

describe('terms that tell two halves apart', () => {
  it('names what each half is about and nothing that both say', () => {
    const terms = distinguishingTerms(
      'The oven must be hot. Knead the dough, let the dough rest, and bake the bread in the oven in March.',
      'The goalkeeper trains in March. A goalkeeper dives for the ball, and the ball is kicked again.',
    );
    assert.deepEqual(new Set(terms.before.slice(0, 2)), new Set(['oven', 'dough']));
    assert.deepEqual(new Set(terms.after.slice(0, 2)), new Set(['goalkeeper', 'ball']));
    assert.equal(terms.before.length, 3);
    for (const term of terms.before) assert.ok(!terms.after.includes(term));
  });

  it('prefers what is rare in the index', () => {
    const background = new TermBackground();
    for (let i = 0; i < 50; i++) background.add('The server keeps a request and the server holds a log.');
    const terms = distinguishingTerms('The server keeps a certificate.', 'The request holds a cookie.', background, 1);
    assert.deepEqual(terms, { before: ['certificate'], after: ['cookie'] });
  });

  it('prefers what names a thing, in sentences that speak for their half, where every word occurs once', () => {
    const { before, after } = distinguishingTerms(
      [
        { text: 'If it rains they celebrate nearby.', weight: 0.5 },
        { text: 'The party takes place in the park.', weight: 1.4 },
      ],
      'The treasurer quickly presented the accounts.',
      undefined,
      2,
    );
    assert.deepEqual(before, ['party', 'park']);
    assert.deepEqual(after, ['treasurer', 'accounts']);
  });

  it('forgets a removed text', () => {
    const background = new TermBackground();
    background.add('alpha beta');
    const share = background.share('alpha');
    background.add('alpha gamma');
    background.remove('alpha gamma');
    assert.equal(background.share('alpha'), share);
  });

  it('splits identifiers, joins plurals, and reads no markup', () => {
    const { before } = distinguishingTerms(
      '## parseInvoice\n\n[Invoices](https://example.com/paths/archive) hold `invoice_number` <a href="anchor"></a>\n\n[ref]: target.md',
      'nothing here',
      undefined,
      10,
    );
    assert.deepEqual(before, ['invoice', 'parse', 'hold', 'number']);
  });

  it('finds words where no space divides them', () => {
    const { before, after } = distinguishingTerms('猫が魚を食べる。猫は眠る。', '電車が駅に着く。電車は速い。');
    assert.ok(before.includes('猫'));
    assert.ok(after.includes('電車'));
  });

  it('has nothing to say of halves without words', () => {
    assert.deepEqual(distinguishingTerms('', '12 + 3'), { before: [], after: [] });
  });
});

describe('lexical similarity', () => {
  it('is 1 for the same words, 0 for none in common, and symmetric', () => {
    assert.ok(Math.abs(lexicalSimilarity('red apples and pears', 'pears, red apples') - 1) < 1e-9);
    assert.equal(lexicalSimilarity('red apples', 'blue trains'), 0);
    const [first, second] = ['red apples fall', 'apples grow on trees'];
    assert.equal(lexicalSimilarity(first, second), lexicalSimilarity(second, first));
    assert.equal(lexicalSimilarity('', 'apples'), 0);
  });
});
