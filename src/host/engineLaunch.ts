/** Starts the engine's process, and finds the one that runs. */
import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { childEnvironment } from '../shared/childEnvironment';
import { engineCrashFile, engineLeaseFile, parseEngineLease } from '../shared/engineLease';

export interface EngineLaunch {
  /** The extension's own folder: `dist/` and `media/` lie in it. */
  assetsFolder: string;
  storageFolder: string;
  version: string;
  log: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** The node that runs the engine; the editor's own unless a test says otherwise. */
  execPath?: string;
  /** The engine stops when no window asked for anything for this long. */
  idleMs?: number;
  /** The engine stops this long after its last window left. */
  lingerMs?: number;
}

const defaultIdleMs = 15 * 60_000;
const defaultLingerMs = 8_000;
const longestLogBytes = 1024 * 1024;

/** A connection to the engine that owns the storage folder, the token sent; undefined when there is none. */
export function connectToEngine(storageFolder: string): Promise<net.Socket | undefined> {
  let text: string;
  try {
    text = fs.readFileSync(path.join(storageFolder, engineLeaseFile), 'utf8');
  } catch {
    return Promise.resolve(undefined);
  }
  const lease = parseEngineLease(text);
  if (lease === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = net.connect(lease.address);
    socket.once('error', () => resolve(undefined));
    socket.once('connect', () => {
      socket.write(`${lease.token}\n`);
      resolve(socket);
    });
  });
}

export function spawnEngine(launch: EngineLaunch): ChildProcess {
  const { assetsFolder, storageFolder, version, idleMs = defaultIdleMs, lingerMs = defaultLingerMs } = launch;
  fs.mkdirSync(storageFolder, { recursive: true });
  // A file and not a pipe: the engine may outlive the window that started it. An engine that loses the race for the
  // lease must not empty the file of the one that won.
  const logFile = path.join(storageFolder, 'engine.log');
  const logBytes = fs.statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const output = fs.openSync(logFile, logBytes > longestLogBytes ? 'w' : 'a');
  try {
    const child = spawn(
      launch.execPath ?? process.execPath,
      [
        path.join(assetsFolder, 'dist', 'engine.js'),
        JSON.stringify({ assetsFolder, storageFolder, version, idleMs, lingerMs }),
      ],
      { stdio: ['ignore', output, output], detached: true, windowsHide: true, env: childEnvironment() },
    );
    child.unref();
    child.once('exit', (code, signal) => {
      if (isCrash(code, signal)) noteCrash(launch, signal ?? `exit code ${code}`);
    });
    return child;
  } finally {
    fs.closeSync(output);
  }
}

/** Left for the next engine, whichever window starts it: a runtime that crashed is not tried again. */
function noteCrash({ storageFolder, log }: EngineLaunch, how: string): void {
  log('error', `The engine process crashed (${how}); a slower runtime may be used from now on.`);
  try {
    fs.writeFileSync(path.join(storageFolder, engineCrashFile), how);
  } catch (error) {
    log('warn', `The crash could not be noted: ${(error as Error).message}`);
  }
}

/** Signals that a faulty native library ends in; a kill from outside says nothing of the runtime. */
function isCrash(code: number | null, signal: NodeJS.Signals | null): boolean {
  if (signal !== null) return ['SIGTRAP', 'SIGABRT', 'SIGSEGV', 'SIGILL', 'SIGBUS', 'SIGFPE'].includes(signal);
  // Windows reports faults as large exit codes (0xC0000005 is an access violation).
  return code !== null && code > 0xff;
}
