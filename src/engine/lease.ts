/**
 * A file that says which process owns something. The owner renews it; whoever finds it provably dead takes it over.
 * SQLite's own lock (a folder beside the database) survives `kill -9` and would refuse every later open: with a
 * lease above it, the owner knows that a lock it finds is stale.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';

const heartbeatMs = 5_000;
/** A process whose start time can't be read counts as dead when its heartbeat is this old. */
const staleMs = 60_000;

export interface LeaseOwner {
  pid: number;
  processStart: string;
}

export class LeaseHeldError extends Error {
  constructor(
    readonly file: string,
    readonly owner: LeaseOwner | undefined,
  ) {
    super(`${file} is held by process ${owner?.pid ?? 'unknown'}`);
    this.name = 'LeaseHeldError';
  }
}

/** Start time of a process as the system counts it, or '' where it can't be told. With the pid it names one process for good. */
export function processStart(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command may hold spaces and parentheses; the fields after its last parenthesis are plain. Start time is field 22.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readOwner(file: string): { text: string; owner: LeaseOwner | undefined; ageMs: number } | undefined {
  try {
    const text = fs.readFileSync(file, 'utf8');
    const ageMs = Date.now() - fs.statSync(file).mtimeMs;
    let owner: LeaseOwner | undefined;
    try {
      const value = JSON.parse(text) as Partial<LeaseOwner>;
      if (Number.isInteger(value.pid) && (value.pid as number) > 0) {
        owner = { pid: value.pid as number, processStart: String(value.processStart ?? '') };
      }
    } catch {
      owner = undefined;
    }
    return { text, owner, ageMs };
  } catch {
    return undefined;
  }
}

/** True only when the owner can't come back: its pid is gone or belongs to another process, or it fell silent for good. */
export function isProvablyDead(found: { owner: LeaseOwner | undefined; ageMs: number }): boolean {
  if (found.owner === undefined) return found.ageMs > staleMs;
  if (!isAlive(found.owner.pid)) return true;
  const start = processStart(found.owner.pid);
  if (start !== '' && found.owner.processStart !== '') return start !== found.owner.processStart;
  return found.ageMs > staleMs;
}

export class Lease {
  private readonly timer: NodeJS.Timeout;
  private released = false;

  private constructor(
    readonly file: string,
    private readonly content: string,
  ) {
    this.timer = setInterval(() => this.beat(), heartbeatMs);
    this.timer.unref();
  }

  /**
   * @param details further fields written beside pid and start time
   * @throws LeaseHeldError when a living process holds it
   */
  static acquire(file: string, details: Record<string, string> = {}): Lease {
    const content = JSON.stringify({ pid: process.pid, processStart: processStart(process.pid), ...details });
    for (let attempt = 0; attempt < 5; attempt++) {
      if (createExclusively(file, content)) return new Lease(file, content);
      const found = readOwner(file);
      if (found === undefined) continue;
      if (!isProvablyDead(found)) throw new LeaseHeldError(file, found.owner);
      setAside(file, found.text);
    }
    throw new LeaseHeldError(file, readOwner(file)?.owner);
  }

  /** False when somebody else took the lease: the owner must stop writing at once. */
  isHeld(): boolean {
    return !this.released && readOwner(this.file)?.text === this.content;
  }

  release(): void {
    if (this.released) return;
    clearInterval(this.timer);
    if (this.isHeld()) fs.rmSync(this.file, { force: true });
    this.released = true;
  }

  private beat(): void {
    try {
      const now = new Date();
      fs.utimesSync(this.file, now, now);
    } catch {
      // The file may be gone with its folder; isHeld tells the owner.
    }
  }
}

/** Creates the file with its whole content in one step, so that nobody reads half of it. */
function createExclusively(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  fs.writeFileSync(draft, content, { mode: 0o600, flag: 'wx' });
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return false;
    // Some file systems have no hard links: an exclusive create is the next best.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EMLINK') throw error;
    try {
      fs.writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
      return true;
    } catch (second) {
      if ((second as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw second;
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** Moves a dead lease away. If a living one was moved by accident (two takers at once), it is put back. */
function setAside(file: string, expected: string): void {
  const aside = `${file}.dead.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return;
  }
  if (fs.readFileSync(aside, 'utf8') !== expected) {
    try {
      fs.linkSync(aside, file);
    } catch {
      // A third one holds it by now: that one decides.
    }
  }
  fs.rmSync(aside, { force: true });
}
