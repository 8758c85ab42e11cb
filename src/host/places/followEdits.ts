import type { TextRange } from './textFinder';

/** One replacement in a document, in UTF-16 units of the text before it. */
export interface TextEdit {
  offset: number;
  removed: number;
  inserted: number;
}

/** A range that follows the edits of its document. */
export interface FollowedRange extends TextRange {
  /** True once an edit reached into the range: its text is no longer what was indexed. */
  touched: boolean;
}

/**
 * Moves a range along with edits that were made at once, all in units of the text before them. Text that is inserted at
 * either end stays outside. Undefined when the whole range was replaced or deleted.
 */
export function followEdits(range: FollowedRange, edits: readonly TextEdit[]): FollowedRange | undefined {
  let current: FollowedRange | undefined = range;
  // From the last edit to the first, so that no edit moves the offsets of those still to come.
  for (const edit of [...edits].sort((a, b) => b.offset - a.offset)) {
    current = current && followEdit(current, edit);
  }
  return current;
}

/** Moves one position along with edits; a position inside removed text goes to the end of what replaced it. */
export function followOffset(offset: number, edits: readonly TextEdit[]): number {
  let current = offset;
  for (const edit of [...edits].sort((a, b) => b.offset - a.offset)) {
    if (edit.offset + edit.removed <= current) current += edit.inserted - edit.removed;
    else if (edit.offset < current) current = edit.offset + edit.inserted;
  }
  return current;
}

function followEdit(range: FollowedRange, edit: TextEdit): FollowedRange | undefined {
  const editEnd = edit.offset + edit.removed;
  const delta = edit.inserted - edit.removed;
  if (editEnd <= range.start) return { ...range, start: range.start + delta, end: range.end + delta };
  if (edit.offset >= range.end) return range;
  if (edit.offset <= range.start && editEnd >= range.end) return undefined;
  if (edit.offset < range.start) return { start: edit.offset + edit.inserted, end: range.end + delta, touched: true };
  if (editEnd > range.end) return { start: range.start, end: edit.offset, touched: true };
  return { start: range.start, end: range.end + delta, touched: true };
}
