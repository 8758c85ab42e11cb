import { open } from 'node:fs/promises';
import * as path from 'node:path';
import type { IndexEstimate, IndexSettings, SkipReason } from '../../shared/indexing';
import type { TokenCounter } from '../chunking/chunk';
import { fileKindOf } from './fileKinds';
import { readText } from './readText';
import { decodeText } from './textEncoding';
import { FolderWalk } from './walk';

/** From this many files on, the person is asked first. */
const unusuallyManyFiles = 200_000;
/** Files that are read to learn how many word pieces a byte is. */
const filesRead = 40;
/** Bytes per word piece of English prose, where nothing could be read. */
const usualBytesPerToken = 4.4;
/** Headings that are embedded with every chunk, and `[CLS]` and `[SEP]`. */
const contextShare = 1.08;
/** Sentences of suspicious chunks, the map, reading and storing: measured on the Rust book. */
const otherWorkShare = 1.4;

export interface EstimateOptions {
  counter: TokenCounter;
  tokensPerSecond: number;
  homeFolder: string;
  signal: AbortSignal;
}

/** Counts what would be indexed and reads a few of the files, evenly spread, to tell how long it takes. */
export async function estimateFolders(
  folders: readonly { path: string; settings: IndexSettings }[],
  { counter, tokensPerSecond, homeFolder, signal }: EstimateOptions,
): Promise<IndexEstimate> {
  const estimate: IndexEstimate = {
    files: 0,
    bytes: 0,
    tokens: 0,
    seconds: 0,
    skipped: {},
    unusual: undefined,
    complete: true,
  };
  const files: { file: string; size: number; maxBytes: number }[] = [];
  for (const { path: root, settings } of folders) {
    const walk = new FolderWalk(root, settings, { signal, limit: unusuallyManyFiles - files.length });
    for await (const { path: name, size } of walk) {
      if (!fileKindOf(name).known && (await beginsBinary(path.join(root, name)))) {
        estimate.skipped.binary = (estimate.skipped.binary ?? 0) + 1;
        continue;
      }
      files.push({ file: path.join(root, name), size, maxBytes: settings.maxFileSizeKb * 1024 });
      estimate.bytes += size;
    }
    for (const [reason, count] of Object.entries(walk.skipped)) {
      const key = reason as SkipReason;
      estimate.skipped[key] = (estimate.skipped[key] ?? 0) + count;
    }
    if (!walk.complete) estimate.complete = false;
    if (path.resolve(root) === path.resolve(homeFolder)) estimate.unusual = 'home';
  }
  estimate.files = files.length;
  if (!estimate.complete) estimate.unusual ??= 'many-files';
  let bytes = 0;
  let tokens = 0;
  const step = Math.max(1, Math.floor(files.length / filesRead));
  for (let i = 0; i < files.length; i += step) {
    signal.throwIfAborted();
    const document = await readText(files[i].file, { maxBytes: files[i].maxBytes, signal });
    if ('leftOut' in document) continue;
    bytes += document.bytes;
    tokens += counter.countTokens(document.text);
  }
  estimate.tokens = Math.round(estimate.bytes * (bytes > 0 ? tokens / bytes : 1 / usualBytesPerToken) * contextShare);
  estimate.seconds = (estimate.tokens / Math.max(1, tokensPerSecond)) * otherWorkShare;
  return estimate;
}

/** What is read of a file whose name says nothing. */
const headBytes = 512;

/** A file that can't be opened is told when it is indexed. */
async function beginsBinary(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      const head = decodeText(buffer.subarray(0, bytesRead));
      return 'leftOut' in head && head.leftOut.reason === 'binary';
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}
