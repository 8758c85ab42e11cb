/**
 * What a chunk, a neighbor, a map and a space are when they leave the engine. Types alone; vectors never appear here.
 */

import type { IndexProgress, IndexReport, SkippedCounts } from './indexing';
import type { LayoutMethod, LayoutSettings } from './layoutMethods';

/**
 * Where a chunk lies. Offsets are UTF-16 units into the document as VS Code shows it, lines are zero-based and
 * inclusive. In a notebook both count in the cell, and cells count from zero.
 */
export interface Place {
  /** Id of the chunk in its space: what a request to open it carries. Never reused within a session. */
  chunkId: number;
  folderUri: string;
  /** Path inside the folder, with forward slashes. */
  path: string;
  /** `start` is included, `end` is not. */
  start: number;
  end: number;
  startLine: number;
  endLine: number;
  /** The notebook's cell. */
  cell?: number;
  /** The chunk's text was extracted from markup: the range holds it together with tags and directives. */
  extracted?: true;
}

/** The cut of a chunk into two parts, and what they are about. */
export interface MixedTopics {
  /** Offset in the document at which the second part begins. */
  cut: number;
  /** Zero-based line of the cut. */
  cutLine: number;
  /** The cut in the chunk's text, where that is not `cut` less the chunk's start (text extracted from markup). */
  textCut?: number;
  /** Terms that tell the first part from the second, best first. */
  before: string[];
  after: string[];
  /** Place of the gain of the best cut among the chunks of this index with as many sentences, 0 to 100. */
  percentile: number;
  /** Gain of the best cut: the within-part scatter that it removes. */
  gain: number;
  /** Whether the cut looks like a seam by the threshold of this index. */
  flagged: boolean;
  /** Of a chunk that is flagged because it runs on under another heading: that heading; the cut is there. */
  heading?: string;
  /** What the mix is expected to cost; undefined where it could not be predicted. */
  damage?: SplitDamage;
}

/**
 * How far one half alone would move up for a query that belongs to it, predicted from vectors that are there already.
 * Warnings are ordered by it: what a mix costs is what the person cares about.
 */
export interface SplitDamage {
  /** The query that would gain most: the heading above the chunk or the first sentence of a half. */
  query: string;
  /** Rank of the whole chunk for that query among the chunks of this space, from 1. */
  rankNow: number;
  /** Expected rank of the better half, from 1. */
  rankSplit: number;
}

export interface Neighbor {
  /** Id of the point, as in {@link MapColumns.point}. */
  point: number;
  /** First place of the chunk; `places` says how many places hold the same text. */
  place: Place;
  places: number;
  /** Cosine similarity in the original space. */
  similarity: number;
  /** Percentile of that similarity among random pairs of this space, 0 to 100; undefined where there are no pairs to compare with. */
  percentile: number | undefined;
  /** The chunk's text, or its first 1,200 UTF-16 units. */
  text: string;
  /** True when it shares a part of its text with the chunk whose neighbor it is: no surprise that it is near. */
  overlaps?: boolean;
}

export interface ChunkDetail {
  point: number;
  place: Place;
  /** All places with this very text, the first one included. */
  places: Place[];
  /** Headings above the chunk that are embedded with it, outermost first. */
  context: string[];
  text: string;
  tokens: number;
  maxTokens: number;
  /** Texts that were given to the model, where the chunk is longer than its limit: the vector is their mean. */
  parts?: number;
  /** How many of the `trustOf` nearest chunks in the original space are among the same number of nearest points on the map. */
  trust: number | undefined;
  trustOf: number;
  mixed: MixedTopics | undefined;
  neighbors: Neighbor[];
}

/** A selection or a query drawn on the map. */
export interface Marker {
  label: string;
  /** Map coordinates of the strongest star, or undefined while there is no map. */
  x: number | undefined;
  y: number | undefined;
  /**
   * Where its true neighbors lie, strongest first: one star where they lie together, several faint ones where they are
   * scattered. Empty while there is no map.
   */
  stars: Star[];
  /** True when even its nearest chunks are no nearer than random ones: its one star then stands on the margin of the map. */
  nearNothing: boolean;
}

/** One place of a text on the map. */
export interface Star {
  x: number;
  y: number;
  /** Share of its true neighbors' weight that lies about this place; the stars of a marker sum to 1 at most. */
  weight: number;
}

/** A point beside a selected one, with its exact ranks in both spaces, each counted from 1. */
export interface RankedPoint {
  point: number;
  x: number;
  y: number;
  similarity: number;
  /** Place among the true neighbors of the selected point, in the original space. */
  trueRank: number;
  /** Place among the points near the selected one on the map. */
  mapRank: number;
}

/** What the map gets right and wrong about one point; each list is complete. */
export interface PointHonesty {
  point: number;
  /** How many nearest are compared, in both spaces. */
  trustOf: number;
  /** A near point of the map is a stranger when it is not among this many true neighbors. */
  strangerBeyond: number;
  /** True neighbors that are near on the map, too. */
  kept: RankedPoint[];
  /** True neighbors that are not: where they went. */
  missing: RankedPoint[];
  /** Near points of the map that are no true neighbors. */
  strangers: RankedPoint[];
}

/**
 * How much of all neighborhoods a map keeps beyond chance, R_NX(k) of Lee and Verleysen, from 0 (chance) to 1 (all),
 * by how many neighbors are looked at.
 */
export interface RankQuality {
  /** Numbers of neighbors, about evenly spaced on a logarithmic scale. */
  k: number[];
  /** R_NX at each of them. */
  rnx: number[];
  /** Area under R_NX over log k: small neighborhoods count most. */
  area: number;
  /** Points that were looked at, evenly spread, of how many. Each is compared with all others. */
  rows: number;
  of: number;
  /** What it means, in one sentence, saying which "near" is meant. */
  words: string;
}

/** A text that was embedded because the person asked for it. */
export interface SelectionDetail {
  /** Document that it was taken from, for the title. */
  title: string;
  text: string;
  tokens: number;
  maxTokens: number;
  /** Parts when the text is longer than the model's limit: each was embedded, the selection is their mean. Empty when it fits. */
  parts: { start: number; end: number; tokens: number; text: string; neighbors: Neighbor[] }[];
  marker: Marker;
  /** Offsets count from the beginning of the selection. */
  mixed: MixedTopics | undefined;
  /** Sentences in the selection: fewer than four can't be judged for mixed topics. */
  sentences: number;
  neighbors: Neighbor[];
}

/** A hit's percentile is among random pairs of queries and chunks: headings and first sentences of this space serve as queries. */
export interface SearchHit extends Neighbor {
  rank: number;
}

export interface SearchResults {
  query: string;
  hits: SearchHit[];
  marker: Marker;
  elapsedMs: number;
  /** Chunks searched: the index may still grow. */
  searched: number;
}

export interface Warning {
  kind: 'mixed-topics';
  point: number;
  place: Place;
  mixed: MixedTopics;
  text: string;
}

/** Map columns: one entry a point, all arrays of one length but `coordinates`, which holds x, y pairs. */
export interface MapColumns {
  /** Grows with every change of the map; answers to older maps can be told apart. */
  revision: number;
  /** Ids of the points: ascending, with gaps where points are gone. */
  point: Uint32Array;
  /** 2 n, in map units: the longer side of the whole map is about 2, centered on 0. */
  coordinates: Float32Array;
  folder: Uint16Array;
  fileType: Uint16Array;
  /** Cluster of each point, 65535 for none. */
  cluster: Uint16Array;
  /** True neighbors (of 15) that are among the map's 15 nearest; 255 unknown. */
  trust: Uint8Array;
  /** Of as many nearest on the map, how many are not among the true 50: strangers. 0 is best; 255 unknown. */
  falseNeighbors: Uint8Array;
  /** 1 when the chunk is flagged as mixed-topic. */
  mixed: Uint8Array;
  /** Places with this text. */
  places: Uint16Array;
  folders: MapGroup[];
  fileTypes: MapGroup[];
  clusters: MapCluster[];
  /**
   * Clusters from coarse (drawn far out) to fine (drawn near): each lies in one of the level before. One of them is
   * `cluster` and `clusters`, as `clusterLevel` says. Empty while there are none.
   */
  clusterLevels: ClusterLevel[];
  clusterLevel: number;
}

/** One level of the hierarchy of clusters. */
export interface ClusterLevel {
  clusters: MapCluster[];
  /** Cluster of each point at this level, 65535 for none. */
  of: Uint16Array;
}

export interface MapGroup {
  name: string;
  count: number;
}

export interface MapCluster extends MapGroup {
  /** Stays the same across updates and reloads while the cluster keeps most of its points. */
  id: number;
  /**
   * Slot in the palette, from 0, kept as long as the cluster; `hueCount` and above: no slot left, drawn as Other. A
   * finer cluster has the slot of the one that it lies in, a coarser one that of its largest part.
   */
  hue: number;
  /** Position of the cluster that it lies in, in the level before; -1 in the coarsest. */
  parent: number;
  /** Terms by class-based TF-IDF, best first, those that tell it from its siblings; `name` is the first two joined. */
  terms: string[];
  /** Where the label goes: the densest place of the cluster. */
  x: number;
  y: number;
}

/** Readings of the whole space, each computed from the original vectors. */
export interface SpaceReadings {
  files: number;
  chunks: number;
  /** Distinct texts: the points of the map. */
  points: number;
  tokens: number;
  dimensions: number;
  modelName: string;
  /** Similarity of random pairs of chunks; the histogram counts pairs in equal bins from -0.25 to 1. */
  baseline: { median: number; p95: number; p99: number; histogram: number[] } | undefined;
  /** Mean number of the 15 true nearest that are among the map's 15 nearest. */
  trust: number | undefined;
  trustOf: number;
  /** Mean number of the map's `trustOf` nearest that are not among the true 50. */
  falseNeighbors: number | undefined;
  /** Share of the true neighbors in the graph behind map, clusters and trust, measured; undefined where it is exact. */
  neighborRecall?: number;
  /** Undefined until a map was laid out by this version. */
  rankQuality: RankQuality | undefined;
  mixed: number;
  layout: (LayoutSettings & { method: LayoutMethod; elapsedMs: number }) | undefined;
  storeBytes: number;
  storePath: string;
}

/** What a window needs to know of its space at any time. */
export interface SpaceState {
  /** none: nothing was ever indexed; ready: the index is current as far as we know. */
  phase: 'none' | 'indexing' | 'ready' | 'error';
  /** The person paused it: it may be incomplete or behind the disk until it is resumed. */
  paused: boolean;
  files: number;
  chunks: number;
  points: number;
  mixed: number;
  /** Mean trust of the map, of `trustOf`. */
  trust: number | undefined;
  trustOf: number;
  mapRevision: number;
  /** While a layout runs, how far it is, 0 to 1. */
  layout?: { method: LayoutMethod; share: number } | undefined;
  progress: IndexProgress | undefined;
  error: string | undefined;
  skipped: SkippedCounts;
  /** The last completed run of this session. */
  lastReport: IndexReport | undefined;
}
