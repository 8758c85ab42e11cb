/** Sentences whose vectors are known: a topic's direction and noise, in place of a model. */
import type { AssessedChunk, EmbedSentences } from '../../../src/core/topics/mixedTopicsAssessment';
import { screenChunk } from '../../../src/core/topics/mixedTopicsScreen';
import { sentenceSpans } from '../../../src/core/topics/mixedTopicsUnits';
import { seededRandom, type SeededRandom } from '../../../src/core/neighbors/seededRandom';

export const dimensions = 24;

export function unitVector(random: SeededRandom): Float32Array {
  return normalised(Float32Array.from({ length: dimensions }, () => random.normal()));
}

export function normalised(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Vectors around a topic: `noise` 0 is the topic itself. n x dimensions, row-major. */
export function aroundTopic(topic: Float32Array, count: number, noise: number, random: SeededRandom): Float32Array {
  const rows = new Float32Array(count * dimensions);
  for (let i = 0; i < count; i++) {
    const wander = unitVector(random);
    rows.set(normalised(topic.map((value, k) => value + noise * wander[k])), i * dimensions);
  }
  return rows;
}

export function concat(...rows: Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of rows) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Embeds "Sentence 12 of 3 is …" as noise around the direction of its topic; counts what it was asked for. */
export function syntheticEmbedder(noise: number): EmbedSentences & { embedded: string[] } {
  const embed = Object.assign(
    (sentences: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> => {
      signal?.throwIfAborted();
      embed.embedded.push(...sentences);
      return Promise.resolve(sentences.map((sentence) => vectorOf(sentence, noise)));
    },
    { embedded: [] as string[] },
  );
  return embed;
}

export function vectorOf(sentence: string, noise: number): Float32Array {
  const [number, topic] = [...sentence.matchAll(/\d+/g)].map(Number);
  return aroundTopic(unitVector(seededRandom(1_000_000 + topic)), 1, noise, seededRandom(number));
}

/** Pairs of topics whose directions are clearly different, as those of distant subjects are. */
export function unlikeTopics(count: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let topic = 1; pairs.length < count; topic += 2) {
    const [first, second] = [topic, topic + 1].map((number) => unitVector(seededRandom(1_000_000 + number)));
    if (first.reduce((sum, value, k) => sum + value * second[k], 0) < -0.1) pairs.push([topic, topic + 1]);
  }
  return pairs;
}

let nextSentence = 1;

/** Sentences are noise by their number: counted anew before each test, its outcome depends on no other test. */
export function countSentencesAnew(): void {
  nextSentence = 1;
}

/** Sentences share no words that could tell what they are about: their vectors do. */
function inventedWord(random: SeededRandom): string {
  return String.fromCharCode(...Array.from({ length: 9 }, () => 97 + random.below(26)));
}

/** A chunk that goes through these topics, one sentence each. */
export function chunkAbout(document: string, topics: readonly number[], noise: number): AssessedChunk {
  const sentences = topics.map((topic) => {
    const random = seededRandom(nextSentence);
    return `Sentence ${nextSentence++} of ${topic} is ${inventedWord(random)} and ${inventedWord(random)}.`;
  });
  const text = sentences.join(' ');
  return {
    key: `${document} ${nextSentence}`,
    document,
    kind: 'markdown',
    text,
    tokens: 12 * sentences.length,
    screen: screened(text, noise),
  };
}

/** What the pass that embeds a text would note. */
export function screened(text: string, noise: number): AssessedChunk['screen'] {
  const spans = sentenceSpans(text);
  const vectors = concat(...spans.map(({ start, end }) => vectorOf(text.slice(start, end), noise)));
  return screenChunk(text, spans, vectors, dimensions);
}

/** Chunks of one topic each, of 4 to 12 sentences. */
export function ordinaryChunks(count: number, noise: number, seed: number): AssessedChunk[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const topic = random.below(40);
    return chunkAbout(`document ${i % 17}`, new Array<number>(4 + random.below(9)).fill(topic), noise);
  });
}
