/**
 * Discrete Fourier transforms of a square complex grid in place, real and imaginary parts apart. Forward leaves the
 * frequencies in bit-reversed order and inverse expects them so: a convolution needs no order, and the two passes that
 * would sort are spared.
 */
export class FourierGrid {
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;

  /** @param side a power of two, at least 2. */
  constructor(readonly side: number) {
    this.cos = Float64Array.from({ length: side / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / side));
    this.sin = Float64Array.from({ length: side / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / side));
  }

  /** @param rows only the first rows hold anything but zeros. */
  forward(re: Float64Array, im: Float64Array, rows = this.side): void {
    for (let row = 0; row < rows; row++) this.forwardRow(re, im, row * this.side);
    this.columns(re, im, true);
  }

  /**
   * Values come out `side` squared times as large as those that went in.
   * @param rows only the first rows are wanted.
   */
  inverse(re: Float64Array, im: Float64Array, rows = this.side): void {
    this.columns(re, im, false);
    for (let row = 0; row < rows; row++) this.inverseRow(re, im, row * this.side);
  }

  private forwardRow(re: Float64Array, im: Float64Array, base: number): void {
    const { side, cos, sin } = this;
    for (let half = side >> 1, step = 1; half >= 1; half >>= 1, step <<= 1) {
      for (let from = base; from < base + side; from += 2 * half) {
        for (let i = 0, w = 0; i < half; i++, w += step) {
          const a = from + i;
          const b = a + half;
          const r = re[a] - re[b];
          const m = im[a] - im[b];
          re[a] += re[b];
          im[a] += im[b];
          re[b] = r * cos[w] - m * sin[w];
          im[b] = r * sin[w] + m * cos[w];
        }
      }
    }
  }

  private inverseRow(re: Float64Array, im: Float64Array, base: number): void {
    const { side, cos, sin } = this;
    for (let half = 1, step = side >> 1; half < side; half <<= 1, step >>= 1) {
      for (let from = base; from < base + side; from += 2 * half) {
        for (let i = 0, w = 0; i < half; i++, w += step) {
          const a = from + i;
          const b = a + half;
          const r = re[b] * cos[w] + im[b] * sin[w];
          const m = im[b] * cos[w] - re[b] * sin[w];
          re[b] = re[a] - r;
          im[b] = im[a] - m;
          re[a] += r;
          im[a] += m;
        }
      }
    }
  }

  /** All columns at once: the rows of a pair are combined side by side, so memory is read in its order. */
  private columns(re: Float64Array, im: Float64Array, isForward: boolean): void {
    const { side, cos, sin } = this;
    for (let half = isForward ? side >> 1 : 1; half >= 1 && half < side; half = isForward ? half >> 1 : half << 1) {
      const step = side / (2 * half);
      for (let from = 0; from < side; from += 2 * half) {
        for (let i = 0; i < half; i++) {
          const c = cos[i * step];
          const s = sin[i * step];
          if (isForward) forwardPair(re, im, (from + i) * side, (from + i + half) * side, side, c, s);
          else inversePair(re, im, (from + i) * side, (from + i + half) * side, side, c, s);
        }
      }
    }
  }
}

function forwardPair(
  re: Float64Array,
  im: Float64Array,
  first: number,
  second: number,
  length: number,
  c: number,
  s: number,
): void {
  for (let i = 0, a = first, b = second; i < length; i++, a++, b++) {
    const r = re[a] - re[b];
    const m = im[a] - im[b];
    re[a] += re[b];
    im[a] += im[b];
    re[b] = r * c - m * s;
    im[b] = r * s + m * c;
  }
}

function inversePair(
  re: Float64Array,
  im: Float64Array,
  first: number,
  second: number,
  length: number,
  c: number,
  s: number,
): void {
  for (let i = 0, a = first, b = second; i < length; i++, a++, b++) {
    const r = re[b] * c + im[b] * s;
    const m = im[b] * c - re[b] * s;
    re[b] = re[a] - r;
    im[b] = im[a] - m;
    re[a] += r;
    im[a] += m;
  }
}
