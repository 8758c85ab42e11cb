/** Flags of real chunks against what two readers said of them: `test/fixtures/mixedTopicChunkReadings.jsonl`. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { EmbeddingSession } from '../../src/core/embedding/session';
import { MixedTopicAssessment } from '../../src/core/topics/mixedTopicsAssessment';
import { defaultChunking, type ChunkingSettings } from '../../src/shared/chunking';
import { embedFolder, sentenceEmbedder } from './topicsFolder';

export interface ReadVerdict {
  mixed: boolean;
  borderline: boolean;
  reason: string;
}

/** A chunk that two readers read as text alone, without its cut or the other's verdict. */
export interface ChunkReading {
  folder: 'rust-book' | 'sample';
  chunking: keyof typeof readChunkings;
  file: string;
  /** From 1. */
  line: number;
  /** Of the chunk's text: its SHA-256, the first 12 digits. */
  text: string;
  /** Why it was drawn, at the time: flagged, headed (a heading divides it), strongest, or at random from the rest. */
  drawn: 'flagged' | 'headed' | 'strongest' | 'random';
  /** 1: read before the rule about headings was chosen, 2: afterwards. */
  round: 1 | 2;
  /** Whether the default setting flags it. */
  flagged: boolean;
  first: ReadVerdict;
  second: ReadVerdict;
}

const recursive = (size: number, overlap: number): ChunkingSettings => ({
  ...defaultChunking,
  chunker: 'recursive',
  size,
  overlap,
});

export const readChunkings = {
  structure: defaultChunking,
  'recursive 1000/100': recursive(1000, 100),
  'recursive 1200/0': recursive(1200, 0),
  'recursive 2000/200': recursive(2000, 200),
  'recursive 3000/0': recursive(3000, 0),
} as const;

/** Each set of chunks that was read. */
export const readSets: readonly Pick<ChunkReading, 'folder' | 'chunking'>[] = [
  { folder: 'sample', chunking: 'structure' },
  { folder: 'sample', chunking: 'recursive 1000/100' },
  { folder: 'rust-book', chunking: 'structure' },
  { folder: 'rust-book', chunking: 'recursive 1200/0' },
  { folder: 'rust-book', chunking: 'recursive 2000/200' },
  { folder: 'rust-book', chunking: 'recursive 3000/0' },
];

export function readReadings(): ChunkReading[] {
  const file = path.resolve(__dirname, '../../test/fixtures/mixedTopicChunkReadings.jsonl');
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ChunkReading);
}

export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** How many of the readers call it mixed, as a share: 0, ½ or 1. */
export function shareMixed({ first, second }: Pick<ChunkReading, 'first' | 'second'>): number {
  return (Number(first.mixed) + Number(second.mixed)) / 2;
}

interface JudgedSet {
  chunks: number;
  /** Hashes of the texts. */
  flagged: Set<string>;
}

export async function judgeFolder(
  folder: string,
  chunking: ChunkReading['chunking'],
  session: EmbeddingSession,
): Promise<JudgedSet> {
  const chunks = await embedFolder(folder, session, readChunkings[chunking]);
  const assessment = await MixedTopicAssessment.assess(chunks, sentenceEmbedder(session), {
    dimensions: session.dimensions,
  });
  const flagged = new Set(assessment.flagged());
  return {
    chunks: chunks.length,
    flagged: new Set(chunks.filter(({ key }) => flagged.has(key)).map(({ text }) => textHash(text))),
  };
}

/** One row of the table of readings: what is flagged now, and what the readers said of that and of the rest. */
export function readingsRow(name: string, judged: JudgedSet, readings: readonly ChunkReading[]): string {
  const flagged = readings.filter(({ text }) => judged.flagged.has(text));
  const rest = readings.filter(({ text, drawn }) => !judged.flagged.has(text) && drawn === 'random');
  const sum = (list: readonly ChunkReading[]): number =>
    list.reduce((total, reading) => total + shareMixed(reading), 0);
  const both = flagged.filter((reading) => shareMixed(reading) === 1).length;
  const share = ((100 * judged.flagged.size) / judged.chunks).toFixed(1);
  return (
    `| ${name} | ${judged.chunks} | ${judged.flagged.size} (${share} %) | ${flagged.length} | ` +
    `${flagged.length === 0 ? '' : (sum(flagged) / flagged.length).toFixed(2)} | ${both} | ${sum(rest)} of ${rest.length} |`
  );
}

export const readingsHead = [
  '| Chunks | Number | Flagged | Of them read | Precision, one of two readers counted half | Both call it mixed | Mixed among random unflagged |',
  '| --- | --- | --- | --- | --- | --- | --- |',
];
