/**
 * The boundary between the panel (webview) and the host. The panel says `ready`, gets the full state, then
 * increments. What comes from the webview is untrusted: the host validates it with `parseWebviewMessage`.
 */
import * as v from 'valibot';
import { qualityKinds, type QualityWarning, type SplitEffect } from './chunkQuality';
import { layoutMethodNames, layoutMetricNames, layoutSettings } from './layoutMethods';
import { mapRequestSchemas, type MapAnswers } from './mapQuestions';
import type { EngineInfo } from './engineInfo';
import type { IndexEstimate } from './indexing';
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

/** What the panel shows outside the map, told whenever it changes. */
export interface PanelStatus {
  folders: string[];
  /** Folders of the window that lie on no disk: they can't be indexed. */
  virtualFolders: string[];
  state: SpaceState;
  /** Undefined while the engine starts. */
  engine: EngineInfo | undefined;
  /** Only before the first index. */
  estimate: IndexEstimate | 'counting' | undefined;
  /** One sentence and what to press, when something failed. */
  problem: { message: string; action: 'retry' | 'show-log' | undefined } | undefined;
}

export type HostToWebview =
  | { type: 'status'; status: PanelStatus }
  | { type: 'map'; map: MapColumns | null }
  | { type: 'warnings'; warnings: Warning[] }
  /** Embed Selection was called: mark it and list its neighbors. */
  | { type: 'selection'; selection: SelectionDetail | null; pending: boolean }
  /** Results sent from the quick pick. */
  | { type: 'results'; results: SearchResults }
  /** Select this point, as if it was clicked. */
  | { type: 'reveal'; point: number }
  | { type: 'response'; id: number; ok: true; value: unknown }
  | { type: 'response'; id: number; ok: false; message: string };

const point = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A setting of a layout within the range that its description gives; whole where its steps are. */
function layoutNumber(name: Exclude<keyof typeof layoutSettings, 'metric'>) {
  const { min, max, step } = layoutSettings[name];
  const whole = v.check((value: number) => step < 1 || Number.isInteger(value));
  return v.pipe(v.number(), v.minValue(min), v.maxValue(max), whole);
}

const mostStateCharacters = 500_000;
/** A picture of 100,000 points as SVG takes about 10 MB. */
const mostPictureBytes = 100e6;

const requestSchema = v.variant('method', [
  v.object({ method: v.literal('point'), point }),
  v.object({ method: v.literal('excerpts'), points: v.pipe(v.array(point), v.maxLength(200)) }),
  v.object({ method: v.literal('search'), query: v.pipe(v.string(), v.maxLength(4000)) }),
  v.object({ method: v.literal('readings') }),
  /** Which point holds this position: finds a saved selection again, as point ids change when an index is opened anew. */
  v.object({
    method: v.literal('pointAt'),
    folderUri: v.pipe(v.string(), v.maxLength(4000)),
    path: v.pipe(v.string(), v.maxLength(4000)),
    offset: point,
  }),
  v.object({
    method: v.literal('relayout'),
    layout: v.picklist(layoutMethodNames),
    neighbors: v.optional(layoutNumber('neighbors')),
    minimalDistance: v.optional(layoutNumber('minimalDistance')),
    perplexity: v.optional(layoutNumber('perplexity')),
    metric: v.optional(v.picklist(layoutMetricNames)),
    epochs: v.optional(layoutNumber('epochs')),
    seed: v.optional(layoutNumber('seed')),
  }),
  v.object({ method: v.literal('stopLayout') }),
  /** Chunks with faults other than mixed topics. */
  v.object({
    method: v.literal('quality'),
    kinds: v.pipe(v.array(v.picklist(qualityKinds)), v.maxLength(qualityKinds.length)),
  }),
  /** Embeds the halves of a flagged chunk at its cut. */
  v.object({ method: v.literal('splitEffect'), point }),
  v.object({ method: v.literal('pointHonesty'), point }),
  /** Asks the person where to save a picture of the map; answers null when they change their mind. */
  v.object({
    method: v.literal('savePicture'),
    format: v.picklist(['png', 'svg']),
    data: v.pipe(v.instance(Uint8Array), v.maxLength(mostPictureBytes)),
  }),
  ...mapRequestSchemas,
]);

const webviewMessageSchema = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('request'), id: point, request: requestSchema }),
  /** Opens a chunk in the editor, by id alone; `offset` moves the cursor into the chunk (for a cut). */
  v.object({ type: v.literal('open'), chunkId: point, offset: v.optional(point), preview: v.boolean() }),
  v.object({ type: v.literal('startIndexing') }),
  v.object({ type: v.literal('stopIndexing') }),
  v.object({ type: v.literal('pauseIndexing') }),
  v.object({ type: v.literal('resumeIndexing') }),
  v.object({ type: v.literal('retry') }),
  v.object({ type: v.literal('showLog') }),
  v.object({ type: v.literal('showEngineInformation') }),
  v.object({ type: v.literal('openSettings') }),
  v.object({ type: v.literal('deleteIndex') }),
  v.object({ type: v.literal('clearSelection') }),
  /** What the panel shows, as JSON that only the panel reads: given back to the next page when this one was closed. */
  v.object({ type: v.literal('saveState'), state: v.pipe(v.string(), v.maxLength(mostStateCharacters)) }),
  /** Told when the map has drawn, for tests and for `npm start -- --check`. */
  v.object({ type: v.literal('drawn'), points: point, renderer: v.picklist(['webgl2', 'canvas2d']) }),
]);

export type WebviewToHost = v.InferOutput<typeof webviewMessageSchema>;
export type PanelRequest = v.InferOutput<typeof requestSchema>;

/** Answers to the panel's requests, by method. */
export interface PanelAnswers extends MapAnswers {
  point: ChunkDetail | null;
  excerpts: { point: number; place: Place; places: number; excerpt: string }[];
  search: SearchResults;
  readings: SpaceReadings;
  pointAt: number | null;
  relayout: null;
  stopLayout: null;
  quality: QualityWarning[];
  splitEffect: SplitEffect | null;
  pointHonesty: PointHonesty | null;
  /** Name of the file that was written. */
  savePicture: { name: string } | null;
}

/** @throws {v.ValiError} when the message is not one that the panel sends. */
export function parseWebviewMessage(message: unknown): WebviewToHost {
  return v.parse(webviewMessageSchema, message);
}
