/** Where the map is looked at from. Screen y grows downward, and so does map y. */
export interface Camera {
  /** Map coordinates at the middle of the view. */
  x: number;
  y: number;
  /** CSS pixels for one map unit. */
  scale: number;
}

/** CSS pixels. */
export interface ViewSize {
  width: number;
  height: number;
}

export interface Bounds {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

export function toScreen(camera: Camera, size: ViewSize, x: number, y: number): { x: number; y: number } {
  return { x: (x - camera.x) * camera.scale + size.width / 2, y: (y - camera.y) * camera.scale + size.height / 2 };
}

export function toMap(camera: Camera, size: ViewSize, x: number, y: number): { x: number; y: number } {
  return { x: (x - size.width / 2) / camera.scale + camera.x, y: (y - size.height / 2) / camera.scale + camera.y };
}

export function boundsOf(coordinates: Float32Array): Bounds | undefined {
  const bounds: Bounds = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  for (let i = 0; i < coordinates.length; i += 2) {
    const x = coordinates[i];
    const y = coordinates[i + 1];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    bounds.minX = Math.min(bounds.minX, x);
    bounds.maxX = Math.max(bounds.maxX, x);
    bounds.minY = Math.min(bounds.minY, y);
    bounds.maxY = Math.max(bounds.maxY, y);
  }
  return bounds.minX <= bounds.maxX ? bounds : undefined;
}

/** The camera that shows everything, with room for labels and markers around. */
export function fitCamera(bounds: Bounds, size: ViewSize): Camera {
  const padding = Math.min(56, Math.min(size.width, size.height) * 0.09);
  const width = Math.max(bounds.maxX - bounds.minX, 1e-3);
  const height = Math.max(bounds.maxY - bounds.minY, 1e-3);
  const scale = Math.min(
    Math.max(size.width - 2 * padding, 32) / width,
    Math.max(size.height - 2 * padding, 32) / height,
    // One point or a tight clump must not fill the screen.
    4000,
  );
  return { x: (bounds.minX + bounds.maxX) / 2, y: (bounds.minY + bounds.maxY) / 2, scale };
}

/** Zooms by a factor and keeps what is under the screen point where it is. */
export function zoomAt(
  camera: Camera,
  size: ViewSize,
  at: { x: number; y: number },
  factor: number,
  limits: { min: number; max: number },
): Camera {
  const scale = Math.min(limits.max, Math.max(limits.min, camera.scale * factor));
  const anchor = toMap(camera, size, at.x, at.y);
  return {
    x: anchor.x - (at.x - size.width / 2) / scale,
    y: anchor.y - (at.y - size.height / 2) / scale,
    scale,
  };
}

/** Between two cameras; the scale moves geometrically, as the eye judges zoom by ratio. */
export function mixCameras(from: Camera, to: Camera, t: number): Camera {
  const scale = from.scale * (to.scale / from.scale) ** t;
  // Weighing the center by how much of the zoom is done keeps the target steady on the screen.
  const weight =
    Math.abs(to.scale - from.scale) < 1e-6 * from.scale
      ? t
      : (1 / scale - 1 / from.scale) / (1 / to.scale - 1 / from.scale);
  return { x: from.x + (to.x - from.x) * weight, y: from.y + (to.y - from.y) * weight, scale };
}
