import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitHere } from '../../../src/host/quality/splitHere';

/** The document after the edit, with the title that a person would rename in brackets. */
function split(text: string, second: string, languageId = 'markdown', title = 'Tea'): string | undefined {
  const edit = splitHere(text, text.indexOf(second), title, languageId);
  if (!edit) return undefined;
  const shown = edit.title === '' ? '' : `[${edit.title}]`;
  return text.slice(0, edit.start) + edit.before + shown + edit.after + text.slice(edit.end);
}

describe('splitting where a topic changes', () => {
  it('inserts a heading one level below that of the section, in the middle of a line and at its beginning', () => {
    assert.equal(split('# Page\n\n## Keys\n\nOne. Two.\n', 'Two'), '# Page\n\n## Keys\n\nOne.\n\n### [Tea]\n\nTwo.\n');
    assert.equal(split('Setext\n======\n\nOne.\nTwo.\n', 'Two'), 'Setext\n======\n\nOne.\n\n## [Tea]\n\nTwo.\n');
    assert.equal(split('One.\n\nTwo.\n', 'Two'), 'One.\n\n## [Tea]\n\nTwo.\n');
    assert.equal(split('###### Deep\n\nOne. Two.', 'Two'), '###### Deep\n\nOne.\n\n###### [Tea]\n\nTwo.');
    assert.equal(split('# A\n\n```sh\n## no heading\n```\n\nOne. Two.', 'Two')?.includes('\n\n## [Tea]'), true);
  });

  it('keeps line ends, list marks and quotations as they are', () => {
    assert.equal(split('# A\r\n\r\nOne. Two.\r\n', 'Two'), '# A\r\n\r\nOne.\r\n\r\n## [Tea]\r\n\r\nTwo.\r\n');
    assert.equal(split('- One.\n- Two.\n', 'Two'), '- One.\n\n## [Tea]\n\n- Two.\n');
    assert.equal(split('> One. Two.\n', 'Two'), '> One.\n>\n> ## [Tea]\n>\n> Two.\n');
  });

  it('inserts a blank line in text, and a blank line with a comment in code', () => {
    assert.equal(split('One. Two.', 'Two', 'plaintext'), 'One.\n\nTwo.');
    assert.equal(split('One.\nTwo.', 'Two', 'plaintext'), 'One.\n\nTwo.');
    assert.equal(
      split('if x:\n    one()\n    two()\n', 'two', 'python'),
      'if x:\n    one()\n\n    # [Tea]\n    two()\n',
    );
    assert.equal(split('one();\ntwo();\n', 'two', 'typescript'), 'one();\n\n// [Tea]\ntwo();\n');
  });

  it('has nothing to offer where it is done already, or where nothing can be put', () => {
    assert.equal(split('One.\n\n## Two\n\nThree.', '## Two'), undefined);
    assert.equal(split('One.\n\nTwo.', 'Two', 'plaintext'), undefined);
    assert.equal(split('one(); two();', 'two', 'typescript'), undefined);
    assert.equal(split('<p>One. Two.</p>', 'Two', 'html'), undefined);
  });

  it('never takes away anything but blanks', () => {
    const piece = fc.constantFrom(
      'a',
      'B.',
      ' ',
      '\n',
      '\r\n',
      '\t',
      '- ',
      '> ',
      '# ',
      '1. ',
      '```',
      'ü',
      '\n\n',
      '===',
    );
    const language = fc.constantFrom('markdown', 'plaintext', 'python', 'rust');
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 30 }), fc.nat(), language, (pieces, seed, languageId) => {
        const text = pieces.join('');
        const edit = splitHere(text, seed % text.length, 'Tea', languageId);
        if (!edit) return;
        assert.ok(edit.start <= edit.end);
        assert.equal(text.slice(edit.start, edit.end).trim(), '');
        assert.match(edit.before, /^[\s>#/]*$/, 'inserts marks and blanks before the title');
      }),
    );
  });
});
