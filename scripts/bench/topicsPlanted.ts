/**
 * Whether mixed chunks are found in a real collection: foreign sentences, or those of distant chapters, are planted into
 * some of its chunks, which then go the whole way of an index (screen, sample, threshold) a few at a time.
 *
 *   npx tsx scripts/bench/topicsPlanted.ts --folder FOLDER [--seed N]
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { embeddedText } from '../../src/core/chunking/chunk';
import type { EmbeddingSession } from '../../src/core/embedding/session';
import { seededRandom, type SeededRandom } from '../../src/core/neighbors/seededRandom';
import { MixedTopicAssessment, type EmbedSentences } from '../../src/core/topics/mixedTopicsAssessment';
import { screenChunk } from '../../src/core/topics/mixedTopicsScreen';
import { sentenceSpans } from '../../src/core/topics/mixedTopicsUnits';
import { readAbstracts, readSegmented } from './topicsData';
import { embedFolder, sentenceEmbedder, type FolderChunk } from './topicsFolder';
import { openSession } from './topicsSentences';

const data = path.resolve(__dirname, '../../../shared/data');
const sources = ['choi-dev', 'seg-clinical', 'cranfield', 'distant chapter'] as const;
type Source = (typeof sources)[number];
const plantedPerSource = 45;
/** Planted chunks are this share of an index at most: more would be what is ordinary in it. */
const rounds = 6;
/** Chapters this far apart count as distant. */
const chapterDistance = 4;

interface PlantedChunk extends FolderChunk {
  source: Source;
  /** Offset at which the second topic begins. */
  seam: number;
}

function chapterOf(document: string): number {
  return Number(/ch(\d+)/.exec(document)?.[1] ?? Number.NaN);
}

function foreignSentences(source: Source): string[][] {
  if (source === 'cranfield') return readAbstracts(path.join(data, 'cranfield/corpus.jsonl')).flat();
  return source === 'distant chapter' ? [] : readSegmented(path.join(data, source)).flat();
}

function sentencesOf(chunk: FolderChunk): string[] {
  return sentenceSpans(chunk.text).map(({ start, end }) => chunk.text.slice(start, end));
}

/** Puts sentences of another subject in place of 28 to 50 % of a chunk's own, at its beginning or its end. */
function plant(
  hosts: readonly FolderChunk[],
  source: Source,
  foreign: readonly string[][],
  random: SeededRandom,
): Omit<PlantedChunk, 'key' | 'tokens' | 'screen'> {
  for (;;) {
    const host = hosts[random.below(hosts.length)];
    const spans = sentenceSpans(host.text);
    const minor = Math.round((0.3 + 0.2 * random.next()) * spans.length);
    if (minor / spans.length < 0.28 || minor / spans.length > 0.5) continue;
    let other: readonly string[];
    if (source === 'distant chapter') {
      const donor = hosts[random.below(hosts.length)];
      if (!(Math.abs(chapterOf(donor.document) - chapterOf(host.document)) >= chapterDistance)) continue;
      other = sentencesOf(donor);
    } else {
      other = foreign[random.below(foreign.length)];
    }
    if (other.length < minor) continue;
    const from = random.below(other.length - minor + 1);
    const planted = other.slice(from, from + minor).join(' ');
    const { document, kind, startLine, context } = host;
    const rest = { document, kind, startLine, context, source };
    if (random.next() < 0.5) {
      return { ...rest, text: `${planted}\n\n${host.text.slice(spans[minor].start)}`, seam: planted.length + 2 };
    }
    const own = host.text.slice(0, spans[spans.length - minor - 1].end);
    return { ...rest, text: `${own}\n\n${planted}`, seam: own.length + 2 };
  }
}

async function embedPlanted(
  chunk: Omit<PlantedChunk, 'key' | 'tokens' | 'screen'>,
  session: EmbeddingSession,
): Promise<PlantedChunk> {
  const embedded = embeddedText(chunk.context, chunk.text);
  const shift = embedded.length - chunk.text.length;
  const spans = sentenceSpans(chunk.text);
  const { spanVectors, tokens } = await session.embed({
    text: embedded,
    spans: spans.map(({ start, end }) => [start + shift, end + shift] as const),
  });
  const key = createHash('sha256').update(embedded).digest('hex');
  return { ...chunk, key, tokens, screen: screenChunk(chunk.text, spans, spanVectors!, session.dimensions) };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { folder: { type: 'string' }, seed: { type: 'string', default: '2026' } },
  });
  if (values.folder === undefined) throw new Error('Name the folder: --folder FOLDER.');
  const { session } = await openSession();
  const { dimensions } = session;
  const chunks = await embedFolder(values.folder, session);
  const embed = sentenceEmbedder(session);
  const tokens = chunks.reduce((sum, chunk) => sum + chunk.tokens, 0);
  const assess = (more: readonly FolderChunk[], by: EmbedSentences): Promise<MixedTopicAssessment> =>
    MixedTopicAssessment.assess([...chunks, ...more], by, { dimensions });

  const judged = chunks.filter(({ screen }) => screen !== null);
  const plain = await assess([], embed);
  console.log(
    `untouched: ${chunks.length} chunks, ${judged.length} judged, ${plain.measured} measured at ` +
      `${((100 * embed.tokens) / tokens).toFixed(0)} % of all tokens, ${plain.flagged().length} flagged ` +
      `(${((100 * plain.flagged().length) / judged.length).toFixed(1)} % of those judged)`,
  );

  const random = seededRandom(Number(values.seed));
  const planted: PlantedChunk[] = [];
  for (const source of sources) {
    const foreign = foreignSentences(source);
    for (let i = 0; i < plantedPerSource; i++) {
      const chunk = await embedPlanted(plant(judged, source, foreign, random), session);
      if (chunk.screen !== null) planted.push(chunk);
    }
  }
  const found = new Map<Source, { all: number; flagged: number; alone: number; atSeam: number }>();
  const plainFlags: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const some = planted.filter((_, i) => i % rounds === round);
    const assessment = await assess(some, embed);
    const flagged = new Set(assessment.flagged());
    plainFlags.push(chunks.filter(({ key }) => flagged.has(key)).length);
    for (const chunk of some) {
      const count = found.get(chunk.source) ?? { all: 0, flagged: 0, alone: 0, atSeam: 0 };
      const cut = assessment.cutOf(chunk.key);
      count.all++;
      // Alone: as a selection, or as the only mixed chunk of the index.
      if ((await plain.judgeText(chunk.text, embed, { dimensions })).cut?.flagged) count.alone++;
      if (flagged.has(chunk.key)) count.flagged++;
      if (flagged.has(chunk.key) && cut && Math.abs(cut.measure.cut - chunk.seam) < 3) count.atSeam++;
      found.set(chunk.source, count);
    }
  }
  console.log(
    `planted, ${Math.round(planted.length / rounds)} in an index at a time; ordinary chunks flagged beside them: ${plainFlags.join(', ')}`,
  );
  for (const [source, { all, flagged, alone, atSeam }] of found) {
    console.log(
      `  ${source.padEnd(16)} ${all} planted, ${flagged} flagged (${(flagged / all).toFixed(2)}), ${atSeam} of them at the seam; ` +
        `${alone} (${(alone / all).toFixed(2)}) where the index holds no other and the screen is not asked`,
    );
  }
  await session.release();
}

void main();
