/**
 * The points of a space in memory: distinct texts with their vectors as one block of shared memory, and the places where
 * each text stands. Rows are never reused within a session, so a row is a point's id; a row without a place is dead.
 */
import type { VectorRows } from '../neighbors/blockedKnn';
import { VectorBlock } from '../neighbors/vectorBlock';
import type { FolderChange, FolderIndex, IndexedChunk, IndexedEmbedding, IndexedFile } from './folderIndex';

export interface PointPlace {
  /** Position of the folder in its space. */
  folder: number;
  file: IndexedFile;
  chunk: IndexedChunk;
}

/** Chunk ids of several folders side by side: row ids of SQLite stay far below this. */
const folderStride = 2 ** 40;

export function chunkIdOf(folder: number, rowId: number): number {
  return folder * folderStride + rowId;
}

interface Point {
  key: string;
  tokens: number;
  kind: string;
  cut: string | null;
  /** Texts that were given to the model for it: more than one where the chunk is longer than the model's limit. */
  parts: number;
  /** Where its text is stored. */
  folder: number;
  embeddingId: number;
  places: PointPlace[];
}

export class Points {
  private readonly block: VectorBlock;
  private readonly points: Point[] = [];
  private readonly byKey = new Map<string, number>();
  private readonly byChunk = new Map<number, number>();
  private dead = 0;
  private changes = 0;
  private comings = 0;

  constructor(readonly dimensions: number) {
    this.block = new VectorBlock(dimensions);
  }

  /** Grows with every change. */
  get revision(): number {
    return this.changes;
  }

  /** How many points came or went so far: tells whether what was computed over all of them still holds. */
  get turnover(): number {
    return this.comings;
  }

  /** Rows, the dead ones included. */
  get rows(): number {
    return this.points.length;
  }

  get liveCount(): number {
    return this.points.length - this.dead;
  }

  get chunkCount(): number {
    return this.byChunk.size;
  }

  /** All rows, dead ones included: search them with `isLive`. */
  get vectorRows(): VectorRows {
    return this.block.rows;
  }

  readonly isLive = (row: number): boolean => (this.points[row]?.places.length ?? 0) > 0;

  point(row: number): Readonly<Point> | undefined {
    return this.points[row];
  }

  vector(row: number): Float32Array {
    return this.block.row(row);
  }

  rowOfKey(key: string): number | undefined {
    return this.byKey.get(key);
  }

  rowOfChunk(chunkId: number): number | undefined {
    return this.byChunk.get(chunkId);
  }

  placeOfChunk(chunkId: number): PointPlace | undefined {
    const row = this.byChunk.get(chunkId);
    if (row === undefined) return undefined;
    return this.points[row].places.find(({ folder, chunk }) => chunkIdOf(folder, chunk.id) === chunkId);
  }

  /** Rows with a place, ascending. */
  liveRows(): Int32Array {
    const rows = new Int32Array(this.liveCount);
    let at = 0;
    for (let row = 0; row < this.points.length; row++) if (this.isLive(row)) rows[at++] = row;
    return rows;
  }

  /**
   * Live rows in the order of their keys: the same texts give the same order, whatever came first, and so the same map.
   */
  rowsByKey(): Int32Array {
    const keyed = Array.from(this.liveRows(), (row) => ({ row, key: this.points[row].key }));
    return Int32Array.from(
      keyed.sort((a, b) => (a.key < b.key ? -1 : 1)),
      ({ row }) => row,
    );
  }

  /** The live rows as one block: the block itself while nothing is dead. */
  liveVectors(): VectorRows {
    const { dimensions } = this;
    if (this.dead === 0) return this.vectorRows;
    const rows = this.liveRows();
    return { vectors: this.vectorsOf(rows), count: rows.length, dimensions };
  }

  /** A copy of some rows, in shared memory. */
  vectorsOf(rows: Int32Array): Float32Array {
    const block = sharedFloats(rows.length * this.dimensions);
    rows.forEach((row, i) => block.set(this.vector(row), i * this.dimensions));
    return block;
  }

  /**
   * Takes in all that a folder holds.
   * @returns paths of the files whose part of the store was damaged, see {@link FolderIndex.eachLiveEmbedding}
   */
  addFolder(folder: number, index: FolderIndex): string[] {
    const live = index.liveEmbeddings();
    this.block.reserve(this.points.length + live.size);
    const rows = new Map<number, number | undefined>();
    // The block keeps the numbers; what they were read into is dropped at once.
    const damaged = index.eachLiveEmbedding(live, (embedding) =>
      rows.set(embedding.id, this.rowFor(folder, embedding)),
    );
    for (const file of index.files) this.addFile(folder, file, (id) => rows.get(id));
    this.changes++;
    return damaged;
  }

  apply(folder: number, change: FolderChange): void {
    for (const file of change.removed) {
      for (const chunk of file.chunks) this.removePlace(chunkIdOf(folder, chunk.id));
    }
    const rowOf = (id: number): number | undefined => {
      const embedding = change.embeddings.get(id);
      return embedding === undefined ? undefined : this.rowFor(folder, embedding, change);
    };
    for (const file of change.added) this.addFile(folder, file, rowOf);
    this.changes++;
  }

  private addFile(folder: number, file: IndexedFile, rowOf: (embeddingId: number) => number | undefined): void {
    for (const chunk of file.chunks) {
      const row = rowOf(chunk.embeddingId);
      // A chunk whose vector is not there can't be shown; the next update of its file brings both.
      if (row === undefined) continue;
      const point = this.points[row];
      if (point.places.length === 0) {
        this.dead--;
        this.comings++;
        point.folder = folder;
        point.embeddingId = chunk.embeddingId;
      }
      point.places.push({ folder, file, chunk });
      this.byChunk.set(chunkIdOf(folder, chunk.id), row);
    }
  }

  /** The row of a text; a new one begins dead, until it gets a place. Undefined when its vector is nowhere. */
  private rowFor(folder: number, embedding: IndexedEmbedding, change?: FolderChange): number | undefined {
    const known = this.byKey.get(embedding.key);
    if (known !== undefined) return known;
    const { key, tokens, kind, cut, parts, id } = embedding;
    const vector = embedding.vector ?? change?.vectorOf(id);
    if (vector === undefined) return undefined;
    const row = this.block.push(vector);
    this.points.push({ key, tokens, kind, cut, parts, folder, embeddingId: id, places: [] });
    this.byKey.set(key, row);
    this.dead++;
    return row;
  }

  private removePlace(chunkId: number): void {
    const row = this.byChunk.get(chunkId);
    if (row === undefined) return;
    this.byChunk.delete(chunkId);
    const point = this.points[row];
    point.places = point.places.filter(({ folder, chunk }) => chunkIdOf(folder, chunk.id) !== chunkId);
    if (point.places.length === 0) {
      this.dead++;
      this.comings++;
    } else if (!point.places.some(({ folder }) => folder === point.folder)) {
      // Its text is still stored by the folder of a place that is left.
      point.folder = point.places[0].folder;
      point.embeddingId = point.places[0].chunk.embeddingId;
    }
  }
}

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
