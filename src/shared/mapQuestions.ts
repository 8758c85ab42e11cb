/**
 * What people ask of the map beside a single point: ways between points, selections, similarity as a color, groups that
 * fall together. Types of the answers and, for what the panel asks, the schemas. Lists of points are ids of
 * {@link MapColumns.point}; vectors never appear here.
 */
import * as v from 'valibot';
import type { Marker, Neighbor, Place, SearchResults } from './space';

/** Points that one request may name: more than any map is meant to hold. */
export const mostPointsAsked = 250_000;
const longestQuery = 4000;

export type PointList = Uint32Array | number[];

/** One chunk on the way from one point to another. */
export interface WalkStep {
  point: number;
  place: Place;
  places: number;
  excerpt: string;
  /** Cosine similarity to the step before, and its percentile among random pairs; undefined for the first. */
  similarity: number | undefined;
  percentile: number | undefined;
  /** Terms that it shares with the step before, and terms that come and go with it, best first; empty for the first. */
  keeps: string[];
  gains: string[];
  loses: string[];
}

/** The shortest way through chunks, each a true neighbor of the one before or the other way round. */
export interface Walk {
  /** First and last are the chosen points; empty when no way leads there. */
  steps: WalkStep[];
  /** Sum of the steps' distances, 1 - similarity each. */
  length: number | undefined;
  /** Similarity of the two chosen points, and its percentile among random pairs. */
  direct: number;
  directPercentile: number | undefined;
  /** Points and neighbors of each that were searched for a way. */
  searched: { points: number; neighbors: number };
  /** One sentence when there is no way: what that means. */
  unreachable: string | undefined;
}

/** Several points as one: the normalized mean of their vectors. */
export interface CentroidDetail {
  points: number;
  marker: Marker;
  /** Similarity of the points to their centroid: 1 when all are the same. */
  spread: { mean: number; least: number; median: number };
  /** Percentile of the median similarity of two of the points among random pairs of the space. */
  cohesionPercentile: number | undefined;
  /** Points of the selection that are nearest to the centroid: what it is about. */
  central: Neighbor[];
  /** Nearest points outside the selection. */
  neighbors: Neighbor[];
}

/** Points whose text holds what was typed, as it is written but for upper and lower case. */
export interface TextMatches {
  text: string;
  /** Ascending. */
  points: Uint32Array;
  /** Points looked at, of `of`: fewer when the time for it was over. */
  searched: number;
  of: number;
  elapsedMs: number;
}

export interface SelectionLabel {
  points: number;
  /** Terms that tell the selection from the rest, best first; empty when it is everything or has no words. */
  terms: string[];
  /** The first two terms joined. */
  name: string;
  /** Chunks whose words were read, of the selection and of the rest. */
  read: { selection: number; rest: number };
}

export interface ExportedPoints {
  lines: number;
  bytes: number;
  /** Name of the file that was written, without its folder. */
  name: string;
}

/** A color for each point by a number. */
export interface PointValues {
  /** Ids, ascending; `values` lies beside them, NaN where it is not known. */
  point: Uint32Array;
  values: Float32Array;
  /** Ends and middle of what is known, for a legend. */
  range: { min: number; median: number; max: number } | undefined;
}

export interface SimilarityValues extends PointValues {
  label: string;
  /** Similarities that these shares of random pairs stay below (of chunks, or of queries and chunks), for marks in the legend. */
  baseline: { median: number; p95: number; p99: number } | undefined;
}

export const colorKinds = ['tokens', 'gitAge'] as const;
export type ColorKind = (typeof colorKinds)[number];

export interface ColorData extends PointValues {
  kind: ColorKind;
  /** `days` since the last commit that changed the file. */
  unit: 'tokens' | 'days';
}

export const groupings = ['folder', 'fileType'] as const;
export type Grouping = (typeof groupings)[number];

/** Two groups that leave-one-out nearest neighbors tell apart no better than permuted labels do. */
export interface GroupPair {
  first: string;
  second: string;
  /** Distinct texts in each. */
  firstChunks: number;
  secondChunks: number;
  /** Share of nearest neighbors that lie in the own group, the mean of both groups: 0.5 is chance, 1 apart. */
  ownShare: number;
  /** The same with permuted labels: its mean, and what it rarely exceeds (corrected for the number of pairs). */
  chanceShare: number;
  chanceLimit: number;
  /** Own share that would have been noticed 8 times in 10: what the test could have seen. */
  detectableShare: number;
  /** After Holm's correction. */
  pValue: number;
  /** What was taken as one in permuting: whole files, or chunks where there are too few files. */
  unit: 'file' | 'chunk';
  /** Terms that both share, best first. */
  terms: string[];
  /** One sentence that says what was found, and its figures. */
  words: string;
}

export interface GroupSeparation {
  grouping: Grouping;
  /** Groups compared, largest first, of all groups; smaller ones were left out. */
  groups: { name: string; chunks: number }[];
  groupsLeftOut: number;
  /** Points whose neighbors were looked at, of how many are there. */
  points: number;
  of: number;
  neighbors: number;
  /** Pairs by outcome; `unclear` ones have too few chunks or neighbors for a verdict. */
  pairs: { together: number; apart: number; unclear: number };
  /** Pairs that fall together, the plainest first. */
  together: GroupPair[];
  /** What to try, most promising first; empty when nothing falls together. */
  advice: string[];
  elapsedMs: number;
}

/** Engine requests that answer questions about a map; part of `EngineMethods`. */
export interface MapQuestionMethods {
  walk: { params: { spaceId: string; from: number; to: number }; result: Walk | null };
  centroid: { params: { spaceId: string; points: PointList; neighbors: number }; result: CentroidDetail | null };
  /** Search by meaning among these points alone; ranks count among them. */
  searchWithin: { params: { spaceId: string; query: string; points: PointList; limit: number }; result: SearchResults };
  textSearch: { params: { spaceId: string; text: string }; result: TextMatches };
  labelSelection: { params: { spaceId: string; points: PointList }; result: SelectionLabel };
  /** Writes JSON lines to a file that the person chose; all points when none are named. */
  exportPoints: {
    params: { spaceId: string; points: PointList | null; file: string; vectors: boolean };
    result: ExportedPoints;
  };
  /** Similarity of every point to one of them, to the centroid of several or to a query. */
  similarityTo: { params: { spaceId: string } & SimilarityTarget; result: SimilarityValues | null };
  /** Null where there is nothing to color by: no git history, or a workspace that is not trusted. */
  colorData: { params: { spaceId: string; kind: ColorKind; trusted: boolean }; result: ColorData | null };
  /** Computed when first asked for and kept until the map changes. Null while there is no map. */
  groupSeparation: { params: { spaceId: string; grouping: Grouping }; result: GroupSeparation | null };
}

export interface SimilarityTarget {
  points?: PointList;
  query?: string;
}

const point = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff));
const points = v.union([
  v.pipe(v.instance(Uint32Array), v.minLength(1), v.maxLength(mostPointsAsked)),
  v.pipe(v.array(point), v.minLength(1), v.maxLength(mostPointsAsked)),
]);
const query = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(longestQuery));

/** What the panel may ask; the host adds the space, limits, the file and whether the workspace is trusted. */
export const mapRequestSchemas = [
  v.object({ method: v.literal('walk'), from: point, to: point }),
  v.object({ method: v.literal('centroid'), points }),
  v.object({ method: v.literal('searchWithin'), query, points }),
  v.object({ method: v.literal('textSearch'), text: query }),
  v.object({ method: v.literal('labelSelection'), points }),
  /** Asks the person where to; answers null when they change their mind. */
  v.object({ method: v.literal('exportPoints'), points: v.nullable(points), vectors: v.boolean() }),
  v.object({ method: v.literal('similarityTo'), points: v.optional(points), query: v.optional(query) }),
  v.object({ method: v.literal('colorData'), kind: v.picklist(colorKinds) }),
  v.object({ method: v.literal('groupSeparation'), grouping: v.picklist(groupings) }),
] as const;

export type MapRequest = v.InferOutput<(typeof mapRequestSchemas)[number]>;

/** Answers to the panel's questions, by method; part of `PanelAnswers`. */
export interface MapAnswers {
  walk: Walk | null;
  centroid: CentroidDetail | null;
  searchWithin: SearchResults;
  textSearch: TextMatches;
  labelSelection: SelectionLabel;
  exportPoints: ExportedPoints | null;
  similarityTo: SimilarityValues | null;
  colorData: ColorData | null;
  groupSeparation: GroupSeparation | null;
}
