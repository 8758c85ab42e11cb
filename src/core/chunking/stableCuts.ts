import type { ChunkUnit } from './chunkUnit';
import { CutPlanner, type ChunkLimits } from './optimalCuts';

/** Texts are looked up by this many characters before they are compared. */
const lookupLength = 32;
/** What a chunk beside an edit must gain to be cut anew: its vector is there already. */
const leastGain = 0.2;
/** An edit changes the chunk that it lies in and one beside it. */
const mostChanged = 2;
/** More than any cuts can gain. */
const fewerIsBetter = 10;

/**
 * The best cuts where the document was not cut before. Where it was, chunks that still stand keep their place, and what
 * lies between them is cut anew, with the chunk before or behind it where that gains enough and no more than two change:
 * as a B-tree splits, merges and balances its pages. The best cuts of the whole would move up to the next heading with every word.
 *
 * @param previous texts of the chunks before, in their order.
 * @returns indices of the first units of the chunks, in order.
 */
export function stableCuts(
  text: string,
  units: readonly ChunkUnit[],
  contextTokens: (unit: number) => number,
  limits: ChunkLimits,
  previous: readonly string[],
): number[] {
  const planner = new CutPlanner(units, contextTokens, limits);
  if (previous.length === 0) return planner.plan(0, units.length).cuts;
  const cuts: number[] = [];
  let done = 0;
  let left: UnitRange | undefined;
  const cutGap = (to: number, right: UnitRange | undefined): boolean => {
    const gap = { from: done, to };
    if (gap.from === gap.to) return false;
    const chosen = planGap(planner, gap, left, right);
    if (chosen.from < gap.from) cuts.pop();
    cuts.push(...chosen.cuts);
    return chosen.to > gap.to;
  };
  for (const chunk of keptChunks(text, units, previous)) {
    if (planner.costOf(chunk.from, chunk.to) === Infinity) continue;
    const taken = cutGap(chunk.from, chunk);
    if (!taken) cuts.push(chunk.from);
    left = taken ? undefined : chunk;
    done = chunk.to;
  }
  cutGap(units.length, undefined);
  return cuts;
}

interface UnitRange {
  from: number;
  /** Not included. */
  to: number;
}

/** The best of: the gap by itself, with the kept chunk on its left, with the one on its right. */
function planGap(
  planner: CutPlanner,
  gap: UnitRange,
  left: UnitRange | undefined,
  right: UnitRange | undefined,
): UnitRange & { cuts: number[] } {
  let alone = planner.plan(gap.from, gap.to);
  if (alone.cuts.length > mostChanged) {
    const fewest = planner.plan(gap.from, gap.to, fewerIsBetter);
    // Where much was written, the best cuts matter more.
    if (fewest.cuts.length <= mostChanged) alone = fewest;
  }
  let best = { ...gap, ...alone };
  let least = alone.cost - leastGain;
  for (const neighbor of [left, right]) {
    if (!neighbor) continue;
    const from = Math.min(gap.from, neighbor.from);
    const to = Math.max(gap.to, neighbor.to);
    const plan = planner.plan(from, to);
    const cost = plan.cost - planner.costOf(neighbor.from, neighbor.to);
    if (cost >= least || plan.cuts.length > Math.max(mostChanged, alone.cuts.length)) continue;
    least = cost;
    best = { from, to, ...plan };
  }
  return best;
}

/**
 * The chunks of before that still stand on borders of units, in their order: first from the end, then from the
 * beginning, so that a text that repeats is not taken for one far away.
 */
function keptChunks(text: string, units: readonly ChunkUnit[], previous: readonly string[]): UnitRange[] {
  const unitByStart = new Map(units.map(({ start }, i) => [start, i]));
  const unitByEnd = new Map(units.map(({ end }, i) => [end, i]));
  const standing = (chunk: string, start: number): UnitRange | undefined => {
    const from = unitByStart.get(start);
    const last = unitByEnd.get(start + chunk.length);
    if (from === undefined || last === undefined || last < from || !text.startsWith(chunk, start)) return undefined;
    return { from, to: last + 1 };
  };
  const atEnd: UnitRange[] = [];
  let until = units.length;
  let remaining = previous.length;
  for (; remaining > 0 && until > 0; remaining--) {
    const chunk = previous[remaining - 1];
    const range = standing(chunk, units[until - 1].end - chunk.length);
    if (!range) break;
    atEnd.unshift(range);
    until = range.from;
  }
  const places = new Map<string, number[]>();
  for (let i = 0; i < remaining; i++) {
    const key = previous[i].slice(0, lookupLength);
    const known = places.get(key);
    if (known) known.push(i);
    else places.set(key, [i]);
  }
  const kept: UnitRange[] = [];
  let next = 0;
  for (let unit = 0; unit < until;) {
    const { start } = units[unit];
    let found: UnitRange | undefined;
    // A chunk may be shorter than what it is looked up by.
    const inOrder = previous[next] !== undefined && next < remaining ? standing(previous[next], start) : undefined;
    if (inOrder) [found, next] = [inOrder, next + 1];
    else {
      const candidates = places.get(text.slice(start, start + lookupLength)) ?? [];
      for (const i of candidates) {
        if (i < next) continue;
        found = standing(previous[i], start);
        if (found) next = i + 1;
        if (found) break;
      }
    }
    if (found && found.to <= until) kept.push(found);
    unit = found && found.to <= until ? found.to : unit + 1;
  }
  return [...kept, ...atEnd];
}
