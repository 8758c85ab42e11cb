import { toScreen } from './camera';
import { PointRaster } from './pointRaster';
import {
  markShape,
  starPoints,
  type MapFrame,
  type MapMark,
  type MapRenderer,
  type Palette,
  type PointColumns,
} from './renderer';

/** Draws the same picture as the WebGL2 renderer, more slowly, where WebGL2 is missing. */
export class CanvasRenderer implements MapRenderer {
  readonly kind = 'canvas2d';
  private points: PointColumns = {
    count: 0,
    from: new Float32Array(),
    to: new Float32Array(),
    style: new Uint8Array(),
  };
  private readonly raster = new PointRaster();

  constructor(private readonly context: CanvasRenderingContext2D) {}

  setPoints(points: PointColumns): void {
    this.points = points;
  }

  setStyle(style: Uint8Array): void {
    this.points = { ...this.points, style };
  }

  draw(frame: MapFrame): void {
    const { context } = this;
    const { pixelRatio } = frame;
    this.raster.draw(context, this.points, frame);
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    this.drawLines(frame);
    for (const mark of frame.marks) this.drawMark(frame, mark);
    context.globalAlpha = 1;
  }

  dispose(): void {
    this.points = { count: 0, from: new Float32Array(), to: new Float32Array(), style: new Uint8Array() };
  }

  private drawLines(frame: MapFrame): void {
    const { context } = this;
    for (const line of frame.lines) {
      const from = toScreen(frame.camera, frame, line.fromX, line.fromY);
      const to = toScreen(frame.camera, frame, line.toX, line.toY);
      context.strokeStyle = cssColor(frame.palette, line.color);
      context.globalAlpha = line.opacity;
      context.lineWidth = line.width;
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
    }
  }

  private drawMark(frame: MapFrame, mark: MapMark): void {
    const { context } = this;
    const { x, y } = toScreen(frame.camera, frame, mark.x, mark.y);
    context.globalAlpha = mark.opacity;
    context.lineJoin = 'round';
    context.beginPath();
    if (mark.shape === markShape.ring || mark.shape === markShape.dashedRing) {
      context.lineWidth = mark.strokeWidth;
      context.strokeStyle = cssColor(frame.palette, mark.stroke);
      const dashes = mark.shape === markShape.dashedRing ? 8 : 0;
      const half = dashes > 0 ? (0.55 * Math.PI) / dashes : Math.PI;
      for (let i = 0; i < Math.max(1, dashes); i++) {
        const middle = (2 * Math.PI * i) / dashes || 0;
        context.moveTo(x + mark.radius * Math.sin(middle - half), y + mark.radius * Math.cos(middle - half));
        context.arc(x, y, mark.radius, Math.PI / 2 - (middle - half), Math.PI / 2 - (middle + half), true);
      }
      context.stroke();
      return;
    }
    if (mark.shape === markShape.star) {
      const corners = starPoints(x, y, mark.radius);
      for (let i = 0; i < corners.length; i += 2) context.lineTo(corners[i], corners[i + 1]);
      context.closePath();
    } else {
      context.arc(x, y, mark.radius, 0, 2 * Math.PI);
    }
    if (mark.strokeWidth > 0) {
      context.lineWidth = 2 * mark.strokeWidth;
      context.strokeStyle = cssColor(frame.palette, mark.stroke);
      context.stroke();
    }
    context.fillStyle = cssColor(frame.palette, mark.fill);
    context.fill();
  }
}

function cssColor(palette: Palette, slot: number): string {
  const [r, g, b, a] = palette[slot];
  return `rgb(${Math.round(r * 255)} ${Math.round(g * 255)} ${Math.round(b * 255)} / ${a})`;
}
