// What the extension tells `npm start` while it indexes the folder and draws the map: lines of JSON in a file that both know.
import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} StartReport
 * @property {{ files: number, chunks: number, points?: number, seconds: number } | undefined} figures of the finished index
 * @property {{ points: number, renderer: string } | undefined} drawn what the panel drew last
 * @property {string | undefined} error one sentence, when the extension gave up
 */

/** @param {string} file @returns {StartReport} what is known by now; a line that is still being written counts not yet */
export function readStartReport(file) {
  /** @type {StartReport} */
  const report = { figures: undefined, drawn: undefined, error: undefined };
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  for (const line of text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)) {
    const entry = JSON.parse(line);
    if (typeof entry.seconds === 'number') report.figures = entry;
    if (typeof entry.drawn === 'number') report.drawn = { points: entry.drawn, renderer: String(entry.renderer) };
    if (typeof entry.error === 'string') report.error = entry.error;
  }
  return report;
}

/** Whether the map shows all that was indexed: twins are one point, so there may be fewer points than chunks. @param {StartReport} report */
export function mapIsComplete({ figures, drawn }) {
  if (!figures || !drawn) return false;
  return figures.points === undefined
    ? drawn.points > 0 && drawn.points <= figures.chunks
    : drawn.points === figures.points;
}
