import assert from 'node:assert/strict';
import { FollowedPassages, locatePassage } from '../../../src/host/places/followedPassages';

const document = 'first passage\n\nsecond passage\n\nthird passage\n';
const second = { chunkId: 2, start: 15, end: 29, text: 'second passage' };

describe('passages of an open document', () => {
  it('are followed from where their text lies, not from where it was indexed', () => {
    const passages = new FollowedPassages();
    passages.add({ ...second, start: 0, end: 14 }, document);
    assert.deepEqual(passages.range(2), { start: 15, end: 29, touched: false });
  });

  it('are not followed when their text is not there', () => {
    const passages = new FollowedPassages();
    passages.add({ ...second, text: 'gone since' }, document);
    assert.equal(passages.range(2), undefined);
  });

  it('are found again after the whole document was replaced with the text in it', () => {
    const passages = new FollowedPassages();
    passages.add(second, document);
    passages.edit([{ offset: 0, removed: document.length, inserted: document.length + 4 }], () => `new\n${document}`);
    assert.deepEqual(passages.range(2), { start: 19, end: 33, touched: false });
    passages.edit([{ offset: 0, removed: document.length + 4, inserted: 5 }], () => 'other');
    assert.equal(passages.range(2), undefined);
  });

  it('keep their length when only their beginning is known', () => {
    assert.deepEqual(locatePassage({ ...second, text: 'second' }, `\n${document}`), { start: 16, end: 30 });
    assert.deepEqual(locatePassage({ ...second, text: 'second' }, 'a second'), { start: 2, end: 8 });
  });
});
