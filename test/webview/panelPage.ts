/**
 * The panel in a real browser without VS Code: its own page as the host writes it (with its content security policy),
 * served on a free port, and the host played by the test. Suites lie in `test/webview/**` and end in `.test.ts`.
 */
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import Module from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../scripts/processes.mjs';
import type { HostToWebview, WebviewToHost } from '../../src/shared/hostWebview';
import { launchBrowser, namesInPages } from '../screen/workbench';

const assets = path.join(root, 'dist', 'webview');
const contentTypes: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.html': 'text/html',
};

export type ThemeKind = 'vscode-dark' | 'vscode-light' | 'vscode-high-contrast' | 'vscode-high-contrast-light';

export interface PanelPageOptions {
  width?: number;
  height?: number;
  theme?: ThemeKind;
  /** CSS variables that VS Code would set, such as `--vscode-editor-background`. */
  variables?: Record<string, string>;
  /** What an earlier panel left with `setState`. */
  savedState?: unknown;
  /** Plays the host; called for every message of the panel. */
  onMessage?: (message: WebviewToHost, panel: PanelPage) => void | Promise<void>;
}

/** Keeps one browser and one server for a suite: `before(() => PanelBrowser.start())`, `after(() => browser.stop())`. */
export class PanelBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
  ) {}

  /** @throws when the panel is not built */
  static async start(): Promise<PanelBrowser> {
    if (!existsSync(path.join(assets, 'panel.js'))) throw new Error('dist/webview/panel.js is missing: npm run build');
    const server = createServer((request, response) => {
      const name = path.basename(new URL(request.url ?? '/', 'http://panel').pathname);
      const file = path.join(assets, name);
      if (name === 'page.html') {
        response.setHeader('Content-Type', 'text/html');
        response.end(panelDocument(`http://${request.headers.host}`));
      } else if (name === 'favicon.ico') {
        // Browsers ask for it by themselves; a 404 would count as an error of the page.
        response.writeHead(204).end();
      } else if (existsSync(file)) {
        response.setHeader('Content-Type', contentTypes[path.extname(name)] ?? 'application/octet-stream');
        createReadStream(file).pipe(response);
      } else {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PanelBrowser(await launchBrowser(), server);
  }

  /** Opens a panel of its own: a fresh context with nothing saved. */
  async open(options: PanelPageOptions = {}): Promise<PanelPage> {
    const { width = 1200, height = 800, theme = 'vscode-dark', variables = {}, savedState } = options;
    const context = await this.browser.newContext({ viewport: { width, height } });
    const page = await context.newPage();
    const panel = new PanelPage(page);
    page.on('pageerror', (error) => panel.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') panel.errors.push(message.text());
    });
    await page.exposeFunction('tellTest', async (message: WebviewToHost) => {
      panel.posted.push(message);
      await options.onMessage?.(message, panel);
    });
    await page.addInitScript(namesInPages);
    await page.addInitScript(playVsCode, { theme, variables, savedState });
    const { port } = this.server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/page.html`);
    return panel;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** One open panel. */
export class PanelPage {
  /** Everything that the panel has told the host. */
  readonly posted: WebviewToHost[] = [];
  /** Exceptions and console errors of the page, violations of its content security policy among them. */
  readonly errors: string[] = [];

  constructor(readonly page: Page) {}

  /** Tells the panel something, as `webview.postMessage` does; typed arrays arrive as such. */
  async send(message: HostToWebview): Promise<void> {
    await this.page.evaluate((told) => window.postMessage(told, '*'), message);
  }

  /** Waits for a message of this type, from the beginning on. */
  async waitForMessage<T extends WebviewToHost['type']>(type: T): Promise<Extract<WebviewToHost, { type: T }>> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = this.posted.find((message) => message.type === type);
      if (found) return found as Extract<WebviewToHost, { type: T }>;
      if (Date.now() > deadline) throw new Error(`The panel did not say "${type}" within 10 s.`);
      await this.page.waitForTimeout(20);
    }
  }

  /** What the panel saved for the next one. */
  savedState(): Promise<unknown> {
    return this.page.evaluate(() => (window as unknown as { savedPanelState: unknown }).savedPanelState);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** Runs in the page before its own script: what VS Code puts there. */
function playVsCode({
  theme,
  variables,
  savedState,
}: Pick<PanelPageOptions, 'theme' | 'variables' | 'savedState'>): void {
  const page = window as unknown as Record<string, unknown>;
  page['savedPanelState'] = savedState;
  page['acquireVsCodeApi'] = () => ({
    postMessage: (message: unknown) => void (page['tellTest'] as (told: unknown) => Promise<void>)(message),
    getState: () => page['savedPanelState'],
    setState: (state: unknown) => (page['savedPanelState'] = state),
  });
  document.addEventListener('DOMContentLoaded', () => {
    document.body.classList.add(theme ?? 'vscode-dark');
    for (const [name, value] of Object.entries(variables ?? {}))
      document.documentElement.style.setProperty(name, value);
  });
}

/** The host's own page. Its module asks for `vscode`, which exists only inside the editor: joining paths is all it needs. */
function panelDocument(origin: string): string {
  const joinPath = (base: { path: string }, ...parts: string[]) => ({ path: [base.path, ...parts].join('/') });
  const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
  const load = loader._load;
  loader._load = (request, ...rest) =>
    request === 'vscode' ? { Uri: { joinPath } } : load.call(Module, request, ...rest);
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- Only a `require` can be given another `vscode`.
    const { panelHtml } = require('../../src/host/panel/panelHtml') as {
      panelHtml: (webview: unknown, extensionUri: unknown) => string;
    };
    const webview = { cspSource: origin, asWebviewUri: (uri: { path: string }) => `${origin}${uri.path}` };
    return panelHtml(webview, { path: '' });
  } finally {
    loader._load = load;
  }
}
