// Runs a module inside the extension host of a real VS Code, opened in a headless browser on a folder.
import { chromiumFlags, ensureChromium } from './chromium.mjs';
import { endEnginesOf } from './engines.mjs';
import { root } from './processes.mjs';
import { developmentPayload, startVscodeWeb } from './vscodeWeb.mjs';

/**
 * @param {object} options
 * @param {string} options.module exports `run()`, as VS Code's `extensionTestsPath` wants it
 * @param {string} options.workspace folder that is opened
 * @param {string} options.dataDir user data of this VS Code
 * @param {NodeJS.ProcessEnv} options.env reaches the module
 * @param {number} options.timeoutMs
 * @param {string} [options.extension] folder of the extension that is loaded; this checkout unless told
 * @param {(type: string, args: unknown[]) => void} [options.onLog] what the module prints, and VS Code's own words
 * @param {string} [options.timeoutPicture] where a picture of the window goes when the time is up
 * @returns {Promise<{ code: number | undefined, tail: string }>} the exit code, undefined when the time was up; the server's last lines
 */
export async function runInExtensionHost(options) {
  const { module, workspace, dataDir, env, timeoutMs, extension = root, onLog, timeoutPicture } = options;
  // As on the desktop: in a browser files are saved by themselves, between what a test types and what it reads.
  const settings = { 'files.autoSave': 'off' };
  const server = await startVscodeWeb({ dataDir, settings, development: true, env });
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: chromiumFlags });
  try {
    const page = await browser.newPage();
    /** @type {Promise<number>} */
    const exit = new Promise((resolve) => void page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ args) =>
      onLog?.(type, args),
    );
    await page.goto(server.address(workspace, developmentPayload(server.origin, module, extension)));
    /** @type {Promise<undefined>} */
    const timeout = new Promise((resolve) => setTimeout(resolve, timeoutMs, undefined).unref());
    const code = await Promise.race([exit, timeout]);
    if (code === undefined && timeoutPicture !== undefined) await page.screenshot({ path: timeoutPicture });
    return { code, tail: server.tail() };
  } finally {
    await browser.close();
    await server.stop();
    await endEnginesOf(dataDir);
  }
}
