/** The chunks of a folder, embedded and screened as the engine does it, for measuring warnings on real documents. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { embeddedText, type Chunk, type Document } from '../../src/core/chunking/chunk';
import { createChunker } from '../../src/core/chunking/chunkerChoice';
import type { Embedder, Embedding } from '../../src/core/embedding/embedding';
import type { EmbeddingSession } from '../../src/core/embedding/session';
import { embedChunks } from '../../src/core/index/chunkEmbedding';
import type { AssessedChunk, EmbedSentences } from '../../src/core/topics/mixedTopicsAssessment';
import { screenInspector, type ScreenRecord } from '../../src/core/topics/mixedTopicsScreen';
import { defaultChunking, type ChunkingSettings } from '../../src/shared/chunking';

export interface FolderChunk extends AssessedChunk {
  startLine: number;
  context: string[];
}

/** Markdown and plain text below a folder; paths with forward slashes, in order. */
export function readProse(folder: string): { path: string; text: string; kind: Document['kind'] }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:md|markdown|txt)$/i.test(name))
    .sort()
    .map((name) => ({
      path: name.split(path.sep).join('/'),
      text: readFileSync(path.join(folder, name), 'utf8'),
      kind: name.endsWith('.txt') ? 'plain' : 'markdown',
    }));
}

/** Embeds each distinct chunk once, its sentences as spans of the same pass; chunks over the model's limit in parts. */
export async function embedFolder(
  folder: string,
  session: EmbeddingSession,
  settings: ChunkingSettings = defaultChunking,
): Promise<FolderChunk[]> {
  const { tokenizer: counter, maxTokens, dimensions } = session;
  const chunker = createChunker(settings, { counter, maxTokens });
  const known = new Set<string>();
  const found: { key: string; document: string; kind: Document['kind']; text: string; chunk: Chunk }[] = [];
  for (const document of readProse(folder)) {
    for (const chunk of await chunker.chunk(document)) {
      const text = document.text.slice(chunk.start, chunk.end);
      const key = createHash('sha256').update(embeddedText(chunk.context, text)).digest('hex');
      if (known.has(key)) continue;
      known.add(key);
      found.push({ key, document: document.path, kind: document.kind, text, chunk });
    }
  }
  const screens = new Array<ScreenRecord | null>(found.length).fill(null);
  await embedChunks(
    embedderOf(session),
    found.map(({ text, kind, chunk: { start, context, parts = [] } }) => ({
      ...{ text, kind, context },
      parts: parts.map((part) => ({ start: part.start - start, end: part.end - start })),
    })),
    {
      signal: new AbortController().signal,
      inspector: screenInspector(dimensions),
      onEmbedded: (i, { cut }) => {
        screens[i] = cut === null ? null : (JSON.parse(cut) as ScreenRecord | null);
      },
    },
  );
  return found.map(({ chunk, ...rest }, i) => ({
    ...rest,
    tokens: chunk.tokens,
    screen: screens[i],
    startLine: chunk.startLine,
    context: chunk.context,
  }));
}

/** One session as the engine's pool, a text after the other. */
function embedderOf(session: EmbeddingSession): Embedder {
  return {
    dimensions: session.dimensions,
    maxTokens: session.maxTokens,
    fingerprint: '',
    embed: async (requests, { onEmbedded }) => {
      const embeddings: Embedding[] = [];
      for (const request of requests) {
        const embedding = await session.embed(request);
        onEmbedded?.(embeddings.length, embedding);
        embeddings.push(embedding);
      }
      return embeddings;
    },
  };
}

/** One sentence a run, each distinct one once; counts what it costs. */
export function sentenceEmbedder(session: EmbeddingSession): EmbedSentences & { tokens: number } {
  const known = new Map<string, Float32Array>();
  const embed = Object.assign(
    async (sentences: readonly string[]): Promise<Float32Array[]> => {
      const vectors: Float32Array[] = [];
      for (const text of sentences) {
        let vector = known.get(text);
        if (vector === undefined) {
          const embedding = await session.embed({ text });
          vector = embedding.vector;
          embed.tokens += embedding.tokens;
          known.set(text, vector);
        }
        vectors.push(vector);
      }
      return vectors;
    },
    { tokens: 0 },
  );
  return embed;
}
