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
