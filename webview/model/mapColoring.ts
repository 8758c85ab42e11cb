/** How a map is colored and what its legend says, whatever the colors stand for. */

/** One row of the legend. */
export interface LegendGroup {
  /** What the filter remembers; stable across updates of the map. */
  key: string;
  name: string;
  count: number;
  slot: number;
  ring: boolean;
  hidden: boolean;
  /** What "Other" holds. */
  detail: string | undefined;
}

/** Colors and visibility of every row of the map. */
export interface MapColoring {
  /** Palette slot by row. */
  slot: Uint8Array;
  /** 1 when no filter of the legend hides the row. */
  visible: Uint8Array;
  /** Whether mixed-topic chunks are drawn as rings; where color stands for a number they are not. */
  ringMixed: boolean;
  groups: LegendGroup[];
  /** The legend of a number instead of groups. */
  numbers: NumberLegend | undefined;
}

/** How numbers of a kind lie along the ramp and are told. */
export interface NumberScale {
  /** What the number is, with its unit, for the legend. */
  title: string;
  /** One sentence on what low and high mean. */
  help: string;
  low: number;
  high: number;
  /** Place along the ramp, 0 to 1, and back. */
  toShare(value: number): number;
  fromShare(share: number): number;
  /** Values that the legend names, ascending, within low and high. */
  ticks: number[];
  text(value: number): string;
  /** The smallest step of a handle, in shares. */
  step: number;
  /** What rows without a number are called. */
  unknown: string;
}

export interface NumberLegend {
  scale: NumberScale;
  /** Rows in equal parts of the ramp. */
  histogram: number[];
  /** The part that is shown, when not all is. */
  range: NumberRange | undefined;
}

/** Both ends are included. */
export interface NumberRange {
  low: number;
  high: number;
}
