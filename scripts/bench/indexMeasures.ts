import * as fs from 'node:fs';

/**
 * Turns of the main thread's event loop, in milliseconds: how long a search may have waited for its own. `own` are those
 * of the thread itself, without the time in which other processes had its core: what a turn takes on an idle machine.
 */
export interface Turns {
  p99: number;
  longest: number;
  /** Undefined where the system does not say. */
  own: { p99: number; longest: number } | undefined;
}

const tickMs = 2;

/** Does the work and watches the event loop meanwhile. */
export async function timedTurns<T>(work: () => Promise<T>): Promise<{ result: T; elapsedMs: number; turns: Turns }> {
  const waits: number[] = [];
  const ownWaits: number[] = [];
  const startMs = performance.now();
  let lastMs = startMs;
  let lastOwnMs = mainThreadMs('self');
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const ownMs = mainThreadMs('self');
    waits.push(Math.max(0, nowMs - lastMs - tickMs));
    if (ownMs !== undefined && lastOwnMs !== undefined) ownWaits.push(ownMs - lastOwnMs);
    lastMs = nowMs;
    lastOwnMs = ownMs;
  }, tickMs);
  try {
    const result = await work();
    const elapsedMs = performance.now() - startMs;
    return {
      result,
      elapsedMs,
      turns: { ...extremes(waits), own: ownWaits.length > 0 ? extremes(ownWaits) : undefined },
    };
  } finally {
    clearInterval(timer);
  }
}

function extremes(values: readonly number[]): { p99: number; longest: number } {
  return { p99: percentile(values, 99), longest: values.reduce((most, value) => Math.max(most, value), 0) };
}

/** Milliseconds that the main thread of a process was on a core; undefined where the system does not say. */
export function mainThreadMs(pid: number | 'self'): number | undefined {
  try {
    return Number(fs.readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
  } catch {
    return undefined;
  }
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
