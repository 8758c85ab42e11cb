import type { MapCluster, MapColumns } from '../../src/shared/space';
import type { ViewSize } from './camera';
import { keepInside, placeLabels, type Box, type LabelPlace } from './labelPlacement';
import type { MapController } from './mapController';

interface Label {
  cluster: MapCluster;
  /** Position of the cluster in its level. */
  position: number;
  /** Whether one of its points is shown. */
  isShown: boolean;
  /** Made when it is first shown. */
  element: HTMLElement | undefined;
  width: number;
  height: number;
  place: LabelPlace;
}

/** A label as it stands on the map, for pictures: its middle in CSS pixels. */
export interface ShownLabel {
  text: string;
  x: number;
  y: number;
  opacity: number;
}

/** Clusters of a level that are named at most: the largest. */
const maxLabels = 240;
/**
 * Room that a label wants, with what lies between it and the next, in square pixels of the map. Finer clusters than those
 * of the legend come only when there is plenty.
 */
const roomForLabel = 150 * 28;
const roomForFinerLabel = 150 * 110;
const measureEveryMs = 300;

/**
 * Names of the clusters over the canvas: coarse ones as long as there is little room, finer ones as the map grows. They
 * never overlap and never lie across the border. Screen readers have the legend and lists instead.
 */
export class LabelOverlay {
  private levels: Label[][] = [];
  /** Cluster of each row, by level. */
  private clusterOf: readonly Uint16Array[] = [];
  private legendLevel = 0;
  private level = -1;
  private placedScale = 0;
  private obstacles: Box[] = [];
  private measuredAt = -Infinity;
  private shown: ShownLabel[] = [];

  constructor(private readonly host: HTMLElement) {}

  setMap(map: MapColumns | null): void {
    this.host.replaceChildren();
    this.level = -1;
    this.legendLevel = map?.clusterLevel ?? 0;
    const levels = map?.clusterLevels.length
      ? map.clusterLevels.map(({ clusters }) => clusters)
      : [map?.clusters ?? []];
    this.levels = levels.map((clusters) =>
      clusters
        .map((cluster, position) => ({ cluster, position }))
        .filter(({ cluster: { count, x, y } }) => count > 0 && Number.isFinite(x) && Number.isFinite(y))
        .sort((a, b) => b.cluster.count - a.cluster.count)
        .slice(0, maxLabels)
        .map((label) => ({ ...label, isShown: true, element: undefined, width: 0, height: 0, place: undefined })),
    );
    this.clusterOf = map?.clusterLevels.length ? map.clusterLevels.map(({ of }) => of) : map ? [map.cluster] : [];
  }

  /** Clusters of which the legend hides every point are not named. @param visible 1 by row where it is shown */
  setVisible(visible: Uint8Array): void {
    this.levels.forEach((labels, level) => {
      const shown = new Set<number>();
      this.clusterOf[level]?.forEach((cluster, row) => visible[row] === 1 && shown.add(cluster));
      for (const label of labels) label.isShown = shown.has(label.position);
    });
    this.placedScale = 0;
  }

  get labels(): readonly ShownLabel[] {
    return this.shown;
  }

  /** Moves the labels along with the map. Which ones are wanted depends on the zoom alone, so that panning never makes them jump. */
  update(controller: MapController): void {
    const { camera, size, zoom } = controller;
    this.choose(controller.mapArea);
    const labels = this.levels[this.level] ?? [];
    if (Math.abs(camera.scale - this.placedScale) > 0.02 * this.placedScale) this.place(labels, camera.scale);
    this.measureObstacles(size);
    const stretch = camera.scale / this.placedScale;
    const near = Math.min(1, Math.max(0.55, 1.4 - Math.log2(Math.max(zoom, 1)) / 6));
    const taken = [...this.obstacles];
    this.shown = [];
    for (const label of labels) {
      const { place, cluster } = label;
      const left = size.width / 2 - camera.x * camera.scale;
      const top = size.height / 2 - camera.y * camera.scale;
      const anchor = { x: cluster.x * camera.scale + left, y: cluster.y * camera.scale + top };
      const wanted = place && { x: place.x * stretch + left, y: place.y * stretch + top };
      const inside = wanted && keepInside(anchor, wanted, label, size, taken);
      if (!inside) {
        if (label.element) label.element.style.visibility = 'hidden';
        continue;
      }
      const { x, y } = inside;
      const element = (label.element ??= this.create(cluster.name));
      element.style.opacity = String(Math.round(near * 100) / 100);
      element.style.visibility = 'visible';
      element.style.transform = `translate(${Math.round(x - label.width / 2)}px, ${Math.round(y - label.height / 2)}px)`;
      this.shown.push({ text: cluster.name, x, y, opacity: near });
    }
  }

  /** The finest level whose names have room on a map of this many square pixels. */
  private choose(mapArea: number): void {
    let level = 0;
    const room = (next: number): number => (next > this.legendLevel ? roomForFinerLabel : roomForLabel);
    while (level + 1 < this.levels.length && this.levels[level + 1].length * room(level + 1) <= mapArea) level++;
    if (level === this.level) return;
    for (const label of this.levels[this.level] ?? []) {
      label.element?.remove();
      label.element = undefined;
    }
    this.level = level;
    this.placedScale = 0;
  }

  private place(labels: readonly Label[], scale: number): void {
    this.placedScale = scale;
    for (const label of labels) {
      if (label.width > 0) continue;
      label.element ??= this.create(label.cluster.name);
      label.width = label.element.offsetWidth;
      label.height = label.element.offsetHeight;
    }
    const wanted = labels.filter(({ isShown }) => isShown);
    for (const label of labels) label.place = undefined;
    const places = placeLabels(
      wanted.map(({ cluster, width, height }) => ({
        ...{ x: cluster.x * scale, y: cluster.y * scale, width, height },
        priority: cluster.count,
      })),
    );
    places.forEach((place, i) => (wanted[i].place = place));
  }

  /** Where legend and buttons stand, which names keep clear of. Measuring at every frame would be slow. */
  private measureObstacles(size: ViewSize): void {
    const now = performance.now();
    if (now - this.measuredAt < measureEveryMs) return;
    this.measuredAt = now;
    const map = this.host.closest('.map');
    const origin = this.host.getBoundingClientRect();
    this.obstacles = [...(map?.querySelectorAll('.legend, .zoom') ?? [])].map((element) => {
      const box = element.getBoundingClientRect();
      return {
        ...{ left: box.left - origin.left, right: box.right - origin.left },
        ...{ top: box.top - origin.top, bottom: Math.min(size.height, box.bottom - origin.top) },
      };
    });
  }

  private create(name: string): HTMLElement {
    const element = document.createElement('span');
    element.className = 'map-label';
    element.textContent = name;
    this.host.append(element);
    return element;
  }
}
