import { bestGain, dividingHeadings, minimalSentences } from './mixedTopicsFeatures';
import type { ChunkInspector } from '../index/chunkEmbedding';
import { sentenceSpans, type JudgedSentence } from './mixedTopicsUnits';

/** What the pass that embeds a chunk tells of its sentences, at no cost: kept with the chunk's vector. */
export interface ScreenRecord {
  sentences: number;
  /** Gain of the best cut among the sentences' vectors in the context of the chunk. */
  gain: number;
  /** Share of the chunk's text that its sentences are: code and tables are not embedded again. Older records lack it. */
  prose?: number;
  /** Whether a heading divides it, see `dividingHeadings`. Absent where none does, and in older records. */
  headed?: true;
}

/** Who is measured: decided once for an index and kept until the index has become another one. */
export interface ScreenPlan {
  seed: number;
  /** Chunks that could be judged when the plan was made. */
  chunks: number;
  /** Growth of ln gain with ln n among the chunks. */
  slope: number;
  /** Chunks whose screen strength is at least this are measured. */
  cutoff: number;
  /** Share of all chunks that are measured whatever their screen says. */
  sampleRate: number;
}

/** Of the tokens of the chunks that can be judged. */
const budgetShare = 0.38;
/** Tokens that begin and end every text of the model. */
const tokensAround = 2;
/** Below this many tokens, a few seconds of one thread, everything is measured. */
const freeTokens = 20_000;
const sampleSize = 300;
/** The sample never takes more than this share of the budget. */
const sampleBudgetShare = 0.5;

/**
 * Looks at a chunk through the span vectors of its own pass.
 *
 * @param spans those that were asked for, see `sentenceSpans`, in offsets of `text`.
 * @returns null when there is nothing to judge.
 */
export function screenChunk(
  text: string,
  spans: readonly JudgedSentence[],
  spanVectors: Float32Array,
  dimensions: number,
): ScreenRecord | null {
  if (spans.length < minimalSentences) return null;
  const best = bestGain(spans, spanVectors, dimensions);
  if (best === undefined) return null;
  const length = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  const headed = dividingHeadings(spans.slice(0, best.sentences)).length > 0;
  return { ...best, prose: Number((length / text.length).toFixed(2)), ...(headed ? { headed } : {}) };
}

/** Screens prose in the pass that embeds it and notes a {@link ScreenRecord} or null as JSON; code is not judged. */
export function screenInspector(dimensions: number): ChunkInspector {
  return {
    inspect: (text, kind) => {
      if (kind === 'code') return undefined;
      const spans = sentenceSpans(text);
      return { spans, note: (spanVectors) => JSON.stringify(screenChunk(text, spans, spanVectors, dimensions)) };
    },
  };
}

interface ScreenedChunk {
  key: string;
  tokens: number;
  screen: ScreenRecord;
}

/** Tokens of a chunk's sentences, embedded one by one. */
function sentenceTokens({ tokens, screen }: ScreenedChunk): number {
  return tokens * (screen.prose ?? 1) + tokensAround * screen.sentences;
}

export function planScreen(chunks: readonly ScreenedChunk[], seed: number): ScreenPlan {
  const budget = Math.max(budgetShare * chunks.reduce((sum, { tokens }) => sum + tokens, 0), freeTokens);
  const total = chunks.reduce((sum, chunk) => sum + sentenceTokens(chunk), 0);
  const plan: ScreenPlan = { seed, chunks: chunks.length, slope: slopeOf(chunks), cutoff: -1e9, sampleRate: 1 };
  if (total <= budget) return plan;
  plan.sampleRate = Math.min(1, sampleSize / chunks.length, (sampleBudgetShare * budget) / total);
  // Those in the sample are measured anyway: of the chunks above the cutoff only the others are paid for.
  let left = budget - plan.sampleRate * total;
  const strongestFirst = chunks
    .map((chunk) => ({ tokens: sentenceTokens(chunk), strength: screenStrength(chunk.screen, plan) }))
    .sort((a, b) => b.strength - a.strength);
  plan.cutoff = Number.MAX_VALUE;
  for (const { tokens, strength } of strongestFirst) {
    left -= tokens * (1 - plan.sampleRate);
    if (left < 0) break;
    plan.cutoff = strength;
  }
  return plan;
}

/** Whether the index has become so much larger or smaller that its plan no longer describes it. */
export function needsNewPlan(plan: ScreenPlan, chunks: number): boolean {
  return chunks > 2 * plan.chunks + 20 || 2 * chunks + 20 < plan.chunks;
}

/** Chunks that a heading divides come before all others: three of four of them mix topics. */
const headedStrength = 10;

/** ln of the gain with the growth by sentence count taken away. */
export function screenStrength(screen: ScreenRecord, plan: Pick<ScreenPlan, 'slope'>): number {
  const strength = Math.log(Math.max(screen.gain, 1e-6)) - plan.slope * Math.log(screen.sentences);
  return screen.headed ? strength + headedStrength : strength;
}

/** Keys to measure: a random sample, by a hash of the key, and all chunks of high screen strength. They may overlap. */
export function chooseCandidates(
  chunks: readonly ScreenedChunk[],
  plan: ScreenPlan,
): { calibration: Set<string>; candidates: Set<string> } {
  const calibration = new Set<string>();
  const candidates = new Set<string>();
  for (const { key, screen } of chunks) {
    if (uniformOf(key, plan.seed) < plan.sampleRate) calibration.add(key);
    if (screenStrength(screen, plan) >= plan.cutoff) candidates.add(key);
  }
  return { calibration, candidates };
}

function slopeOf(chunks: readonly ScreenedChunk[]): number {
  // What unmixed text shows when there are too few chunks to tell.
  const prior = { slope: 0.5, chunks: 20, variance: 0.1 };
  const points = chunks.map(({ screen }) => ({
    x: Math.log(screen.sentences),
    y: Math.log(Math.max(screen.gain, 1e-6)),
  }));
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / Math.max(1, points.length);
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / Math.max(1, points.length);
  let covariance = prior.chunks * prior.variance * prior.slope;
  let variance = prior.chunks * prior.variance;
  for (const { x, y } of points) {
    covariance += (x - meanX) * (y - meanY);
    variance += (x - meanX) ** 2;
  }
  return covariance / variance;
}

/** A number in [0, 1) that a key always has: FNV-1a with a final mix (MurmurHash3's). */
function uniformOf(key: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}
