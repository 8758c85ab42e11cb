/**
 * Kernel change-points in a sequence of sentence vectors.
 *
 * With the linear kernel on L2-normalised vectors (cosine similarity), the scatter of a segment S of m sentences is
 *   scatter(S) = Σ_i k(i, i) − (1/m) Σ_i,j k(i, j),
 * the squared distances of its vectors to their mean. A cut gains scatter(whole) − scatter(left) − scatter(right) ≥ 0.
 * Sources: Harchaoui and Cappé 2007; Arlot, Celisse and Harchaoui, "A Kernel Multiple Change-point Algorithm via Model
 * Selection", JMLR 2019.
 */

export interface Cut {
  /** Sentences before the cut; 0 when there is no place where a cut is allowed. */
  cut: number;
  /** The within-part scatter that the cut removes, 0 or more. */
  gain: number;
}

/** Similarities of all sentences with each other: n x n, row-major, of vectors n x d, row-major. */
export function gramMatrix(vectors: Float32Array, count: number, dimensions: number): Float64Array {
  if (vectors.length !== count * dimensions) {
    throw new RangeError(`${vectors.length} values are not ${count} vectors of ${dimensions} dimensions.`);
  }
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = i; j < count; j++) {
      let dot = 0;
      for (let k = 0; k < dimensions; k++) dot += vectors[i * dimensions + k] * vectors[j * dimensions + k];
      gram[i * count + j] = dot;
      gram[j * count + i] = dot;
    }
  }
  return gram;
}

/** Sums over any block of a gram matrix in constant time, by two-dimensional prefix sums. */
export class SegmentSums {
  private readonly prefix: Float64Array;
  private readonly diagonal: Float64Array;
  private readonly stride: number;

  /** @param gram n x n, row-major, symmetric. */
  constructor(
    gram: Float64Array,
    readonly count: number,
  ) {
    this.stride = count + 1;
    this.prefix = new Float64Array(this.stride * this.stride);
    this.diagonal = new Float64Array(this.stride);
    for (let i = 0; i < count; i++) {
      let row = 0;
      for (let j = 0; j < count; j++) {
        row += gram[i * count + j];
        this.prefix[(i + 1) * this.stride + j + 1] = this.prefix[i * this.stride + j + 1] + row;
      }
      this.diagonal[i + 1] = this.diagonal[i] + gram[i * count + i];
    }
  }

  /** Sum of similarities of rows [rowStart, rowEnd) with columns [columnStart, columnEnd). */
  block(rowStart: number, rowEnd: number, columnStart: number, columnEnd: number): number {
    const { prefix, stride } = this;
    return (
      prefix[rowEnd * stride + columnEnd] -
      prefix[rowStart * stride + columnEnd] -
      prefix[rowEnd * stride + columnStart] +
      prefix[rowStart * stride + columnStart]
    );
  }

  /** Squared distances of the sentences [start, end) to their mean. */
  scatter(start: number, end: number): number {
    const self = this.diagonal[end] - this.diagonal[start];
    return Math.max(0, self - this.block(start, end, start, end) / (end - start));
  }

  gain(cut: number): number {
    return Math.max(0, this.scatter(0, this.count) - this.scatter(0, cut) - this.scatter(cut, this.count));
  }

  /** Mean similarity of sentences before the cut with sentences after it. */
  across(cut: number): number {
    return this.block(0, cut, cut, this.count) / (cut * (this.count - cut));
  }
}

/** The cut of highest gain among those allowed; the first of equals. O(n) after the sums. */
export function bestCut(sums: SegmentSums, isAllowed: (cut: number) => boolean = () => true): Cut {
  let best: Cut = { cut: 0, gain: 0 };
  for (let cut = 1; cut < sums.count; cut++) {
    if (!isAllowed(cut)) continue;
    const gain = sums.gain(cut);
    if (best.cut === 0 || gain > best.gain) best = { cut, gain };
  }
  return best;
}
