import { counted } from '../../shared/plainWords';
import * as fs from 'node:fs';
import type { Embedding } from '../../core/embedding/embedding';
import type { EmbeddingHost } from '../../engine/embeddingHost';
import type { CliArguments } from '../arguments';
import { existingFile } from '../files';
import { interruptionSignal, unlessInterrupted, watchSignals } from '../interruption';
import { lineBatches, type NumberedLine } from '../lineQueue';
import { ProgressLine } from '../progressLine';
import { startEmbedder } from '../startEmbedder';

/** Lines embedded side by side: enough for every session. */
const linesAtOnce = 256;

/** JSON lines `{text}` in, JSON lines `{vector}` out, in the same order. */
export async function embed(args: CliArguments): Promise<void> {
  const [file] = args.positionals;
  const input = file === undefined ? process.stdin : fs.createReadStream(existingFile(file));
  const progress = new ProgressLine();
  if (file === undefined && process.stdin.isTTY)
    progress.tell('reading lines like {"text": "…"} from the terminal; Ctrl-D ends them.');
  const embedder = await startEmbedder(args, progress);
  watchSignals();
  let done = 0;
  let truncated = 0;
  const write = ({ vector, tokens, truncated: isTruncated }: Embedding): void => {
    done++;
    if (isTruncated) truncated++;
    process.stdout.write(`${JSON.stringify({ vector: shortest(vector), tokens, truncated: isTruncated })}\n`);
    // On a terminal the vectors themselves are the progress.
    if (!process.stdout.isTTY) progress.show(describe(done, embedder));
  };
  try {
    for await (const lines of lineBatches(input, linesAtOnce, interruptionSignal)) {
      const { texts, mistake } = parse(lines);
      await unlessInterrupted(embedInOrder(embedder, texts, write));
      if (process.stdout.writableNeedDrain)
        await unlessInterrupted(new Promise<void>((resolve) => process.stdout.once('drain', resolve)));
      if (mistake !== undefined) throw new Error(mistake);
    }
  } finally {
    progress.clear();
    await embedder.close();
  }
  if (truncated > 0) {
    const which = truncated === 1 ? '1 text was' : `${truncated.toLocaleString('en-US')} texts were`;
    progress.tell(
      `${which} longer than the model's limit of ${embedder.maxTokens} word pieces; what lies behind it was not seen ("truncated": true).`,
    );
  }
}

/** Writes each embedding as soon as all before it are written. */
async function embedInOrder(
  embedder: EmbeddingHost,
  texts: readonly string[],
  write: (embedding: Embedding) => void,
): Promise<void> {
  const early = new Map<number, Embedding>();
  let next = 0;
  const embeddings = await embedder.embed(
    texts.map((text) => ({ text })),
    {
      priority: 'index',
      signal: interruptionSignal,
      onEmbedded: (i, embedding) => {
        early.set(i, embedding);
        for (let ready = early.get(next); ready !== undefined; ready = early.get(next)) {
          early.delete(next++);
          write(ready);
        }
      },
    },
  );
  for (const embedding of embeddings.slice(next)) write(embedding);
}

/** The texts of the lines up to the first that is none. */
function parse(lines: readonly NumberedLine[]): { texts: string[]; mistake: string | undefined } {
  const texts: string[] = [];
  for (const { number, text: line } of lines) {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return { texts, mistake: `line ${number} is not JSON; each line must be like {"text": "…"}` };
    }
    const text = (value as { text?: unknown } | null)?.text;
    if (typeof text !== 'string')
      return { texts, mistake: `line ${number} has no "text"; each line must be like {"text": "…"}` };
    texts.push(text);
  }
  return { texts, mistake: undefined };
}

/** The values in as few digits as give back the very same float32. */
function shortest(vector: Float32Array): number[] {
  return Array.from(vector, (value) => Number(value.toPrecision(9)));
}

function describe(done: number, embedder: EmbeddingHost): string {
  const rate = Math.round(embedder.tokensPerSecond ?? 0).toLocaleString('en-US');
  return `${counted(done, 'text')} · ${rate} tokens/s`;
}
