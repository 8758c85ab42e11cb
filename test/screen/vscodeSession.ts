/**
 * A real VS Code with Latent Lens over a copy of a folder: server, browser and windows, everything temporary. The
 * extension comes from the checkout (dist/) or from a VSIX that is installed first.
 */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { endEnginesOf, enginesOf } from '../../scripts/engines.mjs';
import { root } from '../../scripts/processes.mjs';
import { developmentPayload, installVsix, startVscodeWeb, type VscodeWeb } from '../../scripts/vscodeWeb.mjs';
import { LatentLens } from './latentLens';
import { launchBrowser, Workbench, type WorkbenchOptions } from './workbench';

export const sampleWorkspace = path.join(root, 'samples', 'workspace');

export interface SessionOptions {
  /** The folder whose copy is opened; the sample workspace unless said otherwise. */
  folder?: string;
  /** Installed instead of the checkout. */
  vsix?: string;
  settings?: Record<string, unknown>;
  /** Leaves Workspace Trust on. */
  trust?: boolean;
}

export class VscodeSession {
  private workspaceFiles = 0;

  private constructor(
    /** The copy that windows open. */
    readonly workspace: string,
    readonly dataDir: string,
    private readonly temporary: string,
    private readonly server: VscodeWeb,
    private readonly browser: Browser,
    private readonly installed: boolean,
  ) {}

  static async start(options: SessionOptions = {}): Promise<VscodeSession> {
    const temporary = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'latent-lens-screen-')));
    const folder = options.folder ?? sampleWorkspace;
    const workspace = path.join(temporary, path.basename(folder) === 'workspace' ? 'sample' : path.basename(folder));
    const dataDir = path.join(temporary, 'data');
    cpSync(folder, workspace, { recursive: true });
    if (options.vsix) await installVsix(dataDir, options.vsix);
    const { settings, trust } = options;
    const server = await startVscodeWeb({ dataDir, settings, trust, development: !options.vsix });
    return new VscodeSession(workspace, dataDir, temporary, server, await launchBrowser(), options.vsix !== undefined);
  }

  /** Opens a window on the workspace. */
  open(options?: WorkbenchOptions): Promise<LatentLens> {
    return this.openAt(this.server.address(this.workspace, this.payload), options);
  }

  /** Opens a window on several folders: on the disk by their path, others by their URI. */
  async openFolders(folders: readonly ({ path: string } | { uri: string; name: string })[]): Promise<LatentLens> {
    // A file of its own each time: the editor keeps what it read of a workspace by the file's name.
    const file = path.join(this.temporary, `several-${++this.workspaceFiles}.code-workspace`);
    writeFileSync(file, JSON.stringify({ folders }));
    const query = new URLSearchParams({ workspace: file.replaceAll('\\', '/'), payload: JSON.stringify(this.payload) });
    return this.openAt(`${this.server.origin}/?${query.toString()}`);
  }

  private get payload(): [string, string][] {
    return this.installed ? [] : developmentPayload(this.server.origin);
  }

  private async openAt(address: string, options?: WorkbenchOptions): Promise<LatentLens> {
    return new LatentLens(await Workbench.open(this.browser, address, options));
  }

  /** Process ids of the engines that serve these windows. */
  engines(): number[] {
    return enginesOf(this.dataDir);
  }

  /** What Latent Lens has written to its log in all windows, oldest first. */
  log(): string {
    const logs = path.join(this.dataDir, 'data', 'logs');
    if (!existsSync(logs)) return '';
    return readdirSync(logs, { recursive: true, encoding: 'utf8' })
      .filter((name) => /latent.lens[^/\\]*\.log$/i.test(name))
      .sort()
      .map((name) => readFileSync(path.join(logs, name), 'utf8'))
      .join('\n');
  }

  /** Files of the installed extension, relative to its folder. @throws when none is installed */
  installedFiles(): { folder: string; files: string[] } {
    const extensions = path.join(this.dataDir, 'extensions');
    const name = readdirSync(extensions).find((each) => each.startsWith('latent-lens.latent-lens-'));
    if (!name) throw new Error('Latent Lens is not installed.');
    const folder = path.join(extensions, name);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .sort();
    return { folder, files };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await endEnginesOf(this.dataDir);
    rmSync(this.temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}
