import { readFile, stat } from 'node:fs/promises';
import type { SkipReason } from '../../shared/space';

export type DecodedDocument = { text: string } | { skipped: Extract<SkipReason, 'binary' | 'encoding' | 'no-text'> };
export type ReadDocument =
  | { text: string; bytes: number; mtimeMs: number }
  | { skipped: Extract<SkipReason, 'too-large' | 'binary' | 'encoding' | 'no-text' | 'unreadable'>; message?: string };

const utf8 = new TextDecoder('utf-8', { fatal: true });
const utf16 = new TextDecoder('utf-16le', { fatal: true });

/**
 * The text of a file as VS Code shows it: UTF-8, or UTF-16 with a byte order mark; the mark is not part of the text.
 * What is not valid in its encoding is told instead of being replaced: replaced characters would be embedded.
 *
 * Offsets count in this string. VS Code keeps line endings that are the same throughout a file; it unifies mixed ones
 * when it opens the file, and offsets then differ from its `getText()`. Lines are the same in either case: whoever
 * goes from a chunk to an editor of a file with mixed line endings goes by lines.
 */
export function decodeDocument(bytes: Uint8Array): DecodedDocument {
  let text: string;
  try {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) text = utf16.decode(bytes);
    else if (bytes[0] === 0xfe && bytes[1] === 0xff) text = utf16.decode(swapPairs(bytes));
    else if (bytes.includes(0)) return { skipped: 'binary' };
    else text = utf8.decode(bytes);
  } catch {
    return { skipped: 'encoding' };
  }
  if (text.includes('\0')) return { skipped: 'binary' };
  if (text.trim() === '') return { skipped: 'no-text' };
  return { text };
}

/**
 * Reads and decodes a file. A file that vanished, can't be read or grew over the limit since the walk is a skipped one and no error.
 */
export async function readDocument(
  path: string,
  limit: { maxBytes: number; signal?: AbortSignal },
): Promise<ReadDocument> {
  try {
    const attributes = await stat(path);
    const { size, mtimeMs } = attributes;
    if (!attributes.isFile()) return { skipped: 'unreadable', message: `${path} is not a file` };
    if (size > limit.maxBytes) return { skipped: 'too-large' };
    const bytes = await readFile(path, { signal: limit.signal });
    const decoded = decodeDocument(bytes);
    return 'text' in decoded ? { text: decoded.text, bytes: bytes.length, mtimeMs } : decoded;
  } catch (error) {
    limit.signal?.throwIfAborted();
    return { skipped: 'unreadable', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether the first bytes of a file are those of text that `decodeDocument` may read. */
export function looksBinary(head: Uint8Array): boolean {
  const hasMark = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  return !hasMark && head.includes(0);
}

/** Big-endian to little-endian; a last odd byte is kept, so that decoding fails. */
function swapPairs(bytes: Uint8Array): Uint8Array {
  const swapped = Uint8Array.from(bytes);
  for (let i = 0; i + 1 < swapped.length; i += 2) {
    swapped[i] = bytes[i + 1]!;
    swapped[i + 1] = bytes[i]!;
  }
  return swapped;
}
