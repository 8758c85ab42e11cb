// The engine outlives the window that started it by some seconds; a script that ends a VS Code ends its engine, too.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const patienceMs = 3000;

/** @param {string} dataDir data folder of a VS Code server or of a desktop VS Code @returns {number[]} pids of its engines */
export function enginesOf(dataDir) {
  const storages = [path.join(dataDir, 'data', 'User', 'globalStorage'), path.join(dataDir, 'User', 'globalStorage')];
  return storages
    .filter((storage) => existsSync(storage))
    .flatMap((storage) => readdirSync(storage).map((name) => path.join(storage, name, 'engine.lease')))
    .filter((lease) => existsSync(lease))
    .flatMap((lease) => {
      try {
        const { pid } = JSON.parse(readFileSync(lease, 'utf8'));
        return isEngine(pid) ? [pid] : [];
      } catch {
        return [];
      }
    });
}

/** Whether this pid is an engine of ours and not another process that got its number. @param {number} pid */
function isEngine(pid) {
  if (!(pid > 1)) return false;
  if (process.platform === 'win32') return isAlive(pid);
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).includes('engine.js');
  } catch {
    return false;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Ends the engines of a VS Code that is gone. @param {string} dataDir */
export async function endEnginesOf(dataDir) {
  const pids = enginesOf(dataDir);
  for (const pid of pids) process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + patienceMs;
  while (pids.some(isAlive) && Date.now() < deadline) await delay(50);
  for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
}
