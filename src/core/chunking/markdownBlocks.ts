import { isBlankCode, textLines, trimRange, type TextLine } from './textLines';

export type BlockKind = 'frontMatter' | 'heading' | 'paragraph' | 'listItem' | 'code' | 'tableRow' | 'html' | 'rule';

/** A leaf of a document's structure: what is kept in one piece first. */
export interface Block {
  kind: BlockKind;
  /** Trimmed range in UTF-16 units. Blocks are ordered, don't overlap, and hold all text that is not blank. */
  start: number;
  end: number;
  /** Blocks of one list or table share the group, all others have one of their own. */
  group: number;
  /** Headings: 1 to 6. */
  level?: number;
  /** Headings: the text without its marks. */
  title?: string;
  /** Headings: marked by a line below them, as plain text does too. */
  underlined?: boolean;
}

const maxFrontMatterLines = 200;
const quotePrefix = /^(?: {0,3}>)+ ?/;
const fenceOpening = /^[ \t]*(`{3,}|~{3,})([^`]*)$/;
const atxHeading = /^ {0,3}(#{1,6})(?=[ \t]|$)/;
const setextUnderline = /^ {0,3}(?:={2,}|-{2,})[ \t]*$/;
const thematicBreak = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const listMarker = /^[ \t]*(?:([-*+•‣◦▪])|(\d{1,9})[.)]|\([a-z0-9]{1,3}\)|[a-z]\))(?=[ \t]|$)/;
const tableDelimiter = /^[ \t|:-]*$/;
const loneTag = /^[ \t]*<\/?[A-Za-z!][^<>]*>[ \t]*$/;

/**
 * Cuts a text into Markdown's blocks, leniently: it has to be right about what people see as a heading, a list, a table
 * or a code block in documents and in parts of documents, and needs no inline syntax. Plain text comes out as paragraphs and lists.
 */
export function markdownBlocks(text: string): Block[] {
  return new BlockScanner(text).scan();
}

class BlockScanner {
  private readonly lines: TextLine[];
  private readonly blocks: Block[] = [];
  /** First and last line of the paragraph or list item that is still open. */
  private openFrom = -1;
  private openTo = -1;
  private openKind: 'paragraph' | 'listItem' = 'paragraph';
  private group = 0;
  private inList = false;
  /** Set once a search for `-->` failed, so that many openings cost one search. */
  private noCommentEnd = false;

  constructor(private readonly text: string) {
    this.lines = textLines(text);
  }

  scan(): Block[] {
    let i = this.frontMatter();
    while (i < this.lines.length) i = this.scanLine(i);
    this.close();
    return this.blocks;
  }

  private line(i: number): string {
    const line = this.lines[i];
    return this.text.slice(line.start, line.end);
  }

  /** Reads the line and returns the number of the next one to read. */
  private scanLine(i: number): number {
    const raw = this.line(i);
    if (raw.trim() === '') {
      this.close();
      return i + 1;
    }
    const content = raw.replace(quotePrefix, '');
    const quoted = content.length < raw.length;
    if (content.trim() === '') {
      // A lone quote mark ends a paragraph and stays with it.
      this.extend(i);
      this.close();
      return i + 1;
    }
    const indented = isIndented(content);
    if (!indented || this.inList) {
      const fence = fenceOpening.exec(content);
      if (fence) return this.fence(i, fence[1], fence[2]);
    }
    if (indented && !this.inList && this.openFrom < 0 && !quoted) return this.indentedCode(i);
    if (this.openFrom >= 0 && this.openKind === 'paragraph' && setextUnderline.test(content)) {
      if (this.openTo - this.openFrom < 3) {
        this.extend(i);
        const title = this.rangeText(this.openFrom, i - 1).trim();
        this.close({ kind: 'heading', level: content.includes('=') ? 1 : 2, title, underlined: true });
        return i + 1;
      }
    }
    if (thematicBreak.test(content)) return this.single(i, 'rule');
    const heading = atxHeading.exec(content);
    if (heading) {
      if (quoted) return this.single(i, 'paragraph');
      this.close();
      this.inList = false;
      const title = stripClosingMarks(content.slice(heading[0].length));
      this.push({ kind: 'heading', level: heading[1].length, title }, i, i);
      return i + 1;
    }
    if (this.startsTable(i, content)) return this.table(i);
    if (content.trimStart().startsWith('<!--')) return this.comment(i);
    if (loneTag.test(content)) return this.single(i, 'html', this.inList && indented);
    const marker = listMarker.exec(content);
    if (marker && this.startsItem(marker)) {
      this.close();
      if (!this.inList) this.group++;
      this.inList = true;
      this.open(i, 'listItem');
      return i + 1;
    }
    if (this.openFrom >= 0) this.extend(i);
    else {
      // After a blank line only indented text still belongs to the list.
      if (this.inList && !/^[ \t]/.test(content)) this.inList = false;
      if (!this.inList) this.group++;
      this.open(i, 'paragraph');
    }
    return i + 1;
  }

  /** In the middle of a paragraph a number is a list only when it is the first: "the year\n1984. Then" is text. */
  private startsItem(marker: RegExpExecArray): boolean {
    return this.inList || this.openFrom < 0 || marker[2] === undefined || marker[2] === '1';
  }

  private open(i: number, kind: 'paragraph' | 'listItem'): void {
    this.openFrom = i;
    this.openTo = i;
    this.openKind = kind;
  }

  private extend(i: number): void {
    if (this.openFrom < 0) {
      if (!this.inList) this.group++;
      this.open(i, 'paragraph');
    }
    this.openTo = i;
  }

  private close(as: Partial<Block> = {}): void {
    if (this.openFrom < 0) return;
    const block = { kind: this.openKind, ...as };
    if (block.kind === 'heading') this.inList = false;
    this.pushInGroup(block, this.openFrom, this.openTo);
    this.openFrom = -1;
  }

  private rangeText(from: number, to: number): string {
    return this.text.slice(this.lines[from].start, this.lines[to].end);
  }

  private push(block: Omit<Block, 'start' | 'end' | 'group'>, from: number, to: number): void {
    this.group++;
    this.pushInGroup(block, from, to);
  }

  private pushInGroup(block: Omit<Block, 'start' | 'end' | 'group'>, from: number, to: number): void {
    const range = trimRange(this.text, this.lines[from].start, this.lines[to].end);
    if (range) this.blocks.push({ ...block, ...range, group: this.group });
  }

  private single(i: number, kind: BlockKind, insideList = false): number {
    this.close();
    if (!insideList) this.inList = false;
    if (insideList) this.pushInGroup({ kind }, i, i);
    else this.push({ kind }, i, i);
    return i + 1;
  }

  private frontMatter(): number {
    const mark = this.line(0)
      .trimEnd()
      .replace(/^\uFEFF/, '');
    if (mark !== '---' && mark !== '+++') return 0;
    const last = Math.min(this.lines.length, maxFrontMatterLines);
    for (let i = 1; i < last; i++) {
      const line = this.line(i).trimEnd();
      if (line === mark || (mark === '---' && line === '...')) {
        if (i === 1) return 0;
        this.push({ kind: 'frontMatter' }, 0, i);
        return i + 1;
      }
      // A rule and a paragraph at the top of a document are no front matter.
      if (i === 1 && !/^(?:#|\[|["']?[\w.-]+["']?\s*[:=])/.test(line)) return 0;
    }
    return 0;
  }

  private fence(i: number, mark: string, info: string): number {
    const underlined = this.openTo;
    if (mark.startsWith('~') && info.trim() === '' && this.openKind === 'paragraph' && this.openFrom === underlined) {
      // reStructuredText underlines headings with tildes, at least as many as the title is long.
      if (underlined >= 0 && this.openFrom >= 0 && mark.length >= this.line(underlined).trim().length) {
        const title = this.line(underlined).trim();
        this.extend(i);
        this.close({ kind: 'heading', level: 3, title, underlined: true });
        return i + 1;
      }
    }
    this.close();
    const insideList = this.inList && /^[ \t]/.test(this.line(i));
    if (!insideList) {
      this.inList = false;
      this.group++;
    }
    let last = this.lines.length - 1;
    let closed = false;
    for (let j = i + 1; j < this.lines.length && !closed; j++) {
      const content = this.line(j).replace(quotePrefix, '').trim();
      if (content.length >= mark.length && isRunOf(content, mark[0])) {
        last = j;
        closed = true;
      }
    }
    // A part of a document may begin inside a code block: its closing mark opens nothing.
    if (!closed && info.trim() === '') last = i;
    this.pushInGroup({ kind: 'code' }, i, last);
    return last + 1;
  }

  private indentedCode(i: number): number {
    let last = i;
    for (let j = i + 1; j < this.lines.length; j++) {
      const line = this.line(j);
      if (line.trim() === '') continue;
      if (!isIndented(line)) break;
      last = j;
    }
    this.push({ kind: 'code' }, i, last);
    return last + 1;
  }

  private startsTable(i: number, content: string): boolean {
    if (!content.includes('|') || i + 1 >= this.lines.length) return false;
    const next = this.line(i + 1).replace(quotePrefix, '');
    return next.includes('-') && next.includes('|') && tableDelimiter.test(next);
  }

  private table(i: number): number {
    this.close();
    this.inList = false;
    this.push({ kind: 'tableRow' }, i, i + 1);
    let j = i + 2;
    for (; j < this.lines.length; j++) {
      const line = this.line(j);
      if (!line.includes('|') || line.trim() === '') break;
      this.pushInGroup({ kind: 'tableRow' }, j, j);
    }
    return j;
  }

  private comment(i: number): number {
    const line = this.lines[i];
    const end = this.noCommentEnd ? -1 : this.text.indexOf('-->', line.start);
    if (end < 0) this.noCommentEnd = true;
    // What follows a comment on its line is text.
    if (end < 0 || this.text.slice(end + 3, this.lineEnd(end)).trim() !== '') {
      if (this.openFrom >= 0) this.extend(i);
      else {
        if (!this.inList) this.group++;
        this.open(i, 'paragraph');
      }
      return i + 1;
    }
    let last = i;
    while (this.lines[last].end < end + 3) last++;
    this.close();
    this.inList = false;
    this.push({ kind: 'html' }, i, last);
    return last + 1;
  }

  private lineEnd(offset: number): number {
    let end = offset;
    while (end < this.text.length && !isLineBreak(this.text.charCodeAt(end))) end++;
    return end;
  }
}

function isLineBreak(code: number): boolean {
  return code === 10 || code === 13;
}

function isIndented(line: string): boolean {
  return line.startsWith('    ') || /^ {0,3}\t/.test(line);
}

function isRunOf(text: string, character: string): boolean {
  for (const each of text) if (each !== character) return false;
  return true;
}

/** "## Title ##" is called "Title". */
function stripClosingMarks(title: string): string {
  const trimmed = title.trim();
  let end = trimmed.length;
  while (end > 0 && trimmed[end - 1] === '#') end--;
  if (end === 0) return '';
  return end < trimmed.length && isBlankCode(trimmed.charCodeAt(end - 1)) ? trimmed.slice(0, end).trimEnd() : trimmed;
}
