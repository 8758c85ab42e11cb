import * as v from 'valibot';
import type { Camera } from '../map/camera';
import { colorings, type ColorBy } from './coloring';
import type { NumberRange } from './mapColoring';
import { searchModes, type SearchMode } from './searchModel';

export const tabs = ['chunk', 'results', 'quality', 'space'] as const;
export type Tab = (typeof tabs)[number];

/** What a drag on the map does. */
export const mapTools = ['pan', 'rectangle', 'lasso'] as const;
export type MapTool = (typeof mapTools)[number];

/** A place that outlives point ids, which are given anew when an index is opened. */
export interface SavedPlace {
  folderUri: string;
  path: string;
  start: number;
}

/** A set of chunks by where they lie on the map: coordinates outlive point ids, too. */
export interface SavedSet {
  origin: 'picked' | 'rectangle' | 'lasso' | 'cluster' | 'matches';
  name: string | undefined;
  /** x, y pairs. */
  coordinates: number[];
}

/** Larger sets are not kept: the state is written through at every change. */
export const mostSavedSet = 4000;

/** What survives closing, hiding and reloading the panel. */
export interface SavedState {
  version: 1;
  tab: Tab;
  colorBy: ColorBy;
  trustShade: boolean;
  /** Share of the panel that the side pane takes, beside and below the map. */
  split: { beside: number; below: number };
  /** Undefined while the whole map is in view. */
  view: Camera | undefined;
  /** Keys of the legend's groups that are hidden. */
  hidden: string[];
  /** Names of groups that have colors of their own because somebody asked to see them. */
  shownGroups: string[];
  range: NumberRange | undefined;
  legendOpen: boolean | undefined;
  selection: SavedPlace | undefined;
  set: SavedSet | undefined;
  query: string;
  searchMode: SearchMode;
  tool: MapTool;
  /** Whether the table stands in the map's place. */
  table: boolean;
}

const finite = v.pipe(v.number(), v.finite());
const share = v.fallback(v.pipe(v.number(), v.minValue(0.05), v.maxValue(0.95)), 0);
const beside = 0.29;
const below = 0.48;

/** Read piece by piece: what another version wrote or what is damaged falls back to the default. */
const schema = v.object({
  version: v.literal(1),
  tab: v.fallback(v.picklist(tabs), 'chunk'),
  colorBy: v.fallback(v.picklist(colorings), 'folder'),
  trustShade: v.fallback(v.boolean(), false),
  split: v.fallback(v.object({ beside: share, below: share }), { beside, below }),
  view: v.fallback(v.optional(v.object({ x: finite, y: finite, scale: v.pipe(finite, v.gtValue(0)) })), undefined),
  hidden: v.fallback(v.array(v.string()), []),
  shownGroups: v.fallback(v.pipe(v.array(v.string()), v.maxLength(2)), []),
  range: v.fallback(v.optional(v.object({ low: finite, high: finite })), undefined),
  legendOpen: v.fallback(v.optional(v.boolean()), undefined),
  selection: v.fallback(v.optional(v.object({ folderUri: v.string(), path: v.string(), start: finite })), undefined),
  set: v.fallback(
    v.optional(
      v.object({
        origin: v.picklist(['picked', 'rectangle', 'lasso', 'cluster', 'matches']),
        name: v.optional(v.string()),
        coordinates: v.pipe(v.array(finite), v.maxLength(2 * mostSavedSet)),
      }),
    ),
    undefined,
  ),
  query: v.fallback(v.string(), ''),
  searchMode: v.fallback(v.picklist(searchModes), 'meaning'),
  tool: v.fallback(v.picklist(mapTools), 'pan'),
  table: v.fallback(v.boolean(), false),
});

export function readSavedState(value: unknown): SavedState {
  const read = v.safeParse(schema, value);
  const state = read.success ? read.output : v.parse(schema, { version: 1 });
  return {
    ...state,
    split: { beside: state.split.beside || beside, below: state.split.below || below },
    view: state.view,
    range: state.range,
    legendOpen: state.legendOpen,
    selection: state.selection,
    set: state.set && { ...state.set, name: state.set.name },
  };
}
