import type { Camera, ViewSize } from './camera';
import type { DensityBands } from './densityContours';

/** Opacities of the bands at full strength: each lies over the ones around it. */
export const bandFillOpacity = 0.035;
export const bandLineOpacity = 0.11;

type Color = readonly [number, number, number, number];
type LayerSize = ViewSize & { pixelRatio: number };

interface DrawnBands {
  camera: Camera;
  size: LayerSize;
  color: Color;
}

/** Room around the view, in shares of its size. */
const margin = 0.25;
const restMs = 160;

/** Draws the bands of density on a canvas of its own below the points, so that it looks alike over both renderers. */
export class ContourLayer {
  readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;
  private paths: Path2D[] = [];
  private drawn: DrawnBands | undefined;
  private isDirty = true;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement) {
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'map-contours';
    this.canvas.setAttribute('aria-hidden', 'true');
    host.prepend(this.canvas);
    this.context = this.canvas.getContext('2d');
  }

  setBands(bands: DensityBands): void {
    this.isDirty = true;
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

  /**
   * Paths are costly to fill, so they are drawn with room around the view and moved along with it; anew only when the
   * view has left that room, is much nearer or farther, or has come to rest.
   * @param strength 0 to 1
   * @param color what the bands are tinted with, channels 0 to 1
   */
  draw(camera: Camera, size: LayerSize, strength: number, color: Color): void {
    const { canvas } = this;
    clearTimeout(this.resting);
    const shows = strength > 0.01 && this.paths.length > 0;
    canvas.style.visibility = shows ? 'visible' : 'hidden';
    if (!shows) return;
    canvas.style.opacity = String(strength);
    const isStale = this.isDirty || !this.drawn || this.drawn.color !== color || this.hasLeft(this.drawn, camera, size);
    if (isStale) this.fill(camera, size, color);
    const { drawn } = this;
    if (!drawn) return;
    const zoom = camera.scale / drawn.camera.scale;
    const x = (drawn.camera.x - camera.x) * camera.scale;
    const y = (drawn.camera.y - camera.y) * camera.scale;
    canvas.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
    if (zoom !== 1) {
      this.resting = setTimeout(() => {
        this.isDirty = true;
        this.draw(camera, size, strength, color);
      }, restMs);
    }
  }

  private hasLeft({ camera: from, size: was }: DrawnBands, camera: Camera, size: LayerSize): boolean {
    if (was.width !== size.width || was.height !== size.height || was.pixelRatio !== size.pixelRatio) return true;
    const zoom = camera.scale / from.scale;
    // What is drawn reaches this far beyond the view, in its own pixels.
    const room = (1 + 2 * margin) * zoom - 1;
    const beyondX = Math.abs(camera.x - from.x) * camera.scale > (room * size.width) / 2;
    const beyondY = Math.abs(camera.y - from.y) * camera.scale > (room * size.height) / 2;
    return zoom < 0.7 || zoom > 1.6 || beyondX || beyondY;
  }

  private fill(camera: Camera, size: LayerSize, color: Color): void {
    const { canvas, context } = this;
    if (!context) return;
    this.isDirty = false;
    this.drawn = { camera: { ...camera }, size: { ...size }, color };
    const width = Math.round(size.width * (1 + 2 * margin) * size.pixelRatio);
    const height = Math.round(size.height * (1 + 2 * margin) * size.pixelRatio);
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    const scale = camera.scale * size.pixelRatio;
    context.setTransform(scale, 0, 0, scale, width / 2 - camera.x * scale, height / 2 - camera.y * scale);
    const [r, g, b] = color.map((channel) => Math.round(255 * channel));
    context.lineWidth = size.pixelRatio / scale;
    context.fillStyle = `rgb(${r} ${g} ${b} / ${bandFillOpacity})`;
    context.strokeStyle = `rgb(${r} ${g} ${b} / ${bandLineOpacity})`;
    for (const path of this.paths) {
      context.fill(path, 'evenodd');
      context.stroke(path);
    }
  }

  dispose(): void {
    clearTimeout(this.resting);
    this.canvas.remove();
  }
}
