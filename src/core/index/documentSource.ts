import type { LeftOut } from '../../shared/fileExplanation';
import type { SkippedCounts } from '../../shared/indexing';
import type { Document } from '../chunking/chunk';
import type { SourceMap } from './sourceMap';

export interface SourceFile {
  /** Path inside the folder, with forward slashes. */
  path: string;
  size: number;
  mtimeMs: number;
}

/** What is cut into chunks: the file's text, a cell of a notebook, or the readable text of a page with markup. */
export interface FileDocument extends Document {
  /** Zero-based position of the notebook's cell. */
  cell?: number;
  /** Where extracted text stands in the file; absent where the text is the file's or the cell's. */
  source?: SourceMap;
}

export type ReadResult =
  | {
      read: true;
      hash: string;
      fileType: string;
      /** Name of the encoding, for people. */
      encoding: string;
      documents: FileDocument[];
    }
  | ({ read: false } & LeftOut);

/** Where the documents of one folder come from: the disk, or a test's own files. */
export interface DocumentSource {
  /** Every file that is to be indexed. */
  list(signal: AbortSignal): Promise<{ files: SourceFile[]; skipped: SkippedCounts }>;
  /** The files that are to be indexed at a path or, where it is a folder, below it; none when it is gone. */
  find(path: string, signal: AbortSignal): Promise<SourceFile[]>;
  /**
   * Names how a file is read (encoding, what is extracted): a file whose bytes are the same is read again when this is
   * another one than before. Empty for UTF-8 text as it stands.
   */
  readingOf(path: string): string;
  read(path: string): Promise<ReadResult>;
}
