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

/**
 * Runs work that yields between pieces of it.
 * @throws the signal's reason when it is aborted between two of them
 */
export async function inTurns<T>(steps: Generator<undefined, T>, signal?: AbortSignal): Promise<T> {
  const turns = new Turns();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await turns.breathe();
    signal?.throwIfAborted();
  }
}
