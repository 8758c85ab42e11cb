import type { Node } from '@vscode/tree-sitter-wasm';
import type { Chunk, Chunker, Document, TokenCounter } from './chunk';
import { addCutPreference, type ChunkUnit } from './chunkUnit';
import type { CodeGrammars } from './codeGrammars';
import { codeUnits } from './codeUnits';
import { HeadingContexts } from './headingContext';
import { markdownUnits } from './markdownUnits';
import { chunkLimits, specialTokens } from './modelLimit';
import type { ChunkLimits } from './optimalCuts';
import { stableCuts } from './stableCuts';
import { LineIndex } from './textLines';
import { TokenLedger } from './tokenLedger';

/** What headings above a chunk may take of the limit. */
const contextShare = 0.25;

export interface StructureChunkerOptions {
  /** The model's limit: special tokens and the headings embedded with a chunk count. */
  maxTokens: number;
  /** Word pieces of a chunk at most, special tokens not included; null, and anything larger, is the model's limit. */
  size?: number | null;
  /** Without them code is cut by its lines. */
  grammars?: CodeGrammars;
}

/**
 * Cuts documents where their structure does: Markdown and plain text at headings, blocks, sentences, words, in that
 * order; code at definitions and statements, by its lines where there is no grammar.
 *
 * Chunks are ordered, don't overlap, have no blank ends and hold all text that is not blank; none exceeds the
 * limit, unless one character alone does.
 */
export class StructureChunker implements Chunker {
  readonly id: string;
  private readonly limits: ChunkLimits;
  private readonly grammars: CodeGrammars | undefined;

  /**
   * @param counter its counts must add up over words that a space, a tab or a line break divides, as BERT's do.
   * @throws {RangeError} when the limit leaves no room for text.
   */
  constructor(
    private readonly counter: TokenCounter,
    { maxTokens, size, grammars }: StructureChunkerOptions,
  ) {
    this.limits = chunkLimits(maxTokens, size);
    this.grammars = grammars;
    this.id = `structure-2(${this.limits.tokens})`;
  }

  async chunk(document: Document, previous: readonly string[] = []): Promise<Chunk[]> {
    const cut = (root?: Node): Chunk[] => cutStructure(document, this.counter, this.limits, { root, previous });
    const parsed = document.kind === 'code' ? await this.grammars?.withTree(document, cut) : undefined;
    return parsed ?? cut();
  }
}

/**
 * @param root syntax tree of code.
 * @param previous texts of the document's chunks as it was cut before, in their order: those that still stand are kept.
 */
export function cutStructure(
  { text, kind }: Document,
  counter: TokenCounter,
  limits: ChunkLimits,
  { root, previous = [] }: { root?: Node; previous?: readonly string[] } = {},
): Chunk[] {
  const ledger = new TokenLedger(text, counter);
  const contexts = new HeadingContexts(counter, Math.floor(limits.tokens * contextShare));
  const units = kind === 'code' ? codeUnits(ledger, limits, root) : markdownUnits(ledger, contexts, limits, kind);
  addCutPreference(text, units);
  const contextOf = (unit: ChunkUnit): ReturnType<HeadingContexts['of']> =>
    contexts.of(unit.isHeading ? unit.heading?.parent : unit.heading);
  const lines = new LineIndex(text);
  const chunks: Chunk[] = [];

  const add = (from: number, to: number): void => {
    const { start } = units[from];
    const { end } = units[to - 1];
    const context = contextOf(units[from]);
    const tokens = ledger.count(start, end) + context.tokens;
    // Parts of one word may have more pieces together than apart.
    if (tokens > limits.tokens && to - from > 1) {
      const middle = (from + to) >> 1;
      add(from, middle);
      add(middle, to);
      return;
    }
    const [startLine, endLine] = [lines.lineAt(start), lines.lineAt(end - 1)];
    chunks.push({ start, end, startLine, endLine, context: [...context.titles], tokens: tokens + specialTokens });
  };

  const cuts = stableCuts(text, units, (unit) => contextOf(units[unit]).tokens, limits, previous);
  cuts.forEach((from, i) => add(from, cuts[i + 1] ?? units.length));
  return chunks;
}
