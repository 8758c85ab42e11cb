import { textLines, type TextLine } from '../chunking/textLines';
import type { FileDocument } from './documentSource';
import { TextAssembly } from './textAssembly';

/** Directives whose content is a listing. */
const listings = new Set(
  'code code-block sourcecode parsed-literal literal-block prompt doctest testcode testoutput console ipython math productionlist'.split(
    ' ',
  ),
);
/** Directives that show nothing of what stands here. */
const silent = new Set(
  (
    'image toctree include literalinclude index raw contents sectnum highlight highlightlang module currentmodule py:module py:currentmodule ' +
    'default-role role meta default-domain tabularcolumns program testsetup testcleanup autosummary automodule autoclass autofunction automethod ' +
    'autoattribute autodata autoexception graphviz digraph graph plot'
  ).split(' '),
);

const blank = /^\s*$/;
const adornment = /^([!-/:-@[-`{-~])\1{1,}\s*$/;
const explicit = /^\s*\.\.(?=\s|$)/;
const directive = /^\s*\.\.\s+(?:\|[^|]+\|\s+)?([A-Za-z][\w:+.-]*?)\s*::(?:\s+|$)/;
const option = /^\s+:[\w -]+:(?:\s|$)/;
const tableBorder = /^\s*(?:\+(?:[-=]+\+)+|=+(?:[ \t]+=+)+|-+(?:[ \t]+-+)+)\s*$/;

/**
 * What a reader of reStructuredText sees, as Markdown in its outlines (sections, listings), with the place of every piece
 * in the source: comments, targets, options of directives, underlines and the marks of roles and links are left out.
 * See https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html.
 */
export function rstDocument(source: string): FileDocument {
  return { kind: 'markdown', ...new RstReader(source).read() };
}

class RstReader {
  private readonly lines: TextLine[];
  private readonly text = new TextAssembly();
  /** Styles of sections in the order of their levels. */
  private readonly styles: string[] = [];

  constructor(private readonly source: string) {
    this.lines = textLines(source);
  }

  read(): ReturnType<TextAssembly['of']> {
    for (let i = 0; i < this.lines.length;) i = this.block(i);
    return this.text.of(this.source);
  }

  /** Reads what begins at a line. @returns the line after it */
  private block(i: number): number {
    const line = this.line(i);
    if (blank.test(line)) return i + 1;
    this.text.block();
    if (explicit.test(line)) return this.explicit(i);
    const title = this.title(i);
    if (title !== undefined) return title;
    if (tableBorder.test(line) || adornment.test(line)) return i + 1;
    return this.paragraph(i);
  }

  private title(i: number): number | undefined {
    const [first, second, third] = [this.line(i), this.line(i + 1), this.line(i + 2)];
    const over = adornment.exec(first)?.[1];
    if (over !== undefined && !blank.test(second) && adornment.exec(third)?.[1] === over) {
      this.heading(i + 1, `${over}${over}`);
      return i + 3;
    }
    const under = adornment.exec(second)?.[1];
    const longEnough = second.trimEnd().length >= Math.min(4, first.trimEnd().length);
    if (under === undefined || over !== undefined || /^\s/.test(first) || !longEnough) return undefined;
    this.heading(i, under);
    return i + 2;
  }

  private heading(i: number, style: string): void {
    if (!this.styles.includes(style)) this.styles.push(style);
    this.text.prefix(`${'#'.repeat(Math.min(6, this.styles.indexOf(style) + 1))} `);
    this.inline(this.lines[i].start, this.lines[i].end);
    this.text.block();
  }

  private explicit(i: number): number {
    const line = this.line(i);
    const { start, end } = this.lines[i];
    const found = directive.exec(line);
    if (found === null) {
      // A footnote or a citation is text; a target or a comment is not.
      const note = /^\s*\.\.\s+\[[^\]]+\]\s/.exec(line);
      if (note === null) return this.isTarget(line) ? i + 1 : this.afterIndented(i + 1, indent(line));
      this.inline(start + note[0].length, end);
      return i + 1;
    }
    const name = found[1].toLowerCase();
    const next = this.afterIndented(i + 1, indent(line));
    const isSubstitution = /^\s*\.\.\s+\|/.test(line);
    if (silent.has(name) || isSubstitution) return next;
    let content = i + 1;
    while (content < next && option.test(this.line(content))) content++;
    if (listings.has(name)) {
      this.listing(content, next);
      return next;
    }
    // The argument of a figure is its picture, that of others is a title or a signature.
    if (name !== 'figure') this.inline(start + found[0].length, end);
    return content;
  }

  private isTarget(line: string): boolean {
    return /^\s*\.\.\s+_/.test(line);
  }

  private paragraph(first: number): number {
    let next = first + 1;
    while (next < this.lines.length && !this.endsParagraph(next)) next++;
    const { start } = this.lines[first];
    const { end } = this.lines[next - 1];
    const marks = /\s*::\s*$/.exec(this.source.slice(start, end));
    if (marks === null) {
      this.inline(start, end);
      return next;
    }
    // "text::" announces a listing and reads as "text:"; alone it reads as nothing.
    const textEnd = start + marks.index;
    if (textEnd > start) this.inline(start, /^::/.test(marks[0]) ? textEnd + 1 : textEnd);
    let content = next;
    while (content < this.lines.length && blank.test(this.line(content))) content++;
    const after = this.afterIndented(content, indent(this.line(first)));
    if (after > content) this.listing(content, after);
    return Math.max(next, after);
  }

  private endsParagraph(i: number): boolean {
    const line = this.line(i);
    return blank.test(line) || explicit.test(line) || tableBorder.test(line);
  }

  /** The first line from here on that is not blank and not indented deeper; blank lines before it are not counted. */
  private afterIndented(i: number, depth: number): number {
    let after = i;
    for (let at = i; at < this.lines.length; at++) {
      if (blank.test(this.line(at))) continue;
      if (indent(this.line(at)) <= depth) break;
      after = at + 1;
    }
    return after;
  }

  private listing(from: number, to: number): void {
    while (from < to && blank.test(this.line(from))) from++;
    if (from >= to) return;
    const depths = this.lines.slice(from, to).map((line) => this.source.slice(line.start, line.end));
    const depth = Math.min(...depths.filter((line) => !blank.test(line)).map(indent));
    this.text.block();
    for (let i = from; i < to; i++) {
      const { start, end } = this.lines[i];
      if (i > from) this.text.listingBreak();
      if (end - start > depth) this.text.listing(this.source.slice(start + depth, end), start + depth);
    }
    this.text.closeListing(this.lines[to - 1].end);
    this.text.block();
  }

  /** Text without the marks of roles, links and literals. */
  private inline(start: number, end: number): void {
    const text = this.source.slice(start, end);
    let at = 0;
    for (const match of text.matchAll(inlineMarks)) {
      this.text.prose(text.slice(at, match.index), start + at, true);
      const inner = match[1] ?? match[2];
      const from = match.index + match[0].indexOf(inner);
      this.text.prose(inner, start + from, true);
      at = match.index + match[0].length;
    }
    this.text.prose(text.slice(at), start + at, true);
  }

  private line(i: number): string {
    const line = this.lines[i] as TextLine | undefined;
    return line === undefined ? '' : this.source.slice(line.start, line.end);
  }
}

/** ``literal``; :role:`text <target>`, `text <target>`_ and `text`_. Bounded, as nobody writes longer ones. */
const inlineMarks =
  /``([^`]{1,1000}?)``(?!`)|(?::[\w:+.-]{1,60}:)?`[~!]?([^`<\s][^`<]{0,300}?)(?:\s*<[^`<>]{0,500}>)?`(?:__?)?/g;

function indent(line: string): number {
  return line.length - line.trimStart().length;
}
