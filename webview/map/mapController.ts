import type { MapColumns } from '../../src/shared/space';
import type { MapColoring } from '../model/coloring';
import { prefersReducedMotion } from '../theme/theme';
import {
  boundsOf,
  fitCamera,
  mixCameras,
  toMap,
  toScreen,
  zoomAt,
  type Bounds,
  type Camera,
  type ViewSize,
} from './camera';
import { fitAround } from './fitView';
import { Area, type Polygon } from './areaSelection';
import { MapSurface } from './mapSurface';
import { PointIndex } from './pointIndex';
import type { MapRenderer, Palette } from './renderer';
import {
  drawingOrder,
  isVisible,
  marksOf,
  noEmphasis,
  opacityFor,
  orderedCoordinates,
  radiusFor,
  styleOf,
  type Emphasis,
} from './scene';

export interface MapEvents {
  /** After every frame, for what lies over the canvas. */
  onFrame(): void;
  /** The person moved the view. */
  onViewChange(): void;
  /** A new revision was drawn with this many points. */
  onDrawn(points: number, renderer: MapRenderer['kind']): void;
}

const moveMs = 650;
const glideMs = 220;

/** Owns the canvas: what is drawn, from where it is seen, and when it must be drawn again. */
export class MapController {
  camera: Camera = { x: 0, y: 0, scale: 100 };
  size: ViewSize = { width: 0, height: 0 };
  /** True until the person moves the view: then a growing map no longer refits it. */
  autoFit = true;
  private readonly surface: MapSurface;
  private map: MapColumns | undefined;
  private order: Uint32Array = new Uint32Array();
  private index: PointIndex | undefined;
  private bounds: Bounds = { minX: -1, minY: -1, maxX: 1, maxY: 1 };
  private coloring: MapColoring | undefined;
  private emphasis: Emphasis = noEmphasis;
  private hovered: number | undefined;
  private palette: Palette | undefined;
  private trustShade = false;
  private shown = 0;
  private move: { start: number; from: Float32Array } | undefined;
  private glide: { start: number; from: Camera; to: Camera } | undefined;
  private pendingFit: { animate: boolean } | undefined;
  private styleDirty = false;
  private toldRevision: number | undefined;
  private frame = 0;

  constructor(
    private readonly host: HTMLElement,
    private readonly events: MapEvents,
  ) {
    this.surface = new MapSurface(host, () => {
      this.uploadPoints();
      this.invalidate();
    });
  }

  get rendererKind(): MapRenderer['kind'] | undefined {
    return this.surface.renderer?.kind;
  }

  get shownPoints(): number {
    return this.shown;
  }

  /** Zoom relative to the whole map in view. */
  get zoom(): number {
    return this.size.width > 0 ? this.camera.scale / fitCamera(this.bounds, this.size).scale : 1;
  }

  /** A new map. Points that were there move to their new places; the view stays unless it still shows everything. */
  setMap(map: MapColumns | undefined): void {
    const previous = this.map && map ? this.presentCoordinates() : undefined;
    const previousMap = this.map;
    this.map = map;
    this.hovered = undefined;
    this.emphasis = noEmphasis;
    if (!map) {
      this.order = new Uint32Array();
      this.index = undefined;
      this.move = undefined;
      this.toldRevision = undefined;
      this.surface.renderer?.setPoints({
        count: 0,
        from: new Float32Array(),
        to: new Float32Array(),
        style: new Uint8Array(),
      });
      this.invalidate();
      return;
    }
    this.order = drawingOrder(map);
    this.index = new PointIndex(map.coordinates);
    this.bounds = boundsOf(map.coordinates) ?? this.bounds;
    this.move = undefined;
    if (previous && previousMap && !prefersReducedMotion()) {
      const from = map.coordinates.slice();
      const rowOfPoint = new Map<number, number>();
      previousMap.point.forEach((point, row) => rowOfPoint.set(point, row));
      map.point.forEach((point, row) => {
        const before = rowOfPoint.get(point);
        if (before === undefined) return;
        from[2 * row] = previous[2 * before]!;
        from[2 * row + 1] = previous[2 * before + 1]!;
      });
      this.move = { start: performance.now(), from };
    }
    this.coloring = undefined;
    this.uploadPoints();
    if (this.autoFit) this.fit(previous !== undefined);
    this.invalidate();
  }

  setColoring(coloring: MapColoring): void {
    this.coloring = coloring;
    this.restyle();
  }

  setEmphasis(emphasis: Emphasis): void {
    this.emphasis = emphasis;
    this.restyle();
  }

  setHovered(row: number | undefined): void {
    if (row === this.hovered) return;
    this.hovered = row;
    this.invalidate();
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
    this.invalidate();
  }

  setTrustShade(on: boolean): void {
    this.trustShade = on;
    this.invalidate();
  }

  setView(camera: Camera): void {
    this.autoFit = false;
    this.pendingFit = undefined;
    this.glide = undefined;
    this.camera = camera;
    this.invalidate();
  }

  resize(width: number, height: number): void {
    if (width < 1 || height < 1 || (width === this.size.width && height === this.size.height)) return;
    this.size = { width, height };
    if (this.autoFit) this.fit(false);
    this.invalidate();
  }

  fit(animate: boolean): void {
    this.autoFit = true;
    // Done with the next frame: by then the legend, which the points keep clear of, has its size.
    this.pendingFit = { animate: animate || this.pendingFit?.animate === true };
    this.events.onViewChange();
    this.invalidate();
  }

  pan(dx: number, dy: number): void {
    const { x, y, scale } = this.camera;
    this.look({ x: x - dx / scale, y: y - dy / scale, scale });
  }

  zoomBy(factor: number, at: { x: number; y: number }, animate: boolean): void {
    const from = this.glide?.to ?? this.camera;
    const fitted = fitCamera(this.bounds, this.size).scale;
    const camera = zoomAt(from, this.size, at, factor, { min: fitted * 0.4, max: fitted * 400 });
    if (!animate) this.look(camera);
    else {
      this.autoFit = false;
      this.glideTo(camera, true);
      this.events.onViewChange();
    }
  }

  /** Brings a row or a place of the map into view when it lies outside or hidden behind the edge. */
  reveal(target: number | { x: number; y: number }): void {
    const place = typeof target === 'number' ? this.placeOf(target) : target;
    const { x, y } = toScreen(this.glide?.to ?? this.camera, this.size, place.x, place.y);
    const margin = 28;
    if (x >= margin && y >= margin && x <= this.size.width - margin && y <= this.size.height - margin) return;
    this.autoFit = false;
    this.glideTo({ ...place, scale: this.camera.scale }, true);
    this.events.onViewChange();
  }

  /** The nearest shown row within some CSS pixels of a place on the canvas. */
  pick(x: number, y: number, reach = 12): number | undefined {
    const { map, coloring, index } = this;
    if (!map || !coloring || !index) return undefined;
    const at = toMap(this.camera, this.size, x, y);
    return index.nearest(at.x, at.y, reach / this.camera.scale, (row) => isVisible(map, coloring, row));
  }

  /** The shown rows inside a polygon of the canvas, exactly: a point is inside when its middle is. */
  rowsIn(polygon: Polygon): number[] {
    const { map, coloring, index } = this;
    if (!map || !coloring || !index || polygon.length < 6) return [];
    const corners: number[] = [];
    for (let i = 0; i < polygon.length; i += 2) {
      const { x, y } = toMap(this.camera, this.size, polygon[i], polygon[i + 1]);
      corners.push(x, y);
    }
    return index.inside(new Area(corners), (row) => isVisible(map, coloring, row));
  }

  /** The shown row that an arrow key goes to: from a row, or from the middle of the view. */
  neighborTowards(row: number | undefined, dx: number, dy: number): number | undefined {
    const { map, coloring, index } = this;
    if (!map || !coloring || !index) return undefined;
    const shown = (other: number): boolean => other !== row && isVisible(map, coloring, other);
    if (row === undefined) return index.nearest(this.camera.x, this.camera.y, 8, shown);
    return index.towards({ x: map.coordinates[2 * row], y: map.coordinates[2 * row + 1] }, { x: dx, y: dy }, shown);
  }

  /** Where a row is now, in CSS pixels of the canvas. */
  screenOf(row: number): { x: number; y: number } {
    const place = this.placeOf(row);
    return toScreen(this.camera, this.size, place.x, place.y);
  }

  get pointRadius(): number {
    return radiusFor(this.shown, this.size.width, this.size.height, this.zoom);
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.surface.dispose();
  }

  invalidate(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame((now) => this.draw(now));
  }

  private fitNow(): void {
    if (!this.pendingFit || !this.map) return;
    const { animate } = this.pendingFit;
    this.pendingFit = undefined;
    const camera = fitAround(this.map.coordinates, this.size, this.legendBox());
    if (camera) this.glideTo(camera, animate);
  }

  private legendBox(): { left: number; top: number; right: number; bottom: number } | undefined {
    const legend = this.host.parentElement?.querySelector('.legend')?.getBoundingClientRect();
    const box = this.host.getBoundingClientRect();
    if (!legend) return undefined;
    return {
      left: legend.left - box.left,
      top: legend.top - box.top,
      right: legend.right - box.left,
      bottom: legend.bottom - box.top,
    };
  }

  private draw(now: number): void {
    this.frame = 0;
    if (this.surface.lost || this.size.width === 0 || !this.palette) return;
    this.fitNow();
    const progress = this.step(now);
    if (this.styleDirty && this.map && this.coloring) {
      const { style, shown } = styleOf(this.map, this.order, this.coloring, this.emphasis);
      this.surface.renderer?.setStyle(style);
      this.shown = shown;
      this.styleDirty = false;
    }
    const pixelRatio = devicePixelRatio || 1;
    this.surface.resize(Math.round(this.size.width * pixelRatio), Math.round(this.size.height * pixelRatio));
    const radius = this.pointRadius;
    const marked = this.coloring
      ? marksOf(this.emphasis, this.hovered, this.coloring, radius, (row) => this.placeOf(row))
      : { lines: [], marks: [] };
    this.surface.renderer?.draw({
      camera: this.camera,
      ...this.size,
      pixelRatio,
      progress,
      radius,
      opacity: opacityFor(this.shown, this.zoom),
      trustShade: this.trustShade,
      palette: this.palette,
      ...marked,
    });
    this.events.onFrame();
    const { renderer } = this.surface;
    if (this.map && this.coloring && renderer && this.toldRevision !== this.map.revision) {
      this.toldRevision = this.map.revision;
      this.events.onDrawn(this.shown, renderer.kind);
    }
    if (this.move || this.glide) this.invalidate();
  }

  /** Advances what moves and returns the progress of the points. */
  private step(now: number): number {
    if (this.glide) {
      const t = Math.min(1, Math.max(0, (now - this.glide.start) / glideMs));
      this.camera = mixCameras(this.glide.from, this.glide.to, ease(t));
      if (t === 1) this.glide = undefined;
    }
    if (this.move && this.moveProgress(now) === 1) this.move = undefined;
    return this.moveProgress(now);
  }

  private moveProgress(now: number): number {
    return this.move ? ease(Math.min(1, Math.max(0, (now - this.move.start) / moveMs))) : 1;
  }

  private look(camera: Camera): void {
    this.glide = undefined;
    this.autoFit = false;
    this.camera = camera;
    this.events.onViewChange();
    this.invalidate();
  }

  private glideTo(camera: Camera, animate: boolean): void {
    if (animate && !prefersReducedMotion()) this.glide = { start: performance.now(), from: this.camera, to: camera };
    else {
      this.glide = undefined;
      this.camera = camera;
    }
    this.invalidate();
  }

  private restyle(): void {
    this.styleDirty = true;
    this.invalidate();
  }

  private placeOf(row: number): { x: number; y: number } {
    const to = this.map!.coordinates;
    if (!this.move) return { x: to[2 * row], y: to[2 * row + 1] };
    const t = this.moveProgress(performance.now());
    const { from } = this.move;
    return {
      x: from[2 * row] + (to[2 * row] - from[2 * row]) * t,
      y: from[2 * row + 1] + (to[2 * row + 1] - from[2 * row + 1]) * t,
    };
  }

  private presentCoordinates(): Float32Array {
    const to = this.map!.coordinates;
    if (!this.move) return to;
    const t = this.moveProgress(performance.now());
    return this.move.from.map((value, i) => value + (to[i] - value) * t);
  }

  private uploadPoints(): void {
    if (!this.map) return;
    const to = orderedCoordinates(this.map.coordinates, this.order);
    const from = this.move ? orderedCoordinates(this.move.from, this.order) : to;
    const style = new Uint8Array(4 * this.order.length);
    // Nothing shows before it has a color.
    for (let i = 3; i < style.length; i += 4) style[i] = 2;
    this.surface.renderer?.setPoints({ count: this.order.length, from, to, style });
    this.styleDirty = true;
  }
}

function ease(t: number): number {
  return 1 - (1 - t) ** 3;
}
