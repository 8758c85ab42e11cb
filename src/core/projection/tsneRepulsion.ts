import { FourierGrid } from './fourierGrid';

/** Distance between the nodes of the grid; the kernels change over a distance of about 1. */
const spacing = 0.5;
/** A map has at least this many nodes on a side: while it is small, so are the distances that matter. */
const fewestNodes = 24;
/** Nodes around the map, so that every point has four of them on each axis. */
const margin = 2;
/** Longest side of the transformed grid, by number of points: above it the nodes lie farther apart. */
const longestSide = (count: number) => (count > 30_000 ? 1024 : 512);

/** Up to here all pairs are counted exactly: that takes less time than the transforms. */
const exactPoints = 3000;

/**
 * Repulsion of t-SNE from all points on all, in time that grows with points and map but not with pairs: charges are
 * spread to a grid by cubic interpolation, convolved with the kernel by Fourier transforms, and read back (Linderman,
 * Rachh, Hoskins, Steinerberger and Kluger 2019). Instead of their three charges a point there is one, as the kernel's
 * two components are one complex field, and the normalisation is read off the spectrum. Deterministic.
 */
export class TsneRepulsion {
  /** 2 n: sum over j of (y_i - y_j) / (1 + d²)². */
  readonly force: Float64Array;
  /** Sum over all pairs, both ways, of 1 / (1 + d²). */
  normalisation = 0;
  private grid = new FourierGrid(2);
  private nodeDistance = 0;
  private re = new Float64Array(0);
  private im = new Float64Array(0);
  /** Spectra of 1 / (1 + d²), which is real, and of (dx + i dy) / (1 + d²)². */
  private kernel = new Float64Array(0);
  private fieldRe = new Float64Array(0);
  private fieldIm = new Float64Array(0);
  private readonly weights = new Float64Array(8);

  constructor(private readonly count: number) {
    this.force = new Float64Array(2 * count);
  }

  /** @param coordinates 2 n, all finite. */
  compute(coordinates: Float64Array): void {
    if (this.count <= exactPoints) this.computeExactly(coordinates);
    else this.computeOnGrid(coordinates);
  }

  private computeExactly(coordinates: Float64Array): void {
    const { count, force } = this;
    force.fill(0);
    let pairs = 0;
    for (let i = 0; i < count; i++) {
      const px = coordinates[2 * i];
      const py = coordinates[2 * i + 1];
      let x = 0;
      let y = 0;
      for (let j = i + 1; j < count; j++) {
        const dx = px - coordinates[2 * j];
        const dy = py - coordinates[2 * j + 1];
        const near = 1 / (1 + dx * dx + dy * dy);
        const push = near * near;
        pairs += near;
        x += push * dx;
        y += push * dy;
        force[2 * j] -= push * dx;
        force[2 * j + 1] -= push * dy;
      }
      force[2 * i] += x;
      force[2 * i + 1] += y;
    }
    this.normalisation = 2 * pairs;
  }

  /** For any number of points; public for a test that compares it with the sum over all pairs. */
  computeOnGrid(coordinates: Float64Array): void {
    const { count, force, weights } = this;
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < 2 * count; i += 2) {
      left = Math.min(left, coordinates[i]);
      right = Math.max(right, coordinates[i]);
      bottom = Math.min(bottom, coordinates[i + 1]);
      top = Math.max(top, coordinates[i + 1]);
    }
    this.fit(Math.max(right - left, top - bottom));
    const { re, im, nodeDistance } = this;
    const { side } = this.grid;
    const rows = side / 2;
    re.fill(0);
    im.fill(0);
    for (let i = 0; i < count; i++) {
      const at = this.locate(coordinates[2 * i] - left, coordinates[2 * i + 1] - bottom);
      for (let r = 0; r < 4; r++) {
        const base = at + r * side;
        const w = weights[4 + r];
        re[base] += w * weights[0];
        re[base + 1] += w * weights[1];
        re[base + 2] += w * weights[2];
        re[base + 3] += w * weights[3];
      }
    }
    this.grid.forward(re, im, rows);
    const { kernel, fieldRe, fieldIm } = this;
    let pairs = 0;
    for (let f = 0; f < re.length; f++) {
      const r = re[f];
      const m = im[f];
      pairs += (r * r + m * m) * kernel[f];
      re[f] = r * fieldRe[f] - m * fieldIm[f];
      im[f] = r * fieldIm[f] + m * fieldRe[f];
    }
    const scale = 1 / (side * side);
    this.normalisation = Math.max(Number.MIN_VALUE, pairs * scale - count);
    this.grid.inverse(re, im, rows);
    for (let i = 0; i < count; i++) {
      const at = this.locate(coordinates[2 * i] - left, coordinates[2 * i + 1] - bottom);
      let x = 0;
      let y = 0;
      for (let r = 0; r < 4; r++) {
        const base = at + r * side;
        const w = weights[4 + r];
        x +=
          w *
          (weights[0] * re[base] + weights[1] * re[base + 1] + weights[2] * re[base + 2] + weights[3] * re[base + 3]);
        y +=
          w *
          (weights[0] * im[base] + weights[1] * im[base + 1] + weights[2] * im[base + 2] + weights[3] * im[base + 3]);
      }
      force[2 * i] = x * scale * nodeDistance;
      force[2 * i + 1] = y * scale * nodeDistance;
    }
  }

  /** First of the sixteen nodes around a place; leaves the weights of its columns and rows in `weights`. */
  private locate(x: number, y: number): number {
    const column = x / this.nodeDistance + margin;
    const row = y / this.nodeDistance + margin;
    const firstColumn = Math.floor(column) - 1;
    const firstRow = Math.floor(row) - 1;
    cubicWeights(column - firstColumn - 1, this.weights, 0);
    cubicWeights(row - firstRow - 1, this.weights, 4);
    return firstRow * this.grid.side + firstColumn;
  }

  /** A grid that holds a map of this size, twice as long as the map so that nothing wraps around. */
  private fit(length: number): void {
    const longest = longestSide(this.count);
    const most = longest / 2 - 2 * margin - 1;
    const needed = Math.max(1e-9, length);
    // Steps of a quarter of an octave: the kernels are transformed anew only now and then.
    const wanted = Math.max(needed / most, Math.min(spacing, needed / fewestNodes));
    const nodeDistance = wanted === spacing ? spacing : 2 ** (Math.ceil(4 * Math.log2(wanted)) / 4);
    let side = 64;
    while (side < longest && side / 2 < needed / nodeDistance + 2 * margin + 1) side *= 2;
    if (side === this.grid.side && nodeDistance === this.nodeDistance) return;
    this.nodeDistance = nodeDistance;
    if (side !== this.grid.side) {
      this.grid = new FourierGrid(side);
      this.re = new Float64Array(side * side);
      this.im = new Float64Array(side * side);
      this.kernel = new Float64Array(side * side);
      this.fieldRe = new Float64Array(side * side);
      this.fieldIm = new Float64Array(side * side);
    }
    const unused = this.im.fill(0);
    for (let row = 0; row < side; row++) {
      const dy = row < side / 2 ? row : row - side;
      for (let column = 0; column < side; column++) {
        const dx = column < side / 2 ? column : column - side;
        const at = row * side + column;
        const near = 1 / (1 + (dx * dx + dy * dy) * nodeDistance * nodeDistance);
        this.kernel[at] = near;
        // In units of nodes; the middle has no opposite, so the kernel that is odd must vanish there.
        this.fieldRe[at] = 2 * Math.abs(dx) === side ? 0 : dx * near * near;
        this.fieldIm[at] = 2 * Math.abs(dy) === side ? 0 : dy * near * near;
      }
    }
    this.grid.forward(this.kernel, unused);
    this.grid.forward(this.fieldRe, this.fieldIm);
  }
}

/** Lagrange's weights of four equally spaced nodes for a place between the second and the third. */
function cubicWeights(t: number, weights: Float64Array, from: number): void {
  weights[from] = (-t * (t - 1) * (t - 2)) / 6;
  weights[from + 1] = ((t + 1) * (t - 1) * (t - 2)) / 2;
  weights[from + 2] = (-(t + 1) * t * (t - 2)) / 2;
  weights[from + 3] = ((t + 1) * t * (t - 1)) / 6;
}
