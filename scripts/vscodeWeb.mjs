// A real VS Code from the npm registry alone: the server and web workbench that the package `code-server` carries.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PlainError, ProcessGroup, npm, root, run, secondsSince, step } from './processes.mjs';

const codeServerVersion = '4.139.1';
const nodeMajor = 24;
const home = path.join(root, '.vscode-test', 'web');
const server = path.join(home, 'node_modules', 'code-server', 'lib', 'vscode');
const stateFile = path.join(home, 'installed.json');

/** The Node that runs the server: this one where it is of the version that VS Code is built for. */
function serverNode() {
  if (Number(process.versions.node.split('.')[0]) === nodeMajor) return process.execPath;
  return path.join(home, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** @returns {Record<string, string>} version by name of the step that is done */
function installed() {
  try {
    return JSON.parse(readFileSync(stateFile, 'utf8'));
  } catch {
    return {};
  }
}

/** Each step is marked when it is done, so that an interrupted install goes on where it stopped. */
const steps = [
  {
    name: 'code-server',
    version: codeServerVersion,
    wanted: () => true,
    evidence: path.join(server, 'out', 'server-main.js'),
    // Its install scripts would compile modules that VS Code replaces itself.
    install: () =>
      npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', `code-server@${codeServerVersion}`], {
        cwd: home,
      }),
  },
  {
    name: 'node',
    version: String(nodeMajor),
    wanted: () => serverNode() !== process.execPath,
    evidence: path.join(home, 'node_modules', 'node', 'bin'),
    // This package is nothing but its install script, which the project's .npmrc would suppress in nested calls of npm, too.
    install: () =>
      npm(['install', '--ignore-scripts=false', '--no-audit', '--no-fund', `node@${nodeMajor}`], {
        cwd: home,
        env: { npm_config_ignore_scripts: 'false' },
      }),
  },
  {
    name: 'packages of the server',
    version: codeServerVersion,
    wanted: () => true,
    evidence: path.join(server, 'node_modules'),
    install: () =>
      npm(['install', '--ignore-scripts', '--omit=dev', '--legacy-peer-deps', '--no-audit', '--no-fund'], {
        cwd: server,
      }),
  },
  {
    name: 'logger in JavaScript',
    version: '1',
    wanted: () => true,
    evidence: path.join(server, 'node_modules', '@vscode', 'spdlog', 'plainFileLogger.cjs'),
    install: async () => {
      const folder = path.join(server, 'node_modules', '@vscode', 'spdlog');
      copyFileSync(path.join(root, 'scripts', 'plainFileLogger.cjs'), path.join(folder, 'plainFileLogger.cjs'));
      writeFileSync(path.join(folder, 'index.js'), "module.exports = require('./plainFileLogger.cjs');\n");
    },
  },
];

/** Installs what is missing of the server under `.vscode-test/web`. Two scripts at a time wait for each other. */
export async function ensureVscodeWeb() {
  const missing = () =>
    steps.filter((each) => each.wanted() && !(installed()[each.name] === each.version && existsSync(each.evidence)));
  if (missing().length === 0) return;
  mkdirSync(home, { recursive: true });
  const unlock = await lockInstall();
  try {
    // A package.json of its own keeps npm from climbing up to the project's.
    const manifest = path.join(home, 'package.json');
    if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
    for (const each of missing()) {
      const startedAt = Date.now();
      step(`Installing VS Code for the browser from the npm registry: ${each.name} ${each.version}`);
      await each.install();
      if (!existsSync(each.evidence)) {
        throw new PlainError(
          `npm installed ${each.name}, but ${path.relative(root, each.evidence)} is missing. Delete .vscode-test and try again.`,
        );
      }
      writeFileSync(stateFile, JSON.stringify({ ...installed(), [each.name]: each.version }, null, 2));
      step(`  done in ${secondsSince(startedAt)} s`);
    }
    const { output } = await run(serverNode(), ['--version'], { timeoutMs: 30_000 });
    if (!output.trim().startsWith(`v${nodeMajor}.`)) {
      rmSync(stateFile, { force: true });
      throw new PlainError(
        `The Node for VS Code says ${output.trim()} instead of v${nodeMajor}. Delete .vscode-test and try again.`,
      );
    }
  } finally {
    unlock();
  }
}

/** Waits until no other script installs; a lock whose process is gone is taken over. */
async function lockInstall() {
  const lock = path.join(home, 'install.lock');
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      const unlock = () => rmSync(lock, { force: true });
      process.once('exit', unlock);
      return unlock;
    } catch {
      if (!existsSync(lock) || !alive(Number(readFileSync(lock, 'utf8')))) {
        rmSync(lock, { force: true });
        continue;
      }
      if (!waited) step('Another script is installing VS Code; waiting for it');
      await delay(500);
    }
  }
}

/** @param {number} pid */
function alive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @returns {Promise<number>} a port of 127.0.0.1 that is free now */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}

/** What keeps the workbench quiet: no welcome page, no chat, no questions. A person's own settings come on top. */
export const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'window.menuBarVisibility': 'compact',
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
  'update.mode': 'none',
  'files.simpleDialog.enable': true,
};

/**
 * Installs a VSIX for the server that uses this data folder.
 * @param {string} dataDir
 * @param {string} vsix
 */
export async function installVsix(dataDir, vsix) {
  const { output } = await run(
    serverNode(),
    [
      path.join(server, 'out', 'server-main.js'),
      ...folders(dataDir),
      '--accept-server-license-terms',
      '--install-extension',
      vsix,
      '--force',
    ],
    { cwd: server, env: serverEnvironment({}), timeoutMs: 120_000 },
  );
  if (!/successfully installed/i.test(output))
    throw new PlainError(`VS Code did not install ${path.basename(vsix)}.\n${output}`);
}

/** @param {string} dataDir */
function folders(dataDir) {
  return ['--server-data-dir', dataDir, '--extensions-dir', path.join(dataDir, 'extensions')];
}

/** @param {NodeJS.ProcessEnv} added */
function serverEnvironment(added) {
  // Variables of an outer VS Code terminal or npm would reach the extension host.
  const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|npm_|NODE_OPTIONS$|ELECTRON_)/.test(name));
  return { ...Object.fromEntries(kept), ...added };
}

/**
 * @typedef {object} VscodeWeb
 * @property {string} origin
 * @property {(folder: string, payload?: [string, string][]) => string} address of a folder, with a development payload if any
 * @property {() => string} tail the last lines of the server's output
 * @property {() => boolean} ended
 * @property {Promise<number>} whenEnded
 * @property {() => Promise<void>} stop ends the server and everything that it started
 */

/**
 * Starts the server and waits until it answers.
 * @param {object} options
 * @param {string} options.dataDir user data, extensions and storage live here; created when missing
 * @param {Record<string, unknown>} [options.settings] on top of `quietSettings`; written when the data folder has no settings yet
 * @param {NodeJS.ProcessEnv} [options.env] reaches the extension host
 * @param {boolean} [options.development] honor the development payload of an address
 * @param {boolean} [options.trust] leave Workspace Trust on
 * @returns {Promise<VscodeWeb>}
 */
export async function startVscodeWeb({ dataDir, settings, env = {}, development = false, trust = false }) {
  const settingsFile = path.join(dataDir, 'data', 'User', 'settings.json');
  mkdirSync(path.dirname(settingsFile), { recursive: true });
  if (!existsSync(settingsFile)) {
    writeFileSync(settingsFile, JSON.stringify({ ...quietSettings, ...settings }, null, 2));
  }
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const group = new ProcessGroup(
    serverNode(),
    [
      path.join(server, 'out', 'server-main.js'),
      ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms'],
      ...[...folders(dataDir), '--disable-telemetry'],
      ...(trust ? [] : ['--disable-workspace-trust']),
      ...(development ? ['--enable-smoke-test-driver'] : []),
    ],
    { cwd: server, env: serverEnvironment(env) },
  );
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (group.ended) throw new PlainError(`The VS Code server ended at once.\n${group.tail}`);
    if (await answers(origin)) break;
    if (Date.now() > deadline) {
      await group.stop();
      throw new PlainError(`The VS Code server did not answer within 60 s.\n${group.tail}`);
    }
    await delay(100);
  }
  return {
    origin,
    address: (folder, payload = []) => {
      const query = new URLSearchParams({ folder: slashed(folder) });
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      return `${origin}/?${query.toString().replaceAll('%2F', '/').replaceAll('+', '%20')}`;
    },
    tail: () => group.tail,
    ended: () => group.ended,
    whenEnded: group.exited,
    stop: () => group.stop(),
  };
}

/**
 * The payload by which the page loads an extension from its folder, and runs its tests.
 * @param {string} origin
 * @param {string} [tests]
 * @param {string} [extension] the folder; this checkout unless told
 */
export function developmentPayload(origin, tests, extension = root) {
  const remote = origin.replace(/^http/, 'vscode-remote');
  /** @type {[string, string][]} */
  const payload = [
    ['extensionDevelopmentPath', remote + slashed(extension)],
    ['skipWelcome', 'true'],
  ];
  if (tests) payload.push(['extensionTestsPath', remote + slashed(tests)]);
  return payload;
}

/** A path as it stands in an address: forward slashes, a slash before a drive letter. @param {string} folder */
function slashed(folder) {
  const forward = folder.replaceAll('\\', '/');
  return forward.startsWith('/') ? forward : `/${forward}`;
}

/** @param {string} origin */
async function answers(origin) {
  try {
    const response = await fetch(origin, { signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
