import { findText, type TextRange } from './textFinder';

/**
 * Finds the text of a chunk in the cells of a notebook that may have changed since it was indexed: in its own cell, else
 * in the nearest one that holds it. Undefined when none does.
 */
export function findCell(
  cells: readonly string[],
  { cell, start, text }: { cell: number; start: number; text: string },
): ({ cell: number } & TextRange) | undefined {
  const nearestFirst = cells.map((_, i) => i).sort((a, b) => Math.abs(a - cell) - Math.abs(b - cell) || a - b);
  for (const i of nearestFirst) {
    const range = findText(cells[i], text, start);
    if (range) return { cell: i, ...range };
  }
  return undefined;
}
