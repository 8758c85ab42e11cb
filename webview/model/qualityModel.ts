import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { qualityKinds, type ChunkWarning, type QualityKind, type SplitEffect } from '../../src/shared/chunkQuality';
import type { Warning } from '../../src/shared/space';
import { directory } from '../wording';
import type { HostConnection } from './host';
import type { SelectionModel } from './selectionModel';

export const listedKinds = ['mixed-topics', ...qualityKinds] as const;
export type ListedKind = (typeof listedKinds)[number];
export type QualityOrder = 'cost' | 'strength' | 'place';

/** Rows that the list shows at most: more are narrowed by kind and folder. */
export const mostListed = 300;

/** The list of warnings: which kind and folder, in which order, and what a split of the selected chunk would change. */
export class QualityModel {
  readonly kind = signal<ListedKind>('mixed-topics');
  /** Path of a folder; empty for all. */
  readonly folder = signal('');
  readonly order = signal<QualityOrder>('cost');
  readonly loading = signal(false);
  readonly error = signal<string | undefined>(undefined);
  /** Mixed-topic chunks when the panel was first told of some: what counts are compared with. */
  readonly countBefore = signal<number | undefined>(undefined);
  /** Of the selected chunk, when it is flagged. */
  readonly split = signal<SplitEffect | undefined>(undefined);
  /** Answers for the other kinds, until the index changes. */
  private readonly others = signal<Partial<Record<QualityKind, ChunkWarning[]>>>({});
  private asked = 0;

  constructor(
    private readonly host: HostConnection,
    private readonly mixed: ReadonlySignal<Warning[]>,
    private readonly selection: SelectionModel,
  ) {}

  watch(): void {
    effect(() => this.load(this.kind.value));
    effect(() => this.askSplit());
  }

  /** Other chunks are there now: what was asked about them is asked again. */
  indexChanged(warnings: readonly Warning[]): void {
    if (this.countBefore.peek() === undefined && warnings.length > 0) this.countBefore.value = warnings.length;
    this.others.value = {};
    this.load(this.kind.peek());
  }

  /** Of the chosen kind, before it is narrowed by folder. */
  readonly ofKind = computed<readonly ChunkWarning[]>(() => {
    const kind = this.kind.value;
    return kind === 'mixed-topics' ? this.mixed.value : (this.others.value[kind] ?? []);
  });

  /** Folders that hold warnings of the kind, with their counts; each counts for those above it. */
  readonly folders = computed(() => {
    const counts = new Map<string, number>();
    for (const { place } of this.ofKind.value) {
      for (let path = directory(place.path); path !== ''; path = directory(path))
        counts.set(path, (counts.get(path) ?? 0) + 1);
    }
    return [...counts].map(([path, count]) => ({ path, count })).sort((a, b) => (a.path < b.path ? -1 : 1));
  });

  readonly shown = computed(() => {
    const folder = this.folder.value;
    const order = orders[this.order.value];
    return this.ofKind.value
      .filter(({ place }) => folder === '' || place.path.startsWith(`${folder}/`))
      .sort((a, b) => order(a, b) || strength(b) - strength(a));
  });

  private load(kind: ListedKind): void {
    const mine = ++this.asked;
    this.error.value = undefined;
    this.loading.value = false;
    if (kind === 'mixed-topics' || this.others.peek()[kind] !== undefined) return;
    this.loading.value = true;
    this.host.request('quality', { kinds: [kind] }).then(
      (found) => {
        this.others.value = { ...this.others.peek(), [kind]: found };
        if (mine === this.asked) this.loading.value = false;
      },
      (error: Error) => {
        if (mine !== this.asked) return;
        this.loading.value = false;
        this.error.value = error.message;
      },
    );
  }

  /** Asked once the chunk itself is here: it answers the click, the lines to its halves follow. */
  private askSplit(): void {
    const selected = this.selection.selected.value;
    const flagged = selected.kind === 'chunk' && selected.detail?.mixed?.flagged === true;
    const point = flagged ? selected.point : undefined;
    if (point === undefined) {
      this.split.value = undefined;
      return;
    }
    this.host.request('splitEffect', { point }).then(
      (effect) => {
        if (this.selection.point.peek() === point) this.split.value = effect ?? undefined;
      },
      () => (this.split.value = undefined),
    );
  }
}

/** How much further up the better half would be found. */
export function costOf(warning: ChunkWarning): number {
  const damage = warning.kind === 'mixed-topics' ? warning.mixed.damage : undefined;
  return damage === undefined ? 0 : Math.log(damage.rankNow / damage.rankSplit);
}

export function strength(warning: ChunkWarning): number {
  return warning.kind === 'mixed-topics' ? warning.mixed.percentile : warning.percentile;
}

const orders: Record<QualityOrder, (a: ChunkWarning, b: ChunkWarning) => number> = {
  cost: (a, b) => costOf(b) - costOf(a),
  strength: (a, b) => strength(b) - strength(a),
  place: (a, b) =>
    a.place.path === b.place.path ? a.place.start - b.place.start : a.place.path < b.place.path ? -1 : 1,
};
