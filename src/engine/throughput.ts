/** Seconds of work that the rate looks back on. */
const windowMs = 5_000;

/**
 * Word pieces per second while anything is embedded: the clock stands still when nothing is in flight, so waiting for
 * the disk does not slow the figure down.
 */
export class Throughput {
  private inFlight = 0;
  private busyMs = 0;
  private busySince = 0;
  private finishedTexts: { atBusyMs: number; tokens: number }[] = [];
  private windowStartMs = 0;
  private tokensInWindow = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  started(): void {
    if (this.inFlight++ === 0) this.busySince = this.now();
  }

  /** @param tokens 0 for a text that failed. */
  finished(tokens: number): void {
    const now = this.now();
    this.busyMs += now - this.busySince;
    this.busySince = now;
    this.inFlight--;
    this.finishedTexts.push({ atBusyMs: this.busyMs, tokens });
    this.tokensInWindow += tokens;
    let old = 0;
    while (this.finishedTexts[old].atBusyMs < this.busyMs - windowMs)
      this.tokensInWindow -= this.finishedTexts[old++].tokens;
    if (old > 0) {
      this.windowStartMs = this.finishedTexts[old - 1].atBusyMs;
      this.finishedTexts.splice(0, old);
    }
  }

  get tokensPerSecond(): number | undefined {
    const elapsedMs = this.busyMs - this.windowStartMs;
    return this.tokensInWindow > 0 && elapsedMs > 0 ? (this.tokensInWindow / elapsedMs) * 1000 : undefined;
  }
}
