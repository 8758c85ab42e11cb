import assert from 'node:assert/strict';
import { SkippedFiles } from '../../../src/core/index/skippedFiles';

describe('files that were read and left out', () => {
  const file = { path: 'a.js', size: 10, mtimeMs: 5 };
  const meta = new Map<string, string>();
  const store = {
    getMeta: (key: string) => meta.get(key),
    setMeta: (key: string, value: string) => void meta.set(key, value),
  };
  beforeEach(() => meta.clear());

  it('are known while they are the same and read the same way, also after the store was closed', () => {
    const skipped = new SkippedFiles(store);
    skipped.note(file, '', { reason: 'minified', detail: 'long lines' });
    skipped.note({ ...file, path: 'b.txt' }, 'shiftjis', { reason: 'encoding', detail: 'tried' });
    skipped.save();
    const again = new SkippedFiles(store);
    assert.deepEqual(again.known(file, ''), { reason: 'minified', detail: 'long lines' });
    assert.equal(again.known({ ...file, mtimeMs: 6 }, ''), undefined);
    assert.equal(again.known({ ...file, size: 11 }, ''), undefined);
    assert.equal(again.known({ ...file, path: 'b.txt' }, ''), undefined);
    assert.deepEqual(
      [...again.entries()].map(({ path }) => path),
      ['a.js', 'b.txt'],
    );
    again.keepOnly(new Set(['b.txt']));
    again.save();
    assert.equal(new SkippedFiles(store).known(file, ''), undefined);
  });

  it('are tried again where they could not be read, or where the list is damaged', () => {
    const skipped = new SkippedFiles(store);
    skipped.note(file, '', { reason: 'unreadable', detail: 'permission denied' });
    assert.equal(skipped.known(file, ''), undefined);
    for (const damaged of ['{', '[{"path":1}]', '"x"']) {
      meta.set('skippedFiles', damaged);
      assert.equal(new SkippedFiles(store).known(file, ''), undefined);
    }
  });
});
