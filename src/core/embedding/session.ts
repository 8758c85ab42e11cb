import type { Embedding, EmbeddingRequest } from './embedding';
import type { ModelFolder } from './modelFolder';
import type { OnnxRuntime, OnnxSession, OnnxTensor } from './onnxRuntime';
import { type EncodedText, WordPieceTokenizer } from './tokenizer';

/**
 * Tokenizer and graph of one model, one text a run. Dynamic quantization takes one scale for a whole tensor, so a text
 * in a batch would get a vector that depends on its batch mates; alone it is reproducible to the byte.
 */
export class EmbeddingSession {
  readonly dimensions: number;
  readonly maxTokens: number;

  private constructor(
    readonly tokenizer: WordPieceTokenizer,
    private readonly session: OnnxSession,
    folder: ModelFolder,
  ) {
    this.dimensions = folder.manifest.dimensions;
    this.maxTokens = folder.manifest.maxTokens;
  }

  /**
   * @param threads threads within one text; a pool of single-threaded sessions is faster (`scripts/bench/embedding.ts`).
   * @throws {ModelFolderError} when a file of the model is missing or altered.
   */
  static async create(folder: ModelFolder, runtime: OnnxRuntime, threads = 1): Promise<EmbeddingSession> {
    const tokenizer = await WordPieceTokenizer.load(folder);
    const session = await runtime.createSession(await folder.read(folder.manifest.onnx), { threads });
    return new EmbeddingSession(tokenizer, session, folder);
  }

  /**
   * Mean of the last hidden states over the attention mask (`[CLS]` and `[SEP]` included), L2-normalised, as
   * sentence-transformers' Pooling and Normalize do. A span's vector is the mean over its pieces in that same pass: a
   * piece belongs to the span in which its unit of text begins.
   */
  async embed(request: EmbeddingRequest): Promise<Embedding> {
    const encoded = this.tokenizer.encode(request.text, this.maxTokens);
    const states = await this.lastHiddenState(encoded.ids);
    const count = encoded.ids.length;
    const vector = new Float32Array(this.dimensions);
    meanInto(vector, states, this.dimensions, indicesUpTo(count));
    const embedding: Embedding = { vector, tokens: count, truncated: encoded.truncated };
    if (request.spans !== undefined) embedding.spanVectors = this.spanVectors(states, encoded, request.spans);
    return embedding;
  }

  release(): Promise<void> {
    return this.session.release();
  }

  private spanVectors(
    states: Float32Array,
    encoded: EncodedText,
    spans: NonNullable<EmbeddingRequest['spans']>,
  ): Float32Array {
    const vectors = new Float32Array(spans.length * this.dimensions);
    spans.forEach(([start, end], i) => {
      const inside: number[] = [];
      // The first and the last piece are [CLS] and [SEP].
      for (let t = 1; t < encoded.ids.length - 1; t++) {
        if (encoded.starts[t] >= start && encoded.starts[t] < end) inside.push(t);
      }
      meanInto(vectors.subarray(i * this.dimensions, (i + 1) * this.dimensions), states, this.dimensions, inside);
    });
    return vectors;
  }

  /** tokens x dimensions, row-major. */
  private async lastHiddenState(ids: Int32Array): Promise<Float32Array> {
    const dims = [1, ids.length];
    const int64 = (data: BigInt64Array): OnnxTensor => ({ type: 'int64', data, dims });
    const outputs = await this.session.run({
      input_ids: int64(BigInt64Array.from(ids, BigInt)),
      attention_mask: int64(new BigInt64Array(ids.length).fill(1n)),
      token_type_ids: int64(new BigInt64Array(ids.length)),
    });
    const states = outputs.last_hidden_state;
    if (states?.type !== 'float32' || states.data.length !== ids.length * this.dimensions) {
      throw new Error(
        `The model's graph answered with another shape than its model.json promises (${this.dimensions} dimensions).`,
      );
    }
    return states.data;
  }
}

/** Mean of the chosen rows, L2-normalised; all zero when there are none. */
function meanInto(target: Float32Array, rows: Float32Array, dimensions: number, chosen: readonly number[]): void {
  if (chosen.length === 0) return;
  const sum = new Float64Array(dimensions);
  for (const row of chosen) {
    for (let d = 0, at = row * dimensions; d < dimensions; d++, at++) sum[d] += rows[at];
  }
  let squares = 0;
  for (let d = 0; d < dimensions; d++) squares += sum[d] * sum[d];
  // The length of the mean cancels in the normalization, but for a sum of zero.
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let d = 0; d < dimensions; d++) target[d] = sum[d] * scale;
}

function indicesUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
