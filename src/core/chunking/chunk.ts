/** A contiguous range of one document that is embedded as one vector. */
export interface Chunk {
  /** Range in UTF-16 units: `text.slice(start, end)` is the chunk. */
  start: number;
  end: number;
  /** Zero-based lines of the first and the last character. */
  startLine: number;
  endLine: number;
  /** Headings above the chunk, outermost first; embedded before the chunk's own text. */
  context: string[];
  /**
   * Word pieces of the embedded text, special tokens included: what the model's limit counts. More than the limit only
   * where the chunk has `parts`.
   */
  tokens: number;
  /**
   * Present when the chunk is longer than the model's limit, as a chunker that follows another pipeline's boundaries may
   * leave it: two parts or more, each within the limit together with `context`, that hold all its text. Each is embedded
   * by itself, below the same context, and the chunk's vector is their mean.
   */
  parts?: ChunkPart[];
}

/** A piece of a chunk that the model takes at once. Ordered, apart from each other, no blank ends. */
export interface ChunkPart {
  /** Range of the document in UTF-16 units, inside the chunk's. */
  start: number;
  end: number;
  /** As `Chunk.tokens`: context and special tokens included. */
  tokens: number;
}

export interface Document {
  text: string;
  /** Decides the chunker: Markdown, code or plain text. */
  kind: 'markdown' | 'code' | 'plain';
  /** Path or name, if it has one: tells the language of code. */
  path?: string;
  /** VS Code's language id, where it is known: tells it before the path does. */
  languageId?: string;
}

/** Counts word pieces, special tokens not included. Counts add up over words that spaces, tabs or line breaks divide. */
export interface TokenCounter {
  countTokens(text: string): number;
}

export interface Chunker {
  /** Name, version and options: two chunkers with one id cut every document alike. It identifies chunks, never vectors. */
  readonly id: string;
  /** Names what else decides how the file of this path is cut: another name and it is cut again. Empty for nothing. */
  variantOf?(path: string): string;
  /**
   * Chunks in the order of their beginnings; those of some chunkers overlap.
   * @param previous texts of the document's chunks as this chunker cut it before, in their order. One that is free to choose
   * keeps the chunks that still stand, so that an edit changes those around it alone.
   */
  chunk(document: Document, previous?: readonly string[]): Promise<Chunk[]>;
}

/** The exact string given to the model: the key of a vector is the hash of it. */
export function embeddedText(context: readonly string[], chunkText: string): string {
  return context.length === 0 ? chunkText : `${context.join(' > ')}\n${chunkText}`;
}
