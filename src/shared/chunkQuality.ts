/** What is said of a chunk's quality beyond its mix of topics, and what a split would change. Types alone. */
import type { MixedTopics, Neighbor, Place, Warning } from './space';

/** What the sensitivity of mixed-topic warnings means in one space. */
export interface MixedTopicsSetting {
  /** The share of ordinary chunks that was asked for; null for the default, which aims at four right flags of five. */
  asked: number | null;
  /** "At this setting 1 in … ordinary chunks is flagged", 0 where none is. A rate among ordinary chunks: nobody knows that of flags. */
  ordinaryShare: number;
  /** Estimated share of flags that are right, with its 90 % interval; undefined where nothing is flagged. */
  precision: { estimate: number; low: number; high: number } | undefined;
  /** Estimated share of mixed chunks. */
  prevalence: number;
  flagged: number;
}

/** Ranks of one query before and after a split, both halves embedded: "heading query: 17 to 1". */
export interface SplitRank {
  kind: 'heading' | 'first-sentence' | 'evaluation';
  query: string;
  /** The half that the query belongs to. */
  half: 'before' | 'after';
  rankNow: number;
  /** Rank of the better half in place of the chunk. */
  rankSplit: number;
}

export interface SplitHalf {
  excerpt: string;
  tokens: number;
  neighbors: Neighbor[];
  /** Where it would lie on the map; undefined while there is none. */
  at: { x: number; y: number } | undefined;
}

/** A chunk of a document in an editor, as it is typed, that may mix two topics. Offsets count in the document. */
export interface DocumentWarning {
  start: number;
  end: number;
  mixed: MixedTopics;
  text: string;
  /** The chunk's point, when it stands in the index as it is. */
  point: number | undefined;
}

/** What splitting a chunk would change. */
export interface SplitEffect {
  point: number;
  /** Offset in the chunk's text at which the second half begins. */
  cut: number;
  /** Cosine similarity of the two halves. */
  similarity: number;
  ranks: SplitRank[];
  /** Where the halves live: their nearest chunks elsewhere, nearest first. */
  before: SplitHalf;
  after: SplitHalf;
}

/** Other faults of a chunk, each found and switched on by itself. */
export const qualityKinds = ['cut-off', 'boilerplate', 'too-short', 'too-long', 'heading-mismatch'] as const;
export type QualityKind = (typeof qualityKinds)[number];
/** Those that a hand-checked sample found right at least four times of five (`test/fixtures/chunkQualityLabels.jsonl`). */
export const qualityKindsOnByDefault: readonly QualityKind[] = ['cut-off', 'too-short'];

export interface QualityWarning {
  kind: QualityKind;
  point: number;
  place: Place;
  /** One sentence that says what was found in this very chunk. */
  reason: string;
  /** Place of its measure among the chunks of this space, 0 to 100: what lists sort by. */
  percentile: number;
  text: string;
}

/** Everything that a list of chunk quality shows. */
export type ChunkWarning = Warning | QualityWarning;
