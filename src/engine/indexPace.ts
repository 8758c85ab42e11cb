/**
 * How hard an index works. At full speed every worker embeds; at a gentle pace, while the person types or the computer
 * runs on its battery, one worker stays free, and a worker that is the only one rests after each text as long as the
 * text took. Queries never wait for it.
 */
export class IndexPace {
  private gentleUntilMs = 0;
  private restUntilMs = 0;

  constructor(
    private readonly workers: number,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** A gentle pace from now on for so long; a longer one that was asked for before stays. */
  beGentleFor(durationMs: number): void {
    this.gentleUntilMs = Math.max(this.gentleUntilMs, this.nowMs() + durationMs);
  }

  get isGentle(): boolean {
    return this.gentleUntilMs > this.nowMs();
  }

  finishedText(elapsedMs: number): void {
    this.restUntilMs = this.nowMs() + elapsedMs;
  }

  /** Milliseconds until one more text of an index may start; 0 for now. */
  waitMs(textsUnderWay: number): number {
    const nowMs = this.nowMs();
    const gentleLeftMs = Math.max(0, this.gentleUntilMs - nowMs);
    if (this.workers > 1) return textsUnderWay < this.workers - 1 ? 0 : gentleLeftMs;
    return Math.min(gentleLeftMs, Math.max(0, this.restUntilMs - nowMs));
  }
}
