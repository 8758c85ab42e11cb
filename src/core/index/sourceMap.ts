import { LineIndex } from '../chunking/textLines';

/** One piece of extracted text and where it stands. */
interface Run {
  text: number;
  source: number;
  sourceEnd: number;
  /** Whether the source has the very same characters; else it has others that stand for them, such as an entity. */
  literal: boolean;
}

/**
 * Where text that was extracted from markup stands in its source. Runs are ascending on both sides; text that stands
 * nowhere in the source (a line break between two blocks) is blank and belongs to no run.
 */
export class SourceMap {
  private readonly lines: LineIndex;

  constructor(
    source: string,
    private readonly runs: readonly Readonly<Run>[],
  ) {
    this.lines = new LineIndex(source);
  }

  /** The range of the source that holds a range of the text, which must begin and end with text that stands there. */
  range(start: number, end: number): { start: number; end: number; startLine: number; endLine: number } {
    const first = this.runs[this.runAt(start)];
    const last = this.runs[this.runAt(end - 1)];
    const sourceStart = first.literal ? first.source + start - first.text : first.source;
    const sourceEnd = last.literal ? last.source + end - last.text : last.sourceEnd;
    return {
      start: sourceStart,
      end: sourceEnd,
      startLine: this.lines.lineAt(sourceStart),
      endLine: this.lines.lineAt(Math.max(sourceStart, sourceEnd - 1)),
    };
  }

  /** How the source runs beside a range of the text, as `ChunkOrigin.map` has it. */
  triples(start: number, end: number): number[] {
    const from = this.range(start, end);
    const triples: number[] = [];
    for (let i = this.runAt(start); i < this.runs.length && this.runs[i].text < end; i++) {
      const { text, source } = this.runs[i];
      const inside = Math.max(0, start - text);
      const offset = source + inside;
      triples.push(text + inside - start, offset - from.start, this.lines.lineAt(offset) - from.startLine);
    }
    return triples;
  }

  private runAt(offset: number): number {
    let low = 0;
    let high = this.runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.runs[middle].text <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Builds extracted text piece by piece. */
export class ExtractedText {
  private readonly runs: Run[] = [];
  private readonly parts: string[] = [];
  private size = 0;

  get length(): number {
    return this.size;
  }

  /** Text that stands in the source as it is. */
  addLiteral(text: string, source: number): void {
    if (text === '') return;
    const last = this.runs.at(-1);
    const follows =
      last?.literal === true && last.sourceEnd === source && last.text + source - last.source === this.size;
    if (follows) last.sourceEnd += text.length;
    else this.runs.push({ text: this.size, source, sourceEnd: source + text.length, literal: true });
    this.append(text);
  }

  /** Text that something else in the source stands for, such as an entity. */
  addFor(text: string, source: number, sourceEnd: number): void {
    if (text === '') return;
    this.runs.push({ text: this.size, source, sourceEnd, literal: false });
    this.append(text);
  }

  /** Blank text that stands nowhere. */
  addBlank(text: string): void {
    this.append(text);
  }

  text(): string {
    return this.parts.join('');
  }

  map(source: string): SourceMap {
    return new SourceMap(source, this.runs);
  }

  private append(text: string): void {
    this.parts.push(text);
    this.size += text.length;
  }
}
