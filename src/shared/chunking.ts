/** How documents are cut into chunks: what settings and command line flags say, and what they may say. */
import * as v from 'valibot';

export const chunkerNames = ['structure', 'recursive', 'tokens', 'sentences'] as const;
export type ChunkerName = (typeof chunkerNames)[number];

/** The languages that LangChain's RecursiveCharacterTextSplitter has separators for. */
export const splitterLanguages = [
  'cpp',
  'go',
  'java',
  'js',
  'php',
  'proto',
  'python',
  'rst',
  'ruby',
  'rust',
  'scala',
  'swift',
  'markdown',
  'latex',
  'html',
  'sol',
] as const;
export type SplitterLanguage = (typeof splitterLanguages)[number];

export interface ChunkingSettings {
  chunker: ChunkerName;
  /**
   * Size of a chunk at most: word pieces for `structure` and `tokens`, sentences for `sentences`, never more than the
   * model's limit; UTF-16 units for `recursive`, as LangChain counts, whatever the limit. Null takes the chunker's own.
   */
  size: number | null;
  /** What a chunk repeats of the one before: word pieces for `tokens`, sentences for `sentences`, UTF-16 units for `recursive`; `structure` has none. */
  overlap: number | null;
  /** `recursive` alone: texts to cut at, coarsest first. Empty takes LangChain's own, or those of the language. */
  separators: string[];
  /** `recursive` alone: null for plain text. */
  language: SplitterLanguage | null;
}

export const defaultChunking: ChunkingSettings = {
  chunker: 'structure',
  size: null,
  overlap: null,
  separators: [],
  language: null,
};

export const largestChunkSize = 100_000;
export const mostSeparators = 50;
const count = (least: number) =>
  v.nullable(v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(largestChunkSize)));

const chunkingSchema: v.GenericSchema<ChunkingSettings> = v.object({
  chunker: v.picklist(chunkerNames),
  size: count(1),
  overlap: count(0),
  separators: v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(mostSeparators)),
  language: v.nullable(v.picklist(splitterLanguages)),
});

/**
 * Settings come from files that people edit by hand, and from workspaces.
 * @throws Error that names the setting and says what it may be
 */
export function parseChunking(value: unknown): ChunkingSettings {
  const parsed = v.safeParse(chunkingSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Error(`latentLens.chunking.${v.getDotPath(issue) ?? '*'} can’t be used: ${issue.message}.`);
  }
  const { chunker, size, overlap } = parsed.output;
  if (chunker !== 'structure' && size !== null) checkOverlap(overlap ?? 0, size);
  return parsed.output;
}

/** @throws Error when a chunk would hold nothing but what the one before holds */
export function checkOverlap(overlap: number, size: number): void {
  if (overlap < size) return;
  throw new Error(
    `latentLens.chunking.overlap is ${overlap}, but must be smaller than the size of a chunk, which is ${size}.`,
  );
}

/** A chunk of a document that may not be saved, for the editor to draw. Ranges count in the document's own text. */
export interface DocumentChunk {
  start: number;
  end: number;
  /** Zero-based, inclusive. */
  startLine: number;
  endLine: number;
  /** Word pieces of what is embedded: headings and special tokens included. */
  tokens: number;
  /** Headings that are embedded with it, outermost first. */
  context: string[];
  /** Where its parts begin when it is over the model's limit; empty otherwise. */
  parts: number[];
}

export interface DocumentChunks {
  /** The model's limit. */
  maxTokens: number;
  chunks: DocumentChunk[];
}
