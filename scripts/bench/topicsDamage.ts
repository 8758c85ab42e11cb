/**
 * Whether the predicted damage of a mix is the actual one: abstracts of cranfield joined in pairs, in an index of the
 * others; ranks of their first sentences and titles before and after a split, predicted from sentence vectors and measured by embedding.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { seededRandom } from '../../src/core/neighbors/seededRandom';
import { damageOf, halfFromSentences, splitRanks, worstDamage } from '../../src/core/topics/splitDamage';
import { spearman } from './segmentationMetrics';
import { sentenceVectors } from './topicsSentences';

const indexed = 500;
const joined = 120;

interface Abstract {
  title: string;
  sentences: string[];
}

export interface DamageFigures {
  mixes: number;
  /** Between predicted and actual change of the worst query's rank. */
  correlation: number;
  /** Median ranks of the worst query: whole, better half. */
  medianNow: number;
  medianSplit: number;
}

export async function benchDamage(data: string, log: (message: string) => void): Promise<DamageFigures> {
  const abstracts = readFileSync(path.join(data, 'cranfield/corpus.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { title?: string; text: string })
    .map(({ title, text }): Abstract => ({
      title: title ?? '',
      sentences: text.split(/(?<= \.) +/).filter((sentence) => /[a-z]{3}/.test(sentence)),
    }))
    .filter(({ sentences }) => sentences.length >= 3 && sentences.length <= 8);
  const random = seededRandom(4);
  const others = abstracts.slice(0, indexed);
  const rest = abstracts.slice(indexed);
  const pairs = Array.from({ length: joined }, () => {
    const first = rest[random.below(rest.length)];
    const second = rest[random.below(rest.length)];
    const [a, b] = [1 + random.below(first.sentences.length), 1 + random.below(second.sentences.length)];
    return {
      halves: [first.sentences.slice(0, a), second.sentences.slice(0, b)] as const,
      queries: [first.title, second.title, first.sentences[0], second.sentences[0]].filter((query) => query !== ''),
    };
  });
  const text = (sentences: readonly string[]): string => sentences.join(' ');
  const vectors = await sentenceVectors(
    'damage',
    [
      ...others.map(({ sentences }) => text(sentences)),
      ...pairs.flatMap(({ halves, queries }) => [
        text(halves.flat()),
        ...halves.map(text),
        ...halves.flat(),
        ...queries,
      ]),
    ],
    log,
  );
  const of = (key: string): Float32Array => vectors.get(key)!;
  const dimensions = of(text(others[0].sentences)).length;
  const rows = new Float32Array(others.length * dimensions);
  others.forEach(({ sentences }, i) => rows.set(of(text(sentences)), i * dimensions));
  const results = pairs.flatMap(({ halves, queries }) => {
    const asked = queries.map((query) => ({ text: query, vector: of(query) }));
    const whole = of(text(halves.flat()));
    const [first, second] = halves.map((half) =>
      halfFromSentences(
        half.map(of),
        half.map(({ length }) => length),
      ),
    );
    const block = { vectors: rows, count: others.length, dimensions };
    const predicted = splitRanks(asked, whole, [first, second], block, () => true);
    const actual = splitRanks(asked, whole, [of(text(halves[0])), of(text(halves[1]))], block, () => true);
    const worst = worstDamage(predicted);
    const measured = actual.find(({ query }) => query === worst?.query);
    return worst === undefined || measured === undefined ? [] : [{ predicted: damageOf(worst), measured }];
  });
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];
  return {
    mixes: results.length,
    correlation: spearman(
      results.map(({ predicted }) => predicted),
      results.map(({ measured }) => damageOf(measured)),
    ),
    medianNow: median(results.map(({ measured }) => measured.rankNow)),
    medianSplit: median(results.map(({ measured }) => measured.rankSplit)),
  };
}
