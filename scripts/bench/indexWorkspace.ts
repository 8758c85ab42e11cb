/** A folder of Markdown and an embedder that needs no model: what the growth of an index is measured on. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Embedder, Embedding, EmbeddingRequest, EmbedOptions } from '../../src/core/embedding/embedding';
import { seededRandom } from '../../src/core/neighbors/seededRandom';

/** Files of a folder in which about this many chunks are found. */
export const chunksPerFile = 8.35;
const filesPerFolder = 20;
const sectionsPerFile = 9;

/** Writes `files` pages, `sectionsPerFile` sections each, in folders of twenty, all of other words. */
export function writeWorkspace(root: string, files: number, vocabulary: readonly string[]): void {
  const random = seededRandom(9);
  const words = (count: number): string =>
    Array.from({ length: count }, () => vocabulary[random.below(vocabulary.length)]).join(' ');
  for (let file = 0; file < files; file++) {
    const folder = Math.floor(file / filesPerFolder);
    const directory = path.join(root, `part${Math.floor(folder / 25)}`, `chapter${folder}`);
    if (file % filesPerFolder === 0) fs.mkdirSync(directory, { recursive: true });
    const sections = Array.from(
      { length: sectionsPerFile },
      () => `## ${words(4)}\n\n${Array.from({ length: 6 }, () => `${words(18)}.`).join(' ')}\n`,
    );
    fs.writeFileSync(path.join(directory, `page${file}.md`), `# ${words(3)} ${file}\n\n${sections.join('\n')}`);
  }
}

/** Words of real texts, so that word pieces are as long as they are in life. */
export function vocabularyOf(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => text.match(/[A-Za-z]{2,12}/gu) ?? []))].sort();
}

/** Random vectors by the hash of the text, given at once: all that is left to measure is the rest. */
export class SyntheticEmbedder implements Embedder {
  readonly maxTokens = 256;

  constructor(
    readonly dimensions: number,
    readonly fingerprint: string,
  ) {}

  async embed(requests: readonly EmbeddingRequest[], { signal, onEmbedded }: EmbedOptions): Promise<Embedding[]> {
    const all: Embedding[] = [];
    for (const [i, { text }] of requests.entries()) {
      signal?.throwIfAborted();
      const embedding = { vector: this.vectorOf(text), tokens: Math.ceil(text.length / 5), truncated: false };
      all.push(embedding);
      onEmbedded?.(i, embedding);
    }
    await new Promise((resolve) => setImmediate(resolve));
    return all;
  }

  private vectorOf(text: string): Float32Array {
    const vector = new Float32Array(this.dimensions);
    let state = createHash('md5').update(text).digest().readUInt32LE(0) | 1;
    let squares = 0;
    for (let d = 0; d < vector.length; d++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      vector[d] = state / 2 ** 31;
      squares += vector[d] * vector[d];
    }
    const scale = 1 / Math.sqrt(squares);
    for (let d = 0; d < vector.length; d++) vector[d] *= scale;
    return vector;
  }
}
