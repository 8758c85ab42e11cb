import { toScreen } from './camera';
import {
  dimmedOpacity,
  markShape,
  pointShape,
  pointVisibility,
  ringRadius,
  starPoints,
  trustOpacity,
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
  private readonly sprites = new Map<string, HTMLCanvasElement>();

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
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    this.sprites.clear();
    this.drawPoints(frame);
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    this.drawLines(frame);
    for (const mark of frame.marks) this.drawMark(frame, mark);
    context.globalAlpha = 1;
  }

  dispose(): void {
    this.sprites.clear();
  }

  private drawPoints(frame: MapFrame): void {
    const { context, points } = this;
    const { camera, pixelRatio, progress } = frame;
    const scale = camera.scale * pixelRatio;
    const left = (frame.width * pixelRatio) / 2;
    const top = (frame.height * pixelRatio) / 2;
    const reach = frame.radius * ringRadius * pixelRatio + 1;
    for (let i = 0; i < points.count; i++) {
      const visibility = points.style[4 * i + 3];
      if (visibility === pointVisibility.hidden) continue;
      const x = points.from[2 * i] + (points.to[2 * i] - points.from[2 * i]) * progress;
      const y = points.from[2 * i + 1] + (points.to[2 * i + 1] - points.from[2 * i + 1]) * progress;
      const px = (x - camera.x) * scale + left;
      const py = (y - camera.y) * scale + top;
      if (!(px > -reach && py > -reach && px < 2 * left + reach && py < 2 * top + reach)) continue;
      const shape = points.style[4 * i + 1];
      let alpha = shape === pointShape.ring ? 1 : frame.opacity;
      if (frame.trustShade) alpha *= trustOpacity(points.style[4 * i + 2] / 255);
      if (visibility === pointVisibility.dimmed) alpha *= dimmedOpacity;
      context.globalAlpha = alpha;
      const sprite = this.sprite(points.style[4 * i], shape, frame);
      context.drawImage(sprite, px - sprite.width / 2, py - sprite.height / 2);
    }
  }

  /** A point drawn once and stamped often: thousands of arcs a frame are slow. */
  private sprite(slot: number, shape: number, { radius, pixelRatio, palette }: MapFrame): HTMLCanvasElement {
    const key = `${slot} ${shape}`;
    let sprite = this.sprites.get(key);
    if (sprite) return sprite;
    const pixels = radius * pixelRatio * (shape === pointShape.ring ? ringRadius : 1);
    sprite = document.createElement('canvas');
    sprite.width = sprite.height = Math.ceil(2 * pixels + 2);
    const context = sprite.getContext('2d')!;
    const middle = sprite.width / 2;
    context.beginPath();
    if (shape === pointShape.ring) {
      context.lineWidth = Math.max(1.25, pixels * 0.3);
      context.strokeStyle = cssColor(palette, slot);
      context.arc(middle, middle, pixels - context.lineWidth / 2, 0, 2 * Math.PI);
      context.stroke();
    } else {
      context.fillStyle = cssColor(palette, slot);
      context.arc(middle, middle, pixels, 0, 2 * Math.PI);
      context.fill();
    }
    this.sprites.set(key, sprite);
    return sprite;
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
