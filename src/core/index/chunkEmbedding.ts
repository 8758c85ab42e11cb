/**
 * From chunks to vectors: what the model is given for each, what is looked at in the same pass, and how the parts of a
 * chunk that is longer than the model's limit become one vector.
 */
import { createHash } from 'node:crypto';
import { embeddedText } from '../chunking/chunk';
import type { Embedder, Embedding, EmbeddingRequest } from '../embedding/embedding';

/** Looks at a chunk in the pass that embeds it. */
export interface ChunkInspector {
  /** Undefined for a chunk that is not looked at. */
  inspect(text: string, kind: string): ChunkInspection | undefined;
}

export interface ChunkInspection {
  /** Ranges of the chunk's text to average in the same pass. */
  spans: readonly { readonly start: number; readonly end: number }[];
  /**
   * @param spanVectors spans x dimensions, row-major
   * @returns what is stored beside the vector
   */
  note(spanVectors: Float32Array): string;
}

export interface ChunkToEmbed {
  text: string;
  context: readonly string[];
  kind: string;
  /** Ranges of `text` that the model takes one by one; none where it takes the whole. */
  parts: readonly { start: number; end: number }[];
}

export interface EmbeddedChunk {
  /** L2-normalised. Of parts: their mean. */
  vector: Float32Array;
  /** Word pieces that the model saw. */
  tokens: number;
  /** What the inspector noted. */
  cut: string | null;
}

export interface ChunkEmbeddingOptions {
  signal: AbortSignal;
  inspector: ChunkInspector | undefined;
  /** Called for each chunk as soon as it has its vector. */
  onEmbedded: (index: number, embedded: EmbeddedChunk) => void;
}

/** Key of a vector: the exact text that the model sees and the model itself; the chunker plays no part. */
export function vectorKey(fingerprint: string, text: string): string {
  return createHash('sha256').update(fingerprint).update('\0').update(text).digest('hex').slice(0, 40);
}

/** Key of a chunk's vector: of its text, or of the keys of its parts. */
export function chunkKey(fingerprint: string, chunk: ChunkToEmbed): string {
  const keys = inputsOf(chunk).map(({ text }) => vectorKey(fingerprint, text));
  return keys.length === 1 ? keys[0] : vectorKey(fingerprint, `\0parts\0${keys.join('\0')}`);
}

/** What the model is given: each text, where the chunk's own text begins in it, and which range of that it holds. */
function inputsOf({
  text,
  context,
  parts,
}: ChunkToEmbed): { text: string; before: number; start: number; end: number }[] {
  const ranges = parts.length > 0 ? parts : [{ start: 0, end: text.length }];
  return ranges.map(({ start, end }) => {
    const input = embeddedText(context, text.slice(start, end));
    return { text: input, before: input.length - (end - start), start, end };
  });
}

interface Pending {
  inspection: ChunkInspection | undefined;
  /** By part, undefined until it is embedded. */
  embeddings: (Embedding | undefined)[];
  /** By part: which of the spans it was asked for. */
  spansOfParts: number[][];
}

/** @throws what the embedder throws */
export async function embedChunks(
  embedder: Embedder,
  chunks: readonly ChunkToEmbed[],
  { signal, inspector, onEmbedded }: ChunkEmbeddingOptions,
): Promise<void> {
  const requests: EmbeddingRequest[] = [];
  const origins: { chunk: number; part: number }[] = [];
  const pending = chunks.map((chunk, i): Pending => {
    const inspection = inspector?.inspect(chunk.text, chunk.kind);
    const spans = inspection?.spans ?? [];
    const inputs = inputsOf(chunk);
    const spansOfParts = inputs.map(({ start, end }) =>
      spans.flatMap((span, s) => (span.start >= start && span.start < end ? [s] : [])),
    );
    inputs.forEach(({ text, before, start, end }, part) => {
      const ranges = spansOfParts[part].map((span): [number, number] => {
        const { start: from, end: to } = spans[span];
        return [from - start + before, Math.min(to, end) - start + before];
      });
      requests.push({ text, spans: ranges });
      origins.push({ chunk: i, part });
    });
    return { inspection, embeddings: new Array<undefined>(inputs.length), spansOfParts };
  });
  await embedder.embed(requests, {
    priority: 'index',
    signal,
    onEmbedded: (request, embedding) => {
      const { chunk, part } = origins[request];
      const { inspection, embeddings, spansOfParts } = pending[chunk];
      embeddings[part] = embedding;
      if (embeddings.includes(undefined)) return;
      const whole = embeddings as Embedding[];
      const tokens = whole.reduce((sum, other) => sum + other.tokens, 0);
      const spanVectors = joinSpanVectors(whole, spansOfParts, embedder.dimensions);
      const isNoted = inspection !== undefined && inspection.spans.length > 0 && spanVectors !== undefined;
      const cut = isNoted ? inspection.note(spanVectors) : null;
      onEmbedded(chunk, { vector: meanOf(whole.map(({ vector }) => vector)), tokens, cut });
    },
  });
}

/** spans x dimensions in the order of the spans; undefined when the embedder gave none. */
function joinSpanVectors(
  embeddings: readonly Embedding[],
  spansOfParts: readonly (readonly number[])[],
  dimensions: number,
): Float32Array | undefined {
  if (embeddings.length === 1) return embeddings[0].spanVectors;
  const count = spansOfParts.reduce((sum, spans) => sum + spans.length, 0);
  const joined = new Float32Array(count * dimensions);
  for (const [part, spans] of spansOfParts.entries()) {
    const { spanVectors } = embeddings[part];
    if (spanVectors === undefined) return undefined;
    spans.forEach((span, i) =>
      joined.set(spanVectors.subarray(i * dimensions, (i + 1) * dimensions), span * dimensions),
    );
  }
  return joined;
}

/** The mean of vectors of length 1, at length 1; a single one as it is. */
function meanOf(vectors: readonly Float32Array[]): Float32Array {
  if (vectors.length === 1) return vectors[0];
  const sum = new Float64Array(vectors[0].length);
  for (const vector of vectors) for (let d = 0; d < sum.length; d++) sum[d] += vector[d];
  const norm = Math.hypot(...sum);
  return Float32Array.from(sum, (value) => (norm > 0 ? value / norm : 0));
}
