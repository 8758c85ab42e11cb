/**
 * How well mixed topics are found: whole documents are segmented, texts spliced from documents whose segments are known are
 * judged, and the chunks of real folders. Needs the development data beside the checkout (`../shared/data`); vectors are cached.
 *
 *   npm run bench:topics [-- --folder FOLDER]... [-- --no-write]
 *
 * Writes its tables into docs/benchmarks.md. The coefficients were fitted on the even documents of seg-clinical: its
 * splices here are of the odd ones.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { TermBackground } from '../../src/core/topics/distinguishingTerms';
import { MixedTopicModel } from '../../src/core/topics/mixedTopics';
import { MixedTopicAssessment, termsOfCut } from '../../src/core/topics/mixedTopicsAssessment';
import type { CutMeasure } from '../../src/core/topics/mixedTopicsFeatures';
import { measureSplices } from '../../src/core/topics/mixedTopicsSplices';
import { spliceScore } from '../../src/core/topics/mixedTopicsScore';
import {
  minorityShares,
  readAbstracts,
  readSegmented,
  spliceTexts,
  type SegmentedDocument,
  type SpliceKind,
} from './topicsData';
import { describeMachine } from './machine';
import { unpackRustBook } from './rustBook';
import { benchDamage } from './topicsDamage';
import { embedFolder, sentenceEmbedder } from './topicsFolder';
import { areaUnderRoc, centerOfSentences, measureTexts, sampleOf, type MeasuredText } from './topicsMeasures';
import { judgeFolder, readingsHead, readingsRow, readReadings, readSets } from './topicsReadings';
import { readSections } from './topicsSections';
import { benchSegmentation, segmentationTable } from './topicsSegmentation';
import { openSession, sentenceVectors } from './topicsSentences';

const root = path.resolve(__dirname, '../..');
const textsPerKind = 2000;
/** Share of mixed texts in the index that the default setting is tried on. */
const plantedShare = 0.05;

async function benchSet(
  name: string,
  folder: string,
  part: (documents: SegmentedDocument[]) => SegmentedDocument[],
): Promise<{ splices: string[]; setting: string[] }> {
  const source = path.join(root, '../shared/data', folder);
  const documents = folder.endsWith('.jsonl') ? readAbstracts(source) : readSegmented(source);
  const vectors = await sentenceVectors(path.basename(folder), documents.flat(2), console.error);
  const center = centerOfSentences(vectors);
  const siblings = folder === 'seg-clinical';
  const measure = (seed: number): MeasuredText[] =>
    measureTexts(spliceTexts(part(documents), { count: textsPerKind, seed, siblings }), vectors, center);
  const measured = measure(2);
  const rows: string[] = [];
  const plain = measured.filter(({ text }) => text.kind === 'plain');
  const score = ({ measure: taken }: MeasuredText): number => spliceScore(taken);
  const plainScores = plain.map(score).sort((a, b) => a - b);
  for (const kind of ['distant', 'sibling'] satisfies SpliceKind[]) {
    for (const share of minorityShares) {
      const spliced = measured.filter(({ text }) => text.kind === kind && text.share === share);
      if (spliced.length === 0) continue;
      const recall = (falseAlarms: number): string => {
        const threshold = plainScores[Math.floor((1 - falseAlarms) * plainScores.length)];
        return (spliced.filter((entry) => score(entry) > threshold).length / spliced.length).toFixed(2);
      };
      const auroc = areaUnderRoc(plainScores, spliced.map(score)).toFixed(3);
      const cutRight = spliced.filter(({ isCutRight }) => isCutRight).length / spliced.length;
      const middle = spliced.filter(({ text }) => text.seam === Math.round(text.sentences.length / 2)).length;
      rows.push(
        `| ${name} | ${kind} | ${100 * share} % | ${auroc} | ${recall(0.05)} | ${recall(0.01)} | ${cutRight.toFixed(2)} | ${(middle / spliced.length).toFixed(2)} |`,
      );
    }
  }
  const index = measure(3);
  const samples = index
    .filter(({ text }) => text.kind === 'plain')
    .slice(0, 300)
    .map(({ text }, i) => sampleOf(text, vectors, String(i)));
  const splices = measureSplices(samples, { dimensions: center.length, center, count: 400, seed: 1 });
  return { splices: rows, setting: benchDefault(name, index, splices) };
}

/** The default setting on an index that is mixed to a known share, which the model isn't told. */
function benchDefault(name: string, index: readonly MeasuredText[], splices: readonly CutMeasure[]): string[] {
  const rows: string[] = [];
  for (const planted of [0, plantedShare]) {
    const plain = index.filter(({ text }) => text.kind === 'plain');
    const distant = index.filter(({ text }) => text.kind === 'distant');
    // Shares come in blocks: every so manieth text takes them evenly.
    const worthwhile = distant.filter(({ text }) => text.share >= 0.2);
    const count = Math.round((planted / (1 - planted)) * plain.length);
    const mixed = Array.from({ length: count }, (_, i) => worthwhile[Math.floor((i * worthwhile.length) / count)]);
    const model = MixedTopicModel.fit(
      [...plain, ...mixed].map(({ measure }) => ({ measure, weight: 1 })),
      splices,
    );
    const isFlagged = ({ measure }: MeasuredText): boolean => model.judge(measure).flagged;
    const found = minorityShares.map((share) => {
      const own = distant.filter(({ text }) => text.share === share);
      return (own.filter(isFlagged).length / own.length).toFixed(2);
    });
    const falseAlarms = plain.filter(isFlagged).length;
    const right = mixed.filter(isFlagged).length;
    const { precision } = model.estimate(12);
    const estimated =
      precision === undefined
        ? 'flags nothing'
        : `${precision.estimate.toFixed(2)} (${precision.low.toFixed(2)} to ${precision.high.toFixed(2)})`;
    rows.push(
      `| ${name} | ${count} of ${plain.length + count} | ${((100 * falseAlarms) / plain.length).toFixed(2)} % | ${right + falseAlarms === 0 ? '' : (right / (right + falseAlarms)).toFixed(2)} | ${estimated} | ${found.join(' | ')} |`,
    );
  }
  return rows;
}

/** Flags of a folder and what finding them costs on top of embedding its chunks. */
async function benchFolder(folder: string, name: string): Promise<string> {
  const { session } = await openSession();
  const beforeMs = cpuMs();
  const chunks = await embedFolder(folder, session);
  const embeddingMs = cpuMs() - beforeMs;
  const embed = sentenceEmbedder(session);
  const assessment = await MixedTopicAssessment.assess(chunks, embed, { dimensions: session.dimensions });
  const checkingMs = cpuMs() - beforeMs - embeddingMs;
  await session.release();
  const tokens = chunks.reduce((sum, chunk) => sum + chunk.tokens, 0);
  const background = new TermBackground();
  for (const { text } of chunks) background.add(text);
  const flagged = assessment.flagged();
  const byKey = new Map(chunks.map((chunk) => [chunk.key, chunk]));
  for (const key of flagged) {
    const { document, startLine, text } = byKey.get(key)!;
    const { measure, headed } = assessment.cutOf(key)!;
    const terms = termsOfCut(text, measure, background);
    const why = headed ? ' (a heading divides it)' : '';
    console.log(`  ${document}:${startLine + 1} ${terms.before.join(', ')} | ${terms.after.join(', ')}${why}`);
  }
  const judged = chunks.filter(({ screen }) => screen !== null).length;
  const { precision } = assessment.estimate();
  return (
    `| ${name} | ${chunks.length} | ${judged} | ${assessment.measured} | ${flagged.length} (${((100 * flagged.length) / chunks.length).toFixed(1)} %) | ` +
    `${precision === undefined ? '' : precision.estimate.toFixed(2)} | ` +
    `${((100 * embed.tokens) / tokens).toFixed(0)} % | ${((100 * checkingMs) / embeddingMs).toFixed(0)} % |`
  );
}

/** The default setting on every set of chunks that was read. */
async function benchReadings(folders: { sample: string; book: string }): Promise<string> {
  const readings = readReadings();
  const { session } = await openSession();
  const rows: string[] = [];
  for (const { folder, chunking } of readSets) {
    const judged = await judgeFolder(folder === 'sample' ? folders.sample : folders.book, chunking, session);
    const own = readings.filter((reading) => reading.folder === folder && reading.chunking === chunking);
    rows.push(readingsRow(`${folder === 'sample' ? 'Sample workspace' : 'Rust book'}, ${chunking}`, judged, own));
  }
  await session.release();
  return [...readingsHead, ...rows].join('\n');
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string', multiple: true, default: [] },
      'no-write': { type: 'boolean', default: false },
    },
  });
  const data = path.join(root, '../shared/data');
  const temporary = path.join(os.tmpdir(), 'latent-lens-bench');
  const unpacked = unpackRustBook(temporary);
  if (unpacked === undefined) throw new Error('The development data is not beside the checkout (../shared/data).');
  const book = path.join(unpacked, 'src');
  const tables: string[] = [];
  const tell = (title: string, text: string): void => {
    console.log(`\n${title}\n\n${text}`);
    tables.push(`**${title}**\n\n${text}`);
  };
  for (const name of ['choi-dev', 'seg-clinical']) {
    const documents = readSegmented(path.join(data, name));
    const vectors = await sentenceVectors(name, documents.flat(2), console.error);
    tell(
      `Segmentation of ${name}, ${documents.length} documents, each by itself`,
      segmentationTable(benchSegmentation(documents, vectors)),
    );
  }
  const pages = readSections(book);
  const sections = pages.map((page) => page.sections);
  tell(
    `Segmentation of the Rust book's ${pages.length} pages that have sections, headings taken away`,
    segmentationTable(
      benchSegmentation(
        sections,
        await sentenceVectors('rust-book-sections', sections.flat(2), console.error),
        pages.map(({ seams }) => seams),
      ),
    ),
  );
  const sets = [
    await benchSet('seg-clinical', 'seg-clinical', (documents) => documents.filter((_, i) => i % 2 === 1)),
    await benchSet('choi-dev', 'choi-dev', (documents) => documents),
    await benchSet('cranfield', 'cranfield/corpus.jsonl', (documents) => documents),
  ];
  tell(
    'Splices of 4 to 24 sentences at random places against texts inside one section',
    [
      '| Set | Splice | Minority | AUROC | Recall at 5 % false alarms | at 1 % | Cut exact | Middle cut exact |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      ...sets.flatMap(({ splices }) => splices),
    ].join('\n'),
  );
  tell(
    'The default setting, which is not told how many texts mix',
    [
      `| Set | Mixed | Plain texts flagged | Precision | Estimated (90 %) | ${minorityShares.map((share) => `Found ${100 * share} %`).join(' | ')} |`,
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      ...sets.flatMap(({ setting }) => setting),
    ].join('\n'),
  );
  const damage = await benchDamage(data, console.error);
  tell(
    'Damage',
    `${damage.mixes} joined abstracts in an index of cranfield: Spearman's correlation of the predicted and the actual change of the worst query's rank ` +
      `${damage.correlation.toFixed(2)} (goal 0.6); its median rank ${damage.medianNow} whole, ${damage.medianSplit} split.`,
  );
  const sample = path.join(root, 'samples/workspace');
  const folders = [
    { folder: sample, name: 'Sample workspace' },
    { folder: book, name: 'Rust book' },
    ...values.folder.map((folder) => ({ folder, name: path.basename(folder) })),
  ];
  const rows: string[] = [];
  for (const { folder, name } of folders) rows.push(await benchFolder(folder, name));
  tell(
    'Folders',
    [
      '| Folder | Chunks | With enough sentences | Measured | Flagged | Estimated | Tokens on top | CPU time on top |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n'),
  );
  tell('Flags of real chunks that two readers judged by their text alone', await benchReadings({ sample, book }));
  if (!values['no-write']) write(tables);
}

const benchmarksFile = path.join(root, 'docs/benchmarks.md');
const [beginning, end] = ['<!-- bench:topics begins -->', '<!-- bench:topics ends -->'];

function write(sections: readonly string[]): void {
  const text = readFileSync(benchmarksFile, 'utf8');
  const [from, to] = [text.indexOf(beginning), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md lacks the lines "${beginning}" and "${end}".`);
  const body = [`Measured on: ${describeMachine()}.`, ...sections].join('\n\n');
  writeFileSync(benchmarksFile, `${text.slice(0, from + beginning.length)}\n\n${body}\n\n${text.slice(to)}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
