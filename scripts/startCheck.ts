/**
 * The check of `npm start -- --check`: opens the served VS Code in a headless browser, waits until the panel says that it
 * drew the points of the index, and believes it only when the pixels agree. Loaded through tsx when packages are installed.
 */
import path from 'node:path';
import { launchBrowser, Workbench } from '../test/screen/workbench';
import { LatentLens } from '../test/screen/latentLens';
import { whyNoMap, type MapPixels } from '../test/screen/mapPixels';
import { PlainError, root } from './processes.mjs';
import { mapIsComplete, readStartReport } from './startReport.mjs';

const checkTimeoutMs = 150_000;
const pixelsTimeoutMs = 15_000;

export interface CheckResult {
  screenshot: string;
  pixels: MapPixels;
}

/**
 * @param address of the workspace in the served VS Code
 * @param reportFile what the extension tells
 * @throws PlainError that says what is missing on the map
 */
export async function checkMap(address: string, reportFile: string): Promise<CheckResult> {
  const browser = await launchBrowser();
  try {
    const workbench = await Workbench.open(browser, address);
    const folder = path.join(root, 'out', 'check');
    const deadline = Date.now() + checkTimeoutMs;
    while (!mapIsComplete(readStartReport(reportFile))) {
      const { error, indexed, drawn } = readStartReport(reportFile);
      if (error) throw new PlainError(`Latent Lens gave up: ${error.message}`);
      if (Date.now() > deadline) {
        const picture = await workbench.screenshot('failed', folder);
        const inIndex = indexed ? `${indexed.points} points are indexed` : 'the index is not finished';
        const onMap = drawn ? `the map has drawn ${drawn.points}` : 'the map has drawn nothing';
        throw new PlainError(
          `After ${checkTimeoutMs / 1000} s ${inIndex} and ${onMap}. Picture: ${path.relative(root, picture)}`,
        );
      }
      await workbench.page.waitForTimeout(200);
    }
    const pixels = await settledPixels(new LatentLens(workbench));
    const screenshot = await workbench.screenshot('map', folder);
    const reason = whyNoMap(pixels);
    if (reason)
      throw new PlainError(
        `The panel says that it drew the map, but ${reason}. Picture: ${path.relative(root, screenshot)}`,
      );
    return { screenshot, pixels };
  } finally {
    await browser.close();
  }
}

/** Reads the pixels until they show a map: points may still be moving to their places. */
async function settledPixels(lens: LatentLens): Promise<MapPixels> {
  await lens.map.waitFor();
  const deadline = Date.now() + pixelsTimeoutMs;
  for (;;) {
    await lens.workbench.page.waitForTimeout(500);
    const pixels = await lens.mapPixels();
    if (!whyNoMap(pixels) || Date.now() > deadline) return pixels;
  }
}
