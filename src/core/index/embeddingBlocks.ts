/**
 * Embeddings as they lie in the store: many in one row, so that a page holds no gap after each vector and opening reads
 * thousands of rows instead of a hundred thousand. A block's ids ascend, and blocks don't overlap.
 */

/** What is known of an embedding beside its text. */
export interface EmbeddingEntry {
  id: number;
  key: string;
  tokens: number;
  kind: string;
  /** Texts that were given to the model: more than one where a chunk is longer than the model's limit. */
  parts: number;
  /** What the mixed-topic detector noted, as JSON. */
  cut: string | null;
  vector: Float32Array;
}

/** Entries of a block that is not going to grow. */
export const entriesPerBlock = 64;

export interface PackedBlock {
  ids: Uint8Array;
  entries: string;
  vectors: Uint8Array;
}

/** One list a field: shorter than a list of objects, and quick to parse. */
interface BlockEntries {
  keys: string[];
  tokens: number[];
  kinds: string[];
  parts: number[];
  cuts: (string | null)[];
}

export class DamagedBlockError extends Error {}

export function packBlock(entries: readonly EmbeddingEntry[], dimensions: number): PackedBlock {
  const vectors = new Float32Array(entries.length * dimensions);
  entries.forEach(({ vector }, i) => vectors.set(vector, i * dimensions));
  const fields: BlockEntries = {
    keys: entries.map(({ key }) => key),
    tokens: entries.map(({ tokens }) => tokens),
    kinds: entries.map(({ kind }) => kind),
    parts: entries.map(({ parts }) => parts),
    cuts: entries.map(({ cut }) => cut),
  };
  return {
    ids: packIntegers(entries.map(({ id }) => id)),
    entries: JSON.stringify(fields),
    vectors: new Uint8Array(vectors.buffer),
  };
}

/**
 * The entries of a block. Each vector is a view on the block's own copy.
 * @param wanted only these; all when left out
 * @throws DamagedBlockError when its parts don't fit together or a vector is none that a model gives
 */
export function unpackBlock(
  block: PackedBlock,
  dimensions: number,
  wanted?: (id: number) => boolean,
): EmbeddingEntry[] {
  const ids = unpackIntegers(block.ids);
  const vectors = floatsOf(block.vectors);
  let fields: BlockEntries;
  try {
    fields = JSON.parse(block.entries) as BlockEntries;
  } catch {
    throw new DamagedBlockError('its entries can not be read');
  }
  const { keys, tokens, kinds, parts, cuts } = fields;
  const lists = [keys, tokens, kinds, parts, cuts];
  if (vectors.length !== ids.length * dimensions || lists.some((list) => list?.length !== ids.length))
    throw new DamagedBlockError('its columns differ in length');
  const entries: EmbeddingEntry[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (wanted !== undefined && !wanted(ids[i])) continue;
    const vector = vectors.subarray(i * dimensions, (i + 1) * dimensions);
    if (!isNormalized(vector)) throw new DamagedBlockError('a vector has another length than 1');
    entries.push({
      id: ids[i],
      key: keys[i],
      tokens: tokens[i],
      kind: kinds[i],
      parts: parts[i],
      cut: cuts[i],
      vector,
    });
  }
  return entries;
}

/** Models give vectors of length 1, or of zeros for a text without a piece. Other numbers are those of a torn file. */
function isNormalized(vector: Float32Array): boolean {
  // Two sums hide the latency of an addition: this is done for every vector that is opened.
  let [squares, others] = [0, 0];
  for (let d = 0; d + 1 < vector.length; d += 2) {
    squares += vector[d] * vector[d];
    others += vector[d + 1] * vector[d + 1];
  }
  if (vector.length % 2 === 1) squares += vector[vector.length - 1] ** 2;
  squares += others;
  return squares === 0 || Math.abs(squares - 1) < 1e-3;
}

/** Little-endian, as are all machines that Node runs an editor on. */
export function packIntegers(values: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

export function unpackIntegers(bytes: Uint8Array): Int32Array {
  const copy = bytes.slice();
  return new Int32Array(copy.buffer, 0, copy.byteLength >> 2);
}

export function floatsOf(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
}
