import { Turns } from '../core/index/turns';
import type { TextMatches } from '../shared/mapQuestions';
import type { Space } from './space';

/** What is not looked at by then is told as not looked at. */
const longestMs = 5_000;

/** Points whose text, or a heading that is embedded with it, holds what was typed; upper and lower case are the same. */
export async function textSearch(space: Space, text: string, signal: AbortSignal): Promise<TextMatches> {
  const startMs = performance.now();
  const wanted = literally(text);
  const rows = space.points.liveRows();
  const found: number[] = [];
  let searched = 0;
  const turns = new Turns();
  for (const row of rows) {
    const stored = space.textOf(row);
    searched++;
    if (stored !== undefined && [stored.text, ...stored.context].some((part) => wanted.test(part))) {
      found.push(row);
    }
    if (performance.now() - startMs > longestMs) break;
    await turns.breathe();
    signal.throwIfAborted();
  }
  const elapsedMs = performance.now() - startMs;
  return { text, points: Uint32Array.from(found), searched, of: rows.length, elapsedMs };
}

/** What was typed, letter by letter: upper and lower case are the same, and so are all runs of spaces and line breaks. */
function literally(text: string): RegExp {
  const words = text.normalize('NFC').trim().split(/\s+/u);
  return new RegExp(words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')).join('\\s+'), 'iu');
}
