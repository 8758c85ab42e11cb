import { rampSteps } from '../../src/shared/palette';
import { paletteSlot } from '../map/renderer';
import { count } from '../../src/shared/plainWords';
import { similarityText } from '../wording';
import type { LegendGroup, MapColoring, NumberRange, NumberScale } from './mapColoring';

/** What can be colored by a number, on a ramp from low to high. */
export const numberColorings = ['trust', 'falseNeighbors', 'similarity', 'gitAge', 'tokens'] as const;
export type NumberColorBy = (typeof numberColorings)[number];

/** Numbers of the rows of a map; NaN where there is none. */
export type RowNumbers = Float32Array;

export const unknownKey = 'unknown:';
export const histogramBins = 24;

/** Colors the map along the ramp and hides what lies outside the range. */
export function colorByNumber(
  numbers: RowNumbers,
  scale: NumberScale | undefined,
  range: NumberRange | undefined,
  hidden: ReadonlySet<string>,
): MapColoring {
  const slot = new Uint8Array(numbers.length).fill(paletteSlot.other);
  const visible = new Uint8Array(numbers.length);
  const histogram = new Array<number>(histogramBins).fill(0);
  // Shares and values are turned into each other; what stands on a handle is shown.
  const slack = scale ? 1e-6 * (scale.high - scale.low) : 0;
  const showUnknown = !hidden.has(unknownKey);
  let unknown = 0;
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row];
    if (!scale || Number.isNaN(value)) {
      unknown++;
      visible[row] = showUnknown || !scale ? 1 : 0;
      continue;
    }
    const share = Math.min(1, Math.max(0, scale.toShare(value)));
    slot[row] = paletteSlot.ramp + Math.min(rampSteps - 1, Math.floor(share * rampSteps));
    histogram[Math.min(histogramBins - 1, Math.floor(share * histogramBins))]++;
    // Handles stand at the ends of the ramp for whatever lies beyond them.
    const aboveLow = !range || range.low <= scale.low || value >= range.low - slack;
    const belowHigh = !range || range.high >= scale.high || value <= range.high + slack;
    visible[row] = aboveLow && belowHigh ? 1 : 0;
  }
  const groups: LegendGroup[] =
    unknown === 0 || !scale
      ? []
      : [
          {
            ...{ key: unknownKey, name: scale.unknown, count: unknown, slot: paletteSlot.other },
            ...{ ring: false, hidden: !showUnknown, detail: undefined },
          },
        ];
  return { slot, visible, ringMixed: false, groups, numbers: scale && { scale, histogram, range } };
}

/** The scale that fits the numbers, or undefined when no row has one. */
export function scaleFor(colorBy: NumberColorBy, numbers: RowNumbers, trustOf: number): NumberScale | undefined {
  const known = numbers.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return undefined;
  switch (colorBy) {
    case 'trust':
      return {
        ...linear(0, trustOf, 1 / trustOf),
        title: `True neighbors kept, of ${trustOf}`,
        help: `How many of a chunk's ${trustOf} nearest chunks are among its ${trustOf} nearest points on the map.`,
        ticks: [0, Math.round(trustOf / 3), Math.round((2 * trustOf) / 3), trustOf],
        text: (value) => String(Math.round(value)),
        unknown: 'Not known',
      };
    case 'falseNeighbors':
      return {
        ...linear(0, trustOf, 1 / trustOf),
        title: `Strangers nearby, of ${trustOf}`,
        help: `How many of a chunk's ${trustOf} nearest points on the map are not among its 50 nearest chunks.`,
        ticks: [0, Math.round(trustOf / 3), Math.round((2 * trustOf) / 3), trustOf],
        text: (value) => String(Math.round(value)),
        unknown: 'Not known',
      };
    case 'similarity': {
      known.sort();
      const low = Math.floor(20 * known[0]) / 20;
      // The chunk itself is 1: without it the others spread over the whole ramp.
      const below = known.findLast((value) => value < 0.9995) ?? known.at(-1)!;
      const high = Math.max(low + 0.05, Math.ceil(20 * below) / 20);
      return {
        ...linear(low, high, 1 / 100),
        title: 'Cosine similarity',
        help: 'Similarity to what is selected, or to the query, in the original space.',
        ticks: [low, (low + high) / 2, high],
        text: similarityText,
        unknown: 'Not known',
      };
    }
    case 'tokens': {
      const high = Math.max(
        8,
        known.reduce((most, value) => Math.max(most, value), 0),
      );
      return {
        ...linear(0, high, 1 / Math.min(100, high)),
        title: 'Word pieces',
        help: 'How long a chunk is, as the model counts. Short chunks say little; full ones may be cut in the middle of a thought.',
        ticks: [0, Math.round(high / 2), high],
        text: (value) => count(Math.round(value)),
        unknown: 'Not known',
      };
    }
    case 'gitAge':
      return ageScale(known);
  }
}

function linear(
  low: number,
  high: number,
  step: number,
): Pick<NumberScale, 'low' | 'high' | 'toShare' | 'fromShare' | 'step'> {
  const span = high - low || 1;
  return { low, high, step, toShare: (value) => (value - low) / span, fromShare: (share) => low + share * span };
}

/** Ages in days differ by factors, so equal factors take equal parts of the ramp. */
function ageScale(known: RowNumbers): NumberScale {
  const high = Math.max(
    2,
    known.reduce((most, value) => Math.max(most, value), 0),
  );
  const span = Math.log1p(high);
  const named = [0, 7, 30, 365, 1826, 3652].filter(
    (days) => days === 0 || (days > 1 && Math.log1p(days) < 0.86 * span),
  );
  // Names stand side by side: the ones that would touch are left out.
  const ticks: number[] = [];
  for (const days of named)
    if (ticks.length === 0 || Math.log1p(days) - Math.log1p(ticks.at(-1)!) > 0.16 * span) ticks.push(days);
  return {
    ...{ low: 0, high, step: 1 / 100, ticks: [...ticks, high] },
    title: 'Age of the last commit',
    help: 'How long ago the lines of a chunk, or its file, were last committed.',
    toShare: (days) => Math.log1p(Math.max(0, days)) / span,
    fromShare: (share) => Math.expm1(share * span),
    text: ageText,
    unknown: 'Not in git',
  };
}

export function ageText(days: number): string {
  if (days < 1) return 'today';
  if (days < 14) return `${Math.round(days)} d`;
  if (days < 60) return `${Math.round(days / 7)} wk`;
  if (days < 330) return `${Math.round(days / 30.4)} mo`;
  return `${Math.round(days / 365.25)} y`;
}
