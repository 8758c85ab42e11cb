/**
 * The boundary between a window (host) and the engine. Requests end exactly once: with a result, an error, a
 * cancellation or the news that the engine died. Frames are `v8.serialize`d with a length before them.
 */
import type { DocumentWarning, MixedTopicsSetting, QualityKind, QualityWarning, SplitEffect } from './chunkQuality';
import type { ChunkingSettings, DocumentChunks } from './chunking';
import type { FileExplanation } from './fileExplanation';
import type { LayoutMethod, LayoutSettings } from './layoutMethods';
import type { MapQuestionMethods } from './mapQuestions';
import type { SpaceReport } from './spaceReport';
import type { EngineInfo, RuntimeName } from './engineInfo';
import type { FolderSpec, IndexEstimate, IndexReport, IndexSettings, StoredIndex } from './indexing';
import type {
  ChunkDetail,
  MapColumns,
  Place,
  PointHonesty,
  SearchResults,
  SelectionDetail,
  SpaceReadings,
  SpaceState,
  Warning,
} from './space';

export const protocolVersion = 1;

export interface RuntimeSettings {
  runtime: 'auto' | 'native' | 'wasm';
  /** 0 lets the engine choose. */
  threads: number;
  /** Another node to run the native runtime with; empty for none. Machine-scoped setting. */
  nodePath: string;
}

export interface FolderToOpen {
  folder: FolderSpec;
  settings: IndexSettings;
}

/** Every request that a window can make: parameters and result by method name. */
export interface EngineMethods extends MapQuestionMethods {
  info: { params: Record<string, never>; result: EngineInfo };
  /** Counts what would be indexed without embedding anything. */
  estimate: { params: { folders: FolderToOpen[] }; result: IndexEstimate };
  /**
   * Opens the stored indexes of these folders as one space; window events then tell of it. A run that was interrupted goes
   * on; what changed on the disk meanwhile is looked for unless `refresh` is false.
   */
  openSpace: { params: { folders: FolderToOpen[]; refresh?: boolean }; result: { spaceId: string; state: SpaceState } };
  /** Brings the whole space up to date with the disk; the first one of a folder is started by the person. */
  index: { params: { spaceId: string; startedByPerson: boolean }; result: IndexReport };
  stopIndexing: { params: { spaceId: string }; result: null };
  /** Stops what is under way between two texts; nothing is embedded until it is resumed, also after a restart. */
  pauseIndexing: { params: { spaceId: string }; result: null };
  /** Goes on in the background; answers at once. */
  resumeIndexing: { params: { spaceId: string }; result: null };
  /** Files that are open in editors, by folder: they are indexed before all others. Replaces what was told before. */
  openFiles: { params: { spaceId: string; files: { folderUri: string; paths: string[] }[] }; result: null };
  /** The person types: an index makes room for a moment. */
  typing: { params: Record<string, never>; result: null };
  /** Paths inside a folder that were saved, created, renamed or deleted. Answers when they are embedded. */
  filesChanged: { params: { spaceId: string; folderUri: string; paths: string[] }; result: { embedded: number } };
  map: { params: { spaceId: string }; result: MapColumns | null };
  readings: { params: { spaceId: string }; result: SpaceReadings };
  point: { params: { spaceId: string; point: number; neighbors: number }; result: ChunkDetail | null };
  /** First lines of chunks for hover and labels, by point. */
  excerpts: {
    params: { spaceId: string; points: number[] };
    result: { point: number; place: Place; places: number; excerpt: string }[];
  };
  /** The point whose chunk holds this position, if any; in a notebook positions count in a cell. */
  pointAt: {
    params: { spaceId: string; folderUri: string; path: string; offset: number; cell?: number };
    result: number | null;
  };
  /** How a document in the editor is cut, saved or not; `place` says where it stands in the index, whose chunks an edit keeps. */
  chunks: {
    params: {
      text: string;
      /** Name or path: tells the kind of document before the language does. */
      name: string | undefined;
      languageId: string;
      settings: ChunkingSettings;
      place: { spaceId: string; folderUri: string; path: string } | undefined;
    };
    result: DocumentChunks;
  };
  /** The chunk's text; `source` is the text of its range where that is another one (markup), undefined when the file changed. */
  place: {
    params: { spaceId: string; chunkId: number };
    result: { place: Place; text: string; source?: string } | null;
  };
  search: { params: { spaceId: string; query: string; limit: number }; result: SearchResults };
  embedSelection: {
    params: { spaceId: string; title: string; text: string; languageId: string; neighbors: number };
    result: SelectionDetail;
  };
  /** Flagged chunks, strongest first; of one document when a path is given. */
  warnings: { params: { spaceId: string; folderUri?: string; path?: string }; result: Warning[] };
  /** Chunks with other faults, of the kinds that were asked for, in the order of their kinds and worst first. */
  quality: {
    params: { spaceId: string; kinds: QualityKind[]; folderUri?: string; path?: string };
    result: QualityWarning[];
  };
  /** Judges a document of an editor as it stands there, saved or not: chunks that may mix two topics. */
  judgeDocument: {
    params: {
      spaceId: string;
      text: string;
      name: string | undefined;
      languageId: string;
      settings: ChunkingSettings;
      /** Where it stands in the index, whose chunks an edit keeps. */
      file: { folderUri: string; path: string } | undefined;
    };
    result: DocumentWarning[];
  };
  /** Says from what cut on chunks are flagged, for all windows of the space, and what that means in it. */
  setSensitivity: { params: { spaceId: string; ordinaryShare: number | null }; result: MixedTopicsSetting };
  /** Embeds the halves of a chunk; null when it is gone or can't be cut. `cut` counts from the beginning of its text. */
  splitEffect: {
    params: { spaceId: string; point: number; cut?: number; queries?: string[] };
    result: SplitEffect | null;
  };
  /** Lays the map out anew; settings that are left out are the method's own. Cancelled, the map before is kept. */
  relayout: { params: { spaceId: string; method: LayoutMethod } & Partial<LayoutSettings>; result: null };
  /** Cancels the layout under way, whoever asked for it; the map before is kept. */
  stopLayout: { params: { spaceId: string }; result: null };
  /** Which true neighbors of a point are missing around it on the map, and which near points are strangers. */
  pointHonesty: { params: { spaceId: string; point: number }; result: PointHonesty | null };
  /** Whether a file is indexed and what decided. @throws where the path does not lie in the folder */
  explainFile: { params: { spaceId: string; folderUri: string; path: string }; result: FileExplanation };
  /** What the index holds, what was left out and why, what failed. Looks at the disk again, reads no file. */
  indexReport: { params: { spaceId: string }; result: SpaceReport };
  storedIndexes: { params: Record<string, never>; result: StoredIndex[] };
  deleteIndex: { params: { folderUri: string }; result: { bytes: number } };
  shutdown: { params: Record<string, never>; result: null };
}

export type EngineMethod = keyof EngineMethods;
export type EngineParams<M extends EngineMethod> = EngineMethods[M]['params'];
export type EngineResult<M extends EngineMethod> = EngineMethods[M]['result'];

/** Told to every window whose space it concerns. */
export type EngineEvent =
  | { type: 'state'; spaceId: string; state: SpaceState }
  | { type: 'map'; spaceId: string; revision: number }
  | { type: 'warnings'; spaceId: string }
  | { type: 'runtime'; runtime: RuntimeName; tokensPerSecond: number | undefined; steppedDown: string[] }
  | { type: 'log'; level: 'info' | 'warn' | 'error'; message: string }
  /** The engine stops because nobody asked it for anything; the next request starts it again. */
  | { type: 'idle' };

/**
 * The first bytes on the socket are the lease's token and a line feed; only then are frames read. An engine of another
 * version answers `refused`.
 */
export type WindowToEngine =
  | { kind: 'hello'; protocolVersion: number; version: string; settings: RuntimeSettings }
  | { kind: 'request'; id: number; method: EngineMethod; params: unknown }
  | { kind: 'cancel'; id: number };

export type EngineToWindow =
  | { kind: 'welcome'; info: EngineInfo }
  | { kind: 'refused'; message: string; retry: boolean }
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'error'; id: number; message: string; cancelled: boolean }
  | { kind: 'event'; event: EngineEvent };
