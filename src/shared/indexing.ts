/** What is indexed, what was left out and how a run goes, for all who ask the engine for an index. */
import type { ChunkingSettings } from './chunking';
import type { RuntimeName } from './engineInfo';

/** One workspace folder, as the host knows it. */
export interface FolderSpec {
  /** The folder's URI as a string: the key of its index. */
  uri: string;
  /** The folder's path on this machine. */
  path: string;
  /** The name that people see. */
  name: string;
}

/** A glob to leave out and where the person finds it; `default` where there are no editor settings. */
export interface ExcludeGlob {
  glob: string;
  setting: 'files.exclude' | 'search.exclude' | 'latentLens.index.exclude' | 'default';
}

/** What decides which files of a folder are indexed, how they are read and how they are cut. */
export interface IndexSettings {
  /** Globs of files to take; empty means every text file that we know how to read. */
  include: string[];
  exclude: ExcludeGlob[];
  maxFileSizeKb: number;
  /** Applies to git's own ignore files; a `.latentlensignore` always counts. */
  respectGitignore: boolean;
  /** `files.encoding` of the folder, as VS Code names encodings. Files with a byte order mark tell their own. */
  encoding: string;
  /** `files.encoding` of single languages, by the names of their files: the last glob that matches a name counts. */
  encodings: { glob: string; encoding: string }[];
  chunking: ChunkingSettings;
}

/** Why a file was left out. The order is the order of the checks. */
export const skipReasons = [
  'ignored',
  'excluded',
  'secret',
  'not-included',
  'too-large',
  'binary',
  'encoding',
  'no-text',
  'generated',
  'minified',
  'unreadable',
  'symlink-loop',
] as const;
export type SkipReason = (typeof skipReasons)[number];
export type SkippedCounts = Partial<Record<SkipReason, number>>;

export interface IndexEstimate {
  files: number;
  bytes: number;
  /** Estimated word pieces. */
  tokens: number;
  seconds: number;
  skipped: SkippedCounts;
  /** Why the person should be asked first: a home directory or more files than is usual. */
  unusual: 'home' | 'many-files' | undefined;
  /** False when the walk stopped at its limit. */
  complete: boolean;
}

export interface IndexReport {
  files: number;
  chunks: number;
  /** Word pieces of the texts that were embedded in this run. */
  tokens: number;
  /** Texts that were embedded, and chunks whose vector was there already. */
  embedded: number;
  reused: number;
  skipped: SkippedCounts;
  errors: { path: string; message: string }[];
  elapsedMs: number;
  runtime: RuntimeName;
  tokensPerSecond: number;
  cancelled: boolean;
}

export interface IndexProgress {
  /** checking: chunks are looked at for mixed topics; the map is there already. */
  phase: 'scanning' | 'embedding' | 'mapping' | 'checking';
  filesDone: number;
  filesTotal: number;
  chunks: number;
  tokensPerSecond: number;
  secondsLeft: number | undefined;
  /** True when the person started it, false for a background refresh. */
  startedByPerson: boolean;
}

export interface StoredIndex {
  folderUri: string;
  path: string;
  bytes: number;
  files: number;
  chunks: number;
  modelName: string;
  /** Whether the folder still exists. */
  folderExists: boolean;
}
