import { spawn } from 'node:child_process';
import * as os from 'node:os';
import type { ModelFolder } from '../core/embedding/modelFolder';
import type { RuntimeName } from '../shared/engineInfo';
import { childEnvironment } from '../shared/childEnvironment';
import { RuntimeMemory } from './runtimeMemory';
import type { RuntimeProbeAnswer } from './runtimeProbe';

export interface RuntimeLadderOptions {
  /** What the person set; `auto` and `native` step down to what works, `wasm` never runs native code. */
  runtime: 'auto' | 'native' | 'wasm';
  /** Workers; 0 chooses. */
  threads: number;
  /** Another node that the person named; empty for none. */
  nodePath: string;
  /** Executable of the engine's own process: `process.execPath`. */
  execPath: string;
  modelFolder: ModelFolder;
  assetsFolder: string;
  /** `dist/runtimeProbe.js`. */
  probeFile: string;
  /** Where answers are remembered. */
  memoryFile: string;
  /** Everything that could change an answer: versions of the extension and the editor, architecture. The model is added here. */
  versionKey: string;
  /** The rung in use when the engine's process crashed. Never given after an exit that was asked for. */
  crashed?: { runtime: RuntimeName; reason: string };
  /** A probe that takes longer is killed; 60 s unless told. */
  probeTimeoutMs?: number;
  signal?: AbortSignal;
}

export interface RuntimeChoice {
  runtime: RuntimeName;
  /** Sessions of one thread. */
  threads: number;
  /** The node to run workers in, for `native-other-node`. */
  nodePath: string | undefined;
  /** Measured by the probe with one session. */
  tokensPerSecond: number | undefined;
  /** Why rungs above this one were not taken, one sentence each. */
  steppedDown: string[];
}

/** No rung works; the message names each reason. */
export class NoRuntimeError extends Error {
  override readonly name = 'NoRuntimeError';
}

const rungLabels: Record<RuntimeName, string> = {
  native: 'The native runtime',
  'native-other-node': 'The native runtime under the node that you named',
  wasm: 'The WASM runtime with several sessions',
  'wasm-single': 'The WASM runtime',
};

/** Signals by which people and systems end a process that is in order. */
const stopSignals: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGTERM', 'SIGHUP']);

/** A slow or busy machine may do better tomorrow. */
const timeoutMemoryMs = 24 * 3600 * 1000;

/**
 * The fastest runtime that works here: native in our own process, native under another node, WASM with a pool of
 * sessions, WASM with one. Each is asked once a version in a throw-away process, and a rung that crashed is not taken again.
 * @throws {ModelFolderError} when a file of the model is missing or altered: all are verified first, so that a damaged
 * model is not taken for a runtime that fails.
 * @throws {NoRuntimeError}
 * @throws the signal's reason when aborted.
 */
export async function chooseRuntime(options: RuntimeLadderOptions): Promise<RuntimeChoice> {
  await options.modelFolder.verify();
  const memory = await RuntimeMemory.open(
    options.memoryFile,
    `${options.versionKey} ${options.modelFolder.fingerprint}`,
  );
  if (options.crashed !== undefined) {
    memory.rememberCrash(memoryKey(options.crashed.runtime, options.nodePath), options.crashed.reason);
    await memory.save();
  }
  const steppedDown: string[] = [];
  for (const rung of rungsFor(options)) {
    const lowest = rung === 'wasm-single';
    const crash = memory.crash(memoryKey(rung, options.nodePath));
    if (crash !== undefined && !lowest) {
      const day = new Date(crash.at).toISOString().slice(0, 10);
      steppedDown.push(`${rungLabels[rung]} is not used: it crashed on ${day} (${crash.reason}).`);
      continue;
    }
    const answer = await askOnce(rung, options, memory);
    if (answer.ok) {
      const threads = options.threads > 0 ? options.threads : defaultThreads(rung);
      const runtime = rung === 'wasm' && threads === 1 ? 'wasm-single' : rung;
      return {
        runtime,
        threads: runtime === 'wasm-single' ? 1 : threads,
        nodePath: rung === 'native-other-node' ? options.nodePath : undefined,
        tokensPerSecond: answer.tokensPerSecond,
        steppedDown,
      };
    }
    const reason = `${rungLabels[rung]} does not work here: ${endSentence(answer.reason ?? 'the reason is not known')}`;
    steppedDown.push(reason);
  }
  throw new NoRuntimeError(`Nothing can be embedded on this machine. ${steppedDown.join(' ')}`);
}

/** Memory of a WASM session with this model, measured, in bytes. */
const wasmSessionBytes = 300 * 1024 * 1024;

/**
 * Sessions of one thread by default: more than four gain little and starve the editor; WASM sessions each have a
 * memory of their own and together take at most a quarter of the machine's.
 */
export function defaultThreads(
  runtime: RuntimeName,
  machine = { parallelism: os.availableParallelism(), memoryBytes: os.totalmem() },
): number {
  if (runtime === 'wasm-single') return 1;
  const threads = Math.min(machine.parallelism, 4);
  const fitting = runtime === 'wasm' ? Math.floor(machine.memoryBytes / 4 / wasmSessionBytes) : threads;
  return Math.max(1, Math.min(threads, fitting));
}

/** Share of the machine's memory that WASM sessions side by side may take; above it all threads work in one session. */
const plentyShare = 1 / 16;

/**
 * How many sessions share the threads. One thread a session is fastest and answers soonest. Each WASM session has a
 * memory of its own, though, so unless memory is plenty one session takes all threads: 390 MB instead of 300 MB a thread.
 */
export function sessionsFor(runtime: RuntimeName, threads: number, memoryBytes = os.totalmem()): number {
  const isPlenty = threads * wasmSessionBytes <= memoryBytes * plentyShare;
  return runtime === 'wasm' && !isPlenty ? 1 : threads;
}

function rungsFor({ runtime, nodePath }: RuntimeLadderOptions): RuntimeName[] {
  const wasm: RuntimeName[] = ['wasm', 'wasm-single'];
  if (runtime === 'wasm') return wasm;
  return nodePath === '' ? ['native', ...wasm] : ['native', 'native-other-node', ...wasm];
}

function memoryKey(rung: RuntimeName, nodePath: string): string {
  return rung === 'native-other-node' ? `${rung} ${nodePath}` : rung;
}

interface RungAnswer {
  ok: boolean;
  reason?: string;
  tokensPerSecond?: number;
}

async function askOnce(rung: RuntimeName, options: RuntimeLadderOptions, memory: RuntimeMemory): Promise<RungAnswer> {
  // Both WASM rungs ask the same question of one session.
  const key = memoryKey(rung === 'wasm-single' ? 'wasm' : rung, options.nodePath);
  const known = memory.answer(key);
  if (known !== undefined) return known;
  const { timedOut, ...answer } = await ask(rung, options);
  memory.remember(key, { ...answer, validUntil: timedOut ? Date.now() + timeoutMemoryMs : undefined });
  await memory.save();
  return answer;
}

/** Runs the probe. A crash, a hang and a wrong answer are all answers. */
function ask(rung: RuntimeName, options: RuntimeLadderOptions): Promise<RungAnswer & { timedOut: boolean }> {
  const { signal, probeFile, modelFolder, assetsFolder, probeTimeoutMs = 60_000 } = options;
  signal?.throwIfAborted();
  const executable = rung === 'native-other-node' ? options.nodePath : options.execPath;
  const runtime = rung === 'native' || rung === 'native-other-node' ? 'native' : 'wasm';
  return new Promise((resolve, reject) => {
    const child = spawn(executable, [probeFile, runtime, modelFolder.path, assetsFolder], {
      env: childEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    let errors = '';
    let timedOut = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)));
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, probeTimeoutMs);
    const abort = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', abort, { once: true });
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const fail = (error: Error) => {
      end();
      reject(error);
    };
    const settle = (answer: RungAnswer) => {
      if (signal?.aborted === true) fail(signal.reason instanceof Error ? signal.reason : new Error('Aborted'));
      else {
        end();
        resolve({ ...answer, timedOut });
      }
    };
    child.on('error', (error) => settle({ ok: false, reason: `it can't be started (${error.message})` }));
    child.on('close', (code, killedBy) => {
      if (timedOut) settle({ ok: false, reason: `its test did not end within ${Math.round(probeTimeoutMs / 1000)} s` });
      else if (killedBy !== null && stopSignals.has(killedBy)) {
        // Somebody ended us and the test with us: that says nothing of the runtime and must not be remembered.
        fail(new Error(`The test of the ${runtime} runtime was ended by ${killedBy}. Try again.`));
      } else if (killedBy !== null) settle({ ok: false, reason: `its test crashed (${killedBy})` });
      else if (code !== 0) settle({ ok: false, reason: `its test crashed (exit code ${code}${lastLine(errors)})` });
      else settle(readAnswer(output, runtime));
    });
  });
}

function readAnswer(output: string, runtime: 'native' | 'wasm'): RungAnswer {
  let answer: RuntimeProbeAnswer;
  try {
    answer = JSON.parse(output.trim().split('\n').at(-1) ?? '') as RuntimeProbeAnswer;
  } catch {
    return { ok: false, reason: 'its test gave no answer' };
  }
  if (!answer.ok) return { ok: false, reason: answer.message };
  if (answer.runtime !== runtime) return { ok: false, reason: `its test ran the ${answer.runtime} runtime instead` };
  return { ok: true, tokensPerSecond: answer.tokensPerSecond };
}

function lastLine(text: string): string {
  const line = text
    .trim()
    .split('\n')
    .find((candidate) => /error/i.test(candidate));
  return line === undefined ? '' : `, ${line.trim().slice(0, 200)}`;
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
