/**
 * Vectors of one space side by side in shared memory that grows in place: workers read it without a copy, and exact
 * search runs over it with SIMD where the machine has it.
 */
import type { VectorRows } from './blockedKnn';
import { dotKernel, sharedMemory, type DotKernel, type SharedMemory } from './dotKernel';

const pageBytes = 65_536;
/** The first pages hold a query and the similarities of one block of rows. */
const scratchPages = 2;
/** Rows that are compared in one call: their similarities fit into a page. */
const rowsPerBlock = 8_192;
/** Memory is asked for in steps of 4 MB. */
const growthPages = 64;

export class VectorBlock {
  private rowCount = 0;
  private floats: Float32Array;
  /** Undefined where shared WebAssembly memory or SIMD is not to be had: plain JavaScript does it then. */
  private readonly memory: SharedMemory | undefined;
  private readonly dot: DotKernel | undefined;

  /** @param simd false compares in plain JavaScript, as on a machine without it */
  constructor(
    readonly dimensions: number,
    { simd = true }: { simd?: boolean } = {},
  ) {
    try {
      if (simd && 4 * dimensions <= pageBytes) {
        this.memory = sharedMemory(scratchPages);
        this.dot = dotKernel(this.memory);
      }
    } catch {
      this.memory = undefined;
      this.dot = undefined;
    }
    this.floats = this.memory === undefined ? sharedFloats(0) : this.floatsIn(this.memory);
  }

  get count(): number {
    return this.rowCount;
  }

  get usesSimd(): boolean {
    return this.dot !== undefined;
  }

  /** The rows as of now; the numbers stay valid, while a later `push` may give a longer array. */
  get rows(): VectorRows {
    return { vectors: this.floats, count: this.rowCount, dimensions: this.dimensions, block: this };
  }

  row(index: number): Float32Array {
    return this.floats.subarray(index * this.dimensions, (index + 1) * this.dimensions);
  }

  /** Whether an array is the one of {@link rows}: what was copied or has grown since is compared without this block. */
  holds(vectors: Float32Array): boolean {
    return vectors === this.floats;
  }

  /** @returns the new row's index */
  push(vector: Float32Array): number {
    const index = this.rowCount;
    this.reserve(index + 1);
    this.floats.set(vector, index * this.dimensions);
    this.rowCount++;
    return index;
  }

  /** Makes room at once for what is known to come. */
  reserve(rows: number): void {
    const needed = rows * this.dimensions;
    if (needed <= this.floats.length) return;
    if (this.memory === undefined) {
      const grown = sharedFloats(Math.max(needed, Math.ceil(1.5 * this.floats.length)));
      grown.set(this.floats);
      this.floats = grown;
      return;
    }
    const pages = Math.ceil((4 * (needed - this.floats.length)) / pageBytes / growthPages) * growthPages;
    this.memory.grow(pages);
    this.floats = this.floatsIn(this.memory);
  }

  /**
   * Cosine similarity of a query and the first `count` rows, in single precision. Only where SIMD is used.
   * @param visit is called for blocks of rows in order; the array is the callee's until it returns
   */
  eachBlock(query: Float32Array, count: number, visit: (firstRow: number, similarities: Float32Array) => void): void {
    const { memory, dot, dimensions } = this;
    if (memory === undefined || dot === undefined) throw new Error('This machine has no SIMD for vectors.');
    const rowBytes = 4 * dimensions;
    new Float32Array(memory.buffer, 0, dimensions).set(query);
    for (let first = 0; first < count; first += rowsPerBlock) {
      const rows = Math.min(rowsPerBlock, count - first);
      dot(0, scratchPages * pageBytes + first * rowBytes, rows, rowBytes, pageBytes);
      visit(first, new Float32Array(memory.buffer, pageBytes, rows));
    }
  }

  private floatsIn(memory: SharedMemory): Float32Array {
    const start = scratchPages * pageBytes;
    return new Float32Array(memory.buffer, start, (memory.buffer.byteLength - start) / 4);
  }
}

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
