/** A heading and those above it. */
export interface HeadingNode {
  level: number;
  title: string;
  parent: HeadingNode | undefined;
}

/** The smallest part of a document that a chunk is made of: never cut again. */
export interface ChunkUnit {
  start: number;
  end: number;
  /** Word pieces of its text alone. */
  tokens: number;
  /** The innermost heading that it stands under; for a heading that heading itself. */
  heading: HeadingNode | undefined;
  isHeading: boolean;
  /** What it costs to cut before this unit: 0 at a natural border, more the more is torn apart. */
  cutCost: number;
}

/** Level of the heading over a unit; 0 above all headings. */
export function headingLevel(unit: ChunkUnit): number {
  return unit.heading?.level ?? 0;
}

/** The most that the preference adds to a cut: as much as a rather small chunk costs. */
const preferenceWeight = 0.2;
const hashedUnits = 64;

/**
 * Makes some borders between paragraphs dearer than others, by a hash of the text that follows (FNV-1a). Without it all
 * of them are alike, and a sentence that is added moves every cut down to the next heading; with it the cuts
 * settle again nearby, as in content-defined chunking (LBFS, Muthitacharoen et al. 2001). Headings stay free.
 */
export function addCutPreference(text: string, units: readonly ChunkUnit[]): void {
  for (const unit of units) {
    if (unit.isHeading) continue;
    let hash = 0x811c9dc5;
    const end = Math.min(unit.end, unit.start + hashedUnits);
    for (let i = unit.start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    // The upper bits, which are mixed best.
    unit.cutCost += (preferenceWeight * (hash >>> 8)) / 0x1000000;
  }
}
