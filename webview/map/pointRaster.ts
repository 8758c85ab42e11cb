import {
  dimmedOpacity,
  pointShape,
  pointVisibility,
  ringRadius,
  ringStroke,
  trustOpacity,
  type MapFrame,
  type PointColumns,
} from './renderer';

/**
 * Sets the pixels of points one by one, with the arithmetic of the WebGL2 shader: stamping thousands of little pictures
 * on a 2-D canvas takes ten times as long.
 */
export class PointRaster {
  private image: ImageData | undefined;

  /** Everything that was on the canvas is gone afterwards. */
  draw(context: CanvasRenderingContext2D, points: PointColumns, frame: MapFrame): void {
    const { width, height } = context.canvas;
    if (this.image?.width !== width || this.image.height !== height)
      this.image = context.createImageData(width, height);
    else this.image.data.fill(0);
    this.stamp(this.image, points, frame);
    context.putImageData(this.image, 0, 0);
  }

  private stamp({ data, width, height }: ImageData, points: PointColumns, frame: MapFrame): void {
    const { camera, pixelRatio, progress, palette } = frame;
    const { from, to, style } = points;
    const scale = camera.scale * pixelRatio;
    const left = (frame.width * pixelRatio) / 2 - camera.x * scale;
    const top = (frame.height * pixelRatio) / 2 - camera.y * scale;
    const discRadius = frame.radius * pixelRatio;
    for (let i = 0; i < points.count; i++) {
      const visibility = style[4 * i + 3];
      if (visibility === pointVisibility.hidden) continue;
      const cx = (from[2 * i] + (to[2 * i] - from[2 * i]) * progress) * scale + left;
      const cy = (from[2 * i + 1] + (to[2 * i + 1] - from[2 * i + 1]) * progress) * scale + top;
      const isRing = style[4 * i + 1] === pointShape.ring;
      const radius = isRing ? discRadius * ringRadius : discRadius;
      const outer = radius + 0.5;
      if (!(cx > -outer && cy > -outer && cx < width + outer && cy < height + outer)) continue;
      // Below this distance a ring is empty; a disc has no such place.
      const inner = isRing ? radius - ringStroke(radius) - 0.5 : -1;
      const [red, green, blue, alpha] = palette[style[4 * i]];
      let opacity = isRing ? alpha : alpha * frame.opacity;
      if (frame.trustShade) opacity *= trustOpacity(style[4 * i + 2] / 255);
      if (visibility === pointVisibility.dimmed) opacity *= dimmedOpacity;
      const whole = radius > 0.5 ? (radius - 0.5) ** 2 : 0;
      const firstX = Math.max(0, Math.floor(cx - outer));
      const lastX = Math.min(width - 1, Math.floor(cx + outer));
      const lastY = Math.min(height - 1, Math.floor(cy + outer));
      for (let y = Math.max(0, Math.floor(cy - outer)); y <= lastY; y++) {
        const dy = y + 0.5 - cy;
        for (let x = firstX; x <= lastX; x++) {
          const dx = x + 0.5 - cx;
          const squared = dx * dx + dy * dy;
          if (squared >= outer * outer) continue;
          let a = opacity;
          if (isRing || squared > whole) {
            const distance = Math.sqrt(squared);
            a *= Math.min(1, outer - distance);
            if (isRing) a *= Math.min(1, Math.max(0, distance - inner));
          }
          const at = 4 * (y * width + x);
          const below = data[at + 3] / 255;
          // Source over, in colors that are not multiplied by their opacity, as image data holds them.
          const together = a + below * (1 - a);
          if (together <= 0) continue;
          const share = a / together;
          data[at] += (255 * red - data[at]) * share;
          data[at + 1] += (255 * green - data[at + 1]) * share;
          data[at + 2] += (255 * blue - data[at + 2]) * share;
          data[at + 3] = 255 * together;
        }
      }
    }
  }
}
