import { findCuts, type KeptPlace } from '../../shared/keptMarks';
import { embeddedText, type Chunk, type Chunker, type Document, type TokenCounter } from './chunk';
import { specialTokens } from './modelLimit';
import { LineIndex, trimRange } from './textLines';

/** Cuts as another chunker does and besides where the person said, without a change to the file. */
export class KeptCutsChunker implements Chunker {
  readonly id: string;

  /** @param variantOf names the kept cuts of a file, empty for none: a file whose cuts are others is cut again. */
  constructor(
    private readonly inner: Chunker,
    private readonly counter: TokenCounter,
    private readonly cutsOf: (path: string) => readonly KeptPlace[],
    readonly variantOf: (path: string) => string,
  ) {
    this.id = inner.id;
  }

  async chunk(document: Document, previous?: readonly string[]): Promise<Chunk[]> {
    const chunks = await this.inner.chunk(document, previous);
    const kept = document.path === undefined ? [] : this.cutsOf(document.path);
    return kept.length === 0 ? chunks : cutAt(document.text, chunks, findCuts(document.text, kept), this.counter);
  }
}

/** Chunks with those that reach over a cut in two. @param cuts offsets, ascending */
export function cutAt(text: string, chunks: readonly Chunk[], cuts: readonly number[], counter: TokenCounter): Chunk[] {
  if (cuts.length === 0) return [...chunks];
  const lines = new LineIndex(text);
  return chunks.flatMap((chunk) => {
    const inside = cuts.filter((cut) => cut > chunk.start && cut < chunk.end);
    if (inside.length === 0) return [chunk];
    const borders = [chunk.start, ...inside, chunk.end];
    return inside.concat(chunk.end).flatMap((to, i): Chunk[] => {
      const range = trimRange(text, borders[i], to);
      if (range === undefined) return [];
      const { start, end } = range;
      const parts = chunk.parts?.flatMap((part) => {
        const [from, until] = [Math.max(part.start, start), Math.min(part.end, end)];
        const piece = from < until ? trimRange(text, from, until) : undefined;
        return piece === undefined ? [] : [{ ...piece, tokens: count(text, chunk.context, piece, counter) }];
      });
      const several = parts !== undefined && parts.length > 1;
      return [
        {
          ...{ start, end, context: chunk.context },
          startLine: lines.lineAt(start),
          endLine: lines.lineAt(end - 1),
          tokens: count(text, chunk.context, range, counter),
          ...(several && { parts }),
        },
      ];
    });
  });
}

function count(
  text: string,
  context: readonly string[],
  { start, end }: { start: number; end: number },
  counter: TokenCounter,
): number {
  return counter.countTokens(embeddedText(context, text.slice(start, end))) + specialTokens;
}
