/** A label that wants to stand at a place, measured in CSS pixels. */
export interface LabelRequest {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Larger ones are placed first. */
  priority: number;
}

/** Middle of a placed label, or undefined where there was no room. */
export type LabelPlace = { x: number; y: number } | undefined;

const gap = 6;
/** Steps away from the wanted place, in label heights: first none, then above and below. */
const nudges = [0, -1.15, 1.15, -2.2, 2.2];

/**
 * Places labels without overlaps: the most important first, each at the first of a few places that is free. What
 * finds no room is left out. Coordinates know nothing of the view, so that panning never makes labels jump.
 */
export function placeLabels(requests: readonly LabelRequest[]): LabelPlace[] {
  const places: LabelPlace[] = requests.map(() => undefined);
  const taken: { left: number; right: number; top: number; bottom: number }[] = [];
  const byPriority = requests.map((_, i) => i).sort((a, b) => requests[b].priority - requests[a].priority || a - b);
  for (const i of byPriority) {
    const request = requests[i];
    for (const nudge of nudges) {
      const y = request.y + nudge * request.height;
      const box = {
        left: request.x - request.width / 2 - gap,
        right: request.x + request.width / 2 + gap,
        top: y - request.height / 2 - gap / 2,
        bottom: y + request.height / 2 + gap / 2,
      };
      const free = taken.every(
        (other) =>
          box.right <= other.left || box.left >= other.right || box.bottom <= other.top || box.top >= other.bottom,
      );
      if (!free) continue;
      taken.push(box);
      places[i] = { x: request.x, y };
      break;
    }
  }
  return places;
}
