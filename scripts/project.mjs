// What a clone needs before anything else can run: its packages. Node's own modules alone.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PlainError, npm, root, secondsSince, step } from './processes.mjs';

const oldestNodeMajor = 20;

/** @returns {{ version: string, engines: { vscode: string } }} */
export function manifest() {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
}

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean, peer?: boolean }> | undefined} */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules holds what the lockfile says. npm writes its own copy of the lockfile as the last act of an
 * install, so an interrupted one counts as missing; versions are compared, as times of files say little after a checkout.
 */
function dependenciesAreCurrent() {
  const wanted = lockedPackages('package-lock.json');
  const present = lockedPackages('node_modules/.package-lock.json');
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) =>
      name === '' || (optional && !present[name]) || present[name]?.version === version,
  );
}

/** Installs the packages of the lockfile when they are missing or others. */
export async function ensureDependencies() {
  if (Number(process.versions.node.split('.')[0]) < oldestNodeMajor) {
    throw new PlainError(`Node ${process.versions.node} is too old: install Node ${oldestNodeMajor} or newer.`);
  }
  if (dependenciesAreCurrent()) return;
  const startedAt = Date.now();
  step('Installing packages: npm ci');
  await npm(['ci', '--no-audit', '--no-fund'], { echo: true });
  step(`  done in ${secondsSince(startedAt)} s`);
}
