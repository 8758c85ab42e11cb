import * as readline from 'node:readline';

/** Lines that wait before reading pauses. */
const mostWaiting = 1024;

export interface NumberedLine {
  /** From 1, blank lines counted. */
  number: number;
  text: string;
}

/**
 * Lines of a stream in batches of what is there: a fast stream gives full batches, a slow one gives each line as soon as it
 * comes, so that a program can write a line and wait for its answer.
 */
export async function* lineBatches(
  input: NodeJS.ReadableStream,
  most: number,
  signal: AbortSignal,
): AsyncGenerator<NumberedLine[], void, void> {
  const waiting: NumberedLine[] = [];
  let number = 0;
  let ended = false;
  let failure: Error | undefined;
  let wake = (): void => undefined;
  const reader = readline.createInterface({ input, crlfDelay: Infinity });
  reader.on('line', (text) => {
    number++;
    // A byte order mark is no part of the first line.
    const line = number === 1 ? text.replace(/^\ufeff/u, '') : text;
    if (line.trim() !== '') waiting.push({ number, text: line });
    if (waiting.length >= mostWaiting) reader.pause();
    wake();
  });
  reader.on('close', () => {
    ended = true;
    wake();
  });
  input.on('error', (error: Error) => {
    failure = error;
    wake();
  });
  const abort = (): void => wake();
  signal.addEventListener('abort', abort);
  try {
    for (;;) {
      signal.throwIfAborted();
      if (failure !== undefined) throw failure;
      if (waiting.length > 0) {
        const batch = waiting.splice(0, most);
        if (!ended && waiting.length < mostWaiting / 2) reader.resume();
        yield batch;
      } else if (ended) {
        return;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    signal.removeEventListener('abort', abort);
    reader.close();
    // Standard input that stays open would keep the process alive.
    if ('destroy' in input) (input as NodeJS.ReadStream).destroy();
  }
}
