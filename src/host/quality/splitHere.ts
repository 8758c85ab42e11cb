/** What is put into a document to split it where its topic changes. Offsets in UTF-16 units; no editor needed. */

export interface SplitEdit {
  /** Blanks that are replaced: never a character that anybody sees. */
  start: number;
  end: number;
  before: string;
  /** What is selected afterwards, to be renamed at once; empty where there is no title. */
  title: string;
  after: string;
  kind: 'heading' | 'blank-line' | 'comment';
}

/** What begins a comment to the end of the line, where that is not `//`. */
const lineComments: Readonly<Record<string, string>> = {
  python: '#',
  ruby: '#',
  shellscript: '#',
  perl: '#',
  r: '#',
  julia: '#',
  yaml: '#',
  toml: '#',
  makefile: '#',
  dockerfile: '#',
  powershell: '#',
  coffeescript: '#',
  elixir: '#',
  lua: '--',
  sql: '--',
  haskell: '--',
  clojure: ';',
  latex: '%',
  erlang: '%',
};
const prose = new Set(['plaintext', 'restructuredtext', 'latex', 'asciidoc', 'log']);
const markdown = new Set(['markdown', 'mdx', 'quarto', 'rmd']);
/** Their parts have no place for a line of ours. */
const notSplit = new Set(['html', 'xml', 'json', 'jsonc', 'csv', 'vue', 'svelte', 'css', 'restructuredtext']);

/**
 * @param at offset at which the second part begins
 * @param title what it is about, in a few words
 * @returns undefined where a heading or a blank line stands there already, or where none can
 */
export function splitHere(text: string, at: number, title: string, languageId: string): SplitEdit | undefined {
  if (notSplit.has(languageId)) return undefined;
  const eol = /\r\n/.test(text) ? '\r\n' : '\n';
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const prefix = /^[ \t]*/.exec(text.slice(lineStart, at))?.[0] ?? '';
  // A list item or a quotation begins with its mark, not with its first word.
  const marked = /^[ \t]*(?:(?:>[ \t]?)+|(?:[-*+]|\d+[.)])[ \t]+)+$/.test(text.slice(lineStart, at));
  const startsLine = marked || lineStart + prefix.length === at;
  const end = startsLine ? lineStart : at;
  if (markdown.has(languageId)) {
    if (/^#{1,6}\s/.test(text.slice(at))) return undefined;
    const start = startsLine ? blankLinesBefore(text, lineStart) : blanksBefore(text, at);
    const quote = /^[ \t]*(?:>[ \t]?)+/.exec(text.slice(lineStart))?.[0] ?? '';
    const level = '#'.repeat(Math.min(6, headingLevelAt(text, at) + 1));
    const bare = quote.trimEnd();
    const first = text.slice(0, start).trim() === '' ? '' : eol + bare + eol;
    return {
      start,
      end,
      before: `${first}${quote}${level} `,
      title,
      after: `${eol}${bare}${eol}${startsLine ? '' : quote}`,
      kind: 'heading',
    };
  }
  const isProse = prose.has(languageId);
  if (startsLine && isProse && /\n[ \t]*\r?\n[ \t]*$/.test(text.slice(0, lineStart))) return undefined;
  // A statement is cut between lines only.
  if (!startsLine && !isProse) return undefined;
  if (isProse) {
    const start = startsLine ? blankLinesBefore(text, lineStart) : blanksBefore(text, at);
    return { start, end, before: eol + eol, title: '', after: '', kind: 'blank-line' };
  }
  const start = blankLinesBefore(text, lineStart);
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
  const lead = text.slice(0, start).trim() === '' ? '' : eol + eol;
  return {
    start,
    end,
    before: `${lead}${indent}${lineComments[languageId] ?? '//'} `,
    title,
    after: eol,
    kind: 'comment',
  };
}

/** Level of the heading above, 1 where there is none: a part of a page is a section of it. */
function headingLevelAt(text: string, at: number): number {
  let level = 1;
  let fence: string | undefined;
  let previous = '';
  for (const line of text.slice(0, at).split(/\r?\n/)) {
    const mark = /^[ \t>]*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark[0] === fence[0] && mark.length >= fence.length) fence = undefined;
    } else if (fence === undefined) {
      const atx = /^[ \t>]*(#{1,6})[ \t]/.exec(line)?.[1];
      if (atx !== undefined) level = atx.length;
      else if (/^\s{0,3}=+\s*$/.test(line) && previous.trim() !== '') level = 1;
      else if (/^\s{0,3}-{2,}\s*$/.test(line) && previous.trim() !== '' && !/^\s*(?:[-*+>|]|\d+[.)])/.test(previous))
        level = 2;
    }
    previous = line;
  }
  return level;
}

/** Where the blanks before an offset begin, in its line. */
function blanksBefore(text: string, at: number): number {
  let start = at;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  return start;
}

/** Where the line break and the blank lines before a line begin. */
function blankLinesBefore(text: string, lineStart: number): number {
  let start = lineStart;
  while (start > 0 && /\s/.test(text[start - 1])) start--;
  return start;
}
