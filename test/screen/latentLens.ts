/** Latent Lens on the screen: what a person does with it in a window of VS Code, and what they then read there. */
import type { FrameLocator, Locator } from 'playwright-core';
import { readMapPixels, whyNoMap, type MapPixels } from './mapPixels';
import type { Workbench } from './workbench';

/** A row of a list of chunks, as it stands there. */
export interface ChunkRow {
  fileName: string;
  /** One-based. */
  line: number;
  similarity: number;
}

/** A hit of the quick pick. */
export interface PickedHit {
  label: string;
  description: string;
  path: string;
  /** One-based. */
  line: number;
}

const indexTimeoutMs = 120_000;

export class LatentLens {
  constructor(readonly workbench: Workbench) {}

  get panel(): FrameLocator {
    return this.workbench.panel;
  }

  get statusItem(): Locator {
    return this.workbench.page.locator('[id="latent-lens.latent-lens.latentLens.status"]');
  }

  get map(): Locator {
    return this.panel.locator('.map-surface');
  }

  get quickPickTitle(): Locator {
    return this.workbench.quickInput.locator('.quick-input-title');
  }

  /** Runs the command that indexes the workspace, and waits for the number of chunks in the status bar. */
  async index(timeoutMs = indexTimeoutMs): Promise<number> {
    await this.workbench.runCommand('Latent Lens: Index Workspace');
    await this.statusItem
      .filter({ hasText: /Indexing/ })
      .waitFor({ timeout: 10_000 })
      .catch(() => undefined);
    return this.indexedChunks(timeoutMs);
  }

  /** Waits until the status bar says how many chunks are indexed, and nothing is going on. */
  async indexedChunks(timeoutMs = indexTimeoutMs): Promise<number> {
    return this.workbench.until(
      'the status bar says how many chunks are indexed',
      async () => {
        const text = (await this.statusItem.innerText({ timeout: 1000 })).trim();
        const chunks = /^([\d,]+) chunks?$/.exec(text);
        if (!chunks) throw new Error(`The status bar says "${text}".`);
        return Number(chunks[1].replaceAll(',', ''));
      },
      timeoutMs,
    );
  }

  /** Opens the panel and waits until a map with groups of points is on the screen. */
  async openMap(): Promise<MapPixels> {
    await this.workbench.runCommand('Latent Lens: Open Latent Map');
    return this.drawnMap();
  }

  /** Waits until the pixels of the panel show a map. */
  async drawnMap(): Promise<MapPixels> {
    return this.workbench.until('the panel shows a map', async () => {
      await this.map.waitFor({ timeout: 5000 });
      const pixels = await this.mapPixels();
      const reason = whyNoMap(pixels);
      if (reason) throw new Error(reason);
      return pixels;
    });
  }

  /** The picture of the map as it is now, without the legend and the buttons over it. */
  mapPixels(): Promise<MapPixels> {
    return readMapPixels(this.map, this.panel.locator('.legend, .zoom'), this.workbench.page);
  }

  /** Texts of the topics that stand on the map. */
  async mapLabels(): Promise<string[]> {
    const labels = await this.panel.locator('.map-label:visible').allInnerTexts();
    return labels.map((label) => label.trim()).filter(Boolean);
  }

  /** Clicks a point of the map: the brightest spot of its picture. */
  async clickPoint(): Promise<void> {
    const { spot } = await this.mapPixels();
    await this.map.click({ position: spot });
  }

  /** Draws a lasso around the largest name on the map with the toolbar's tool, and waits for the list. Returns the name. */
  async lassoCluster(reach = 90): Promise<string> {
    const { page } = this.workbench;
    await this.panel.getByRole('button', { name: 'Lasso' }).click();
    const label = this.panel.locator('.map-label:visible').first();
    const box = (await label.boundingBox())!;
    const map = (await this.map.boundingBox())!;
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const corner = (i: number): { x: number; y: number } => ({
      x: Math.min(map.x + map.width - 4, Math.max(map.x + 4, middle.x + reach * Math.cos((i * Math.PI) / 8))),
      y: Math.min(map.y + map.height - 4, Math.max(map.y + 4, middle.y + reach * Math.sin((i * Math.PI) / 8))),
    });
    await page.mouse.move(corner(0).x, corner(0).y);
    await page.mouse.down();
    for (let i = 1; i < 16; i++) await page.mouse.move(corner(i).x, corner(i).y, { steps: 2 });
    await page.mouse.up();
    await this.selectedRows.first().waitFor();
    return (await label.innerText()).trim();
  }

  /** Rows of the list of selected chunks that are in sight. */
  get selectedRows(): Locator {
    return this.panel.getByRole('listbox', { name: /chunks, selected$/ }).getByRole('option');
  }

  /** Rows of the list "Nearest chunks", waiting for the first. */
  async nearest(): Promise<ChunkRow[]> {
    return this.rows(this.nearestRows);
  }

  get nearestRows(): Locator {
    return this.panel.getByRole('listbox', { name: 'Nearest chunks' }).getByRole('option');
  }

  private async rows(rows: Locator): Promise<ChunkRow[]> {
    await rows.first().waitFor();
    const texts = await rows.evaluateAll((all) =>
      all.map((row) => ({
        similarity: row.querySelector('.similarity')?.textContent ?? '',
        place: row.querySelector('.chunk-row-place')?.textContent ?? '',
      })),
    );
    return texts.map((text) => {
      const similarity = /similarity (-?[\d.]+)/.exec(text.similarity);
      const place = /([^\s/]+):(\d+)/.exec(text.place);
      if (!similarity || !place) throw new Error(`A row says "${text.similarity}" and "${text.place}".`);
      return { similarity: Number(similarity[1]), fileName: place[1], line: Number(place[2]) };
    });
  }

  /** Title of the text whose neighbors the panel lists, waiting until it was embedded. */
  async embeddedTitle(): Promise<string> {
    const title = this.panel.locator('.text-title');
    await title.waitFor({ timeout: 30_000 });
    return title.innerText();
  }

  /** Types a question into the quick pick as a person does, and waits for the hits of the whole question. */
  async search(query: string): Promise<PickedHit[]> {
    const { page } = this.workbench;
    await this.workbench.runCommand('Latent Lens: Search Workspace Semantically');
    await this.quickPickTitle.filter({ hasText: 'Search by meaning' }).waitFor();
    await page.keyboard.type(query, { delay: 15 });
    return this.hits();
  }

  /** The hits that the quick pick shows, as soon as they no longer change. */
  async hits(): Promise<PickedHit[]> {
    const { page } = this.workbench;
    let before = '';
    return this.workbench.until('the quick pick shows its hits', async () => {
      await this.quickPickTitle.filter({ hasText: /\d+ hits? among/ }).waitFor({ timeout: 5000 });
      await page.waitForTimeout(700);
      const hits = await this.workbench.quickPickRows.evaluateAll((rows) =>
        rows.map((row) => ({
          label: row.querySelector('.label-name')?.textContent ?? '',
          description: row.querySelector('.label-description')?.textContent ?? '',
          place: row.querySelector('.quick-input-list-label-meta')?.textContent ?? '',
        })),
      );
      const now = JSON.stringify(hits);
      const settled = now === before && hits.length > 0;
      before = now;
      if (!settled) throw new Error(`The hits are still changing: ${now.slice(0, 200)}`);
      return hits.map(({ label, description, place }) => {
        const parts = /^(.*):(\d+)$/.exec(place);
        if (!parts) throw new Error(`A hit stands without its place: "${place}"`);
        return { label, description, path: parts[1], line: Number(parts[2]) };
      });
    });
  }

  /** What `Show Engine Information` says. */
  async engineInformation(): Promise<string> {
    await this.workbench.runCommand('Latent Lens: Show Engine Information');
    const dialog = this.workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const text = await dialog.innerText();
    await this.workbench.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    return text;
  }
}
