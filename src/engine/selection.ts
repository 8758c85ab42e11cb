/** Embeds a text that the person selected: whole where it fits the model, as chunks of itself where it doesn't. */
import type { Chunker } from '../core/chunking/chunk';
import { embeddedText } from '../core/chunking/chunk';
import type { Embedder } from '../core/embedding/embedding';
import { documentKindOfLanguage } from '../core/index/fileKinds';
import type { SelectionDetail } from '../shared/space';
import type { Space } from './space';

export interface SelectionRequest {
  title: string;
  text: string;
  languageId: string;
  neighbors: number;
  signal: AbortSignal;
}

/** About 300 chunks: a minute of work on a slow machine. Longer texts are what the index is for. */
const longestSelection = 300_000;

/** @throws Error when there is no text to embed, or more than a selection should be */
export async function embedSelection(
  space: Space,
  chunker: Chunker,
  embedder: Embedder,
  request: SelectionRequest,
): Promise<SelectionDetail> {
  const { title, text, languageId, neighbors, signal } = request;
  if (text.trim() === '')
    throw new Error('The selection holds no text. Select a sentence or a paragraph and try again.');
  if (text.length > longestSelection) {
    throw new Error(
      `The selection is longer than ${longestSelection.toLocaleString('en-US')} characters. Nothing was embedded; select less, or index the folder and look at its chunks.`,
    );
  }
  const priority = 'query';
  const baseline = space.queries.pairBaseline();
  const [whole] = await embedder.embed([{ text }], { priority, signal });
  const parts: SelectionDetail['parts'] = [];
  let { vector, tokens } = whole;
  if (whole.truncated) {
    const chunks = await chunker.chunk({ text, kind: documentKindOfLanguage(languageId), languageId });
    const texts = chunks.map(({ start, end }) => text.slice(start, end));
    const embedded = await embedder.embed(
      chunks.map(({ context }, i) => ({ text: embeddedText(context, texts[i]) })),
      { priority, signal },
    );
    vector = normalizedMean(embedded.map((part) => part.vector));
    tokens = embedded.reduce((sum, part) => sum + part.tokens, 0);
    chunks.forEach(({ start, end }, i) =>
      parts.push({
        start,
        end,
        tokens: embedded[i].tokens,
        text: texts[i],
        neighbors: space.queries.neighbors(embedded[i].vector, Math.min(5, neighbors), baseline),
      }),
    );
  }
  return {
    title,
    text,
    tokens,
    maxTokens: embedder.maxTokens,
    parts,
    marker: space.layout.placement.marker(title, vector, baseline),
    ...(await space.mixed.judgeText(text, embedder, signal)),
    neighbors: space.queries.neighbors(vector, neighbors, baseline),
  };
}

function normalizedMean(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) vector.forEach((value, d) => (mean[d] += value));
  const norm = Math.hypot(...mean);
  return norm === 0 ? mean : mean.map((value) => value / norm);
}
