import { readFile, stat } from 'node:fs/promises';
import type { LeftOut } from '../../shared/fileExplanation';
import { decodeText } from './textEncoding';
import { notAFile, unreadable } from './walk';

export type ReadText = { text: string; encoding: string; bytes: number } | { leftOut: LeftOut };

/**
 * Reads and decodes a file. A file that vanished, can't be read or grew over the limit since the walk is left out and no
 * error.
 *
 * @throws the signal's reason when aborted
 */
export async function readText(
  path: string,
  limit: { maxBytes: number; encoding?: string; signal?: AbortSignal },
): Promise<ReadText> {
  try {
    const attributes = await stat(path);
    if (!attributes.isFile()) return { leftOut: notAFile };
    if (attributes.size > limit.maxBytes)
      return { leftOut: { reason: 'too-large', detail: 'it grew while it was read' } };
    const bytes = await readFile(path, { signal: limit.signal });
    const decoded = decodeText(bytes, limit.encoding);
    if ('leftOut' in decoded) return decoded;
    if (decoded.text.trim() === '') return { leftOut: { reason: 'no-text', detail: 'it is empty or blank' } };
    return { ...decoded, bytes: bytes.length };
  } catch (error) {
    limit.signal?.throwIfAborted();
    return { leftOut: unreadable(path, error) };
  }
}
