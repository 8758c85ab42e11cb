import { boundsOf, fitCamera, toScreen, type Camera, type ViewSize } from './camera';

/** CSS pixels of the canvas. */
interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const maxSamples = 2000;
const scales = [1, 0.94, 0.88, 0.82];
const shifts = [0, 0.5, 1];

/**
 * The camera that shows the whole map, moved aside and made a little smaller where that keeps points from hiding
 * under the legend, which stands in the lower left corner.
 */
export function fitAround(coordinates: Float32Array, size: ViewSize, legend: Box | undefined): Camera | undefined {
  const bounds = boundsOf(coordinates);
  if (!bounds) return undefined;
  const fitted = fitCamera(bounds, size);
  if (!legend) return fitted;
  const step = Math.max(1, Math.ceil(coordinates.length / 2 / maxSamples));
  const covered = (camera: Camera): number => {
    let count = 0;
    for (let i = 0; i < coordinates.length; i += 2 * step) {
      const { x, y } = toScreen(camera, size, coordinates[i], coordinates[i + 1]);
      if (x > legend.left - 8 && x < legend.right + 8 && y > legend.top - 8 && y < legend.bottom + 8) count++;
    }
    return count;
  };
  let best = fitted;
  let bestCovered = covered(fitted);
  for (const factor of scales) {
    const scale = fitted.scale * factor;
    const roomX = Math.max(0, (size.width - (bounds.maxX - bounds.minX) * scale) / 2 - 52);
    const roomY = Math.max(0, (size.height - (bounds.maxY - bounds.minY) * scale) / 2 - 24);
    for (const right of shifts) {
      for (const up of shifts) {
        if (bestCovered === 0) return best;
        const camera = { x: fitted.x - (right * roomX) / scale, y: fitted.y + (up * roomY) / scale, scale };
        const under = covered(camera);
        if (under >= bestCovered) continue;
        best = camera;
        bestCovered = under;
      }
    }
  }
  return best;
}
