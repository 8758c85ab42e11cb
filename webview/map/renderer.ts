import type { Camera } from './camera';

/** How a point of the map is drawn. */
export const pointShape = { disc: 0, ring: 1 } as const;
export const pointVisibility = { shown: 0, dimmed: 1, hidden: 2 } as const;
/** `ring` is hollow; `dashedRing` too, in eight dashes. */
export const markShape = { disc: 0, star: 1, ring: 2, dashedRing: 3 } as const;

/** Slots of the palette: eight hues, then these, then the steps of the ramp for numbers, low to high. */
export const paletteSlot = { other: 8, warning: 9, foreground: 10, background: 11, accent: 12, ramp: 13 } as const;

/** RGBA, each 0 to 1, not premultiplied; 45 of them, as the shaders declare. */
export type Palette = readonly (readonly [number, number, number, number])[];

/** Points in the order in which they are drawn: later ones cover earlier ones. */
export interface PointColumns {
  count: number;
  /** 2 n map coordinates at the beginning and at the end of a move. */
  from: Float32Array;
  to: Float32Array;
  /** 4 n: palette slot, shape, trust in 255ths of full trust, visibility. */
  style: Uint8Array;
}

/** A line between two places of the map. */
export interface MapLine {
  fromX: number;
  fromY: number;
  toX: number;
  toY: number;
  /** CSS pixels. */
  width: number;
  opacity: number;
  /** Palette slot. */
  color: number;
}

/** A point that is drawn again on top: a neighbor, the selection, the star of a query. */
export interface MapMark {
  x: number;
  y: number;
  shape: number;
  /** CSS pixels. */
  radius: number;
  fill: number;
  stroke: number;
  strokeWidth: number;
  opacity: number;
}

export interface MapFrame {
  camera: Camera;
  /** CSS pixels of the canvas, and device pixels for each. */
  width: number;
  height: number;
  pixelRatio: number;
  /** 0 to 1 between `from` and `to`. */
  progress: number;
  /** Radius of a point in CSS pixels. */
  radius: number;
  opacity: number;
  /** Whether points fade as their trust falls. */
  trustShade: boolean;
  palette: Palette;
  lines: readonly MapLine[];
  marks: readonly MapMark[];
}

/** Draws the same picture by different means. */
export interface MapRenderer {
  readonly kind: 'webgl2' | 'canvas2d';
  setPoints(points: PointColumns): void;
  /** Restyles the points that were set; `style` as in `PointColumns`. */
  setStyle(style: Uint8Array): void;
  draw(frame: MapFrame): void;
  dispose(): void;
}

/** Opacity of a point with this trust (0 to 1) when trust is shown: even no trust stays visible. */
export function trustOpacity(trust: number): number {
  return 0.1 + 0.9 * trust ** 1.5;
}

/** Corners of a five-pointed star as x, y pairs. */
export function starPoints(x: number, y: number, radius: number): number[] {
  const corners: number[] = [];
  for (let i = 0; i < 10; i++) {
    const reach = i % 2 === 0 ? radius : radius * 0.46;
    const angle = (Math.PI * i) / 5 - Math.PI / 2;
    corners.push(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
  }
  return corners;
}

export const dimmedOpacity = 0.22;
/** Radius of a ring, in those of a disc. */
export const ringRadius = 1.45;

/** Width of a ring's line, as the shader of points has it. */
export function ringStroke(radius: number): number {
  return Math.max(1.25, radius * 0.3);
}
