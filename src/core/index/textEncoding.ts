import iconv from 'iconv-lite';
import type { LeftOut } from '../../shared/fileExplanation';

export type DecodedText = { text: string; encoding: string } | { leftOut: LeftOut };

/** As VS Code looks for zeros. */
const zeroPatternBytes = 512;

/**
 * The text of a file as VS Code shows it, and the encoding's name for people. As in VS Code, a byte order mark counts
 * first, then zeros at every second place (UTF-16 without a mark), then `expected`, its `files.encoding`. The mark is not
 * part of the text.
 *
 * What is not valid in its encoding is told instead of being replaced: replaced characters would be embedded.
 *
 * Offsets count in this string. VS Code keeps line endings that are the same throughout a file; it unifies mixed ones
 * when it opens the file, and offsets then differ from its `getText()`. Lines are the same in either case: whoever
 * goes from a chunk to an editor of a file with mixed line endings goes by lines.
 */
export function decodeText(bytes: Uint8Array, expected = 'utf8'): DecodedText {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return decodeUnicode(bytes, 'utf8', 'a byte order mark');
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUnicode(bytes, 'utf16le', 'a byte order mark');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUnicode(bytes, 'utf16be', 'a byte order mark');
  if (expected === 'utf16le' || expected === 'utf16be') return decodeUnicode(bytes, expected, 'files.encoding');
  const zeros = utf16ByZeros(bytes);
  if (zeros !== undefined) return decodeUnicode(bytes, zeros, 'zeros at every second byte');
  const zero = bytes.indexOf(0);
  if (zero >= 0) return { leftOut: { reason: 'binary', detail: `byte ${figure(zero)} is zero` } };
  // VS Code takes UTF-8 where it does not know the encoding either.
  if (expected === 'utf8' || expected === 'utf8bom' || !iconv.encodingExists(expected))
    return decodeUnicode(bytes, 'utf8', 'files.encoding');
  const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), expected);
  if (text.includes('\ufffd'))
    return notIn(expected, 'files.encoding', text, (before) => iconv.encode(before, expected).length);
  return { text, encoding: expected };
}

type Unicode = 'utf8' | 'utf16le' | 'utf16be';

const unicodeNames: Record<Unicode, string> = { utf8: 'UTF-8', utf16le: 'UTF-16 LE', utf16be: 'UTF-16 BE' };
const strict = {
  utf8: new TextDecoder('utf-8', { fatal: true }),
  utf16le: new TextDecoder('utf-16le', { fatal: true }),
};

function decodeUnicode(bytes: Uint8Array, encoding: Unicode, because: string): DecodedText {
  const ordered = encoding === 'utf16be' ? swapPairs(bytes) : bytes;
  const known = encoding === 'utf8' ? 'utf8' : 'utf16le';
  try {
    const text = strict[known].decode(ordered);
    // A lone UTF-16 zero is no character of a text.
    if (text.includes('\0')) return { leftOut: { reason: 'binary', detail: 'it holds a character of code zero' } };
    return { text, encoding: unicodeNames[encoding] };
  } catch {
    const lax = new TextDecoder(known === 'utf8' ? 'utf-8' : 'utf-16le', { ignoreBOM: true }).decode(ordered);
    const bytesIn = (before: string): number => Buffer.byteLength(before, known);
    return notIn(unicodeNames[encoding], because, lax, bytesIn);
  }
}

/** @param lax the text with what is wrong replaced */
function notIn(name: string, because: string, lax: string, bytesIn: (before: string) => number): DecodedText {
  const at = figure(bytesIn(lax.slice(0, lax.indexOf('\ufffd'))));
  return {
    leftOut: {
      reason: 'encoding',
      detail: `${name} was tried because of ${because}, but byte ${at} does not belong to it`,
    },
  };
}

function figure(value: number): string {
  return value.toLocaleString('en-US');
}

/** Which half of every pair of bytes is zero, as in Latin text; undefined when neither is throughout. */
function utf16ByZeros(bytes: Uint8Array): 'utf16le' | 'utf16be' | undefined {
  const length = Math.min(bytes.length, zeroPatternBytes);
  if (length < 2 || bytes.length % 2 > 0) return undefined;
  let [little, big] = [true, true];
  for (let i = 0; i < length; i += 2) {
    if (bytes[i] === 0 || bytes[i + 1] !== 0) little = false;
    if (bytes[i] !== 0 || bytes[i + 1] === 0) big = false;
    if (!little && !big) return undefined;
  }
  return little ? 'utf16le' : 'utf16be';
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
