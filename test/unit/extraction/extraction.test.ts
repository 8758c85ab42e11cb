import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sourceOffset } from '../../../src/core/index/chunkOrigin';
import { documentChunks } from '../../../src/core/index/documentChunks';
import type { FileDocument } from '../../../src/core/index/documentSource';
import { fileDocuments } from '../../../src/core/index/fileDocuments';
import { paragraphChunker } from '../index/memoryFolder';

/** The one document of a file with markup. */
function extracted(source: string, name: string): FileDocument {
  const documents = fileDocuments(source, name);
  assert.ok(Array.isArray(documents), JSON.stringify(documents));
  return documents[0];
}

const textOf = (source: string, name: string): string => extracted(source, name).text.trim();

/** Where every word of the text stands: in the source, in order, as itself unless it is marked as added or decoded. */
function checkPlaces({ text, source: map }: FileDocument, source: string): number {
  assert.ok(map);
  let last = 0;
  let literal = 0;
  for (const { index, 0: word } of text.matchAll(/\S+/g)) {
    const { start, end, startLine, endLine } = map.range(index, index + word.length);
    assert.ok(0 <= start && start <= end && end <= source.length, word);
    assert.ok(start >= last, `${word} stands before the word before it`);
    last = start;
    const lines = (until: number): number => source.slice(0, until).split(/\r\n|\r|\n/).length - 1;
    assert.equal(startLine, lines(start));
    assert.equal(endLine, lines(Math.max(start, end - 1)));
    if (source.slice(start, end) === word) literal++;
  }
  return literal;
}

const word = fc.stringMatching(/^[a-zA-ZäöüÜ日本][a-zäöü日本0-9]{0,6}$/);
const prose = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));

describe('the text of an HTML page', () => {
  const inline = fc.oneof(
    prose,
    prose.map((text) => `<b>${text}</b>`),
    prose.map((text) => `<a href="x?a=1&amp;b">${text}</a>`),
    fc.constantFrom(
      '&amp;',
      '&lt;tag&gt;',
      '&#x1F600;',
      '<br>',
      '<!-- not shown -->',
      '<script>var hidden = 1</script>',
      '\n  ',
      '\r\n',
    ),
  );
  const block = fc
    .tuple(
      fc.constantFrom('p', 'h1', 'h3', 'li', 'div', 'td', 'pre', 'section', 'blockquote'),
      fc.array(inline, { minLength: 1, maxLength: 6 }),
    )
    .map(([tag, parts]) => `<${tag}>${parts.join(' ')}</${tag}>`);
  const page = fc
    .array(fc.oneof(block, prose), { maxLength: 8 })
    .map((blocks) => `<html><head><title>t</title></head>\r\n${blocks.join('\n')}`);

  it('is all that is shown, each word where it stands, on random pages', () => {
    fc.assert(
      fc.property(page, (source) => {
        const shown = source
          .replace(/<head>.*?<\/head>|<script>.*?<\/script>|<!--.*?-->/gs, '')
          .replace(
            /<(?:p|h1|h3|li|div|td|pre|section|blockquote|br|\/(?:p|h1|h3|li|div|td|pre|section|blockquote))\b[^>]*>/g,
            ' ',
          )
          .replace(/<[^>]*>/g, '')
          .replace(/&lt;/g, '<')
          .replace(/&gt;/g, '>')
          .replace(/&#x1F600;/g, '😀')
          .replace(/&amp;/g, '&');
        const documents = fileDocuments(source, 'page.html');
        const bare = (text: string): string => text.replace(/\s+/g, '');
        if (!Array.isArray(documents)) {
          assert.equal(bare(shown), '');
          return;
        }
        // Added marks aside: headings, list items, cells and fences.
        const plain = documents[0].text.replace(/^(?:#{1,6} |- |```$)/gm, '').replace(/ \| /g, '');
        assert.equal(bare(plain), bare(shown));
        checkPlaces(documents[0], source);
      }),
      { numRuns: 200 },
    );
  });

  it('reads as Markdown in its outlines, so that headings are context and listings whole', () => {
    const source =
      '<!DOCTYPE html><html><head><title>T</title><style>p{}</style></head><body><h1>Sea &amp; sky</h1>\n<p>One\n   two<br>three</p>' +
      '<ul><li>first</li><li>second <b>bold</b></li></ul><pre><code>let a = 1;\n  b &lt; c;\n</code></pre>' +
      '<table><tr><td>x</td><td>y</td></tr><tr><td>z</td></tr></table><p hidden>unseen</p>end';
    assert.equal(
      textOf(source, 'a.htm'),
      '# Sea & sky\n\nOne two\nthree\n\n- first\n- second bold\n\n```\nlet a = 1;\n  b < c;\n\n```\n\nx | y\nz\n\nend',
    );
    assert.deepEqual(fileDocuments('<p>&nbsp; </p><script>a()</script>', 'a.html'), {
      reason: 'no-text',
      detail: 'a reader sees no text of it',
    });
  });

  it('leads from each chunk to its exact range, and from a place in it to the place in the page', async () => {
    const source = '<h2>Title</h2>\r\n<p>A caf&eacute;, <i>then</i> a\r\n  pier.</p>\r\n<p>Last &amp; least.</p>';
    const chunks = await documentChunks(paragraphChunker, extracted(source, 'a.html'), []);
    assert.deepEqual(
      chunks.map(({ text }) => text),
      ['## Title', 'A café, then a pier.', 'Last & least.'],
    );
    const [title, first, last] = chunks.map(({ place }) => place);
    assert.equal(source.slice(title.start, title.end), 'Title');
    assert.equal(source.slice(first.start, first.end), 'A caf&eacute;, <i>then</i> a\r\n  pier.');
    assert.deepEqual([first.startLine, first.endLine, last.startLine], [1, 2, 3]);
    const at = sourceOffset(first.origin, chunks[1].text, chunks[1].text.indexOf('pier'));
    assert.equal(source.slice(first.start + at.offset).slice(0, 4), 'pier');
    assert.equal(at.lines, 1);
  });
});

describe('the text of reStructuredText', () => {
  const source = [
    '.. _target:',
    '',
    '=====',
    'Title',
    '=====',
    '',
    'See :ref:`the guide <guide>` and ``code`` or `site <https://x.y>`_.',
    '',
    'Part',
    '----',
    '.. A comment that',
    '   goes on.',
    '',
    '.. note:: Mind',
    '   the gap.',
    '',
    'A listing::',
    '',
    '    if x:',
    '        y()',
    '',
    '.. code-block:: python',
    '   :linenos:',
    '',
    '   print(1)',
    '',
    '.. image:: a.png',
    '   :alt: nothing',
    '',
    '- item one',
    '- item two',
    '',
    '.. [1] A footnote.',
  ].join('\n');

  it('is what a reader sees, with sections as headings and listings whole', () => {
    assert.equal(
      textOf(source, 'a.rst'),
      '# Title\n\nSee the guide and code or site.\n\n## Part\n\nMind\n\nthe gap.\n\nA listing:\n\n```\nif x:\n    y()\n```\n\n```\nprint(1)\n```\n\n- item one\n- item two\n\nA footnote.',
    );
  });

  it('stands where it says, with any line breaks', () => {
    for (const breaks of ['\n', '\r\n', '\r']) {
      const broken = source.replace(/\n/g, breaks);
      const literal = checkPlaces(extracted(broken, 'a.rst'), broken);
      assert.ok(literal > 20, `${literal} words stand in the source as they are`);
    }
  });

  it('holds every word of prose, on random documents', () => {
    const block = fc.oneof(
      prose,
      prose.map((text) => `${text}\n${'='.repeat([...text].length * 2 + 4)}`),
      prose.map((text) => `- ${text}`),
      prose.map((text) => `.. note::\n\n   ${text}`),
      prose.map((text) => `Before::\n\n    ${text}`),
    );
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), (blocks) => {
        const page = blocks.join('\n\n');
        const document = extracted(page, 'a.rst');
        const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];
        assert.deepEqual(wordsOf(document.text), wordsOf(page.replace(/^\.\. note::/gm, '')));
        checkPlaces(document, page);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the cells of a notebook', () => {
  const notebook = (cells: unknown[], metadata: unknown = { language_info: { name: 'R' } }): string =>
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells });

  it('are documents of their own, by position, without outputs', () => {
    const source = notebook([
      { cell_type: 'markdown', source: ['# Title\n', 'text'] },
      { cell_type: 'code', source: 'x <- 1', outputs: [{ data: { 'text/plain': 'unseen' } }] },
      { cell_type: 'code', source: [] },
      { cell_type: 'unheard-of', source: 'unseen' },
      { cell_type: 'raw', source: ['a', 'b'] },
      { cell_type: 'code', source: 'select 1', metadata: { vscode: { languageId: 'sql' } } },
    ]);
    assert.deepEqual(fileDocuments(source, 'a.ipynb'), [
      { text: '# Title\ntext', kind: 'markdown', cell: 0 },
      { text: 'x <- 1', kind: 'code', languageId: 'r', cell: 1 },
      { text: 'a\nb', kind: 'plain', cell: 3 },
      { text: 'select 1', kind: 'code', languageId: 'sql', cell: 4 },
    ]);
  });

  it('give chunks whose ranges count in the cell', async () => {
    const [, second] = fileDocuments(
      notebook([
        { cell_type: 'raw', source: 'x' },
        { cell_type: 'markdown', source: 'one\n\ntwo' },
      ]),
      'a.ipynb',
    ) as FileDocument[];
    const chunks = await documentChunks(paragraphChunker, second, []);
    assert.deepEqual(
      chunks.map(({ place }) => place),
      [
        { start: 0, end: 3, startLine: 0, endLine: 0, origin: { cell: 1 } },
        { start: 5, end: 8, startLine: 2, endLine: 2, origin: { cell: 1 } },
      ],
    );
  });

  it('are none where there is no notebook, and it says so', () => {
    const detail = (source: string): string | undefined => {
      const result = fileDocuments(source, 'a.ipynb');
      return Array.isArray(result) ? undefined : result.detail;
    };
    assert.match(detail('{') ?? '', /JSON is not valid/);
    assert.match(detail('{"nbformat": 3, "worksheets": []}') ?? '', /no notebook of Jupyter/);
    assert.match(detail(notebook([{ cell_type: 'code', source: ' \n' }])) ?? '', /blank/);
  });
});
