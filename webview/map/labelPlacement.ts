import type { ViewSize } from './camera';

/** A label that wants to stand at a place, measured in CSS pixels. */
export interface LabelRequest {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Larger ones are placed first. */
  priority: number;
}

/** CSS pixels. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Middle of a placed label, or undefined where there was no room. */
export type LabelPlace = { x: number; y: number } | undefined;

const gap = 6;
/** Distance of a label from the border of the view. */
const margin = 4;
/** Steps away from the wanted place, in label heights: first none, then above and below. */
const nudges = [0, -1.15, 1.15, -2.2, 2.2];

/**
 * Places labels without overlaps: the most important first, each at the first of a few places that is free. What
 * finds no room is left out. Coordinates know nothing of the view, so that panning never makes labels jump.
 */
export function placeLabels(requests: readonly LabelRequest[]): LabelPlace[] {
  const places: LabelPlace[] = requests.map(() => undefined);
  const taken: Box[] = [];
  const byPriority = requests.map((_, i) => i).sort((a, b) => requests[b].priority - requests[a].priority || a - b);
  for (const i of byPriority) {
    const request = requests[i];
    for (const nudge of nudges) {
      const place = { x: request.x, y: request.y + nudge * request.height };
      const box = boxAround(place, request);
      if (!isFree(box, taken)) continue;
      taken.push(box);
      places[i] = place;
      break;
    }
  }
  return places;
}

/**
 * Where a placed label stands in the view: pushed inside when it would lie across the border, as long as what it names
 * is in sight. Undefined where that is not or where something stands already; takes the place otherwise.
 */
export function keepInside(
  anchor: { x: number; y: number },
  wanted: { x: number; y: number },
  label: { width: number; height: number },
  size: ViewSize,
  taken: Box[],
): LabelPlace {
  if (anchor.x < 0 || anchor.y < 0 || anchor.x > size.width || anchor.y > size.height) return undefined;
  const reachX = label.width / 2 + margin;
  const reachY = label.height / 2 + margin;
  if (size.width < 2 * reachX || size.height < 2 * reachY) return undefined;
  const place = {
    x: Math.min(size.width - reachX, Math.max(reachX, wanted.x)),
    y: Math.min(size.height - reachY, Math.max(reachY, wanted.y)),
  };
  const box = boxAround(place, label);
  if (!isFree(box, taken)) return undefined;
  taken.push(box);
  return place;
}

function boxAround(place: { x: number; y: number }, { width, height }: { width: number; height: number }): Box {
  return {
    left: place.x - width / 2 - gap / 2,
    right: place.x + width / 2 + gap / 2,
    top: place.y - height / 2 - gap / 4,
    bottom: place.y + height / 2 + gap / 4,
  };
}

function isFree(box: Box, taken: readonly Box[]): boolean {
  return taken.every(
    (other) => box.right <= other.left || box.left >= other.right || box.bottom <= other.top || box.top >= other.bottom,
  );
}
