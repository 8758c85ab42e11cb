import { followEdits, type FollowedRange, type TextEdit } from './followEdits';
import { findText, type TextRange } from './textFinder';

/** A chunk as somebody is shown it: offsets as indexed, and its text or the beginning of it. */
export interface Passage {
  chunkId: number;
  start: number;
  end: number;
  text: string;
}

/** Where the passages of one open document lie now, whatever was typed since they were indexed. */
export class FollowedPassages {
  private readonly passages = new Map<number, Passage>();
  private readonly ranges = new Map<number, FollowedRange>();

  /** Starts to follow a passage; one that can't be found in the text is not followed. */
  add(passage: Passage, documentText: string): void {
    if (this.ranges.has(passage.chunkId)) return;
    this.passages.set(passage.chunkId, passage);
    this.locate(passage, documentText);
  }

  /** Follows edits; `textAfter` is asked for only when a passage was replaced as a whole. */
  edit(edits: readonly TextEdit[], textAfter: () => string): void {
    // Over a copy: a passage that is found again must not be moved by these edits once more.
    for (const [chunkId, range] of [...this.ranges]) {
      const next = followEdits(range, edits);
      if (next) {
        this.ranges.set(chunkId, next);
        continue;
      }
      this.ranges.delete(chunkId);
      const passage = this.passages.get(chunkId);
      // A formatter or a revert replaces the document as a whole: the same text may well be there again.
      if (passage && !range.touched) this.locate({ ...passage, start: range.start, end: range.end }, textAfter());
    }
  }

  range(chunkId: number): FollowedRange | undefined {
    return this.ranges.get(chunkId);
  }

  private locate(passage: Passage, documentText: string): void {
    const range = locatePassage(passage, documentText);
    if (range) this.ranges.set(passage.chunkId, { ...range, touched: false });
  }
}

/** Where a passage lies in a text. Where only its beginning is known, its length is taken as indexed. */
export function locatePassage(passage: Passage, documentText: string): TextRange | undefined {
  const found = findText(documentText, passage.text, passage.start);
  if (!found) return undefined;
  const isWhole = passage.text.length >= passage.end - passage.start;
  const end = isWhole ? found.end : Math.min(documentText.length, found.start + (passage.end - passage.start));
  return { start: found.start, end };
}
