// npm run bench:panel: how fast the panel draws, pans, picks and selects in a browser with software WebGL, and what it holds.
import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchBrowser, namesInPages } from '../../test/screen/workbench';
import { servePanel } from '../../test/webview/panelServer';
import { describeMachine } from './machine';

const counts = [10_000, 100_000];
const renderers = ['webgl2', 'canvas2d'] as const;
const frames = 60;
const picks = 400;
/** Each measure is taken so often; the median counts. */
const rounds = 3;

/** How fast frames come, and what one costs: the second holds on a busy machine, too. */
interface Pace {
  framesPerSecond: number;
  cpuMsPerFrame: number;
}

interface Measures {
  /** From loading the page to the map on it, the host's answer at hand. */
  openMs: number;
  /** From the arrival of coordinates to the frame that shows them. */
  firstFrameMs: number;
  pan: Pace;
  zoom: Pace;
  /** A movement of the pointer, answered. */
  pickMs: number;
  /** A lasso of 200 corners around about a third of the points, up to their list. */
  lassoMs: number;
  heapMegabytes: number;
}

async function measure(browser: Browser, address: string, points: number, renderer: string): Promise<Measures> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  try {
    await page.addInitScript(namesInPages);
    const query = `points=${points}${renderer === 'canvas2d' ? '&no-webgl' : ''}`;
    await page.goto(`${address}?${query}`);
    await page.waitForFunction(() => window.fakeHost.sent.some(({ type }) => type === 'drawn'));
    const openMs = await page.evaluate(() => window.drawnAt - window.readyAt);
    const drawn = await page.evaluate(() => window.fakeHost.sent.find((message) => message.type === 'drawn'));
    if (drawn?.type !== 'drawn' || drawn.renderer !== renderer)
      throw new Error(`The page does not draw with ${renderer}.`);
    const firstFrameMs = await firstFrame(page, points);
    const pan = await move(browser, page, 'drag');
    const zoom = await move(browser, page, 'wheel');
    const pickMs = await pick(page);
    const lassoMs = await lasso(page);
    return { openMs, firstFrameMs, pan, zoom, pickMs, lassoMs, heapMegabytes: await heap(page) };
  } finally {
    await page.close();
  }
}

function firstFrame(page: Page, points: number): Promise<number> {
  return page.evaluate(async (count) => {
    const told = (): number => window.fakeHost.sent.filter(({ type }) => type === 'drawn').length;
    const before = told();
    const arrived = new Promise<number>((resolve) =>
      window.addEventListener('message', () => resolve(performance.now()), { once: true, capture: true }),
    );
    window.fakeHost.sendSynthetic(count);
    const start = await arrived;
    while (told() === before) await new Promise((resolve) => setTimeout(resolve, 1));
    return window.drawnAt - start;
  }, points);
}

/** A drag over the map, or turns of the wheel; processor time of all of the browser's processes. */
async function move(browser: Browser, page: Page, how: 'drag' | 'wheel'): Promise<Pace> {
  const session = await browser.newBrowserCDPSession();
  const cpuMs = async (): Promise<number> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0);
  };
  const before = await cpuMs();
  const framesPerSecond = await page.evaluate(
    async ([wanted, kind]) => {
      const surface = document.querySelector('.map-surface')!;
      const canvas = [...document.querySelectorAll('.map-canvas')].at(-1)!;
      const press = (type: string, clientX: number, clientY: number): boolean =>
        canvas.dispatchEvent(
          new PointerEvent(type, { clientX, clientY, pointerId: 1, button: 0, isPrimary: true, bubbles: true }),
        );
      // A pointer that no hand moves can't be captured.
      Element.prototype.setPointerCapture = () => undefined;
      const start = performance.now();
      if (kind === 'drag') press('pointerdown', 300, 300);
      for (let frame = 0; frame < wanted; frame++) {
        const deltaY = frame % 2 === 0 ? 3 : -3;
        if (kind === 'drag') press('pointermove', 300 + 5 * frame, 300 + 2 * frame);
        else surface.dispatchEvent(new WheelEvent('wheel', { deltaY, clientX: 400, clientY: 400, cancelable: true }));
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      const elapsedMs = performance.now() - start;
      if (kind === 'drag') press('pointerup', 300 + 5 * wanted, 300 + 2 * wanted);
      return (1000 * wanted) / elapsedMs;
    },
    [frames, how] as const,
  );
  const cpuMsPerFrame = ((await cpuMs()) - before) / frames;
  await session.detach();
  return { framesPerSecond, cpuMsPerFrame };
}

function pick(page: Page): Promise<number> {
  return page.evaluate((wanted) => {
    const canvas = [...document.querySelectorAll('.map-canvas')].at(-1)!;
    const start = performance.now();
    for (let i = 0; i < wanted; i++) {
      const [clientX, clientY] = [260 + ((i * 37) % 600), 60 + ((i * 53) % 600)];
      canvas.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true, pointerId: 7 }));
    }
    return (performance.now() - start) / wanted;
  }, picks);
}

async function lasso(page: Page): Promise<number> {
  const box = (await page.locator('.map-surface').boundingBox())!;
  const corner = (i: number): [number, number] => [
    box.x + box.width / 2 + box.width * 0.36 * Math.cos((i * Math.PI) / 100),
    box.y + box.height / 2 + box.height * 0.32 * Math.sin((i * Math.PI) / 100),
  ];
  await page.keyboard.down('Alt');
  await page.mouse.move(...corner(0));
  await page.mouse.down();
  for (let i = 1; i < 200; i += 4) await page.mouse.move(...corner(i));
  await page.evaluate(() =>
    window.addEventListener('pointerup', () => (window.releasedAt = performance.now()), { once: true, capture: true }),
  );
  await page.mouse.up();
  await page.keyboard.up('Alt');
  await page.locator('#panel-chunk .virtual-row').first().waitFor();
  return page.evaluate(() => window.listedAt - window.releasedAt);
}

/** JavaScript's heap and the buffers behind its arrays, after a collection. */
async function heap(page: Page): Promise<number> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage = (await session.send('Runtime.getHeapUsage')) as { usedSize: number; backingStorageSize?: number };
  return (usage.usedSize + (usage.backingStorageSize ?? 0)) / 1e6;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

async function main(): Promise<void> {
  console.log(describeMachine());
  const { server, address } = await servePanel();
  const browser = await launchBrowser();
  try {
    console.log(`Chromium ${browser.version()}, WebGL in software, 1280 x 800\n`);
    console.log('| Points | Renderer | Open | First frame | Panning | Zooming | Picking | Lasso | Memory |');
    console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
    for (const points of counts) {
      for (const renderer of renderers) {
        const taken: Measures[] = [];
        for (let round = 0; round < rounds; round++) taken.push(await measure(browser, address, points, renderer));
        const of = (key: Exclude<keyof Measures, 'pan' | 'zoom'>): number =>
          median(taken.map((measures) => measures[key]));
        const pace = (key: 'pan' | 'zoom'): string => {
          const each = (part: keyof Pace): number => median(taken.map((measures) => measures[key][part]));
          return `${each('framesPerSecond').toFixed(0)} frames/s, ${each('cpuMsPerFrame').toFixed(1)} ms of processor time each`;
        };
        const cells = [
          `${Math.round(of('openMs'))} ms`,
          `${Math.round(of('firstFrameMs'))} ms`,
          pace('pan'),
          pace('zoom'),
          `${of('pickMs').toFixed(2)} ms`,
          `${Math.round(of('lassoMs'))} ms`,
          `${of('heapMegabytes').toFixed(0)} MB`,
        ];
        const name = renderer === 'webgl2' ? 'WebGL2' : 'Canvas 2-D';
        console.log(`| ${points.toLocaleString('en-US')} | ${name} | ${cells.join(' | ')} |`);
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
}

void main();
