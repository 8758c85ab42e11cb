import { counted } from '../shared/plainWords';
import type { IndexProgress } from '../shared/indexing';

/** A line is written at most this often. */
const everyMs = 100;

/** One line on a terminal that overwrites itself; nothing when standard error is no terminal. */
export class ProgressLine {
  private readonly stream = process.stderr;
  private readonly enabled = process.stderr.isTTY && process.env['TERM'] !== 'dumb';
  private text = '';
  private writtenAt = 0;

  show(text: string): void {
    if (!this.enabled || text === this.text || Date.now() - this.writtenAt < everyMs) return;
    this.text = text;
    this.writtenAt = Date.now();
    this.stream.write(`\r\x1b[K${text.slice(0, (this.stream.columns || 80) - 1)}`);
  }

  /** Room for a line that stays. */
  clear(): void {
    if (this.text !== '') this.stream.write('\r\x1b[K');
    this.text = '';
    this.writtenAt = 0;
  }

  /** A line of its own on standard error, terminal or not. */
  tell(message: string): void {
    this.clear();
    this.stream.write(`latent-lens: ${message}\n`);
  }
}

export function describeProgress(progress: IndexProgress): string {
  const { phase, filesDone, filesTotal, chunks, tokensPerSecond, secondsLeft } = progress;
  if (phase === 'scanning') return 'Looking for files…';
  if (phase === 'mapping') return 'Drawing the map…';
  if (phase === 'checking') return 'Looking for mixed topics…';
  const rate = tokensPerSecond > 0 ? ` · ${Math.round(tokensPerSecond).toLocaleString('en-US')} tokens/s` : '';
  const left = secondsLeft === undefined ? '' : ` · ${formatSeconds(secondsLeft)} left`;
  return `${filesDone.toLocaleString('en-US')} of ${filesTotal.toLocaleString('en-US')} files · ${counted(chunks, 'chunk')}${rate}${left}`;
}

function formatSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return `${Math.round(seconds / 60)} min`;
}
