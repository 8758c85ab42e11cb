import assert from 'node:assert/strict';
import { findCell } from '../../../src/host/places/cellFinder';
import { globsOfLanguage } from '../../../src/host/space/languageFiles';

describe('the cell that holds a text', () => {
  const cells = ['import x', 'a = 1\nb = 2', '# Title', 'a = 1\nb = 2\nc = 3'];

  it('is its own one where that still holds it, with the range in the cell', () => {
    assert.deepEqual(findCell(cells, { cell: 3, start: 6, text: 'b = 2' }), { cell: 3, start: 6, end: 11 });
    assert.deepEqual(findCell(cells, { cell: 1, start: 6, text: 'b = 2' }), { cell: 1, start: 6, end: 11 });
  });

  it('is the nearest other one after cells were put in or taken out', () => {
    assert.deepEqual(findCell(cells, { cell: 0, start: 0, text: 'b = 2' }), { cell: 1, start: 6, end: 11 });
    assert.deepEqual(findCell(cells, { cell: 9, start: 0, text: '# Title' }), { cell: 2, start: 0, end: 7 });
    assert.equal(findCell(cells, { cell: 1, start: 0, text: 'gone' }), undefined);
    assert.equal(findCell([], { cell: 0, start: 0, text: 'x' }), undefined);
  });
});

describe('the names of a language’s files', () => {
  it('are those that extensions contribute, then the person’s own', () => {
    const contributed = [
      {
        id: 'shellscript',
        extensions: ['.sh', '.bash'],
        filenames: ['PKGBUILD', 'a[b]'],
        filenamePatterns: ['*.bash_*'],
      },
      { id: 'python', extensions: ['.py'] },
      { id: 'shellscript', extensions: [7, '.zsh'], filenames: 'not a list' },
    ];
    const associations = { '*.legacy': 'shellscript', '*.x': 'python' };
    assert.deepEqual(globsOfLanguage('shellscript', contributed, associations), [
      ...['*.sh', '*.bash', '*.zsh', '*.bash_*', 'PKGBUILD', 'a\\[b\\]', '*.legacy'],
    ]);
    assert.deepEqual(globsOfLanguage('go', contributed, {}), []);
  });
});
