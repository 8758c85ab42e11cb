/** Longest stretch of work between which a search, a message or a timer gets its turn. */
const turnMs = 10;

/** Lets the event loop go round between pieces of work that are short alone and long together. */
export class Turns {
  private beganMs = performance.now();

  /** Call between pieces of work. */
  async breathe(): Promise<void> {
    if (performance.now() - this.beganMs < turnMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.beganMs = performance.now();
  }
}
