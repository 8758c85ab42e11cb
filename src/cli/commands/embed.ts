import * as fs from 'node:fs';
import * as readline from 'node:readline';
import type { CliArguments } from '../arguments';
import { startEmbedder } from '../startEmbedder';
import { UsageError } from '../usage';

/** Lines embedded side by side: enough for every session, few enough to stream. */
const linesAtOnce = 64;

/** JSON lines `{text}` in, JSON lines `{vector}` out, in the same order. */
export async function embed(args: CliArguments): Promise<void> {
  const [file] = args.positionals;
  if (file !== undefined && !fs.existsSync(file)) throw new UsageError(`there is no file ${file}`);
  const input = file === undefined ? process.stdin : fs.createReadStream(file);
  const embedder = await startEmbedder(args);
  let truncated = 0;
  try {
    let lines: string[] = [];
    const flush = async (from: number): Promise<void> => {
      const requests = lines.map((line, i) => ({ text: textOf(line, from + i) }));
      lines = [];
      for (const embedding of await embedder.embed(requests, { priority: 'index' })) {
        if (embedding.truncated) truncated++;
        const { vector, tokens } = embedding;
        const written = process.stdout.write(
          `${JSON.stringify({ vector: [...vector], tokens, truncated: embedding.truncated })}\n`,
        );
        if (!written) await new Promise((resolve) => process.stdout.once('drain', resolve));
      }
    };
    let read = 0;
    for await (const line of readline.createInterface({ input, crlfDelay: Infinity })) {
      if (line.trim() === '') continue;
      lines.push(line);
      read++;
      if (lines.length === linesAtOnce) await flush(read - lines.length + 1);
    }
    await flush(read - lines.length + 1);
  } finally {
    await embedder.close();
  }
  if (truncated > 0) {
    process.stderr.write(
      `latent-lens: ${truncated} of the texts were longer than the model's limit; their ends were not seen ("truncated": true).\n`,
    );
  }
}

/** @throws Error that names the line */
function textOf(line: string, number: number): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error(`line ${number} is not JSON; each line must be like {"text": "…"}`);
  }
  const text = (value as { text?: unknown } | null)?.text;
  if (typeof text !== 'string') throw new Error(`line ${number} has no "text"; each line must be like {"text": "…"}`);
  return text;
}
