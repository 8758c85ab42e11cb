// What the extension tells `npm start` while it indexes the folder and draws the map: lines of JSON in a file that both know.
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {import('../src/host/startRun').StartReportLine} Line */
/**
 * @typedef {object} StartReport
 * @property {Extract<Line, { phase: 'indexing' }> | undefined} indexing the last that is known of the run
 * @property {Extract<Line, { phase: 'indexed' }> | undefined} indexed figures of the finished index
 * @property {Extract<Line, { phase: 'drawn' }> | undefined} drawn what the panel drew last
 * @property {Extract<Line, { phase: 'error' }> | undefined} error why the extension gave up
 */

/** @param {string} file @returns {StartReport} what is known by now; a line that is still being written does not count yet */
export function readStartReport(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  /** @type {Line[]} */
  const lines = text
    .split('\n')
    .slice(0, -1)
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  /** @param {Line['phase']} phase */
  const last = (phase) => /** @type {any} */ (lines.findLast((line) => line.phase === phase));
  return { indexing: last('indexing'), indexed: last('indexed'), drawn: last('drawn'), error: last('error') };
}

/** Whether the map has drawn every point of the finished index. @param {StartReport} report */
export function mapIsComplete({ indexed, drawn }) {
  return indexed !== undefined && drawn !== undefined && indexed.points > 0 && drawn.points === indexed.points;
}
