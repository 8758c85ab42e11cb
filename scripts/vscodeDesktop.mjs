// Finds the desktop VS Code of this machine, or downloads one where that is possible.
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, step } from './processes.mjs';
import { manifest } from './project.mjs';

const downloadHost = 'https://update.code.visualstudio.com';
const reachableWithinMs = 5000;
const downloadIdleMs = 15_000;

/** Whether a window can be shown at all. */
export function hasDisplay() {
  if (process.platform !== 'linux') return !process.env.SSH_CONNECTION;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * The application itself rather than the `code` command, which returns at once and leaves a window that nobody can end.
 * @param {string} command path of a `code` command
 */
function applicationsBehind(command) {
  const real = realpathSync(command);
  if (process.platform === 'darwin') return macExecutables(path.resolve(real, '../../../..'));
  if (process.platform === 'win32') return [path.resolve(real, '../../Code.exe')];
  return [path.resolve(real, '../../code')];
}

/** @param {string} contents `Contents` of an application bundle */
function macExecutables(contents) {
  return ['Code', 'Electron'].map((name) => path.join(contents, 'MacOS', name));
}

function candidates() {
  const names = process.platform === 'win32' ? ['code.cmd'] : ['code'];
  const found = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder && !(process.platform === 'linux' && folder.startsWith('/mnt/')))
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .filter((file) => existsSync(file))
    .flatMap(applicationsBehind);
  if (process.platform === 'darwin') {
    const bundle = 'Visual Studio Code.app/Contents';
    const places = ['/Applications', path.join(os.homedir(), 'Applications'), path.join(os.homedir(), 'Downloads')];
    return [...found, ...places.flatMap((folder) => macExecutables(path.join(folder, bundle)))];
  }
  if (process.platform === 'win32') {
    const { LOCALAPPDATA, PROGRAMFILES } = process.env;
    if (LOCALAPPDATA) found.push(path.join(LOCALAPPDATA, 'Programs', 'Microsoft VS Code', 'Code.exe'));
    if (PROGRAMFILES) found.push(path.join(PROGRAMFILES, 'Microsoft VS Code', 'Code.exe'));
    return found;
  }
  return [...found, '/usr/share/code/code', '/snap/code/current/usr/share/code/code', '/opt/visual-studio-code/code'];
}

/** @param {string} executable @returns {string | undefined} version of VS Code, where its own files tell */
function versionOf(executable) {
  const folder = path.dirname(executable);
  const nested = process.platform === 'win32' ? readdirSync(folder).map((name) => path.join(folder, name)) : [];
  for (const base of [
    path.resolve(folder, '..', 'Resources'),
    path.join(folder, 'resources'),
    ...nested.map((n) => path.join(n, 'resources')),
  ]) {
    try {
      return JSON.parse(readFileSync(path.join(base, 'app', 'package.json'), 'utf8')).version;
    } catch {
      // Another layout of the installation.
    }
  }
  return undefined;
}

/** @param {string} version @param {string} range a caret range */
function isAtLeast(version, range) {
  const [have, want] = [version, range.replace(/^\D+/, '')].map((each) => each.split('.').map(Number));
  return have[0] > want[0] || (have[0] === want[0] && have[1] >= want[1]);
}

/** @returns {string | undefined} the executable of an installed VS Code that is new enough */
function findDesktop() {
  const wanted = manifest().engines.vscode;
  for (const executable of candidates().filter((file) => existsSync(file))) {
    const version = versionOf(executable);
    if (version && isAtLeast(version, wanted)) return executable;
    step(`Passing over ${executable}: ${version ? `it is ${version}, ${wanted} is needed` : 'its version is unknown'}`);
  }
  return undefined;
}

/** Downloads VS Code with `@vscode/test-electron` where its host answers. @returns {Promise<string | undefined>} */
async function downloadDesktop() {
  try {
    const answer = await fetch(`${downloadHost}/api/releases/stable`, {
      signal: AbortSignal.timeout(reachableWithinMs),
    });
    await answer.arrayBuffer();
    if (!answer.ok) return undefined;
    step('Downloading VS Code (once)');
    const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
    return await downloadAndUnzipVSCode({ cachePath: path.join(root, '.vscode-test'), timeout: downloadIdleMs });
  } catch (error) {
    step(`VS Code cannot be downloaded here (${error instanceof Error ? error.message : String(error)})`);
    return undefined;
  }
}

/** @returns {Promise<string | undefined>} the executable of a desktop VS Code, undefined where there is none or no display */
export async function desktopVscode() {
  if (!hasDisplay()) return undefined;
  return findDesktop() ?? (await downloadDesktop());
}
