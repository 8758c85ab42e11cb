// The layers of the test command. Each runs to its end and returns its counts, whatever fails.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { PlainError, ProcessGroup, root, run, secondsSince, step } from './processes.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Counts failures by title and message */
/** @typedef {{ grep: string | undefined }} LayerOptions */

const mochaTimeoutMs = 20 * 60_000;

/** @param {string} name @param {...string} rest */
const tool = (name, ...rest) => path.join(root, 'node_modules', name, ...rest);

/** Static checks: name, script and its arguments. Each counts as one test. @type {[name: string, ...command: string[]][]} */
const checks = [
  ['types of host, engine, core and their tests', tool('typescript', 'bin', 'tsc'), '-p', '.'],
  ['types of the panel', tool('typescript', 'bin', 'tsc'), '-p', 'webview'],
  ['types of scripts, screen and webview tests', tool('typescript', 'bin', 'tsc'), '-p', 'scripts'],
  ['eslint', tool('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'],
  ['prettier', tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  [
    'directions of imports',
    tool('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
    'src',
    'webview',
    'test',
    'scripts',
  ],
  ['dead code and unused packages', tool('knip', 'bin', 'knip.js')],
];

const checksAtATime = 2;

/** @returns {Promise<Counts>} */
async function staticChecks() {
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const waiting = [...checks];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const [name, script, ...args] = check;
      const startedAt = Date.now();
      const { code, output } = await run(process.execPath, [script, ...args], { allowFailure: true });
      counts[code === 0 ? 'passed' : 'failed']++;
      console.log(`  ${code === 0 ? '✔' : '✖'} ${name} (${secondsSince(startedAt)} s)`);
      if (code === 0) continue;
      console.log(output.trimEnd().replace(/^/gm, '      '));
      counts.failures.push(`${name}: exit code ${code}`);
    }
  };
  await Promise.all(Array.from({ length: checksAtATime }, worker));
  return counts;
}

/** @param {string} folder @returns {string[]} test files below, sorted */
function testFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join(folder, name))
    .sort();
}

/** @param {string} layer @returns {string} an empty place for the counts of a layer */
function resultsFile(layer) {
  const file = path.join(root, 'out', 'test', `${layer}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  return file;
}

/**
 * Mocha in Node over TypeScript, for all layers but host.
 * @param {string} layer
 * @param {LayerOptions} options
 * @param {number} testTimeoutMs
 * @param {number} [jobs] files that run side by side
 * @returns {Promise<Counts>}
 */
async function mocha(layer, { grep }, testTimeoutMs, jobs = 1) {
  const files = testFiles(path.join(root, 'test', layer));
  if (files.length === 0) throw new PlainError(`test/${layer} holds no test.`);
  const results = resultsFile(layer);
  const group = new ProcessGroup(
    process.execPath,
    [
      ...['--import', 'tsx', tool('mocha', 'bin', 'mocha.js'), '--timeout', String(testTimeoutMs), '--exit'],
      ...[
        '--reporter',
        path.join(root, 'test', 'host', 'countingReporter.ts'),
        '--reporter-option',
        `output=${results}`,
      ],
      ...(jobs > 1 ? ['--parallel', '--jobs', String(jobs)] : []),
      ...(grep ? ['--grep', grep] : []),
      ...files,
    ],
    { echo: true },
  );
  const timer = setTimeout(() => void group.stop(), mochaTimeoutMs);
  const code = await group.exited;
  clearTimeout(timer);
  return countsOf(layer, code, results);
}

/** @param {string} layer @param {number} code @param {string} results @returns {Promise<Counts>} */
async function countsOf(layer, code, results) {
  const { readCounts } = await import('./hostTests.mjs');
  const counts = readCounts(results);
  if (!counts) throw new PlainError(`The ${layer} tests ended with exit code ${code} and left no counts.`);
  if (code !== 0 && counts.failed === 0) throw new PlainError(`The ${layer} tests ended with exit code ${code}.`);
  return counts;
}

/** Builds dist/ once a run: the layers behind it test what it holds. @type {Promise<unknown> | undefined} */
let built;

function build() {
  built ??= run(process.execPath, ['esbuild.js'], { echo: true }).then(() => step('Built dist/'));
  return built;
}

async function browser() {
  const { ensureChromium } = await import('./chromium.mjs');
  step(`Browser: ${await ensureChromium()}`);
}

async function vscode() {
  await browser();
  await (await import('./vscodeWeb.mjs')).ensureVscodeWeb();
}

/**
 * All layers in the order in which they run: cheap ones first.
 * @type {Record<string, (options: LayerOptions) => Promise<Counts>>}
 */
export const layers = {
  static: staticChecks,
  unit: (options) => mocha('unit', options, 30_000, Math.min(availableParallelism(), 4)),
  engine: async (options) => {
    await build();
    return mocha('engine', options, 240_000);
  },
  webview: async (options) => {
    await Promise.all([browser(), build()]);
    return mocha('webview', options, 60_000);
  },
  host: async ({ grep }) => {
    await Promise.all([vscode(), build()]);
    const { runHostTests } = await import('./hostTests.mjs');
    const results = resultsFile('host');
    return countsOf('host', await runHostTests(results, grep), results);
  },
  screen: async (options) => {
    await Promise.all([vscode(), build()]);
    return mocha('screen', options, 180_000);
  },
  package: async (options) => {
    await vscode();
    return mocha('package', options, 180_000);
  },
};
