import type { IndexProgress } from '../shared/space';

/** One line on a terminal that overwrites itself; nothing when standard error is no terminal. */
export class ProgressLine {
  private readonly stream = process.stderr;
  private shown = false;

  show(progress: IndexProgress | undefined): void {
    if (!this.stream.isTTY || progress === undefined) return;
    this.stream.write(`\r\x1b[K${describeProgress(progress).slice(0, (this.stream.columns ?? 80) - 1)}`);
    this.shown = true;
  }

  clear(): void {
    if (this.shown) this.stream.write('\r\x1b[K');
    this.shown = false;
  }
}

export function describeProgress({
  phase,
  filesDone,
  filesTotal,
  chunks,
  tokensPerSecond,
  secondsLeft,
}: IndexProgress): string {
  if (phase === 'scanning') return 'Looking for files…';
  if (phase === 'mapping') return 'Drawing the map…';
  if (phase === 'checking') return 'Looking for mixed topics…';
  const rate = tokensPerSecond > 0 ? ` · ${Math.round(tokensPerSecond).toLocaleString('en-US')} tokens/s` : '';
  const left = secondsLeft === undefined ? '' : ` · ${formatSeconds(secondsLeft)} left`;
  return `${filesDone.toLocaleString('en-US')} of ${filesTotal.toLocaleString('en-US')} files · ${chunks.toLocaleString('en-US')} chunks${rate}${left}`;
}

export function formatSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return `${Math.round(seconds / 60)} min`;
}
