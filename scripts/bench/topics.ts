/**
 * How well mixed topics are found: on texts spliced from documents whose segments are known, and on the chunks of real
 * folders. Needs the development data beside the checkout (`../shared/data`); sentence vectors are cached.
 *
 *   npx tsx scripts/bench/topics.ts [--folder FOLDER]...
 *
 * The coefficients were fitted on the even documents of seg-clinical: its figures here are of the odd ones.
 */
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
import { embedFolder, sentenceEmbedder } from './topicsFolder';
import { areaUnderRoc, centerOfSentences, measureTexts, sampleOf, type MeasuredText } from './topicsMeasures';
import { openSession, sentenceVectors } from './topicsSentences';

const root = path.resolve(__dirname, '../..');
const textsPerKind = 2000;
/** Share of mixed texts in the index that the default setting is tried on. */
const plantedShare = 0.05;

async function benchSet(
  name: string,
  folder: string,
  part: (documents: SegmentedDocument[]) => SegmentedDocument[],
): Promise<void> {
  const source = path.join(root, '../shared/data', folder);
  const documents = folder.endsWith('.jsonl') ? readAbstracts(source) : readSegmented(source);
  const vectors = await sentenceVectors(path.basename(folder), documents.flat(2), console.error);
  const center = centerOfSentences(vectors);
  const siblings = folder === 'seg-clinical';
  const measure = (seed: number): MeasuredText[] =>
    measureTexts(spliceTexts(part(documents), { count: textsPerKind, seed, siblings }), vectors, center);
  const measured = measure(2);
  console.log(`\n${name}: ${measured.length} texts of 4 to 24 sentences`);
  console.log('  splice   share  AUROC  (gain alone)  recall at 5 %, at 1 % false alarms  cut right');
  const plain = measured.filter(({ text }) => text.kind === 'plain');
  const score = ({ measure: taken }: MeasuredText): number => spliceScore(taken);
  const gain = ({ measure: taken }: MeasuredText): number => Math.log(taken.gain) - 0.4 * Math.log(taken.sentences);
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
      const gainAuroc = areaUnderRoc(plain.map(gain), spliced.map(gain)).toFixed(3);
      const cutRight = spliced.filter(({ isCutRight }) => isCutRight).length / spliced.length;
      console.log(
        `  ${kind}  ${share.toFixed(2)}   ${auroc}  (${gainAuroc})       ${recall(0.05)}, ${recall(0.01)}                              ${cutRight.toFixed(2)}`,
      );
    }
  }
  const index = measure(3);
  const samples = index
    .filter(({ text }) => text.kind === 'plain')
    .slice(0, 300)
    .map(({ text }, i) => sampleOf(text, vectors, String(i)));
  const splices = measureSplices(samples, { dimensions: center.length, center, count: 400, seed: 1 });
  benchDefault(index, splices);
}

/** The default setting on an index that is mixed to a known share, which the model isn't told. */
function benchDefault(index: readonly MeasuredText[], splices: readonly CutMeasure[]): void {
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
      return `${100 * share} %: ${(own.filter(isFlagged).length / own.length).toFixed(2)}`;
    });
    const falseAlarms = plain.filter(isFlagged).length;
    console.log(
      `  default setting, ${count} mixed among ${plain.length} plain texts: ${falseAlarms} plain flagged ` +
        `(${((100 * falseAlarms) / plain.length).toFixed(2)} %), ${mixed.filter(isFlagged).length} mixed; ` +
        `all distant splices by share ${found.join(', ')}`,
    );
  }
}

async function benchFolder(folder: string, top: number): Promise<void> {
  const { session } = await openSession();
  const chunks = await embedFolder(folder, session);
  const embed = sentenceEmbedder(session);
  const assessment = await MixedTopicAssessment.assess(chunks, embed, { dimensions: session.dimensions });
  await session.release();
  const tokens = chunks.reduce((sum, chunk) => sum + chunk.tokens, 0);
  const background = new TermBackground();
  for (const { text } of chunks) background.add(text);
  const flagged = assessment.flagged();
  console.log(
    `\n${path.basename(folder)}: ${chunks.length} chunks, ${chunks.filter(({ screen }) => screen).length} with enough sentences, ` +
      `${assessment.measured} measured at ${((100 * embed.tokens) / tokens).toFixed(0)} % of the chunks' ${tokens} tokens, ` +
      `${flagged.length} flagged (${((100 * flagged.length) / chunks.length).toFixed(1)} %)`,
  );
  const ranked = chunks
    .flatMap((chunk) => {
      const cut = assessment.cutOf(chunk.key);
      return cut ? [{ chunk, cut }] : [];
    })
    .sort((a, b) => b.cut.strength - a.cut.strength);
  for (const { chunk, cut } of ranked.slice(0, Math.max(top, flagged.length))) {
    const terms = termsOfCut(chunk.text, cut.measure, background);
    console.log(
      `  ${cut.flagged ? 'flagged' : '       '} ${cut.strength.toFixed(2)} ${chunk.document}:${chunk.startLine + 1} ` +
        `${terms.before.join(', ')} | ${terms.after.join(', ')}`,
    );
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { folder: { type: 'string', multiple: true, default: [] }, top: { type: 'string', default: '8' } },
  });
  await benchSet('seg-clinical, odd documents', 'seg-clinical', (documents) => documents.filter((_, i) => i % 2 === 1));
  await benchSet('choi-dev', 'choi-dev', (documents) => documents);
  await benchSet('cranfield, abstracts', 'cranfield/corpus.jsonl', (documents) => documents);
  for (const folder of [path.join(root, 'samples/workspace'), ...values.folder]) {
    await benchFolder(folder, Number(values.top));
  }
}

void main();
