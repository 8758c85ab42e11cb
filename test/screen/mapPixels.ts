/**
 * Looks at a picture of the map: are there groups of colored points in several places? Counted on pixels, so that it
 * holds whatever drew them.
 */
import type { Locator, Page } from 'playwright-core';

/** Groups further apart than this many cells of the grid are told apart. */
const cellPixels = 12;
/** A hue counts when it covers this many pixels: about two points. */
const pixelsPerHue = 40;
/** Hues are told apart by twelfths of the color wheel. */
const hueSectors = 12;

export interface MapPixels {
  width: number;
  height: number;
  /** Pixels that are clearly colored. */
  colored: number;
  /** Sectors of the color wheel that cover enough pixels. */
  hues: number;
  /** Connected areas of cells with colored pixels. */
  areas: number;
  /** Where the color is thickest: the middle of a point. */
  spot: { x: number; y: number };
}

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Takes a picture of the element and counts its colored pixels in a page of the same browser.
 * @param overlays what lies over the map and has colors of its own, such as the legend: left out
 */
export async function readMapPixels(map: Locator, overlays: Locator, page: Page): Promise<MapPixels> {
  const frame = (await map.boundingBox())!;
  const boxes = await Promise.all((await overlays.all()).map((overlay) => overlay.boundingBox()));
  const covered = boxes
    .filter((box) => box !== null)
    .map((box) => ({ ...box, x: box.x - frame.x, y: box.y - frame.y }) satisfies Rectangle);
  const picture = (await map.screenshot()).toString('base64');
  const context = await page.context().browser()!.newContext();
  try {
    const reader = await context.newPage();
    return await reader.evaluate(countPixels, { picture, covered, cellPixels, pixelsPerHue, hueSectors });
  } finally {
    await context.close();
  }
}

interface CountOptions {
  picture: string;
  covered: Rectangle[];
  cellPixels: number;
  pixelsPerHue: number;
  hueSectors: number;
}

/** Runs in the page: a browser decodes PNG without a library. */
async function countPixels({
  picture,
  covered,
  cellPixels,
  pixelsPerHue,
  hueSectors,
}: CountOptions): Promise<MapPixels> {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.drawImage(image, 0, 0);
  for (const box of covered) context.clearRect(box.x - 1, box.y - 1, box.width + 2, box.height + 2);
  const { data } = context.getImageData(0, 0, width, height);
  const byHue = new Array<number>(hueSectors).fill(0);
  const columns = Math.ceil(width / cellPixels);
  const cells = new Set<number>();
  const isColored = new Uint8Array(width * height);
  let colored = 0;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const red = data[4 * pixel];
    const green = data[4 * pixel + 1];
    const blue = data[4 * pixel + 2];
    const largest = Math.max(red, green, blue);
    const spread = largest - Math.min(red, green, blue);
    if (spread < 60) continue;
    colored++;
    isColored[pixel] = 1;
    const sixth =
      largest === red
        ? (green - blue) / spread
        : largest === green
          ? 2 + (blue - red) / spread
          : 4 + (red - green) / spread;
    byHue[Math.floor((((sixth + 6) % 6) / 6) * hueSectors)]++;
    cells.add(Math.floor(Math.floor(pixel / width) / cellPixels) * columns + Math.floor((pixel % width) / cellPixels));
  }
  let areas = 0;
  while (cells.size > 0) {
    areas++;
    const open = [cells.values().next().value!];
    cells.delete(open[0]);
    while (open.length > 0) {
      const cell = open.pop()!;
      const column = cell % columns;
      for (const [dx, dy] of [
        [-1, 0],
        [1, 0],
        [0, -1],
        [0, 1],
      ]) {
        const next = cell + dy * columns + dx;
        if (column + dx >= 0 && column + dx < columns && cells.delete(next)) open.push(next);
      }
    }
  }
  const spot = { x: 0, y: 0 };
  let thickest = 0;
  const reach = 3;
  for (let y = reach; y < height - reach; y++) {
    for (let x = reach; x < width - reach; x++) {
      if (!isColored[y * width + x]) continue;
      let thickness = 0;
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) thickness += isColored[(y + dy) * width + x + dx];
      }
      if (thickness > thickest) {
        thickest = thickness;
        spot.x = x;
        spot.y = y;
      }
    }
  }
  return { width, height, colored, spot, hues: byHue.filter((count) => count >= pixelsPerHue).length, areas };
}

/** @returns why this is no map with several groups of points, or undefined when it is one */
export function whyNoMap({ width, height, colored, hues, areas }: MapPixels): string | undefined {
  if (width < 200 || height < 150) return `the map is only ${width} x ${height} pixels large`;
  if (colored < 300) return `only ${colored} pixels of the map are colored`;
  if (colored > 0.6 * width * height)
    return `${colored} of ${width * height} pixels are colored: that is no cloud of points`;
  if (hues < 3) return `only ${hues} colors are on the map`;
  if (areas < 5) return `the points stand in only ${areas} places`;
  return undefined;
}
