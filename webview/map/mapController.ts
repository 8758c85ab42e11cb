import type { MapColumns } from '../../src/shared/space';
import type { MapColoring } from '../model/mapColoring';
import { prefersReducedMotion } from '../theme/theme';
import { boundsOf, fitCamera, toMap, toScreen, zoomAt, type Bounds, type Camera, type ViewSize } from './camera';
import { ContourLayer } from './contourLayer';
import { contourStrength, densityBands, type DensityBands } from './densityContours';
import { fitAround } from './fitView';
import { MapMotion } from './mapMotion';
import { Area, type Polygon } from './areaSelection';
import { MapSurface } from './mapSurface';
import { PointIndex } from './pointIndex';
import type { MapPicture } from './picture';
import { paletteSlot, type MapFrame, type MapRenderer, type Palette } from './renderer';
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
  private readonly motion = new MapMotion();
  private readonly contours: ContourLayer;
  private contoursDirty = false;
  private bands: DensityBands = [];
  private bandStrength = 0;
  private drawn: MapFrame | undefined;
  private pendingFit: { animate: boolean } | undefined;
  private styleDirty = false;
  private toldRevision: number | undefined;
  private frame = 0;
  /** Whether something but the camera's place has changed since the last frame. */
  private isStale = true;

  constructor(
    private readonly host: HTMLElement,
    private readonly events: MapEvents,
  ) {
    this.contours = new ContourLayer(host);
    this.surface = new MapSurface(
      host,
      () => {
        this.uploadPoints();
        this.invalidate();
      },
      () => this.invalidate(),
    );
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

  /** Square pixels that the whole map takes at this zoom. */
  get mapArea(): number {
    const { minX, minY, maxX, maxY } = this.bounds;
    return (maxX - minX) * (maxY - minY) * this.camera.scale ** 2;
  }

  /** A new map. Points that were there move to their new places; the view stays unless it still shows everything. */
  setMap(map: MapColumns | undefined): void {
    const previous = this.map && map ? this.motion.present(this.map.coordinates) : undefined;
    const previousMap = this.map;
    this.map = map;
    this.hovered = undefined;
    this.emphasis = noEmphasis;
    if (!map) {
      this.order = new Uint32Array();
      this.index = undefined;
      this.motion.movePoints(undefined);
      this.contours.setBands([]);
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
    this.motion.movePoints(undefined);
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
      this.motion.movePoints(from);
    }
    this.coloring = undefined;
    this.uploadPoints();
    if (this.autoFit) this.fit(previous !== undefined);
    this.invalidate();
  }

  setColoring(coloring: MapColoring): void {
    this.coloring = coloring;
    this.contoursDirty = true;
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
    this.motion.stopGlide();
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
    const from = this.motion.destination ?? this.camera;
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
    const { x, y } = toScreen(this.motion.destination ?? this.camera, this.size, place.x, place.y);
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

  /** What was drawn last, to draw it again elsewhere. */
  get picture(): Omit<MapPicture, 'labels'> | undefined {
    const { map, coloring, drawn } = this;
    if (!map || !coloring || !drawn) return undefined;
    return {
      frame: drawn,
      coordinates: orderedCoordinates(map.coordinates, this.order),
      style: styleOf(map, this.order, coloring, this.emphasis).style,
      bands: this.bandStrength > 0 ? this.bands : [],
      bandStrength: this.bandStrength,
    };
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.contours.dispose();
    this.surface.dispose();
  }

  invalidate(): void {
    this.isStale = true;
    this.requestFrame();
  }

  private requestFrame(): void {
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
    this.camera = this.motion.camera(now, this.camera);
    const progress = this.motion.progress(now);
    if (this.styleDirty && this.map && this.coloring) {
      const { style, shown } = styleOf(this.map, this.order, this.coloring, this.emphasis);
      this.surface.renderer?.setStyle(style);
      this.shown = shown;
      this.styleDirty = false;
    }
    const pixelRatio = devicePixelRatio || 1;
    this.drawContours(pixelRatio);
    const radius = this.pointRadius;
    const marked = this.coloring
      ? marksOf(this.emphasis, this.hovered, this.coloring, radius, (row) => this.placeOf(row))
      : { lines: [], marks: [] };
    this.drawn = {
      camera: this.camera,
      ...this.size,
      pixelRatio,
      progress,
      radius,
      opacity: opacityFor(this.shown, this.zoom),
      trustShade: this.trustShade,
      palette: this.palette,
      ...marked,
    };
    this.surface.show(this.drawn, !this.isStale);
    this.isStale = false;
    this.events.onFrame();
    const { renderer } = this.surface;
    if (this.map && this.coloring && renderer && this.toldRevision !== this.map.revision) {
      this.toldRevision = this.map.revision;
      this.events.onDrawn(this.shown, renderer.kind);
    }
    if (this.motion.isMoving) this.invalidate();
  }

  private drawContours(pixelRatio: number): void {
    const { map, coloring, palette } = this;
    if (!map || !coloring || !palette) return;
    const strength = contourStrength(this.zoom, this.shown, this.size.width, this.size.height);
    if (strength > 0 && this.contoursDirty) {
      this.bands = densityBands(map.coordinates, (row) => isVisible(map, coloring, row), this.bounds);
      this.contours.setBands(this.bands);
      this.contoursDirty = false;
    }
    this.bandStrength = strength;
    this.contours.draw(this.camera, { ...this.size, pixelRatio }, strength, palette[paletteSlot.foreground]);
  }

  private look(camera: Camera): void {
    if (this.motion.isMoving || camera.scale !== this.camera.scale) this.isStale = true;
    this.motion.stopGlide();
    this.autoFit = false;
    this.camera = camera;
    this.events.onViewChange();
    this.requestFrame();
  }

  private glideTo(camera: Camera, animate: boolean): void {
    if (animate && !prefersReducedMotion()) this.motion.glide(this.camera, camera);
    else {
      this.motion.stopGlide();
      this.camera = camera;
    }
    this.invalidate();
  }

  private restyle(): void {
    this.styleDirty = true;
    this.invalidate();
  }

  private placeOf(row: number): { x: number; y: number } {
    return this.motion.placeOf(row, this.map!.coordinates);
  }

  private uploadPoints(): void {
    if (!this.map) return;
    const to = orderedCoordinates(this.map.coordinates, this.order);
    const { origin } = this.motion;
    const from = origin ? orderedCoordinates(origin, this.order) : to;
    const style = new Uint8Array(4 * this.order.length);
    // Nothing shows before it has a color.
    for (let i = 3; i < style.length; i += 4) style[i] = 2;
    this.surface.renderer?.setPoints({ count: this.order.length, from, to, style });
    this.styleDirty = true;
  }
}
