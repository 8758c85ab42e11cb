/** When the files of a folder were last committed, as git tells. Only for folders that the person trusts. */
import { execFile, spawn } from 'node:child_process';

/** What is not told by then is not known: a long history of a large folder. */
const longestMs = 20_000;

/** Nothing that a repository's own settings name is run, nothing is asked, nothing is written. */
const safely = [
  '--no-pager',
  ...['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'log.showSignature=false'],
];

interface History {
  head: string;
  /** Seconds of the last commit by path inside the folder, with forward slashes. */
  times: ReadonlyMap<string, number>;
}

const histories = new Map<string, History>();

/**
 * Seconds since 1970 of the last commit of each file below a folder. Kept until the folder's HEAD moves.
 * @returns undefined where there is no git or no history.
 */
export async function gitTimes(folder: string, signal: AbortSignal): Promise<ReadonlyMap<string, number> | undefined> {
  const head = await headOf(folder, signal);
  if (head === undefined) return undefined;
  const known = histories.get(folder);
  if (known?.head === head) return known.times;
  const read = await readTimes(folder, signal);
  if (read === undefined) return undefined;
  // What was cut off by the clock is read again when it is asked for again.
  if (read.complete) histories.set(folder, { head, times: read.times });
  return read.times;
}

function headOf(folder: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      'git',
      [...safely, 'rev-parse', '--verify', 'HEAD'],
      { cwd: folder, env: gitEnvironment(), timeout: longestMs, signal, windowsHide: true },
      (error, output) => resolve(error === null ? output.trim() : undefined),
    );
  });
}

function readTimes(
  folder: string,
  signal: AbortSignal,
): Promise<{ times: Map<string, number>; complete: boolean } | undefined> {
  return new Promise((resolve, reject) => {
    const times = new Map<string, number>();
    const git = spawn(
      'git',
      [
        ...safely,
        'log',
        '--no-ext-diff',
        '--no-textconv',
        '--no-renames',
        '--relative',
        '--name-only',
        '-z',
        '--format=%x01%ct',
        '--',
        '.',
      ],
      { cwd: folder, env: gitEnvironment(), stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true },
    );
    const timer = setTimeout(() => git.kill(), longestMs);
    const stop = () => void git.kill();
    signal.addEventListener('abort', stop, { once: true });
    let rest = '';
    let seconds = 0;
    git.stdout.setEncoding('utf8');
    git.stdout.on('data', (text: string) => {
      const parts = (rest + text).split('\0');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        // A commit's time comes before its names, with a line feed between.
        const [first, ...names] = part.startsWith('\x01') ? part.slice(1).split('\n') : [undefined, part];
        if (first !== undefined) seconds = Number(first);
        const name = names.join('\n').replace(/^\n/, '');
        if (name !== '' && !times.has(name)) times.set(name, seconds);
      }
    });
    git.on('error', () => resolve(undefined));
    git.on('close', (code) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve(code === 0 || times.size > 0 ? { times, complete: code === 0 } : undefined);
    });
  });
}

function gitEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_EXTERNAL_DIFF']) delete environment[name];
  return environment;
}
