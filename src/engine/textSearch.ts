import { setImmediate } from 'node:timers/promises';
import type { TextMatches } from '../shared/mapQuestions';
import type { Space } from './space';

/** What is not looked at by then is told as not looked at. */
const longestMs = 5_000;
const longestTurnMs = 20;

/** Points whose text, or a heading that is embedded with it, holds what was typed; upper and lower case are the same. */
export async function textSearch(space: Space, text: string, signal: AbortSignal): Promise<TextMatches> {
  const startMs = performance.now();
  const wanted = folded(text);
  const rows = space.points.liveRows();
  const found: number[] = [];
  let searched = 0;
  let turnMs = startMs;
  for (const row of rows) {
    const stored = space.textOf(row);
    searched++;
    if (
      stored !== undefined &&
      (folded(stored.text).includes(wanted) || stored.context.some((heading) => folded(heading).includes(wanted)))
    ) {
      found.push(row);
    }
    const nowMs = performance.now();
    if (nowMs - startMs > longestMs) break;
    if (nowMs - turnMs < longestTurnMs) continue;
    await setImmediate();
    signal.throwIfAborted();
    turnMs = performance.now();
  }
  const elapsedMs = performance.now() - startMs;
  return { text, points: Uint32Array.from(found), searched, of: rows.length, elapsedMs };
}

/** Composed and in lower case; line breaks and runs of spaces count as one space, as people type it. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ');
}
