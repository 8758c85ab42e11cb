import { computed, signal } from '@preact/signals';
import type { ChunkDetail, Neighbor, Place, SelectionDetail } from '../../src/shared/space';
import type { HostConnection } from './host';

/** How a set of chunks came about: it is said above its list. */
export type SetOrigin = 'picked' | 'rectangle' | 'lasso' | 'cluster' | 'matches' | 'walk';

/** Several selected chunks, by point, ascending, but the steps of a walk, which stand in their order. */
export interface ChunkSet {
  points: readonly number[];
  origin: SetOrigin;
  /** The cluster's name or the query. */
  name: string | undefined;
}

/** What the Chunk tab shows. */
export type Selected =
  | { kind: 'none' }
  | { kind: 'chunk'; point: number; detail: ChunkDetail | undefined; error: string | undefined }
  | { kind: 'set'; set: ChunkSet }
  | { kind: 'text'; detail: SelectionDetail | undefined };

/** What going back returns to. */
type Visited = { kind: 'chunk'; point: number } | { kind: 'set'; set: ChunkSet };

/** Holding an arrow key must not ask for every chunk on the way. */
const hurryMs = 120;
const visitsKept = 50;

/** The selected chunk, set of chunks or embedded text, its neighbors, and the way back. */
export class SelectionModel {
  readonly selected = signal<Selected>({ kind: 'none' });
  /** The chunk that is focused in a list, by point. */
  readonly focused = signal<number | undefined>(undefined);
  private readonly past = signal<Visited[]>([]);
  private readonly future = signal<Visited[]>([]);
  readonly canGoBack = computed(() => this.past.value.length > 0);
  readonly canGoForward = computed(() => this.future.value.length > 0);
  private latest = 0;
  private lastAt = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: HostConnection) {}

  /** The point of the selected chunk, if it is one. */
  readonly point = computed(() => (this.selected.value.kind === 'chunk' ? this.selected.value.point : undefined));

  /** The selected set of chunks, if it is one. */
  readonly set = computed(() => (this.selected.value.kind === 'set' ? this.selected.value.set : undefined));

  readonly neighbors = computed<Neighbor[]>(() => {
    const { value } = this.selected;
    return value.kind === 'chunk' || value.kind === 'text' ? (value.detail?.neighbors ?? []) : [];
  });

  /** The place of the selected chunk once it is known. */
  readonly place = computed<Place | undefined>(() =>
    this.selected.value.kind === 'chunk' ? this.selected.value.detail?.place : undefined,
  );

  select(point: number): void {
    if (this.point.peek() === point) return;
    this.remember();
    this.load(point);
  }

  /** One chunk is shown as itself, none clears. */
  selectSet(set: ChunkSet): void {
    if (set.points.length === 1) {
      this.select(set.points[0]);
      return;
    }
    if (set.points.length === 0) {
      this.clear();
      return;
    }
    this.remember();
    this.show(set);
  }

  /** Adds a chunk to what is selected, or takes it out. */
  toggle(point: number): void {
    const { value } = this.selected;
    if (value.kind !== 'chunk' && value.kind !== 'set') {
      this.select(point);
      return;
    }
    const points = new Set(value.kind === 'chunk' ? [value.point] : value.set.points);
    if (!points.delete(point)) points.add(point);
    this.selectSet({ points: [...points].sort((a, b) => a - b), origin: 'picked', name: undefined });
  }

  goBack(): void {
    this.step(this.past, this.future);
  }

  goForward(): void {
    this.step(this.future, this.past);
  }

  /** Asks again for what is selected: the index has changed. */
  refresh(): void {
    const { value } = this.selected;
    if (value.kind === 'chunk') this.request(value.point);
  }

  /** Chunks that are gone leave the selected set. */
  keepOnly(exists: (point: number) => boolean): void {
    const set = this.set.peek();
    if (!set || set.points.every(exists)) return;
    const points = set.points.filter(exists);
    if (points.length > 1) this.selected.value = { kind: 'set', set: { ...set, points } };
    else if (points.length === 1) this.load(points[0]);
    else this.clear();
  }

  showText(detail: SelectionDetail | undefined): void {
    if (detail) this.remember();
    this.cancel();
    this.focused.value = undefined;
    this.selected.value = { kind: 'text', detail };
  }

  clear(): void {
    this.remember();
    this.cancel();
    this.focused.value = undefined;
    this.selected.value = { kind: 'none' };
  }

  /** Points have new ids: what was kept by id is gone. */
  forget(): void {
    if (this.selected.value.kind === 'chunk' || this.selected.value.kind === 'set') this.clear();
    this.past.value = [];
    this.future.value = [];
  }

  private visited(): Visited | undefined {
    const value = this.selected.peek();
    if (value.kind === 'chunk') return { kind: 'chunk', point: value.point };
    return value.kind === 'set' ? { kind: 'set', set: value.set } : undefined;
  }

  private remember(): void {
    const before = this.visited();
    if (before) this.past.value = [...this.past.value.slice(1 - visitsKept), before];
    this.future.value = [];
  }

  private step(from: typeof this.past, to: typeof this.past): void {
    const target = from.value.at(-1);
    const present = this.visited();
    if (target === undefined) return;
    from.value = from.value.slice(0, -1);
    if (present !== undefined) to.value = [...to.value, present];
    if (target.kind === 'chunk') this.load(target.point);
    else this.show(target.set);
  }

  private show(set: ChunkSet): void {
    this.cancel();
    this.focused.value = undefined;
    this.selected.value = { kind: 'set', set };
  }

  private load(point: number): void {
    this.cancel();
    this.focused.value = undefined;
    this.selected.value = { kind: 'chunk', point, detail: undefined, error: undefined };
    const now = performance.now();
    const hurried = now - this.lastAt < hurryMs;
    this.lastAt = now;
    if (hurried) this.timer = setTimeout(() => this.request(point), hurryMs);
    else this.request(point);
  }

  private request(point: number): void {
    const mine = ++this.latest;
    const settle = (detail: ChunkDetail | undefined, error: string | undefined): void => {
      if (mine === this.latest) this.selected.value = { kind: 'chunk', point, detail, error };
    };
    this.host.request('point', { point }).then(
      (detail) => settle(detail ?? undefined, detail ? undefined : 'This chunk is no longer in the index.'),
      (error: Error) => settle(undefined, error.message),
    );
  }

  private cancel(): void {
    clearTimeout(this.timer);
    this.latest++;
  }
}
