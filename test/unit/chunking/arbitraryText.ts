import fc from 'fast-check';

const lineBreak = fc.constantFrom('\n', '\r\n', '\r');
const word = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-zA-Z]{1,9}$/) },
  fc.constantFrom(
    'e.g.',
    'Dr.',
    '3.14',
    'https://a.example/x?y=Z.html',
    '`a. B`',
    '“Why?”',
    '…',
    '👩‍👩‍👧‍👦',
    'é́',
    '这是一句话。第二句',
    'naïve',
    '[CLS]',
    'i.e.',
    'x'.repeat(130),
  ),
);
const sentence = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 24 }), fc.constantFrom('.', '!', '?', '。', '', ':'))
  .map(([words, mark]) => words.join(' ') + mark);
const paragraph = fc
  .tuple(fc.array(sentence, { minLength: 1, maxLength: 6 }), fc.constantFrom(' ', '\n'))
  .map(([parts, by]) => parts.join(by));
const heading = fc
  .tuple(fc.integer({ min: 1, max: 6 }), sentence)
  .map(([level, title]) => `${'#'.repeat(level)} ${title}`);
const structure = fc.oneof(
  { weight: 5, arbitrary: paragraph },
  { weight: 3, arbitrary: heading },
  fc.array(sentence, { minLength: 1, maxLength: 5 }).map((items) => items.map((item) => `- ${item}`).join('\n')),
  fc
    .array(sentence, { minLength: 1, maxLength: 5 })
    .map((items) => items.map((item, i) => `${' '.repeat(i * 2)}${i + 1}. ${item}`).join('\n')),
  fc.array(paragraph, { minLength: 0, maxLength: 4 }).map((parts) => '```rust\n' + parts.join('\n\n') + '\n```'),
  fc
    .array(fc.tuple(word, word), { maxLength: 5 })
    .map((rows) => '| a | b |\n|---|---|\n' + rows.map(([a, b]) => `| ${a} | ${b} |`).join('\n')),
  fc.constantFrom(
    '---',
    '```',
    '~~~',
    '<!-- x',
    '<div>',
    '-->',
    '    indented code',
    '> quote\n>\n> more',
    'Title\n=====',
    '\f',
    '\uFEFF',
    '\uD83D',
    '\uDE00\uD83D',
    '\u2028',
    '\0',
  ),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((units) => String.fromCharCode(...units)),
);

/** Documents that look like Markdown, with everything that makes ranges go wrong: odd line breaks, lone surrogates, long words. */
export const arbitraryMarkdown = fc
  .tuple(
    fc.constantFrom('', '\uFEFF', '---\ntitle: x\n---\n'),
    fc.array(fc.tuple(structure, fc.constantFrom('\n\n', '\n', ' ', '\n\n\n')), { maxLength: 14 }),
    lineBreak,
  )
  .map(([head, parts, by]) => (head + parts.map((part) => part.join('')).join('')).replaceAll('\n', by));

const statement = fc
  .tuple(fc.nat(3), fc.array(word, { minLength: 1, maxLength: 12 }))
  .map(([depth, words]) => '  '.repeat(depth) + words.join(' ') + ';');
const codeBlock = fc
  .array(statement, { minLength: 1, maxLength: 10 })
  .map((lines) => `function f() {\n${lines.join('\n')}\n}`);

/** Text that looks like source code. */
export const arbitraryCode = fc
  .tuple(
    fc.array(fc.oneof(codeBlock, statement, fc.constantFrom('', '#!/bin/sh', 'x=' + 'a,b;'.repeat(400))), {
      maxLength: 12,
    }),
    fc.constantFrom('\n\n', '\n'),
    lineBreak,
  )
  .map(([blocks, gap, by]) => blocks.join(gap).replaceAll('\n', by));
