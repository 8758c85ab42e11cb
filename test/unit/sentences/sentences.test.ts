import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitSentences } from '../../../src/core/topics/sentences';
import { arbitraryCode, arbitraryMarkdown } from '../chunking/arbitraryText';
import { cpuTimeMs } from '../cpuTime';

function sentencesOf(text: string): string[] {
  return splitSentences(text).map(({ start, end }) => text.slice(start, end));
}

describe('sentences', function () {
  this.timeout(60_000);
  it('are ordered, trimmed ranges that hold all text that is not blank', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryMarkdown, arbitraryCode, fc.string({ unit: 'binary' })), (text) => {
        let from = 0;
        for (const { start, end } of splitSentences(text)) {
          assert.ok(start >= from && end > start, 'ranges are ordered and not empty');
          assert.equal(text.slice(from, start).trim(), '', 'nothing is lost between sentences');
          assert.equal(text.slice(start, end).trim(), text.slice(start, end), 'no blank characters at the ends');
          from = end;
        }
        assert.equal(text.slice(from).trim(), '', 'nothing is lost at the end');
      }),
      { numRuns: 300 },
    );
  });

  it('survive abbreviations, initials, numbers and web addresses', () => {
    assert.deepEqual(
      sentencesOf(
        'Dr. Smith met J. R. R. Tolkien at 3.5 p.m. on St. Giles. See e.g. https://a.example/b?C=d.E for v1.2. Done.',
      ),
      [
        'Dr. Smith met J. R. R. Tolkien at 3.5 p.m. on St. Giles.',
        'See e.g. https://a.example/b?C=d.E for v1.2.',
        'Done.',
      ],
    );
    assert.deepEqual(sentencesOf('It fails, etc. The rest holds. The answer is no. Then 5 more, cf. Fig. 3.'), [
      'It fails, etc.',
      'The rest holds.',
      'The answer is no.',
      'Then 5 more, cf. Fig. 3.',
    ]);
  });

  it('do not end inside code spans and quotes that go on', () => {
    assert.deepEqual(sentencesOf('Call `foo. Bar` first. “Why?” she asked. Yahoo! is one.'), [
      'Call `foo. Bar` first.',
      '“Why?” she asked.',
      'Yahoo! is one.',
    ]);
  });

  it('end where other languages end them', () => {
    assert.deepEqual(
      sentencesOf(
        '这是第一句。这是第二句！Ist das z.B. gut? Am 3. Oktober kam er. ¿Qué? El Sr. García vino. यह पहला है। यह दूसरा है।',
      ),
      [
        '这是第一句。',
        '这是第二句！',
        'Ist das z.B. gut?',
        'Am 3. Oktober kam er.',
        '¿Qué?',
        'El Sr. García vino.',
        'यह पहला है।',
        'यह दूसरा है।',
      ],
    );
  });

  it('run on over the lines of a wrapped paragraph, whatever the line breaks', () => {
    for (const by of ['\n', '\r\n', '\r']) {
      const text = ['One sentence', 'on two lines. And', 'another.', '', 'A new one'].join(by);
      assert.deepEqual(sentencesOf(text), [`One sentence${by}on two lines.`, `And${by}another.`, 'A new one']);
    }
  });

  it('never reach over headings, list items, rows and fences', () => {
    const text =
      '# A heading\nText one. Two\n- item. More\n  wrapped\n1. first\n\n| a | b |\n|--|--|\n| 1. X | 2 |\n```js\na. B\n\nc\n```\n> q\n>\n> r';
    assert.deepEqual(sentencesOf(text), [
      '# A heading',
      'Text one.',
      'Two',
      '- item.',
      'More\n  wrapped',
      '1. first',
      '| a | b |\n|--|--|',
      '| 1. X | 2 |',
      '```js\na. B\n\nc\n```',
      '> q\n>',
      '> r',
    ]);
  });

  it('part long code at blank lines and long unpunctuated text at line breaks', () => {
    const code = '```\n' + 'let a = 1\n'.repeat(60) + '\n' + 'let b = 2\n'.repeat(60) + '```';
    assert.equal(sentencesOf(code).length, 2);
    assert.equal(sentencesOf('key = some value without any stop\n'.repeat(40)).length, 40);
  });

  it('are lines where lines begin like sentences and none ends like one, and not in wrapped prose', () => {
    const transcript =
      'Greek medicine flourished early\nHomer described wounds\nHippocrates lived later\nHis school was large';
    assert.equal(sentencesOf(transcript).length, 4);
    assert.equal(
      sentencesOf('The harbor of Madison opens\nat dawn, and the pilot\nMiller comes aboard\nwith the tide').length,
      1,
    );
    assert.equal(sentencesOf('One ends. Two\nBegins here. Three\nIs done. Four\nEnds.').length, 4);
  });

  it('take time in proportion to the text, even for text made to be hard', async () => {
    const hard = [
      '`'.repeat(3) + 'x\n',
      '` `` ',
      '<!-- ',
      '|-\n',
      '> > > \n',
      'a. ',
      '# # \n',
      '- - - a\n',
      '~~~~\n',
      '!?.\n',
    ];
    for (const piece of hard) {
      const text = piece.repeat(Math.ceil(60_000 / piece.length));
      const elapsedMs = await cpuTimeMs(() => splitSentences(text));
      assert.ok(elapsedMs < 5000, `${JSON.stringify(piece)} repeated is slow`);
    }
  });
});
