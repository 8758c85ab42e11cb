import { batch, computed, effect, signal, untracked } from '@preact/signals';
import type { HostToWebview, PanelStatus } from '../../src/shared/hostWebview';
import type { MapColumns, Neighbor, Place, SpaceReadings, Warning } from '../../src/shared/space';
import type { Camera } from '../map/camera';
import { noEmphasis, type Emphasis } from '../map/scene';
import { HueMemory, colorMap, type ColorBy } from './coloring';
import { ExcerptCache } from './excerptCache';
import type { HostConnection } from './host';
import { readSavedState, type SavedPlace, type SavedState, type Tab } from './savedState';
import { SearchModel } from './searchModel';
import { SelectionModel } from './selectionModel';

export type LayoutMethod = 'umap' | 'umap-js' | 'pca';

/** Everything the panel knows, and what people can do with it. Components read the signals. */
export class Panel {
  readonly status = signal<PanelStatus | undefined>(undefined);
  readonly map = signal<MapColumns | null>(null);
  readonly warnings = signal<Warning[]>([]);
  readonly readings = signal<SpaceReadings | undefined>(undefined);
  readonly readingsError = signal<string | undefined>(undefined);
  readonly relayout = signal<{ pending: LayoutMethod | undefined; error: string | undefined }>({
    pending: undefined,
    error: undefined,
  });
  readonly tab = signal<Tab>('chunk');
  readonly colorBy = signal<ColorBy>('folder');
  readonly hidden = signal<ReadonlySet<string>>(new Set());
  readonly trustShade = signal(false);
  readonly split = signal<SavedState['split']>({ beside: 0.29, below: 0.48 });
  readonly legendOpen = signal<boolean | undefined>(undefined);
  readonly view = signal<Camera | undefined>(undefined);
  readonly renderer = signal<'webgl2' | 'canvas2d' | undefined>(undefined);
  /** Whether the lines start at the query or at what is selected: whichever came last. */
  readonly linksFrom = signal<'query' | 'selection'>('selection');
  /** Raised when the search field is to take the focus. */
  /** Counts how often the search field was asked for by its keys. */
  readonly focusSearch = signal(0);
  readonly excerpts: ExcerptCache;
  readonly search: SearchModel;
  readonly selection: SelectionModel;
  private readonly hues = new HueMemory();
  private wantedPlace: SavedPlace | undefined;
  private readingsOf = -1;

  constructor(readonly host: HostConnection) {
    const saved = readSavedState(host.savedState);
    this.tab.value = saved.tab;
    this.colorBy.value = saved.colorBy;
    this.hidden.value = new Set(saved.hidden);
    this.trustShade.value = saved.trustShade;
    this.split.value = saved.split;
    this.legendOpen.value = saved.legendOpen;
    this.view.value = saved.view;
    this.wantedPlace = saved.selection;
    this.excerpts = new ExcerptCache(host);
    this.selection = new SelectionModel(host);
    this.search = new SearchModel(host, () => (this.linksFrom.value = 'query'));
    this.search.query.value = saved.query;
    host.listen((message) => this.receive(message));
    effect(() => this.save());
  }

  readonly rowOfPoint = computed(() => {
    const rows = new Map<number, number>();
    this.map.value?.point.forEach((point, row) => rows.set(point, row));
    return rows;
  });

  readonly coloring = computed(() => {
    const map = this.map.value;
    return map ? colorMap(map, this.colorBy.value, this.hidden.value, this.hues) : undefined;
  });

  /** What the map marks: lines and stars of the query or of the selection. */
  readonly emphasis = computed<Emphasis>(() => {
    const map = this.map.value;
    if (!map) return noEmphasis;
    const rows = this.rowOfPoint.value;
    const at = (row: number): { x: number; y: number } => ({
      x: map.coordinates[2 * row],
      y: map.coordinates[2 * row + 1],
    });
    const links = (neighbors: readonly Neighbor[]): Emphasis['links'] =>
      neighbors.flatMap(({ point, similarity }) => {
        const row = rows.get(point);
        return row === undefined ? [] : [{ row, similarity }];
      });
    const star = (marker: { x: number | undefined; y: number | undefined } | undefined): { x: number; y: number }[] =>
      marker?.x === undefined || marker.y === undefined ? [] : [{ x: marker.x, y: marker.y }];
    const selected = this.selection.selected.value;
    const results = this.search.results.value;
    const textStar = star(selected.kind === 'text' ? selected.detail?.marker : undefined);
    const queryStar = star(results?.marker);
    const row = selected.kind === 'chunk' ? rows.get(selected.point) : undefined;
    const focusedPoint = this.selection.focused.value;
    const focused = focusedPoint === undefined ? undefined : rows.get(focusedPoint);
    const fromQuery = results !== undefined && this.linksFrom.value === 'query';
    return {
      stars: fromQuery ? queryStar : selected.kind === 'text' ? textStar : queryStar,
      selected: row,
      origin: fromQuery ? queryStar[0] : row === undefined ? textStar[0] : at(row),
      links: links(fromQuery ? results.hits.slice(0, 12) : this.selection.neighbors.value),
      focused: fromQuery ? undefined : focused,
      dimRest: fromQuery && results.hits.length > 0,
    };
  });

  readonly indexing = computed(() => this.status.value?.state.phase === 'indexing');

  selectPoint(point: number, openTab: boolean): void {
    batch(() => {
      this.linksFrom.value = 'selection';
      this.selection.select(point);
      if (openTab) this.tab.value = 'chunk';
    });
  }

  /** Opens a chunk in the editor; `offset` counts from the chunk's beginning. */
  open(place: Place, preview: boolean, offset?: number): void {
    this.host.post({ type: 'open', chunkId: place.chunkId, preview, ...(offset === undefined ? {} : { offset }) });
  }

  clearSelection(): void {
    if (this.selection.selected.value.kind === 'text') this.host.post({ type: 'clearSelection' });
    this.selection.clear();
  }

  clearSearch(): void {
    this.search.clear();
    this.linksFrom.value = 'selection';
  }

  setColorBy(colorBy: ColorBy): void {
    batch(() => {
      this.colorBy.value = colorBy;
      this.hidden.value = new Set();
    });
  }

  toggleGroup(key: string): void {
    const hidden = new Set(this.hidden.value);
    if (!hidden.delete(key)) hidden.add(key);
    this.hidden.value = hidden;
  }

  /** Shows one group alone, or all again when it is alone already. */
  soloGroup(key: string): void {
    const keys = this.coloring.value?.groups.map((group) => group.key) ?? [];
    const others = keys.filter((other) => other !== key);
    const alone = !this.hidden.value.has(key) && others.every((other) => this.hidden.value.has(other));
    this.hidden.value = new Set(alone ? [] : others);
  }

  async changeLayout(method: LayoutMethod): Promise<void> {
    const layout = this.readings.value?.layout;
    this.relayout.value = { pending: method, error: undefined };
    try {
      await this.host.request('relayout', {
        layout: method,
        neighbors: layout?.neighbors ?? 15,
        seed: layout?.seed ?? 42,
      });
      this.relayout.value = { pending: undefined, error: undefined };
      await this.loadReadings(true);
    } catch (error) {
      this.relayout.value = { pending: undefined, error: (error as Error).message };
    }
  }

  /** Asks for the readings unless those of this map are here. */
  async loadReadings(again = false): Promise<void> {
    const revision = this.map.peek()?.revision ?? 0;
    if (this.readingsOf === revision && !again) return;
    this.readingsOf = revision;
    try {
      this.readings.value = await this.host.request('readings', {});
      this.readingsError.value = undefined;
    } catch (error) {
      this.readingsOf = -1;
      this.readingsError.value = (error as Error).message;
    }
  }

  private receive(message: Exclude<HostToWebview, { type: 'response' }>): void {
    switch (message.type) {
      case 'status':
        this.status.value = message.status;
        break;
      case 'map':
        this.receiveMap(message.map);
        break;
      case 'warnings':
        this.warnings.value = [...message.warnings].sort(
          (a, b) => b.mixed.percentile - a.mixed.percentile || b.mixed.gain - a.mixed.gain,
        );
        break;
      case 'selection':
        if (message.selection === null && !message.pending) {
          if (this.selection.selected.value.kind === 'text') this.selection.clear();
          break;
        }
        batch(() => {
          this.wantedPlace = undefined;
          this.selection.showText(message.selection ?? undefined);
          this.linksFrom.value = 'selection';
          this.tab.value = 'chunk';
        });
        break;
      case 'results':
        this.search.receive(message.results);
        this.tab.value = 'results';
        break;
      case 'reveal':
        this.selectPoint(message.point, true);
        break;
    }
  }

  private receiveMap(map: MapColumns | null): void {
    const first = this.map.value === null;
    batch(() => {
      this.excerpts.clear();
      this.map.value = map;
      if (!map) {
        this.selection.forget();
        this.readings.value = undefined;
        this.readingsOf = -1;
      }
    });
    if (!map) return;
    void this.loadReadings();
    if (first) {
      void this.restoreSelection();
      if (this.search.query.value !== '' && !this.search.results.value) this.search.run();
    } else {
      // Neighbors and trust may differ on the grown map.
      this.selection.refresh();
    }
  }

  private async restoreSelection(): Promise<void> {
    const wanted = this.wantedPlace;
    this.wantedPlace = undefined;
    if (!wanted || this.selection.selected.value.kind !== 'none') return;
    try {
      const { folderUri, path, start } = wanted;
      const point = await this.host.request('pointAt', { folderUri, path, offset: start });
      if (point !== null && this.selection.selected.value.kind === 'none') this.selection.select(point);
    } catch {
      // Nothing is selected then, as if the chunk was gone: the person sees the map and can pick again.
    }
  }

  private save(): void {
    const place = this.selection.place.value;
    const selection = place
      ? { folderUri: place.folderUri, path: place.path, start: place.start }
      : untracked(() => this.wantedPlace);
    const state: SavedState = {
      version: 1,
      tab: this.tab.value,
      colorBy: this.colorBy.value,
      trustShade: this.trustShade.value,
      split: this.split.value,
      view: this.view.value,
      hidden: [...this.hidden.value],
      legendOpen: this.legendOpen.value,
      selection,
      query: this.search.query.value,
    };
    this.host.saveState(state);
  }
}
