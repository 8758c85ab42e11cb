import { mixCameras, type Camera } from './camera';

const moveMs = 650;
const glideMs = 220;

/** What moves by itself: points on their way to a new map, and the view on its way to a place. */
export class MapMotion {
  private points: { start: number; from: Float32Array } | undefined;
  private view: { start: number; from: Camera; to: Camera } | undefined;

  get isMoving(): boolean {
    return this.points !== undefined || this.view !== undefined;
  }

  /** Coordinates that the points come from, while they move. */
  get origin(): Float32Array | undefined {
    return this.points?.from;
  }

  /** Where the view is on its way to. */
  get destination(): Camera | undefined {
    return this.view?.to;
  }

  movePoints(from: Float32Array | undefined): void {
    this.points = from && { start: performance.now(), from };
  }

  glide(from: Camera, to: Camera): void {
    this.view = { start: performance.now(), from, to };
  }

  stopGlide(): void {
    this.view = undefined;
  }

  /** The camera at a time; ends the glide when it has arrived. */
  camera(now: number, present: Camera): Camera {
    if (!this.view) return present;
    const { start, from, to } = this.view;
    const t = Math.min(1, Math.max(0, (now - start) / glideMs));
    if (t === 1) this.view = undefined;
    return mixCameras(from, to, ease(t));
  }

  /** How far the points have come, 0 to 1; ends the move when they have arrived. */
  progress(now: number): number {
    if (!this.points) return 1;
    const t = Math.min(1, Math.max(0, (now - this.points.start) / moveMs));
    if (t === 1) this.points = undefined;
    return ease(t);
  }

  /** Where a row is now, on its way to a place of the map. */
  placeOf(row: number, to: Float32Array): { x: number; y: number } {
    const from = this.points?.from ?? to;
    const t = this.progress(performance.now());
    return {
      x: from[2 * row] + (to[2 * row] - from[2 * row]) * t,
      y: from[2 * row + 1] + (to[2 * row + 1] - from[2 * row + 1]) * t,
    };
  }

  /** Where all rows are now. */
  present(to: Float32Array): Float32Array {
    if (!this.points) return to;
    const { from } = this.points;
    const t = this.progress(performance.now());
    return from.map((value, i) => value + (to[i] - value) * t);
  }
}

function ease(t: number): number {
  return 1 - (1 - t) ** 3;
}
