import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import * as path from 'node:path';

const cliFile = path.resolve(__dirname, '..', '..', 'dist', 'cli.js');

export interface CliRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Commands of one cache folder, in a folder that the person stands in. */
export class CommandLine {
  constructor(
    readonly folder: string,
    private readonly cacheFolder: string,
  ) {}

  start(...args: string[]): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [cliFile, ...args], {
      cwd: this.folder,
      env: { ...process.env, XDG_CACHE_HOME: this.cacheFolder, LOCALAPPDATA: this.cacheFolder },
    });
  }

  run(...args: string[]): Promise<CliRun> {
    return this.runWith('', ...args);
  }

  /** What the command says in JSON, when it ends well and says nothing else. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    assert.deepEqual([code, stderr], [0, ''], `${args.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  runWith(input: string, ...args: string[]): Promise<CliRun> {
    const child = this.start(...args);
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return ended(child);
  }
}

export function ended(child: ChildProcessWithoutNullStreams): Promise<CliRun> {
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

/** The command told one sentence on standard error, no stack, and nothing on standard output. */
export function failed({ code, stdout, stderr }: CliRun, exitCode: number, message: RegExp): void {
  assert.deepEqual([code, stdout], [exitCode, ''], stderr);
  assert.match(stderr, /^latent-lens: [^\n]+\n$/u, 'one line');
  assert.match(stderr, message);
}
