import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import type { Server } from 'node:http';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, namesInPages } from '../screen/workbench';
import { FixtureSpace } from './fixtureSpace';
import type { PanelFixture } from './panelFixture';
import { servePanel } from './panelServer';

export const fixture = JSON.parse(
  fs.readFileSync(path.join(import.meta.dirname, '../fixtures/panel.json'), 'utf8'),
) as PanelFixture;
export const space = new FixtureSpace(fixture);

/** A view that tests know: the map's middle in the middle, 300 pixels for one map unit. */
export const knownView = { x: 0, y: 0, scale: 300 };

export interface OpenOptions {
  /** Parameters of the page: see `pages/fakeHost.ts`. */
  query?: string;
  width?: number;
  height?: number;
  /** What the panel saved before. */
  saved?: Record<string, unknown>;
  reducedMotion?: boolean;
  pixelRatio?: number;
}

/** A browser with the panel served to it; every page is checked for errors when it is closed. */
export class FixtureBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly address: string,
  ) {}

  static async launch(): Promise<FixtureBrowser> {
    const { server, address } = await servePanel();
    const browser = await launchBrowser();
    return new FixtureBrowser(browser, server, address);
  }

  async open({
    query = '',
    width = 1280,
    height = 800,
    saved,
    reducedMotion = true,
    pixelRatio = 1,
  }: OpenOptions = {}): Promise<FixturePanel> {
    const page = await this.browser.newPage({
      viewport: { width, height },
      deviceScaleFactor: pixelRatio,
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    });
    await page.addInitScript(namesInPages);
    const panel = new FixturePanel(page, this.browser);
    if (saved) {
      await page.addInitScript(
        (state) => {
          if (sessionStorage.getItem('vscode-state') === null) sessionStorage.setItem('vscode-state', state);
        },
        JSON.stringify({ version: 1, ...saved }),
      );
    }
    await page.goto(`${this.address}?${query}`);
    await page.waitForFunction(() => document.querySelector('.panel') !== null);
    return panel;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export class FixturePanel {
  private readonly problems: string[] = [];

  constructor(
    readonly page: Page,
    private readonly browser: Browser,
  ) {
    page.on('pageerror', (error) => this.problems.push(error.stack ?? error.message));
    // Violations of the content security policy come as console errors.
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
  }

  /** Waits until the map told the host that it drew this revision, and returns what it told. */
  async drawn(times = 1): Promise<{ points: number; renderer: string }> {
    await this.page.waitForFunction(
      (n) => window.fakeHost.sent.filter(({ type }) => type === 'drawn').length >= n,
      times,
    );
    return this.page.evaluate(() => {
      const last = window.fakeHost.sent.filter((message) => message.type === 'drawn').at(-1)!;
      return { points: last.points, renderer: last.renderer };
    });
  }

  /** Where points lie in the page under `knownView`. */
  async placesOf(points: readonly number[]): Promise<{ point: number; x: number; y: number }[]> {
    const box = (await this.page.locator('.map-surface').boundingBox())!;
    return points.map((point) => {
      const { x, y } = fixture.chunks[point];
      const { scale } = knownView;
      return {
        point,
        x: box.x + box.width / 2 + (x - knownView.x) * scale,
        y: box.y + box.height / 2 + (y - knownView.y) * scale,
      };
    });
  }

  async placeOf(point: number): Promise<{ x: number; y: number }> {
    return (await this.placesOf([point]))[0];
  }

  /** Two frames: enough for whatever a change has made dirty. */
  async settle(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 20)))),
    );
  }

  /** The page's pixels. */
  async pixels(): Promise<Picture> {
    await this.settle();
    const png = (await this.page.screenshot()).toString('base64');
    const decoder = await this.browser.newPage();
    try {
      const { width, height, data } = await decoder.evaluate(async (base64) => {
        const image = new Image();
        image.src = `data:image/png;base64,${base64}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext('2d')!;
        context.drawImage(image, 0, 0);
        const bytes = context.getImageData(0, 0, image.width, image.height).data;
        let text = '';
        for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
        return { width: image.width, height: image.height, data: btoa(text) };
      }, png);
      return new Picture(width, height, Buffer.from(data, 'base64'));
    } finally {
      await decoder.close();
    }
  }

  /** What the panel has sent to the host, of one type. */
  async sent(type: string): Promise<Record<string, unknown>[]> {
    return this.page.evaluate((wanted) => window.fakeHost.sent.filter((message) => message.type === wanted), type);
  }

  async requests(method: string): Promise<Record<string, unknown>[]> {
    const requests = await this.sent('request');
    return requests
      .map(({ request }) => request as Record<string, unknown>)
      .filter((request) => request.method === method);
  }

  /** Closes the page; fails when it reported an error or sent what the host would refuse. */
  async close(): Promise<void> {
    const invalid = await this.page.evaluate(() => window.fakeHost.invalid);
    await this.page.close();
    assert.deepEqual(invalid, [], 'messages that the host refuses');
    assert.deepEqual(this.problems, [], 'errors in the page');
  }
}

/** RGBA pixels of a page. */
export class Picture {
  constructor(
    readonly width: number,
    readonly height: number,
    private readonly data: Buffer,
  ) {}

  at(x: number, y: number): [number, number, number] {
    const offset = 4 * (Math.round(y) * this.width + Math.round(x));
    return [this.data[offset], this.data[offset + 1], this.data[offset + 2]];
  }

  /** Mean absolute difference of the channels in a box, 0 to 255. */
  difference(other: Picture, box: { x: number; y: number; width: number; height: number }): number {
    let sum = 0;
    for (let y = Math.ceil(box.y); y < Math.floor(box.y + box.height); y++) {
      for (let x = Math.ceil(box.x); x < Math.floor(box.x + box.width); x++) {
        const [a, b] = [this.at(x, y), other.at(x, y)];
        sum += Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]);
      }
    }
    return sum / (3 * box.width * box.height);
  }
}

/** Points with no other within some map units, so that their own pixels can be asked for. */
export function isolatedPoints(distance: number): number[] {
  return fixture.chunks.flatMap(({ x, y }, point) =>
    fixture.chunks.every((other, i) => i === point || Math.hypot(other.x - x, other.y - y) > distance) ? [point] : [],
  );
}
