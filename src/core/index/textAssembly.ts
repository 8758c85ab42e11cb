import { ExtractedText, type SourceMap } from './sourceMap';

/** What divides two pieces, narrowest first. */
const gaps = ['', ' ', '\n', '\n\n'] as const;

/** Puts extracted text together: one blank where the source has many, blank lines between blocks, prefixes only before text. */
export class TextAssembly {
  private readonly extracted = new ExtractedText();
  private gap: (typeof gaps)[number] = '';
  private waiting = '';
  private row = false;
  private listingOpen = false;

  /** @param keepsLines whether the lines of the source are lines of the text */
  prose(piece: string, start: number, keepsLines = false): void {
    // No-break spaces stay, as in a browser.
    for (const match of piece.matchAll(/[ \t\n\r\f]+|[^ \t\n\r\f]+(?: [^ \t\n\r\f]+)*/g)) {
      if (/^[ \t\n\r\f]/.test(match[0])) this.widen(keepsLines && /[\n\r]/.test(match[0]) ? '\n' : ' ');
      else {
        this.fill(start + match.index);
        this.extracted.addLiteral(match[0], start + match.index);
      }
    }
  }

  entity(piece: string, start: number, end: number, inListing: boolean): void {
    if (!inListing && /^[ \t\n\r\f]*$/.test(piece)) {
      this.widen(' ');
      return;
    }
    if (inListing) this.beginListing(start);
    else this.fill(start);
    this.extracted.addFor(piece, start, end);
  }

  /** Text of a listing, as it stands; blank lines before its first line are not shown. */
  listing(piece: string, start: number): void {
    const shown = this.listingOpen ? 0 : firstShownLine(piece);
    if (shown === piece.length) return;
    this.beginListing(start + shown);
    this.extracted.addLiteral(piece.slice(shown), start + shown);
  }

  listingBreak(): void {
    if (this.listingOpen) this.extracted.addBlank('\n');
  }

  /** Ends a listing, also one that turned out to be blank and so was never begun. */
  closeListing(at: number): void {
    if (!this.listingOpen) return;
    this.listingOpen = false;
    this.gap = '';
    this.extracted.addFor('\n```', at, at);
  }

  lineBreak(): void {
    this.widen('\n');
  }

  /** @param tight whether only a line break divides it from what is before */
  block(tight = false): void {
    this.row = false;
    this.waiting = '';
    this.widen(tight ? '\n' : '\n\n');
  }

  /** Cells of a table stand in one line. */
  cell(at: number): void {
    if (this.row && this.extracted.length > 0) {
      this.gap = '';
      this.extracted.addFor(' | ', at, at);
    }
    this.row = true;
  }

  prefix(marks: string): void {
    this.waiting = marks;
  }

  /** The whole text and where it stands in its source. */
  of(source: string): { text: string; source: SourceMap } {
    return { text: this.extracted.text(), source: this.extracted.map(source) };
  }

  /** The widest gap counts. */
  private widen(gap: (typeof gaps)[number]): void {
    if (this.extracted.length > 0 && gaps.indexOf(gap) > gaps.indexOf(this.gap)) this.gap = gap;
  }

  private beginListing(at: number): void {
    if (this.listingOpen) {
      this.fill(at);
      return;
    }
    this.waiting = '```\n';
    this.fill(at);
    this.listingOpen = true;
  }

  private fill(at: number): void {
    if (this.gap !== '') this.extracted.addBlank(this.gap);
    this.gap = '';
    if (this.waiting !== '') this.extracted.addFor(this.waiting, at, at);
    this.waiting = '';
  }
}

/** Where the first line begins that is not blank; the end when there is none. */
function firstShownLine(text: string): number {
  const first = text.search(/\S/);
  return first < 0 ? text.length : Math.max(text.lastIndexOf('\n', first), text.lastIndexOf('\r', first)) + 1;
}
