// Finds a browser of the Chromium family, or installs one where that is a matter of one command.
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PlainError, run, step } from './processes.mjs';

/** Flags under which a page draws the same on a developer's desktop, in a container and as root. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Containers give /dev/shm 64 MB, and WebGL2 comes from SwiftShader where there is no GPU.
  '--disable-dev-shm-usage',
  '--enable-unsafe-swiftshader',
  '--force-color-profile=srgb',
  '--hide-scrollbars',
];

/** @param {string[]} names */
function onPath(names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

/** Browsers that Playwright downloaded for another project. */
function playwrightBrowsers() {
  const caches = {
    linux: path.join(os.homedir(), '.cache/ms-playwright'),
    darwin: path.join(os.homedir(), 'Library/Caches/ms-playwright'),
    win32: path.join(process.env.LOCALAPPDATA ?? os.homedir(), 'ms-playwright'),
  };
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? caches[/** @type {'linux'} */ (process.platform)];
  if (!cache || !existsSync(cache)) return [];
  const executables = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'chrome-win/chrome.exe',
    'chrome-win64/chrome.exe',
  ];
  return readdirSync(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort()
    .reverse()
    .flatMap((name) => executables.map((executable) => path.join(cache, name, executable)));
}

function usualPlaces() {
  if (process.platform === 'darwin') {
    const apps = [
      'Google Chrome.app/Contents/MacOS/Google Chrome',
      'Chromium.app/Contents/MacOS/Chromium',
      'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ];
    return ['/Applications', path.join(os.homedir(), 'Applications')].flatMap((folder) =>
      apps.map((app) => path.join(folder, app)),
    );
  }
  if (process.platform === 'win32') {
    const folders = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA];
    const programs = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ];
    return folders.flatMap((folder) => (folder ? programs.map((program) => path.join(folder, program)) : []));
  }
  return [
    ...onPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'chrome']),
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
  ];
}

/** The executable of Chrome, Chromium or Edge on this machine; `LATENT_LENS_BROWSER` names another. @returns {string | undefined} */
export function findChromium() {
  const named = process.env.LATENT_LENS_BROWSER;
  if (named) {
    if (!existsSync(named)) throw new PlainError(`LATENT_LENS_BROWSER names ${named}, which does not exist.`);
    return named;
  }
  return [...usualPlaces(), ...playwrightBrowsers()].find((candidate) => existsSync(candidate));
}

/**
 * Finds a browser or installs Chromium through apt where we may.
 * @returns {Promise<string>} its executable
 * @throws {PlainError} that says in one line what to install
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  const apt = process.platform === 'linux' && onPath(['apt-get']).find((candidate) => existsSync(candidate));
  if (apt && process.getuid?.() === 0) {
    step('Installing Chromium with apt-get (once)');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run(apt, ['update', '-q'], { env, timeoutMs: 180_000, allowFailure: true });
    await run(apt, ['install', '-y', '-q', '--no-install-recommends', 'chromium'], { env, allowFailure: true });
    const installed = findChromium();
    if (installed) return installed;
  }
  const how = apt ? 'run `sudo apt-get install -y chromium`' : 'install Chrome, Edge or Chromium';
  throw new PlainError(`No browser was found: ${how}, or name one in LATENT_LENS_BROWSER.`);
}
