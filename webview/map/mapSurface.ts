import { CanvasRenderer } from './canvasRenderer';
import type { MapRenderer } from './renderer';
import { WebglRenderer } from './webglRenderer';

/** The canvas and what draws on it: WebGL2, or the 2-D canvas where WebGL2 is missing. */
export class MapSurface {
  renderer: MapRenderer | undefined;
  /** Whether the WebGL context is lost for now. */
  lost = false;
  private canvas: HTMLCanvasElement;

  /** @param onRestored Called when a lost context is back, with everything that was uploaded gone. */
  constructor(
    private readonly host: HTMLElement,
    private readonly onRestored: () => void,
  ) {
    this.canvas = this.createCanvas();
    this.renderer = this.createRenderer();
  }

  /** Sets the size in device pixels. */
  resize(width: number, height: number): void {
    // Setting a canvas's size clears it, even to the same value.
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }

  dispose(): void {
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
    const gl = this.canvas.getContext('webgl2', { antialias: false, alpha: true, premultipliedAlpha: true });
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
