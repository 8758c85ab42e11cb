import type { Camera } from '../map/camera';
import { colorings, type ColorBy } from './coloring';

export const tabs = ['chunk', 'results', 'quality', 'space'] as const;
export type Tab = (typeof tabs)[number];

/** A place that outlives point ids, which are given anew when an index is opened. */
export interface SavedPlace {
  folderUri: string;
  path: string;
  start: number;
}

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
  legendOpen: boolean | undefined;
  selection: SavedPlace | undefined;
  query: string;
}

export const initialState: SavedState = {
  version: 1,
  tab: 'chunk',
  colorBy: 'folder',
  trustShade: false,
  split: { beside: 0.29, below: 0.48 },
  view: undefined,
  hidden: [],
  legendOpen: undefined,
  selection: undefined,
  query: '',
};

/** Reads a saved state piece by piece: what another version wrote or what is damaged falls back to the default. */
export function readSavedState(value: unknown): SavedState {
  if (!isRecord(value) || value.version !== 1) return initialState;
  const number = (x: unknown): x is number => typeof x === 'number' && Number.isFinite(x);
  const share = (x: unknown, fallback: number): number => (number(x) && x > 0.05 && x < 0.95 ? x : fallback);
  const { view, selection, split } = value;
  return {
    version: 1,
    tab: tabs.find((tab) => tab === value.tab) ?? initialState.tab,
    colorBy: colorings.find((colorBy) => colorBy === value.colorBy) ?? initialState.colorBy,
    trustShade: value.trustShade === true,
    split: isRecord(split)
      ? { beside: share(split.beside, initialState.split.beside), below: share(split.below, initialState.split.below) }
      : initialState.split,
    view:
      isRecord(view) && number(view.x) && number(view.y) && number(view.scale) && view.scale > 0
        ? { x: view.x, y: view.y, scale: view.scale }
        : undefined,
    hidden: Array.isArray(value.hidden) ? value.hidden.filter((key): key is string => typeof key === 'string') : [],
    legendOpen: typeof value.legendOpen === 'boolean' ? value.legendOpen : undefined,
    selection:
      isRecord(selection) &&
      typeof selection.folderUri === 'string' &&
      typeof selection.path === 'string' &&
      number(selection.start)
        ? { folderUri: selection.folderUri, path: selection.path, start: selection.start }
        : undefined,
    query: typeof value.query === 'string' ? value.query : '',
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
