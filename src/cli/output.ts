import { counted } from '../shared/plainWords';
import type { Neighbor, Place } from '../shared/space';
import { firstWords, withoutControls } from './terminalText';

/** Columns of a line where standard output is no terminal. */
const widthInPipe = 100;

/** Lines as people and compilers count them: from 1. */
export function lineRange({ startLine, endLine }: Pick<Place, 'startLine' | 'endLine'>): {
  startLine: number;
  endLine: number;
} {
  return { startLine: startLine + 1, endLine: endLine + 1 };
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

export function printLine(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** A line of a document below the line it belongs to, cut to what fits. */
export function printExcerpt(text: string, indent: number): void {
  const width = Math.max(indent + 20, (process.stdout.columns || widthInPipe) - 1);
  printLine(`${' '.repeat(indent)}${firstWords(text, width - indent)}`);
}

/** What `--json` says of a neighbor or a hit. */
export function neighborJson({
  place,
  places,
  similarity,
  percentile,
  text,
  overlaps,
}: Neighbor): Record<string, unknown> {
  return {
    path: place.path,
    ...lineRange(place),
    similarity: round(similarity, 4),
    percentile: percentile === undefined ? null : round(percentile, 1),
    places,
    ...(overlaps === true && { overlaps }),
    text,
  };
}

/** A list of neighbors for people: similarity, percentile, place, first words. */
export function printNeighbors(neighbors: readonly Neighbor[]): void {
  printLine('similarity  percentile  place');
  for (const { place, places, similarity, percentile, text, overlaps } of neighbors) {
    const more = places > 1 ? ` and ${counted(places - 1, 'more place', 'more places')}` : '';
    const figures = `${similarity.toFixed(2).padStart(10)}  ${(percentile?.toFixed(1) ?? '–').padStart(10)}`;
    printLine(
      `${figures}  ${withoutControls(place.path)}:${place.startLine + 1}${more}${overlaps === true ? ', overlaps this chunk' : ''}`,
    );
    printExcerpt(text, 24);
  }
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
