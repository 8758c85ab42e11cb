/** One line of a text, in UTF-16 units; `end` leaves out the line break, `next` is where the next line begins. */
export interface TextLine {
  start: number;
  end: number;
  next: number;
}

const lineFeed = 10;
const carriageReturn = 13;

/** Lines as VS Code counts them: ended by LF, CRLF or a lone CR, and by nothing else. A text always has a last line. */
export function textLines(text: string, start = 0, end = text.length): TextLine[] {
  const lines: TextLine[] = [];
  let lineStart = start;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code !== lineFeed && code !== carriageReturn) continue;
    const next = code === carriageReturn && i + 1 < end && text.charCodeAt(i + 1) === lineFeed ? i + 2 : i + 1;
    lines.push({ start: lineStart, end: i, next });
    lineStart = next;
    i = next - 1;
  }
  lines.push({ start: lineStart, end, next: end });
  return lines;
}

/** Finds the line of an offset by bisection over the starts of the lines. */
export class LineIndex {
  private readonly starts: number[];

  constructor(text: string) {
    this.starts = textLines(text).map((line) => line.start);
  }

  /** Zero-based line that holds the character at `offset`; a line break belongs to the line that it ends. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

export interface TextRange {
  start: number;
  end: number;
}

const blank = /\s/;

/** Whether the UTF-16 unit is what `String.prototype.trim` removes. */
export function isBlankCode(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13);
  return blank.test(String.fromCharCode(code));
}

/** The range without the blank characters at its ends; undefined when nothing else is in it. */
export function trimRange(text: string, start: number, end: number): TextRange | undefined {
  while (start < end && isBlankCode(text.charCodeAt(start))) start++;
  while (end > start && isBlankCode(text.charCodeAt(end - 1))) end--;
  return start < end ? { start, end } : undefined;
}

const tabWidth = 4;

/** Columns of blank before the text at this offset, counted from the beginning of its line. */
export function indentOf(text: string, offset: number): number {
  let lineStart = offset;
  while (lineStart > 0 && text[lineStart - 1] !== '\n' && text[lineStart - 1] !== '\r') lineStart--;
  let columns = 0;
  for (let i = lineStart; i < offset; i++) columns += text[i] === '\t' ? tabWidth - (columns % tabWidth) : 1;
  return columns;
}
