/** The index report: what is in the index, what was left out and why, what failed, and what it costs. */
import type { LeftOut } from './fileExplanation';
import type { RuntimeName } from './engineInfo';
import type { SkipReason } from './indexing';

export interface ReportGroup {
  /** A folder directly below the root ('' for files in the root itself), or a type of files. */
  name: string;
  files: number;
  chunks: number;
  tokens: number;
}

export interface SkippedGroup {
  reason: SkipReason;
  /** Files, and folders with all that is in them. */
  count: number;
  /** The first few by path, each with the rule that decided. */
  examples: ({ path: string } & LeftOut)[];
}

export interface FolderReport {
  folderUri: string;
  name: string;
  path: string;
  files: number;
  chunks: number;
  tokens: number;
  /** Chunks that are longer than the model takes at once: embedded in parts. */
  chunksOverLimit: number;
  /** Most chunks first. */
  byFolder: ReportGroup[];
  byType: ReportGroup[];
  skipped: SkippedGroup[];
  /** Files that could not be indexed in the last run of this session; `filesChanged` with their paths tries again. */
  errors: { path: string; message: string }[];
  storeBytes: number;
  storeFile: string;
}

export interface SpaceReport {
  folders: FolderReport[];
  /** Distinct texts over all folders: chunks less these are twins. */
  points: number;
  modelName: string;
  dimensions: number;
  /** The model's limit in word pieces. */
  maxTokens: number;
  runtime: RuntimeName;
  threads: number;
  tokensPerSecond: number | undefined;
  /** Of the engine's process, all its threads included. */
  memoryBytes: number;
  /** The last run over the whole space in this session. */
  lastRun: { embedded: number; reused: number; tokens: number; elapsedMs: number; cancelled: boolean } | undefined;
  /** How long making this report took. */
  elapsedMs: number;
}
