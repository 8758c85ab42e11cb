import type { MapColumns } from '../../src/shared/space';
import { placeLabels, type LabelPlace } from './labelPlacement';
import type { MapController } from './mapController';

interface Label {
  element: HTMLElement;
  x: number;
  y: number;
  count: number;
  width: number;
  height: number;
  place: LabelPlace;
}

const maxLabels = 60;

/** Names of the clusters over the canvas. Screen readers have the legend and lists instead. */
export class LabelOverlay {
  private labels: Label[] = [];
  private placedScale = 0;

  constructor(private readonly host: HTMLElement) {}

  setMap(map: MapColumns | null): void {
    this.host.replaceChildren();
    this.placedScale = 0;
    const clusters = [...(map?.clusters ?? [])]
      .filter((cluster) => cluster.count > 0 && Number.isFinite(cluster.x) && Number.isFinite(cluster.y))
      .sort((a, b) => b.count - a.count)
      .slice(0, maxLabels);
    this.labels = clusters.map((cluster) => {
      const element = document.createElement('span');
      element.className = 'map-label';
      element.textContent = cluster.name;
      this.host.append(element);
      return { element, x: cluster.x, y: cluster.y, count: cluster.count, width: 0, height: 0, place: undefined };
    });
  }

  /** Moves the labels along with the map. Which ones are shown depends on the zoom alone. */
  update(controller: MapController): void {
    const { camera, size, zoom } = controller;
    if (Math.abs(camera.scale - this.placedScale) > 0.02 * this.placedScale) {
      this.placedScale = camera.scale;
      for (const label of this.labels) {
        label.width ||= label.element.offsetWidth;
        label.height ||= label.element.offsetHeight;
      }
      const requests = this.labels.map((label) => ({
        x: label.x * camera.scale,
        y: label.y * camera.scale,
        width: label.width,
        height: label.height,
        priority: label.count,
      }));
      placeLabels(requests).forEach((place, i) => (this.labels[i].place = place));
    }
    // Far out, the smallest clusters are specks; deep inside one, its name says nothing new.
    const far = Math.min(1, Math.max(0, (zoom - 0.45) / 0.3));
    const near = Math.min(1, Math.max(0.3, 1.4 - Math.log2(Math.max(zoom, 1)) / 6));
    const stretch = camera.scale / this.placedScale;
    for (const label of this.labels) {
      const { element, place } = label;
      const x = place ? place.x * stretch - camera.x * camera.scale + size.width / 2 : 0;
      const y = place ? place.y * stretch - camera.y * camera.scale + size.height / 2 : 0;
      const inside =
        place !== undefined &&
        x > -label.width &&
        y > -label.height &&
        x < size.width + label.width &&
        y < size.height + label.height;
      const opacity = inside ? far * near : 0;
      element.style.opacity = String(Math.round(opacity * 100) / 100);
      element.style.visibility = opacity > 0.02 ? 'visible' : 'hidden';
      if (inside)
        element.style.transform = `translate(${Math.round(x - label.width / 2)}px, ${Math.round(y - label.height / 2)}px)`;
    }
  }
}
