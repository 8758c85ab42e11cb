// `npm start [-- FOLDER]`: from a bare clone to VS Code with the extension, an indexed workspace and the map on the screen.
// Node's own modules alone until the packages are installed.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { endEnginesOf } from './engines.mjs';
import { PlainError, ProcessGroup, atEnd, root, run, runScript, step } from './processes.mjs';
import { ensureDependencies } from './project.mjs';
import { mapIsComplete, readStartReport } from './startReport.mjs';

const usage = `Usage: npm start [-- [FOLDER] [--web] [--check]]
  FOLDER   your own folder instead of a copy of the sample workspace
  --web    serve VS Code for the browser even where desktop VS Code is found
  --check  headless: exit 0 only when the map has drawn the points of the index`;

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { check: { type: 'boolean' }, web: { type: 'boolean' }, help: { type: 'boolean' } },
    });
    if (values.help || positionals.length > 1) throw new Error('usage');
    return { folder: positionals[0], check: values.check ?? false, web: values.web ?? values.check ?? false };
  } catch {
    throw new PlainError(usage);
  }
}

/** @param {string} prefix @returns {string} a folder that is removed at the end */
function temporaryFolder(prefix) {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), prefix)));
  // The server and its processes may still be closing files.
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  return folder;
}

/**
 * The sample is copied, so that what people try in the editor never changes the clone; its VS Code starts from nothing
 * each time. A person's own folder is opened where it is, and its index is kept for the next start.
 * @param {string | undefined} named
 */
function workspace(named) {
  if (named === undefined) {
    const folder = path.join(temporaryFolder('latent-lens-'), 'sample');
    cpSync(path.join(root, 'samples', 'workspace'), folder, { recursive: true });
    return { folder, dataDir: temporaryFolder('latent-lens-data-'), own: false };
  }
  // npm runs scripts in the project's folder; INIT_CWD is where the person typed the command.
  const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), named);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new PlainError(`${folder} is not a folder.`);
  return { folder: realpathSync(folder), dataDir: path.join(root, '.vscode-test', 'start'), own: true };
}

/** @param {string} address */
function openInBrowser(address) {
  const openers = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] };
  const [command, ...args] = openers[/** @type {'darwin'} */ (process.platform)] ?? ['xdg-open'];
  const opener = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
  opener.on('error', () => step('No program to open a browser was found: open the address yourself'));
  opener.unref();
}

/**
 * Says how far the extension is until its map is complete; ends when the editor does.
 * @param {string} reportFile
 * @param {() => boolean} editorEnded
 */
async function waitForMap(reportFile, editorEnded) {
  let said = '';
  while (!editorEnded()) {
    const report = readStartReport(reportFile);
    if (report.error) throw new PlainError(`Latent Lens gave up: ${report.error.message}`);
    if (mapIsComplete(report)) return;
    const progress = progressOf(report);
    if (progress && progress !== said) step(progress);
    said = progress;
    await delay(1000);
  }
}

/** @param {import('./startReport.mjs').StartReport} report */
function progressOf({ indexing, indexed }) {
  if (indexed) return 'Indexed; drawing the map';
  if (!indexing) return '';
  const left = indexing.secondsLeft === undefined ? '' : `, about ${Math.ceil(indexing.secondsLeft)} s left`;
  return `Indexing: ${indexing.filesDone} of ${indexing.filesTotal} files, ${indexing.chunks} chunks${left}`;
}

/** The last line: what was done, and where it is. @param {string} reportFile @param {string} where */
function conclude(reportFile, where) {
  const { indexed, drawn } = readStartReport(reportFile);
  if (!indexed || !drawn) return;
  const { files, chunks, seconds, runtime } = indexed;
  const map = `${drawn.points} points drawn with ${drawn.renderer}`;
  console.log(`${files} files, ${chunks} chunks in ${seconds.toFixed(1)} s (${runtime}), ${map}: ${where}`);
}

/**
 * @param {string} executable
 * @param {{ folder: string, dataDir: string, own: boolean }} opened
 * @param {NodeJS.ProcessEnv} env
 */
async function startDesktop(executable, { folder, dataDir, own }, env) {
  step('Building');
  await run(process.execPath, ['esbuild.js'], { echo: true });
  step(`Opening ${executable}`);
  const userData = path.join(dataDir, 'desktop');
  atEnd(() => endEnginesOf(userData));
  const { ELECTRON_RUN_AS_NODE: _, ...inherited } = process.env;
  const editor = new ProcessGroup(
    executable,
    [
      `--extensionDevelopmentPath=${root}`,
      `--user-data-dir=${userData}`,
      `--extensions-dir=${path.join(dataDir, 'extensions')}`,
      ...['--new-window', '--skip-welcome', '--skip-release-notes', '--disable-telemetry'],
      ...(own ? [] : ['--disable-workspace-trust']),
      ...(process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      folder,
    ],
    { env: { ...inherited, ...env } },
  );
  await waitForMap(env.LATENT_LENS_START_REPORT ?? '', () => editor.ended);
  conclude(env.LATENT_LENS_START_REPORT ?? '', 'see the window of VS Code');
  const code = await editor.exited;
  if (code !== 0) throw new PlainError(`VS Code ended with exit code ${code}.\n${editor.tail}`);
}

/** @param {{ folder: string, dataDir: string, own: boolean }} opened @param {NodeJS.ProcessEnv} env @param {boolean} check */
async function startWeb({ folder, dataDir, own }, env, check) {
  const { ensureVscodeWeb, installVsix, startVscodeWeb } = await import('./vscodeWeb.mjs');
  const { packageVsix, targetOfThisMachine } = await import('./package.mjs');
  await ensureVscodeWeb();
  const vsix = await packageVsix(targetOfThisMachine());
  step('Installing the extension into VS Code');
  await installVsix(dataDir, vsix);
  atEnd(() => endEnginesOf(dataDir));
  const settings = own ? { 'security.workspace.trust.startupPrompt': 'never' } : {};
  const server = await startVscodeWeb({ dataDir, settings, env, trust: own });
  const address = server.address(folder);
  const reportFile = env.LATENT_LENS_START_REPORT ?? '';
  step(`VS Code is served at ${address}`);
  try {
    if (check) {
      step('Opening it in a headless browser');
      const { tsImport } = await import('tsx/esm/api');
      /** @type {typeof import('./startCheck.ts')} */
      const { checkMap } = await tsImport('./startCheck.ts', import.meta.url);
      const { screenshot, pixels } = await checkMap(address, reportFile);
      step(`The map shows ${pixels.hues} colors in ${pixels.areas} places: ${path.relative(root, screenshot)}`);
      step(`The check passed, ${process.uptime().toFixed(0)} s after its start`);
      conclude(reportFile, address);
      return;
    }
    const { hasDisplay } = await import('./vscodeDesktop.mjs');
    if (hasDisplay()) openInBrowser(address);
    else step('Open this address in a browser; indexing starts when the page is open');
    await waitForMap(reportFile, () => server.ended());
    conclude(reportFile, address);
    step('Ctrl-C ends it');
    await server.whenEnded;
  } catch (error) {
    throw error instanceof PlainError
      ? new PlainError(`${error.message}\nThe server's last lines:\n${server.tail()}`)
      : error;
  }
}

async function main() {
  const { folder: named, check, web } = readArguments();
  const opened = workspace(named);
  step(`Latent Lens on ${named === undefined ? 'a copy of the sample workspace' : opened.folder}`);
  await ensureDependencies();
  if (check) await (await import('./chromium.mjs')).ensureChromium();
  mkdirSync(opened.dataDir, { recursive: true });
  const reportFile = path.join(temporaryFolder('latent-lens-report-'), 'report.jsonl');
  const env = { LATENT_LENS_START: '1', LATENT_LENS_START_REPORT: reportFile };
  const desktop = web ? undefined : await (await import('./vscodeDesktop.mjs')).desktopVscode();
  if (desktop) await startDesktop(desktop, opened, env);
  else await startWeb(opened, env, check);
}

await runScript(main);
