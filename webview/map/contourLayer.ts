import type { Camera, ViewSize } from './camera';
import type { DensityBands } from './densityContours';

/** Opacities of the bands at full strength: each lies over the ones around it. */
export const bandFillOpacity = 0.035;
export const bandLineOpacity = 0.11;

/** Draws the bands of density on a canvas of its own below the points, so that it looks alike over both renderers. */
export class ContourLayer {
  readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;
  private paths: Path2D[] = [];
  private isClear = true;

  constructor(host: HTMLElement) {
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'map-canvas map-contours';
    this.canvas.setAttribute('aria-hidden', 'true');
    host.prepend(this.canvas);
    this.context = this.canvas.getContext('2d');
  }

  setBands(bands: DensityBands): void {
    this.paths = bands.map((rings) => {
      const path = new Path2D();
      for (const ring of rings) {
        for (let i = 0; i < ring.length; i += 2) {
          if (i === 0) path.moveTo(ring[0], ring[1]);
          else path.lineTo(ring[i], ring[i + 1]);
        }
        path.closePath();
      }
      return path;
    });
  }

  /** @param strength 0 to 1 @param color what the bands are tinted with, as `rgb` channels 0 to 1 */
  draw(
    camera: Camera,
    size: ViewSize & { pixelRatio: number },
    strength: number,
    color: readonly [number, number, number, number],
  ): void {
    const { canvas, context } = this;
    if (!context) return;
    const width = Math.round(size.width * size.pixelRatio);
    const height = Math.round(size.height * size.pixelRatio);
    const shows = strength > 0.01 && this.paths.length > 0;
    if (!shows && this.isClear) return;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    this.isClear = !shows;
    if (!shows) return;
    const scale = camera.scale * size.pixelRatio;
    context.setTransform(scale, 0, 0, scale, width / 2 - camera.x * scale, height / 2 - camera.y * scale);
    const [r, g, b] = color.map((channel) => Math.round(255 * channel));
    context.lineWidth = size.pixelRatio / scale;
    for (const path of this.paths) {
      context.fillStyle = `rgb(${r} ${g} ${b} / ${bandFillOpacity * strength})`;
      context.fill(path, 'evenodd');
      context.strokeStyle = `rgb(${r} ${g} ${b} / ${bandLineOpacity * strength})`;
      context.stroke(path);
    }
  }

  dispose(): void {
    this.canvas.remove();
  }
}
