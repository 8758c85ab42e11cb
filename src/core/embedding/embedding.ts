/** What the pool of sessions is asked to embed. */
export interface EmbeddingRequest {
  text: string;
  /** Ranges of `text` in UTF-16 units whose token vectors are averaged in the same pass: a cheap look at its sentences. */
  spans?: readonly (readonly [start: number, end: number])[];
}

export interface Embedding {
  /** `dimensions` long, L2-normalised. */
  vector: Float32Array;
  /** Word pieces that the model saw, special tokens included. */
  tokens: number;
  /** True when the text had more word pieces than the model takes and its end was not seen. */
  truncated: boolean;
  /** spans x dimensions, row-major, each L2-normalised (zero for a span without tokens); only when spans were asked for. */
  spanVectors?: Float32Array;
}

/** `query` overtakes everything that waits as `index`. */
export type EmbeddingPriority = 'query' | 'index';

export interface EmbedOptions {
  priority: EmbeddingPriority;
  signal?: AbortSignal;
  /** Called for each request as soon as its text is embedded. */
  onEmbedded?: (index: number, embedding: Embedding) => void;
}

/** The one thing that the rest of the core knows of embedding: the engine's pool, or a stub in a test. */
export interface Embedder {
  readonly dimensions: number;
  readonly maxTokens: number;
  /** Identifies model file and pooling: part of every vector's key. */
  readonly fingerprint: string;
  /**
   * Embeds one text a run, so that a vector never depends on its batch mates; the order of the answer is the order of
   * the requests. Identical texts in one call are embedded once.
   * @throws the signal's reason when aborted: texts under way finish, none is started.
   */
  embed(requests: readonly EmbeddingRequest[], options: EmbedOptions): Promise<Embedding[]>;
}
