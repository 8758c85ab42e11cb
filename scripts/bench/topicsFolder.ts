/** The chunks of a folder, embedded and screened as the engine does it, for measuring warnings on real documents. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { embeddedText, type Document } from '../../src/core/chunking/chunk';
import { StructureChunker } from '../../src/core/chunking/structureChunker';
import type { EmbeddingSession } from '../../src/core/embedding/session';
import type { AssessedChunk, EmbedSentences } from '../../src/core/topics/mixedTopicsAssessment';
import { screenChunk } from '../../src/core/topics/mixedTopicsScreen';
import { sentenceSpans } from '../../src/core/topics/mixedTopicsUnits';

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

/** Embeds each distinct chunk once, its sentences as spans of the same pass. */
export async function embedFolder(folder: string, session: EmbeddingSession): Promise<FolderChunk[]> {
  const chunker = new StructureChunker(session.tokenizer, { maxTokens: session.maxTokens });
  const known = new Set<string>();
  const chunks: FolderChunk[] = [];
  for (const document of readProse(folder)) {
    for (const chunk of await chunker.chunk(document)) {
      const text = document.text.slice(chunk.start, chunk.end);
      const embedded = embeddedText(chunk.context, text);
      const key = createHash('sha256').update(embedded).digest('hex');
      if (known.has(key)) continue;
      known.add(key);
      const spans = sentenceSpans(text);
      const shift = embedded.length - text.length;
      const { spanVectors } = await session.embed({
        text: embedded,
        spans: spans.map(({ start, end }) => [start + shift, end + shift] as const),
      });
      chunks.push({
        key,
        document: document.path,
        kind: document.kind,
        text,
        tokens: chunk.tokens,
        screen: screenChunk(text, spans, spanVectors!, session.dimensions),
        startLine: chunk.startLine,
        context: chunk.context,
      });
    }
  }
  return chunks;
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
