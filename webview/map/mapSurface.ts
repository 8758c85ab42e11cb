import { CanvasRenderer } from './canvasRenderer';
import type { MapFrame, MapRenderer } from './renderer';
import { WebglRenderer } from './webglRenderer';

/** CSS pixels around the view while the map is moved. */
const roomPixels = 144;
const restMs = 160;

/** The canvas and what draws on it: WebGL2, or the 2-D canvas where WebGL2 is missing. */
export class MapSurface {
  renderer: MapRenderer | undefined;
  /** Whether the WebGL context is lost for now. */
  lost = false;
  private canvas: HTMLCanvasElement;
  private drawn: { frame: MapFrame; room: number } | undefined;
  private resting: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param onRestored Called when a lost context is back, with everything that was uploaded gone.
   * @param onRest Called a moment after the map was moved for the last time: what is shown should be drawn then.
   */
  constructor(
    private readonly host: HTMLElement,
    private readonly onRestored: () => void,
    private readonly onRest: () => void,
  ) {
    this.canvas = this.createCanvas();
    this.renderer = this.createRenderer();
  }

  /**
   * Shows the frame. While the map is only moved, the picture that is there is moved along, which costs nothing: it has
   * room around the view then, and is drawn anew where that ends and when the map rests.
   * @param isMoved nothing but the camera's place differs from the frame before
   */
  show(frame: MapFrame, isMoved: boolean): void {
    clearTimeout(this.resting);
    if (isMoved) this.resting = setTimeout(this.onRest, restMs);
    if (isMoved && this.follow(frame)) return;
    const room = isMoved ? roomPixels : 0;
    const { pixelRatio } = frame;
    const roomy = { ...frame, width: frame.width + 2 * room, height: frame.height + 2 * room };
    this.resize(Math.round(roomy.width * pixelRatio), Math.round(roomy.height * pixelRatio));
    const { style } = this.canvas;
    style.inset = `${-room}px`;
    style.width = `${roomy.width}px`;
    style.height = `${roomy.height}px`;
    style.transform = '';
    this.renderer?.draw(roomy);
    this.drawn = { frame, room };
  }

  /** Moves the picture to where the frame is; false where it doesn't reach. */
  private follow(frame: MapFrame): boolean {
    if (!this.drawn) return false;
    const { frame: before, room } = this.drawn;
    const x = (before.camera.x - frame.camera.x) * frame.camera.scale;
    const y = (before.camera.y - frame.camera.y) * frame.camera.scale;
    if (Math.abs(x) > room || Math.abs(y) > room) return false;
    this.canvas.style.transform = `translate(${x}px, ${y}px)`;
    return true;
  }

  /** Sets the size in device pixels. */
  private resize(width: number, height: number): void {
    // Setting a canvas's size clears it, even to the same value.
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }

  dispose(): void {
    clearTimeout(this.resting);
    this.renderer?.dispose();
    this.canvas.remove();
  }

  private createCanvas(): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    canvas.className = 'map-canvas';
    canvas.setAttribute('aria-hidden', 'true');
    this.host.prepend(canvas);
    canvas.addEventListener('webglcontextlost', (event) => {
      // Without this the browser never restores the context.
      event.preventDefault();
      this.lost = true;
    });
    canvas.addEventListener('webglcontextrestored', () => {
      this.lost = false;
      this.renderer = this.createRenderer();
      this.onRestored();
    });
    return canvas;
  }

  private createRenderer(): MapRenderer | undefined {
    const gl = this.canvas.getContext('webgl2', {
      ...{ antialias: false, depth: false, stencil: false, alpha: true, premultipliedAlpha: true },
    });
    if (gl) {
      try {
        return new WebglRenderer(gl);
      } catch {
        // A driver that can't link the shaders: a canvas has one kind of context for life, so take a new one.
        this.canvas.remove();
        this.canvas = this.createCanvas();
      }
    }
    const context = this.canvas.getContext('2d');
    return context ? new CanvasRenderer(context) : undefined;
  }
}
