import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Turns of the main thread's event loop, in milliseconds: how long a search may have waited for its own. */
export interface Turns {
  p99: number;
  longest: number;
}

const resolutionMs = 2;

/** Does the work and watches the event loop meanwhile. */
export async function timedTurns<T>(work: () => Promise<T>): Promise<{ result: T; elapsedMs: number; turns: Turns }> {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  const startMs = performance.now();
  const result = await work();
  const elapsedMs = performance.now() - startMs;
  histogram.disable();
  const turns = { p99: histogram.percentile(99) / 1e6 - resolutionMs, longest: histogram.max / 1e6 - resolutionMs };
  return { result, elapsedMs, turns };
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}
