/**
 * Entry of the process that storeCrashes.test.ts kills: says what the store holds, then changes it without end. What it
 * is about to do and what it has committed go to standard output, each line written before the next thing is done.
 * Arguments: store file, seed, and after how many writes to the disk it kills itself in the middle of one (0: never).
 */
import * as fs from 'node:fs';
import { seededRandom } from '../../src/core/neighbors/seededRandom';
import { FolderIndex } from '../../src/core/index/folderIndex';
import { IndexUpdate } from '../../src/core/index/indexer';
import { Lease } from '../../src/engine/lease';
import { HashEmbedder, hashVector, MemoryFolder, paragraphChunker } from '../unit/index/memoryFolder';

const [file, seed, dieAtWrite] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const dimensions = 8;
const identity = { folderUri: 'file:///w', folderPath: '/w', modelFingerprint: 'm', modelName: 'm', dimensions };
const writeSync = fs.writeSync;

function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

/** The disk gets half of what was to be written, and no more. */
function dieInTheMiddle(): void {
  let writes = 0;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const patched = require('node:fs') as { writeSync: (...args: unknown[]) => number };
  patched.writeSync = (...args: unknown[]) => {
    const [descriptor, bytes, offset, length, position] = args as [number, Uint8Array, number, number, number | null];
    if (descriptor > 2 && ++writes === dieAtWrite) {
      writeSync(descriptor, bytes, offset ?? 0, Math.floor((length ?? bytes.length) / 2), position);
      process.kill(process.pid, 'SIGKILL');
    }
    return (writeSync as (...all: unknown[]) => number)(...args);
  };
}

function contentOf({ index }: { index: FolderIndex }): Record<string, string> {
  const content: Record<string, string> = {};
  const live = index.liveEmbeddings();
  const seen = new Set<number>();
  const damaged = index.eachLiveEmbedding(live, ({ id, vector }) => {
    const text = index.store.text(id)?.text ?? '';
    const expected = hashVector(text, dimensions);
    if (vector.every((value, d) => value === expected[d])) seen.add(id);
  });
  if (damaged.length > 0) throw new Error(`damaged: ${damaged.join(', ')}`);
  for (const { path, chunks } of index.files) {
    if (chunks.some(({ embeddingId }) => !seen.has(embeddingId))) throw new Error(`half stored: ${path}`);
    content[path] = chunks.map(({ embeddingId }) => index.store.text(embeddingId)?.text).join('\n');
  }
  return content;
}

async function main(): Promise<void> {
  // Taken over from the process that was killed before.
  Lease.acquire(`${file}.lease`);
  let opened = FolderIndex.open(file, identity);
  const content = contentOf(opened);
  say({ opened: content, setAside: opened.setAside?.reason });
  if (dieAtWrite > 0) dieInTheMiddle();

  const random = seededRandom(seed);
  const source = new MemoryFolder();
  for (const [path, text] of Object.entries(content)) source.write(path, text);
  const textOf = (): string =>
    Array.from(
      { length: 1 + random.below(6) },
      () => `paragraph ${random.below(400)} ${'x'.repeat(random.below(300))}`,
    ).join('\n');
  const { signal } = new AbortController();
  for (let round = 0; ; round++) {
    const { index } = opened;
    index.onChange(({ removed, added }) => {
      const committed: Record<string, string | null> = {};
      for (const { path } of removed) committed[path] = null;
      for (const { path, chunks } of added)
        committed[path] = chunks.map(({ embeddingId }) => index.store.text(embeddingId)?.text).join('\n');
      say({ committed });
    });
    const intended: Record<string, string | null> = {};
    for (let i = 0; i < 12; i++) {
      const path = `f${random.below(40)}.txt`;
      if (random.next() < 0.2) {
        source.remove(path);
        intended[path] = null;
      } else {
        const text = textOf();
        source.write(path, text);
        intended[path] = text;
      }
    }
    say({ intended });
    await new IndexUpdate(index, {
      source,
      chunker: paragraphChunker,
      embedder: new HashEmbedder(),
      signal,
    }).everything();
    // Closing writes the log back into the file: that, too, is interrupted.
    if (round % 3 === 2) {
      index.store.close();
      opened = FolderIndex.open(file, identity);
    }
  }
}

main().catch((error: unknown) => {
  say({ failed: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
});
