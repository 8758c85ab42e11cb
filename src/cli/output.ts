import type { Neighbor, Place } from '../shared/space';

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

/** What `--json` says of a neighbor or a hit. */
export function neighborJson({ place, places, similarity, percentile, text }: Neighbor): Record<string, unknown> {
  return {
    path: place.path,
    ...lineRange(place),
    similarity: round(similarity, 4),
    percentile: round(percentile, 1),
    places,
    text,
  };
}

/** A list of neighbors for people: similarity, percentile, place, first words. */
export function printNeighbors(neighbors: readonly Neighbor[]): void {
  if (neighbors.length === 0) {
    printLine('Nothing is near: the index holds no other chunk.');
    return;
  }
  const width = Math.max(24, (process.stdout.columns ?? 100) - 2);
  for (const { place, places, similarity, percentile, text } of neighbors) {
    const more = places > 1 ? ` and ${places - 1} more ${places === 2 ? 'place' : 'places'}` : '';
    printLine(
      `${similarity.toFixed(2)}  ${percentile.toFixed(1).padStart(5)} %  ${place.path}:${place.startLine + 1}${more}`,
    );
    printLine(`              ${firstWords(text, width - 14)}`);
  }
}

export function firstWords(text: string, length: number): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, Math.max(1, length - 1))}…`;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

export function count(value: number, singular: string, plural = `${singular}s`): string {
  return `${value.toLocaleString('en-US')} ${value === 1 ? singular : plural}`;
}
