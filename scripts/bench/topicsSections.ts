/** Pages whose headings are known and taken away: what a segmentation of real documentation is measured on. */
import { documentUnits, type SeamKind } from '../../src/core/topics/mixedTopicsUnits';
import { readProse } from './topicsFolder';

export interface SectionedPage {
  /** Sections as lists of units, without their headings. */
  sections: string[][];
  /** What stands before each unit of the page; where a heading stood, a paragraph begins. */
  seams: SeamKind[];
}

/** Markdown pages of two sections or more. */
export function readSections(folder: string): SectionedPage[] {
  return readProse(folder).flatMap(({ text }) => {
    const sections: string[][] = [[]];
    const seams: SeamKind[] = [];
    let afterHeading = false;
    for (const { start, end, seam, heading } of documentUnits(text)) {
      if (heading !== undefined) {
        if (sections.at(-1)!.length > 0) sections.push([]);
        afterHeading = true;
        continue;
      }
      const unit = text.slice(start, end).replace(/\s+/gu, ' ');
      if (!/\p{L}/u.test(unit)) continue;
      sections.at(-1)!.push(unit);
      seams.push(afterHeading ? 'paragraph' : seam);
      afterHeading = false;
    }
    const filled = sections.filter((section) => section.length > 0);
    return filled.length < 2 ? [] : [{ sections: filled, seams }];
  });
}
