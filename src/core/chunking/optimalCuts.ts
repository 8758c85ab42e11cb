import { headingLevel, type ChunkUnit } from './chunkUnit';

export interface ChunkLimits {
  /** Word pieces of an embedded text without the special tokens. */
  tokens: number;
  characters: number;
}

/** Sizes in parts of the limit between which a chunk costs nothing. */
const comfortable = { from: 0.55, to: 0.88 };
/** A new heading inside a chunk: worth it only for sections that are too small to stand alone. */
const runOverCost = 0.5;
/** Cost of a chunk that fills the limit to the brim. */
const brimCost = 0.15;
/** Units without word pieces must not make the search quadratic. */
const maxUnits = 400;

/** Where the chunks of some units begin, and what that costs. */
export interface CutPlan {
  /** Indices of the first units of the chunks, in order. */
  cuts: number[];
  cost: number;
}

/**
 * Chooses where chunks end so that the sum of their costs is the least, by dynamic programming over the units (as Knuth
 * and Plass break paragraphs into lines). A chunk costs more the smaller it is, for cuts at unnatural places and for
 * headings inside it. It never runs from one section into another under a higher heading, and never ends on a heading whose text follows.
 */
export class CutPlanner {
  private readonly columns: UnitColumns;

  /** @param contextTokens word pieces of the headings embedded with a chunk that begins at the unit. */
  constructor(
    private readonly units: readonly ChunkUnit[],
    private readonly contextTokens: (unit: number) => number,
    private readonly limits: ChunkLimits,
  ) {
    this.columns = columnsOf(units);
  }

  /**
   * The best chunks for the units in [from, to).
   * @param costPerChunk on top of what each costs: the dearer, the fewer.
   */
  plan(from: number, to: number, costPerChunk = 0): CutPlan {
    const best = new Float64Array(to - from + 1).fill(Infinity);
    const previous = new Int32Array(to - from + 1).fill(-1);
    best[0] = 0;
    for (let i = from; i < to; i++) {
      const costBefore = best[i - from] + costPerChunk;
      this.eachChunkFrom(i, to, (end, cost) => {
        if (costBefore + cost >= best[end - from]) return;
        best[end - from] = costBefore + cost;
        previous[end - from] = i;
      });
    }
    const cuts: number[] = [];
    for (let end = to; end > from; end = previous[end - from]) cuts.push(previous[end - from]);
    return { cuts: cuts.reverse(), cost: best[to - from] };
  }

  /** What one chunk of the units in [from, to) costs; infinite where they may not be one. */
  costOf(from: number, to: number): number {
    let found = Infinity;
    this.eachChunkFrom(from, to, (end, cost) => {
      if (end === to) found = cost;
    });
    return found;
  }

  /** Tells the end and the cost of every chunk that may begin at a unit. */
  private eachChunkFrom(i: number, to: number, tell: (end: number, cost: number) => void): void {
    const { tokens, ends, levels, headings, strandedHeadings } = this.columns;
    const { limits } = this;
    const room = limits.tokens - this.contextTokens(i);
    const furthest = this.units[i].start + limits.characters;
    // A chunk that begins with a heading takes in its own level and below, one that begins in a section what is below it.
    const leastLevel = headings[i] ? levels[i] : levels[i] + 1;
    const cutCost = i > 0 ? this.units[i].cutCost : 0;
    const last = Math.min(to, i + maxUnits);
    let sum = 0;
    let runOver = 0;
    for (let j = i; j < last; j++) {
      if (j > i && headings[j]) {
        if (levels[j] < leastLevel) break;
        // A heading right below another one belongs to it.
        if (!(headings[j - 1] && levels[j] > levels[j - 1])) runOver += runOverCost;
      }
      sum += tokens[j];
      // The first unit is taken whatever it is: it fits, or nothing finer was left of it.
      if (j > i && (sum > room || ends[j] > furthest)) break;
      const stranded = strandedHeadings[j] ? strandedHeadingCost : 0;
      tell(j + 1, cutCost + runOver + stranded + sizeCost(sum / limits.tokens, room / limits.tokens));
    }
  }
}

/** Only when a heading is so long that its text does not fit beside it. */
const strandedHeadingCost = 100;

function sizeCost(size: number, room: number): number {
  if (size < comfortable.from) return ((comfortable.from - size) / comfortable.from) ** 2;
  const to = Math.min(comfortable.to, room);
  return size <= to ? 0 : (brimCost * (size - to)) / (1 - to);
}

interface UnitColumns {
  tokens: Uint32Array;
  ends: Uint32Array;
  levels: Uint8Array;
  /** 1 for headings, and for those of them whose text follows. */
  headings: Uint8Array;
  strandedHeadings: Uint8Array;
}

function columnsOf(units: readonly ChunkUnit[]): UnitColumns {
  const columns: UnitColumns = {
    tokens: Uint32Array.from(units, (unit) => unit.tokens),
    ends: Uint32Array.from(units, (unit) => unit.end),
    levels: Uint8Array.from(units, headingLevel),
    headings: Uint8Array.from(units, (unit) => (unit.isHeading ? 1 : 0)),
    strandedHeadings: new Uint8Array(units.length),
  };
  const { headings, levels, strandedHeadings } = columns;
  for (let i = 0; i + 1 < units.length; i++) {
    if (headings[i] && (!headings[i + 1] || levels[i + 1] > levels[i])) strandedHeadings[i] = 1;
  }
  return columns;
}
