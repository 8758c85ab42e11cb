import type { SkippedCounts, SkipReason } from '../../shared/space';
import type { Document } from '../chunking/chunk';

export interface SourceFile {
  /** Path inside the folder, with forward slashes. */
  path: string;
  size: number;
  mtimeMs: number;
}

export type ReadResult =
  | { read: true; text: string; hash: string; kind: Document['kind']; fileType: string }
  | { read: false; reason: SkipReason };

/** Where the documents of one folder come from: the disk, or a test's own files. */
export interface DocumentSource {
  /** Every file that is to be indexed. */
  list(signal: AbortSignal): Promise<{ files: SourceFile[]; skipped: SkippedCounts }>;
  /** The files that are to be indexed at a path or, where it is a folder, below it; none when it is gone. */
  find(path: string, signal: AbortSignal): Promise<SourceFile[]>;
  read(path: string): Promise<ReadResult>;
}
