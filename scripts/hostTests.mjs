// Runs mocha inside the extension host of a real VS Code, opened in a headless browser on a copy of the sample workspace.
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { buildHostTests } from './buildHostTests.mjs';
import { runInExtensionHost } from './extensionHostRun.mjs';
import { root } from './processes.mjs';

const hostTestsTimeoutMs = 12 * 60_000;

/**
 * @param {string} results file for the counts
 * @param {string} [grep] runs only the tests whose titles match
 * @returns {Promise<number>} the exit code of the suite
 */
export async function runHostTests(results, grep) {
  const tests = await buildHostTests();
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'latent-lens-host-')));
  const workspace = path.join(folder, 'workspace');
  const dataDir = path.join(folder, 'data');
  cpSync(path.join(root, 'samples', 'workspace'), workspace, { recursive: true });
  const hostConsole = new HostConsole();
  const timeoutPicture = path.join(root, 'out', 'host-tests-timeout.png');
  try {
    const { code, tail } = await runInExtensionHost({
      module: tests,
      workspace,
      dataDir,
      env: { LATENT_LENS_TEST_RESULTS: results, LATENT_LENS_TEST_GREP: grep ?? '' },
      timeoutMs: hostTestsTimeoutMs,
      onLog: (type, args) => hostConsole.write(type, args),
      timeoutPicture,
    });
    if (code === undefined) {
      const minutes = hostTestsTimeoutMs / 60_000;
      console.error(`The host tests did not end within ${minutes} minutes. Picture: ${timeoutPicture}`);
      console.error(`The server's last lines:\n${tail}`);
    }
    if (!existsSync(results)) console.error(hostConsole.before || 'The tests left no counts.');
    return code ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** The first line that `test/host/index.ts` prints. */
const firstLine = /^Host tests in VS Code /;

/** Prints what comes over the console from the first line of the tests on, and keeps VS Code's own words before it. */
class HostConsole {
  #begun = false;
  /** @type {string[]} */
  #before = [];

  /** @param {string} type @param {unknown[]} args */
  write(type, args) {
    const text = format(...args);
    this.#begun ||= firstLine.test(text);
    if (this.#begun) (type === 'error' ? process.stderr : process.stdout).write(`${text}\n`);
    else this.#before.push(text);
  }

  /** What VS Code said when the tests did not begin. */
  get before() {
    return this.#begun ? '' : `The tests did not begin. VS Code's last lines:\n${this.#before.slice(-20).join('\n')}`;
  }
}

/** @param {string} file @returns {import('./testLayers.mjs').Counts | undefined} counts of a mocha run */
export function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
