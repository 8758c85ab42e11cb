import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findText } from '../../../src/host/places/textFinder';

describe('the finder of a chunk in a changed document', () => {
  it('takes the old offset when the text is still there, even if it occurs earlier', () => {
    assert.deepEqual(findText('same same same', 'same', 5), { start: 5, end: 9 });
  });

  it('takes the nearest occurrence when the text moved', () => {
    const text = 'the chunk';
    assert.deepEqual(findText(`${text}\n${'x'.repeat(50)}\n\n${text}`, text, 55), { start: 62, end: 71 });
    assert.deepEqual(findText(`${text}\n${'x'.repeat(50)}\n\n${text}`, text, 12), { start: 0, end: 9 });
  });

  it('finds nothing when the text was edited, rather than something near', () => {
    assert.equal(findText('the chunk of today', 'the chunk of yesterday', 0), undefined);
    assert.equal(findText('anything', '', 3), undefined);
  });

  it('finds text whose line ends the editor rewrote, with offsets of the document as it is', () => {
    const document = 'one\r\ntwo\r\nthree\r\n';
    assert.deepEqual(findText(document, 'two\nthree', 4), { start: 5, end: 15 });
    assert.deepEqual(findText('one\ntwo\nthree\n', 'two\r\nthree', 5), { start: 4, end: 13 });
  });

  it('never names a range that holds anything else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', '\n', '\r\n', '🙂', 'é'), { maxLength: 30 }),
        fc.array(fc.constantFrom('a', 'b', '\n', '\r\n', '🙂'), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: -5, max: 60 }),
        (documentParts, textParts, expected) => {
          const document = documentParts.join('');
          const text = textParts.join('');
          const plain = (part: string): string => part.replaceAll('\r\n', '\n');
          const range = findText(document, text, expected);
          if (range) assert.equal(plain(document.slice(range.start, range.end)), plain(text));
          else assert.ok(!plain(document).includes(plain(text)));
        },
      ),
    );
  });
});
