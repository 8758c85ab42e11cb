/**
 * Drives the real VS Code in a browser the way a person does: keys, mouse, what stands on the screen. It knows VS Code's
 * page and nothing of Latent Lens but the frame of its panel.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { chromiumFlags, ensureChromium } from '../../scripts/chromium.mjs';
import { root } from '../../scripts/processes.mjs';

const startTimeoutMs = 60_000;
const stepTimeoutMs = 20_000;

/** tsx keeps the names of functions with a helper that a page does not have; functions handed to `evaluate` need it there. */
export const namesInPages = 'globalThis.__name ??= (value) => value';

/** Starts the browser of this machine, headless. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await ensureChromium(), args: chromiumFlags });
}

export interface WorkbenchOptions {
  width?: number;
  height?: number;
  /** Prints what pages and extension host say; for looking into a failure. */
  verbose?: boolean;
}

export class Workbench {
  private constructor(readonly page: Page) {
    page.setDefaultTimeout(stepTimeoutMs);
  }

  /** Opens an address of the VS Code server in a window of its own and waits until the workbench stands. */
  static async open(browser: Browser, address: string, options: WorkbenchOptions = {}): Promise<Workbench> {
    const { width = 1400, height = 900 } = options;
    const context = await browser.newContext({ viewport: { width, height } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await context.addInitScript(namesInPages);
    const page = await context.newPage();
    if (options.verbose) page.on('console', (message) => console.log(`    [page] ${message.text()}`));
    const workbench = new Workbench(page);
    await page.goto(address);
    await workbench.ready();
    return workbench;
  }

  private async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: startTimeoutMs });
    await this.page.locator('.statusbar-item').first().waitFor({ timeout: startTimeoutMs });
  }

  /** Reloads the window, as `Developer: Reload Window` does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  get quickInputBox(): Locator {
    return this.quickInput.locator('.quick-input-filter input').first();
  }

  /** The rows of the quick pick that are on the screen. */
  get quickPickRows(): Locator {
    return this.quickInput.locator('.quick-input-list .monaco-list-row');
  }

  /** Runs a command by its full title through the command palette; waits until the extension has registered it. */
  async runCommand(title: string): Promise<void> {
    // Read out as the title, then whether it was used recently and its key.
    const row = this.quickInput.locator(`.monaco-list-row[aria-label^=${JSON.stringify(title)}]`);
    await this.until(`the command palette offers "${title}"`, async () => {
      // A palette that was opened before the extension had registered its commands never learns of them.
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('F1');
      await this.quickInputBox.fill(`>${title}`, { timeout: 5000 });
      await row.first().waitFor({ timeout: 5000 });
      await row.first().click({ timeout: 2000 });
    });
  }

  /** Opens a file of the workspace by its path through Go to File. */
  async openFile(file: string): Promise<void> {
    const name = path.posix.basename(file);
    await this.until(`Go to File offers ${file}`, async () => {
      if (!(await this.quickInput.isVisible())) await this.page.keyboard.press('ControlOrMeta+p');
      await this.quickInputBox.fill(file, { timeout: 2000 });
      const row = this.quickPickRows.filter({ hasText: name }).first();
      await row.waitFor({ timeout: 5000 });
      await row.click({ timeout: 2000 });
    });
    await this.activeTab(name).waitFor();
    await this.page.locator('.editor-group-container.active .monaco-editor .view-lines').first().waitFor();
  }

  activeTab(name: string): Locator {
    return this.page.locator('.editor-group-container.active .tab.active').filter({ hasText: name });
  }

  /** Title of the active editor's tab, and the line of the cursor as the status bar says it. */
  async activeEditor(): Promise<{ name: string; line: number }> {
    const tab = this.page.locator('.editor-group-container.active .tab.active').first();
    const name = (await tab.getAttribute('data-resource-name')) ?? '';
    const position = await this.page.locator('#status\\.editor\\.selection').innerText();
    return { name, line: Number(/(?:Ln|Line) (\d+)/.exec(position)?.[1]) };
  }

  /** Selects whole lines in the active editor by keys; one-based and inclusive. */
  async selectLines(first: number, last: number): Promise<void> {
    const { page } = this;
    await page.keyboard.press('Control+g');
    await this.quickInputBox.fill(`:${first}`);
    await page.keyboard.press('Enter');
    await this.quickInput.waitFor({ state: 'hidden' });
    for (let line = first; line <= last; line++) await page.keyboard.press('ControlOrMeta+l');
    await page.locator('#status\\.editor\\.selection', { hasText: 'selected' }).waitFor();
  }

  /** Right-clicks the selection of the active editor. */
  async openContextMenu(): Promise<Locator> {
    const parts = this.page.locator('.editor-group-container.active .monaco-editor .selected-text');
    // An editor that has just scrolled draws its selection anew.
    const box = await this.until(
      'a selection stands in the active editor',
      async () => {
        for (const part of await parts.all()) {
          const found = await part.boundingBox({ timeout: 1000 });
          if (found && found.width > 4) return found;
        }
        throw new Error('Nothing is selected in the active editor.');
      },
      stepTimeoutMs,
    );
    await this.page.mouse.click(box.x + Math.min(20, box.width / 2), box.y + box.height / 2, { button: 'right' });
    const menu = this.page.locator('.monaco-menu:visible').first();
    await menu.waitFor();
    return menu;
  }

  /** Right-clicks the selection and picks an item by its exact label. */
  async pickFromContextMenu(label: string): Promise<void> {
    const menu = await this.openContextMenu();
    const item = menu
      .locator('.action-item')
      .filter({ has: this.page.locator(`.action-label[aria-label=${JSON.stringify(label)}]`) });
    // VS Code ignores a mouse button that comes up right after the menu opened.
    await this.page.waitForTimeout(400);
    await item.first().click();
    await menu.waitFor({ state: 'hidden' });
  }

  /** The page inside the panel of an extension. With several panels open: the one whose frame is on the screen. */
  get panel(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame');
  }

  /** Text of all entries of the status bar. */
  async statusBar(): Promise<string[]> {
    return (await this.page.locator('.statusbar-item').allInnerTexts()).map((text) => text.trim()).filter(Boolean);
  }

  /** Waits for an entry of the status bar and returns it. */
  async statusEntry(text: RegExp, timeoutMs = stepTimeoutMs): Promise<Locator> {
    const entry = this.page.locator('.statusbar-item').filter({ hasText: text }).first();
    await entry.waitFor({ timeout: timeoutMs });
    return entry;
  }

  /** Opens the Problems view and returns its rows as VS Code reads them out. */
  async problems(): Promise<string[]> {
    const view = this.page.locator('.markers-panel:visible');
    if (!(await view.isVisible())) await this.page.keyboard.press('ControlOrMeta+Shift+m');
    await view.waitFor();
    const rows = view.locator('.monaco-list-row');
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? row.textContent ?? ''));
  }

  /** Texts of the notifications that nobody has dismissed. VS Code shows no toasts while it is driven for tests. */
  async notifications(): Promise<string[]> {
    await this.runCommand('Notifications: Show Notifications');
    const center = this.page.locator('.notifications-center');
    await center.waitFor();
    const texts = await center.locator('.notification-list-item-message').allInnerTexts();
    await this.page.keyboard.press('Escape');
    return texts;
  }

  /** Saves a picture of the whole window under `out/screens/`. */
  async screenshot(name: string, folder = path.join(root, 'out', 'screens')): Promise<string> {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Repeats an action until it succeeds. @throws an error that names the expectation and the last failure */
  async until<T>(expectation: string, action: () => Promise<T>, timeoutMs = startTimeoutMs): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      try {
        return await action();
      } catch (error) {
        if (Date.now() > deadline) {
          await this.screenshot(`failure-${expectation.replace(/\W+/g, '-').slice(0, 60)}`).catch(() => undefined);
          throw new Error(`Waited ${timeoutMs / 1000} s in vain until ${expectation}. ${String(error)}`, {
            cause: error,
          });
        }
        await this.page.waitForTimeout(100);
      }
    }
  }
}
