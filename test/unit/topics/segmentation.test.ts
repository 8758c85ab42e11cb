import assert from 'node:assert/strict';
import type { SeamKind } from '../../../src/core/topics/mixedTopicsUnits';
import { segmentSentences } from '../../../src/core/topics/segmentation';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';
import { damageOf, halfFromSentences, splitRanks, worstDamage } from '../../../src/core/topics/splitDamage';
import { aroundTopic, concat, dimensions, normalised, unitVector } from './syntheticSentences';

function planted(lengths: readonly number[], noise: number): { sentences: string[]; vectors: Float32Array } {
  const random = seededRandom(17);
  const vectors = concat(...lengths.map((length) => aroundTopic(unitVector(random), length, noise, random)));
  return { sentences: Array.from({ length: vectors.length / dimensions }, (_, i) => `${i}`), vectors };
}

describe('segments of a document', () => {
  it('finds the planted ones, their number untold', () => {
    const { sentences, vectors } = planted([7, 5, 9, 6, 8], 0.5);
    assert.deepEqual(segmentSentences(sentences, vectors, dimensions), [7, 12, 21, 27]);
  });

  it('leaves one subject whole, and has nothing to cut in one sentence or none', () => {
    const { sentences, vectors } = planted([20], 0.5);
    assert.deepEqual(segmentSentences(sentences, vectors, dimensions), []);
    assert.deepEqual(segmentSentences(sentences.slice(0, 1), vectors.slice(0, dimensions), dimensions), []);
    assert.deepEqual(segmentSentences([], new Float32Array(0), dimensions), []);
  });

  it('begins segments with paragraphs, and never with what a colon announces, where the layout is known', () => {
    const { sentences, vectors } = planted([7, 5, 9, 6, 8], 0.5);
    const seams = sentences.map((_, i): SeamKind => (i % 3 === 0 ? 'paragraph' : 'sentence'));
    const found = segmentSentences(sentences, vectors, dimensions, seams);
    assert.deepEqual(found, [6, 12, 21, 27]);
    const announced = seams.map((seam, i): SeamKind => (i === 12 ? 'announced' : seam));
    const others = segmentSentences(sentences, vectors, dimensions, announced);
    assert.ok(!others.includes(12) && others.includes(21) && others.includes(27), others.join());
    const oneParagraph = sentences.map((): SeamKind => 'sentence');
    assert.deepEqual(segmentSentences(sentences, vectors, dimensions, oneParagraph), [7, 12, 21, 27]);
  });

  it('ends a piece of a long document of one subject where the layout lets a segment begin', () => {
    const { sentences, vectors } = planted([450], 0.3);
    const seams = sentences.map((_, i): SeamKind => (i % 10 === 7 ? 'paragraph' : 'sentence'));
    const found = segmentSentences(sentences, vectors, dimensions, seams);
    assert.ok(found.length > 0 && found.every((cut) => seams[cut] === 'paragraph'), found.join());
  });

  it('goes over long documents in pieces without a seam of its own', () => {
    const lengths = Array.from({ length: 45 }, (_, i) => 8 + (i % 4));
    const { sentences, vectors } = planted(lengths, 0.4);
    const expected = lengths
      .slice(0, -1)
      .map((_, i) => lengths.slice(0, i + 1).reduce((sum, length) => sum + length, 0));
    const found = new Set(segmentSentences(sentences, vectors, dimensions));
    const right = expected.filter((cut) => found.has(cut)).length;
    assert.ok(right >= 0.9 * expected.length && found.size <= expected.length + 2, `${right} of ${found.size} cuts`);
  });
});

describe('damage of a mix', () => {
  it('is how far the better half moves up for the query that gains most', () => {
    const random = seededRandom(3);
    const [first, second] = [unitVector(random), unitVector(random)];
    const whole = normalised(first.map((value, k) => value + second[k]));
    const rows = aroundTopic(first, 30, 1.2, random);
    const queries = [
      { text: 'first', vector: first },
      { text: 'second', vector: second },
    ];
    const block = { vectors: rows, count: 30, dimensions };
    const ranks = splitRanks(queries, whole, [first, second], block, (row) => row !== 29);
    assert.deepEqual(
      ranks.map(({ rankSplit, half }) => [rankSplit, half]),
      [
        [1, 0],
        [1, 1],
      ],
    );
    assert.ok(ranks[0].rankNow > 1, 'the crowd around the first topic is nearer than the mix');
    assert.equal(
      worstDamage(ranks),
      ranks.reduce((a, b) => (damageOf(b) > damageOf(a) ? b : a)),
    );
    assert.equal(worstDamage([]), undefined);
  });

  it('weighs sentences by their lengths', () => {
    const half = halfFromSentences([Float32Array.of(1, 0), Float32Array.of(0, 1)], [3, 4]);
    assert.ok(Math.abs(half[0] - 0.6) < 1e-6 && Math.abs(half[1] - 0.8) < 1e-6);
  });
});
