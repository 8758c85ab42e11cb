// Starts, watches and ends child processes for the scripts. Node's own modules alone: `npm start` runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Lines of output that an error message quotes. */
const tailLines = 25;

/** @type {Set<ProcessGroup>} */
const running = new Set();
/** @type {(() => unknown)[]} */
const cleanups = [];
let ending = false;

/** Says what happens now. @param {string} message */
export function step(message) {
  console.log(`› ${message}`);
}

/** An error whose message is all that a person needs: printed without a stack. */
export class PlainError extends Error {}

/** @param {number} startedAt milliseconds of `Date.now()` */
export function secondsSince(startedAt) {
  return ((Date.now() - startedAt) / 1000).toFixed(1);
}

/** @param {string} output */
function lastLines(output, count = tailLines) {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}

/** A child process that leads a group of its own, so that whatever it starts ends with it. */
export class ProcessGroup {
  #output = '';

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, echo?: boolean }} [options] `echo` prints the output as it comes.
   */
  constructor(command, args, { cwd = root, env = process.env, echo = false } = {}) {
    this.name = path.basename(command);
    this.child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    running.add(this);
    /** @param {NodeJS.WriteStream} sink */
    const keep = (sink) => (/** @type {Buffer} */ data) => {
      if (echo) sink.write(data);
      this.#output = (this.#output + data.toString()).slice(-200_000);
    };
    this.child.stdout.on('data', keep(process.stdout));
    this.child.stderr.on('data', keep(process.stderr));
    /** Resolves to the exit code, 1 when a signal ended it; rejects when it could not start. @type {Promise<number>} */
    this.exited = new Promise((resolve, reject) => {
      this.child.once('error', (error) => {
        running.delete(this);
        reject(error);
      });
      this.child.once('close', (code) => {
        running.delete(this);
        resolve(code ?? 1);
      });
    });
    this.exited.catch(() => {});
  }

  /** The last 200,000 characters that it wrote. */
  get output() {
    return this.#output;
  }

  get tail() {
    return lastLines(this.#output);
  }

  get ended() {
    return !running.has(this);
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    const { pid } = this.child;
    if (pid === undefined) return;
    if (process.platform === 'win32') {
      spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch {
      // The whole group is gone already.
    }
  }

  /** Asks the whole group to end and insists after `patienceMs`. */
  async stop(patienceMs = 5000) {
    this.signal('SIGTERM');
    const insist = setTimeout(() => this.signal('SIGKILL'), patienceMs);
    await this.exited.catch(() => 1);
    clearTimeout(insist);
    this.signal('SIGKILL');
  }
}

/**
 * Runs a command to its end and returns its output.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, echo?: boolean, timeoutMs?: number, allowFailure?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 * @throws {PlainError} with the end of the output, when it fails or takes longer than `timeoutMs`
 */
export async function run(command, args, { timeoutMs = 600_000, allowFailure = false, ...options } = {}) {
  const group = new ProcessGroup(command, args, options);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void group.stop();
  }, timeoutMs);
  const shown = [path.basename(command), ...args].join(' ');
  let code;
  try {
    code = await group.exited;
  } catch (error) {
    throw new PlainError(`Could not start ${shown}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
  }
  if (timedOut) throw new PlainError(`${shown} took longer than ${timeoutMs / 1000} s.\n${group.tail}`);
  if (code !== 0 && !allowFailure) {
    throw new PlainError(`${shown} failed with exit code ${code}.${options.echo ? '' : `\n${group.tail}`}`);
  }
  return { code, output: group.output };
}

/** The folder of the npm that runs us, or the one on the PATH. @returns {{ command: string, args: string[] }} */
function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.[cm]?js$/.test(cli)) return { command: process.execPath, args: [cli] };
  if (process.platform === 'win32') {
    return {
      command: process.execPath,
      args: [path.join(path.dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js')],
    };
  }
  return { command: 'npm', args: [] };
}

/**
 * Runs npm, twice if need be: a registry that hiccups is the most frequent reason for a failed install.
 * @param {string[]} args
 * @param {{ cwd?: string, echo?: boolean, env?: NodeJS.ProcessEnv, attempts?: number }} [options]
 */
export async function npm(args, { attempts = 2, env = {}, ...options } = {}) {
  const { command, args: before } = npmCommand();
  // What an outer `npm run` tells its script about the project must not steer an install in another folder.
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_(local_)?prefix|package_|lifecycle_)/i.test(name)),
  );
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(command, [...before, ...args], { ...options, env: { ...inherited, ...env } });
    } catch (error) {
      if (attempt >= attempts || ending) throw error;
      step(`npm ${args[0]} failed; trying once more`);
    }
  }
}

/** Registers what must happen when the script ends for whatever reason, Ctrl-C included. @param {() => unknown} action */
export function atEnd(action) {
  cleanups.push(action);
}

/** Ends everything that was started and runs the registered actions, last one first. */
export async function endEverything() {
  ending = true;
  await Promise.all([...running].map((group) => group.stop()));
  for (const action of cleanups.splice(0).reverse()) {
    try {
      await action();
    } catch (error) {
      console.error(`Could not clean up: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/**
 * Runs a script's main function: prints a plain error as one message, ends everything and sets the exit code.
 * @param {() => Promise<number | void>} main resolves to the exit code
 */
export async function runScript(main) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (ending) return;
      console.log(`\n› ${signal === 'SIGINT' ? 'Ctrl-C' : signal}: ending what was started`);
      void endEverything().then(() => process.exit(signal === 'SIGINT' ? 130 : 143));
    });
  }
  process.on('exit', () => {
    for (const group of running) group.signal('SIGKILL');
  });
  let code = 0;
  try {
    code = (await main()) ?? 0;
  } catch (error) {
    if (ending) return;
    console.error(error instanceof PlainError ? `\n${error.message}` : error);
    code = 1;
  }
  if (ending) return;
  await endEverything();
  process.exit(code);
}
