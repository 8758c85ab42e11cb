/**
 * Ctrl-C, a polite kill, and a reader that has seen enough (`| head`) end a command early but in order: sessions stop between
 * texts (a process that exits while onnxruntime-node runs is aborted), and what was embedded is kept.
 */

/** Thrown where the command waits. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  constructor(readonly exitCode: number) {
    super('interrupted');
  }
}

const controller = new AbortController();

/** Aborts with the {@link Interruption}. */
export const interruptionSignal: AbortSignal = controller.signal;

/** A reader that closed its end of the pipe is no error. */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') controller.abort(new Interruption(0));
    else throw error;
  });
  // Nobody is left to be told.
  process.stderr.on('error', () => undefined);
}

/**
 * From here on signals end the command in order; a second one ends it at once. Not to be called before a runtime was
 * chosen: Ctrl-C also ends the throw-away process that tries one, which would be taken for a crash of that runtime.
 */
export function watchSignals(): void {
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => controller.abort(new Interruption(exitCode)));
  }
}

/** @throws Interruption as soon as there is one; the work itself is left to end as it does. */
export async function unlessInterrupted<T>(work: Promise<T>): Promise<T> {
  interruptionSignal.throwIfAborted();
  let stop = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    stop = () => reject(interruptionSignal.reason as Interruption);
    interruptionSignal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    interruptionSignal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}
