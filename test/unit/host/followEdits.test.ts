import assert from 'node:assert/strict';
import fc from 'fast-check';
import { followEdits, followOffset, type TextEdit } from '../../../src/host/places/followEdits';

/** The text after edits that were made at once. */
function apply(text: string, edits: readonly (TextEdit & { text: string })[]): string {
  let result = text;
  for (const edit of [...edits].sort((a, b) => b.offset - a.offset)) {
    result = result.slice(0, edit.offset) + edit.text + result.slice(edit.offset + edit.removed);
  }
  return result;
}

const range = { start: 10, end: 20, touched: false };

describe('a range that follows edits', () => {
  it('moves with what is inserted or removed before it, and stays untouched', () => {
    assert.deepEqual(followEdits(range, [{ offset: 0, removed: 2, inserted: 7 }]), {
      start: 15,
      end: 25,
      touched: false,
    });
    assert.deepEqual(followEdits(range, [{ offset: 10, removed: 0, inserted: 3 }]), {
      start: 13,
      end: 23,
      touched: false,
    });
  });

  it('ignores what happens behind it', () => {
    assert.deepEqual(followEdits(range, [{ offset: 20, removed: 5, inserted: 9 }]), range);
  });

  it('grows and shrinks with edits inside it, and knows that it was touched', () => {
    assert.deepEqual(followEdits(range, [{ offset: 12, removed: 1, inserted: 4 }]), {
      start: 10,
      end: 23,
      touched: true,
    });
  });

  it('keeps what is left when an edit reaches over one of its ends', () => {
    assert.deepEqual(followEdits(range, [{ offset: 5, removed: 8, inserted: 1 }]), {
      start: 6,
      end: 13,
      touched: true,
    });
    assert.deepEqual(followEdits(range, [{ offset: 15, removed: 10, inserted: 2 }]), {
      start: 10,
      end: 15,
      touched: true,
    });
  });

  it('is gone when it was replaced as a whole', () => {
    assert.equal(followEdits(range, [{ offset: 10, removed: 10, inserted: 10 }]), undefined);
    assert.equal(followEdits(range, [{ offset: 0, removed: 40, inserted: 40 }]), undefined);
  });

  it('holds the same text after any edits that do not touch it', () => {
    const chunk = '<the chunk>';
    const edit = fc.record({ at: fc.nat({ max: 20 }), removed: fc.nat({ max: 5 }), text: fc.string({ maxLength: 6 }) });
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }),
        fc.string({ maxLength: 20 }),
        edit,
        edit,
        (before, after, first, last) => {
          const document = before + chunk + after;
          const start = before.length;
          const offsetBefore = Math.min(first.at, start);
          const offsetAfter = Math.min(start + chunk.length + last.at, document.length);
          const edits = [
            {
              offset: offsetBefore,
              removed: Math.min(first.removed, start - offsetBefore),
              text: first.text,
              inserted: first.text.length,
            },
            {
              offset: offsetAfter,
              removed: Math.min(last.removed, document.length - offsetAfter),
              text: last.text,
              inserted: last.text.length,
            },
          ];
          const followed = followEdits({ start, end: start + chunk.length, touched: false }, edits);
          assert.ok(followed && !followed.touched);
          assert.equal(apply(document, edits).slice(followed.start, followed.end), chunk);
          assert.equal(followOffset(start + 3, edits), followed.start + 3);
        },
      ),
    );
  });
});
