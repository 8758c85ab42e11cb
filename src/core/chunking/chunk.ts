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
  /** Word pieces of the embedded text, special tokens included: what the model's limit counts. */
  tokens: number;
}

export interface Document {
  text: string;
  /** Decides the chunker: Markdown, code or plain text. */
  kind: 'markdown' | 'code' | 'plain';
}

/** Counts word pieces, special tokens not included. Counts add up over words that spaces, tabs or line breaks divide. */
export interface TokenCounter {
  countTokens(text: string): number;
}

export interface Chunker {
  readonly id: string;
  /** Grows when the same document could be cut elsewhere. */
  readonly version: number;
  chunk(document: Document): Chunk[];
}

/** The exact string given to the model: the key of a vector is the hash of it. */
export function embeddedText(context: readonly string[], chunkText: string): string {
  return context.length === 0 ? chunkText : `${context.join(' > ')}\n${chunkText}`;
}
