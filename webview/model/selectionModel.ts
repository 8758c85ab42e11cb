import { computed, signal } from '@preact/signals';
import type { ChunkDetail, Neighbor, Place, SelectionDetail } from '../../src/shared/space';
import type { HostConnection } from './host';

/** What the Chunk tab shows. */
export type Selected =
  | { kind: 'none' }
  | { kind: 'chunk'; point: number; detail: ChunkDetail | undefined; error: string | undefined }
  | { kind: 'text'; detail: SelectionDetail | undefined };

/** Holding an arrow key must not ask for every chunk on the way. */
const hurryMs = 120;

/** The selected chunk or embedded text, its neighbors, and the way back. */
export class SelectionModel {
  readonly selected = signal<Selected>({ kind: 'none' });
  /** The neighbor that is focused in the list, by point. */
  readonly focused = signal<number | undefined>(undefined);
  private readonly past = signal<number[]>([]);
  private readonly future = signal<number[]>([]);
  readonly canGoBack = computed(() => this.past.value.length > 0);
  readonly canGoForward = computed(() => this.future.value.length > 0);
  private latest = 0;
  private lastAt = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: HostConnection) {}

  /** The point of the selected chunk, if it is one. */
  readonly point = computed(() => (this.selected.value.kind === 'chunk' ? this.selected.value.point : undefined));

  readonly neighbors = computed<Neighbor[]>(() => {
    const { value } = this.selected;
    return value.kind === 'none' ? [] : (value.detail?.neighbors ?? []);
  });

  /** The place of the selected chunk once it is known. */
  readonly place = computed<Place | undefined>(() =>
    this.selected.value.kind === 'chunk' ? this.selected.value.detail?.place : undefined,
  );

  select(point: number): void {
    const before = this.point.peek();
    if (before === point) return;
    if (before !== undefined) this.past.value = [...this.past.value.slice(-49), before];
    this.future.value = [];
    this.load(point);
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

  showText(detail: SelectionDetail | undefined): void {
    this.cancel();
    this.focused.value = undefined;
    this.selected.value = { kind: 'text', detail };
  }

  clear(): void {
    this.cancel();
    this.focused.value = undefined;
    this.selected.value = { kind: 'none' };
  }

  /** Points have new ids: what was kept by id is gone. */
  forget(): void {
    this.past.value = [];
    this.future.value = [];
    if (this.selected.value.kind === 'chunk') this.clear();
  }

  private step(from: typeof this.past, to: typeof this.past): void {
    const target = from.value.at(-1);
    const present = this.point.peek();
    if (target === undefined) return;
    from.value = from.value.slice(0, -1);
    if (present !== undefined) to.value = [...to.value, present];
    this.load(target);
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
