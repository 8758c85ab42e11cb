import { batch, computed, effect, signal, untracked } from '@preact/signals';
import type { HostToWebview, PanelStatus } from '../../src/shared/hostWebview';
import type { MapColumns, Place, PointHonesty, SpaceReadings, Warning } from '../../src/shared/space';
import type { Camera } from '../map/camera';
import type { MapPicture } from '../map/picture';
import { drawPicture } from '../map/savePicture';
import type { Emphasis } from '../map/scene';
import { ColorModel } from './colorModel';
import { coloringNames } from './coloring';
import { emphasisOf } from './emphasis';
import { ExcerptCache } from './excerptCache';
import type { HostConnection } from './host';
import { LayoutModel } from './layoutModel';
import { NumbersModel, type SimilarityAnchor } from './numbersModel';
import { QualityModel } from './qualityModel';
import { readSavedState, type MapTool, type SavedPlace, type SavedSet, type SavedState, type Tab } from './savedState';
import { rowsAt, savedSetOf } from './savedSet';
import { SearchModel } from './searchModel';
import { SelectionModel, type ChunkSet, type SetOrigin } from './selectionModel';
import { SeparationModel } from './separationModel';
import { SetModel } from './setModel';

/** Everything the panel knows, and what people can do with it. Components read the signals. */
export class Panel {
  readonly status = signal<PanelStatus | undefined>(undefined);
  readonly map = signal<MapColumns | null>(null);
  readonly warnings = signal<Warning[]>([]);
  readonly readings = signal<SpaceReadings | undefined>(undefined);
  readonly readingsError = signal<string | undefined>(undefined);
  /** What the map gets right and wrong about the selected chunk. */
  readonly honesty = signal<PointHonesty | undefined>(undefined);
  readonly tab = signal<Tab>('chunk');
  readonly trustShade = signal(false);
  readonly split = signal<SavedState['split']>({ beside: 0.29, below: 0.48 });
  readonly legendOpen = signal<boolean | undefined>(undefined);
  readonly view = signal<Camera | undefined>(undefined);
  readonly tool = signal<MapTool>('pan');
  /** What failed last that no tab tells of; told in the footer. */
  readonly problem = signal<string | undefined>(undefined);
  /** What is seen of the map, while it is there. */
  picture: (() => MapPicture | undefined) | undefined;
  /** Whether the table stands in the map's place. */
  readonly table = signal(false);
  readonly renderer = signal<'webgl2' | 'canvas2d' | undefined>(undefined);
  /** Whether the lines start at the query or at what is selected: whichever came last. */
  readonly linksFrom = signal<'query' | 'selection'>('selection');
  /** Counts how often the search field was asked for by its keys. */
  readonly focusSearch = signal(0);
  readonly excerpts: ExcerptCache;
  readonly search: SearchModel;
  readonly selection: SelectionModel;
  readonly set: SetModel;
  readonly separation: SeparationModel;
  readonly layout: LayoutModel;
  readonly numbers: NumbersModel;
  readonly colors: ColorModel;
  readonly quality: QualityModel;
  private wantedPlace: SavedPlace | undefined;
  private wantedSet: SavedSet | undefined;
  private readingsOf = -1;

  constructor(readonly host: HostConnection) {
    const saved = readSavedState(host.savedState);
    this.tab.value = saved.tab;
    this.trustShade.value = saved.trustShade;
    this.split.value = saved.split;
    this.legendOpen.value = saved.legendOpen;
    this.view.value = saved.view;
    this.tool.value = saved.tool;
    this.table.value = saved.table;
    this.wantedPlace = saved.selection;
    this.wantedSet = saved.set;
    this.excerpts = new ExcerptCache(host);
    this.selection = new SelectionModel(host);
    this.set = new SetModel(host, this.selection);
    this.quality = new QualityModel(host, this.warnings, this.selection);
    this.separation = new SeparationModel(host);
    this.layout = new LayoutModel(host);
    this.search = new SearchModel(host, () => (this.linksFrom.value = 'query'));
    this.search.query.value = saved.query;
    this.search.mode.value = saved.searchMode;
    const colorBy = signal(saved.colorBy);
    this.numbers = new NumbersModel(host, {
      map: this.map,
      rowOfPoint: this.rowOfPoint,
      colorBy,
      anchor: this.similarityAnchor,
    });
    this.colors = new ColorModel(colorBy, this.map, this.numbers.values);
    this.colors.hidden.value = new Set(saved.hidden);
    this.colors.shownGroups.value = saved.shownGroups;
    this.colors.range.value = saved.range;
    host.listen((message) => this.receive(message));
    this.numbers.watch();
    this.set.watch();
    this.quality.watch();
    effect(() => this.askHonesty());
    effect(() => this.save());
  }

  readonly rowOfPoint = computed(() => {
    const rows = new Map<number, number>();
    this.map.value?.point.forEach((point, row) => rows.set(point, row));
    return rows;
  });

  readonly coloring = computed(() => this.colors.coloring.value);

  /** What the map marks: lines and stars of the query or of the selection. */
  readonly emphasis = computed<Emphasis>(() =>
    emphasisOf({
      map: this.map.value,
      rowOfPoint: this.rowOfPoint.value,
      selected: this.selection.selected.value,
      neighbors: this.selection.neighbors.value,
      focusedPoint: this.selection.focused.value,
      results: this.search.results.value,
      matches: this.search.matches.value?.points,
      linksFrom: this.linksFrom.value,
      honesty: this.honesty.value,
      split: this.quality.split.value,
      centroid: this.set.centroid.value?.marker,
    }),
  );

  /** What "similar" means now: to the query when it came last, else to what is selected. */
  readonly similarityAnchor = computed<SimilarityAnchor | undefined>(() => {
    const { point } = this.selection;
    const set = this.selection.set.value;
    const query = this.search.results.value?.query.trim();
    const fromQuery = { target: { query }, label: `“${query}”` };
    if (query && this.linksFrom.value === 'query') return fromQuery;
    if (point.value !== undefined) return { target: { points: [point.value] }, label: 'the selected chunk' };
    if (set) return { target: { points: Uint32Array.from(set.points) }, label: 'the mean of the selected chunks' };
    return query ? fromQuery : undefined;
  });

  readonly indexing = computed(() => this.status.value?.state.phase === 'indexing');

  selectPoint(point: number, openTab: boolean): void {
    batch(() => {
      this.linksFrom.value = 'selection';
      this.selection.select(point);
      if (openTab) this.tab.value = 'chunk';
    });
  }

  /** Selects the chunks of an area or another group; `add` keeps what is selected. */
  selectRows(rows: readonly number[], origin: SetOrigin, options: { add?: boolean; name?: string } = {}): void {
    const map = this.map.value;
    if (!map) return;
    let points = rows.map((row) => map.point[row]);
    if (options.add) {
      const { point, set } = this.selection;
      const before = point.value === undefined ? (set.value?.points ?? []) : [point.value];
      points = [...new Set([...before, ...points])].sort((a, b) => a - b);
    }
    this.selectSet({ points, origin, name: options.name });
  }

  selectSet(set: ChunkSet): void {
    batch(() => {
      this.linksFrom.value = 'selection';
      this.selection.selectSet(set);
      this.tab.value = 'chunk';
    });
  }

  /** Adds a point to what is selected or takes it out. */
  togglePoint(point: number): void {
    batch(() => {
      this.linksFrom.value = 'selection';
      this.selection.toggle(point);
      this.tab.value = 'chunk';
    });
  }

  /** Opens a chunk in the editor; `offset` counts from the chunk's beginning. */
  open(place: Place, preview: boolean, offset?: number): void {
    this.host.post({ type: 'open', chunkId: place.chunkId, preview, ...(offset === undefined ? {} : { offset }) });
  }

  /** Opens a chunk by its point: its place is known from its excerpt or its detail, and asked for otherwise. */
  openPoint(point: number): void {
    const selected = this.selection.selected.value;
    const known = selected.kind === 'chunk' && selected.point === point ? selected.detail?.place : undefined;
    const place = known ?? this.excerpts.get(point)?.place;
    if (place) {
      this.open(place, false);
      return;
    }
    this.host.request('excerpts', { points: [point] }).then(
      ([excerpt]) => {
        if (excerpt) this.open(excerpt.place, false);
      },
      // The Chunk tab shows the host's sentence for the same point.
      () => this.selectPoint(point, true),
    );
  }

  /** Saves what is seen of the map as a file that the person chooses. */
  async savePicture(format: 'png' | 'svg'): Promise<void> {
    const picture = this.picture?.();
    const coloring = this.coloring.peek();
    if (!picture || !coloring) return;
    const title = coloringNames[this.colors.colorBy.peek()];
    const data = await drawPicture(picture, { coloring, title }, format);
    if (!data) return;
    try {
      await this.host.request('savePicture', { format, data });
    } catch (error) {
      this.problem.value = (error as Error).message;
    }
  }

  /** Saves all chunks as JSON lines. */
  async exportAll(): Promise<void> {
    try {
      await this.host.request('exportPoints', { points: null, vectors: false });
    } catch (error) {
      this.problem.value = (error as Error).message;
    }
  }

  clearSelection(): void {
    if (this.selection.selected.value.kind === 'text') this.host.post({ type: 'clearSelection' });
    this.selection.clear();
  }

  clearSearch(): void {
    this.search.clear();
    this.linksFrom.value = 'selection';
  }

  goBack(): void {
    this.linksFrom.value = 'selection';
    this.selection.goBack();
  }

  goForward(): void {
    this.linksFrom.value = 'selection';
    this.selection.goForward();
  }

  async applyLayout(): Promise<void> {
    if (await this.layout.apply()) await this.loadReadings(true);
  }

  /** Asks for the readings unless those of this map are here. */
  async loadReadings(again = false): Promise<void> {
    const revision = this.map.peek()?.revision ?? 0;
    if (this.readingsOf === revision && !again) return;
    this.readingsOf = revision;
    try {
      this.readings.value = await this.host.request('readings', {});
      this.readingsError.value = undefined;
      this.layout.follow(this.readings.value.layout);
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
        this.warnings.value = message.warnings;
        this.quality.indexChanged(message.warnings);
        break;
      case 'selection':
        if (message.selection === null && !message.pending) {
          if (this.selection.selected.value.kind === 'text') this.selection.clear();
          break;
        }
        batch(() => {
          this.wantedPlace = undefined;
          this.wantedSet = undefined;
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
        this.separation.forget();
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
      this.selection.keepOnly((point) => this.rowOfPoint.value.has(point));
    }
  }

  private async restoreSelection(): Promise<void> {
    const { wantedPlace, wantedSet } = this;
    this.wantedPlace = undefined;
    this.wantedSet = undefined;
    const map = this.map.value;
    if (this.selection.selected.value.kind !== 'none' || !map) return;
    if (wantedSet) {
      const points = rowsAt(map.coordinates, wantedSet.coordinates).map((row) => map.point[row]);
      this.selection.selectSet({ points, origin: wantedSet.origin, name: wantedSet.name });
      return;
    }
    if (!wantedPlace) return;
    try {
      const { folderUri, path, start } = wantedPlace;
      const point = await this.host.request('pointAt', { folderUri, path, offset: start });
      if (point !== null && this.selection.selected.value.kind === 'none') this.selection.select(point);
    } catch {
      // Nothing is selected then, as if the chunk was gone: the person sees the map and can pick again.
    }
  }

  /** Asked once the chunk itself is here: it answers the click, the rings follow. */
  private askHonesty(): void {
    const selected = this.selection.selected.value;
    const point = selected.kind === 'chunk' && selected.detail ? selected.point : undefined;
    void this.map.value?.revision;
    if (point === undefined) {
      this.honesty.value = undefined;
      return;
    }
    this.host.request('pointHonesty', { point }).then(
      (honesty) => {
        if (this.selection.point.peek() === point) this.honesty.value = honesty ?? undefined;
      },
      () => (this.honesty.value = undefined),
    );
  }

  private save(): void {
    const place = this.selection.place.value;
    const map = this.map.value;
    const set = this.selection.set.value;
    const selection = place
      ? { folderUri: place.folderUri, path: place.path, start: place.start }
      : untracked(() => this.wantedPlace);
    const state: SavedState = {
      version: 1,
      tab: this.tab.value,
      colorBy: this.colors.colorBy.value,
      trustShade: this.trustShade.value,
      split: this.split.value,
      view: this.view.value,
      hidden: [...this.colors.hidden.value],
      shownGroups: [...this.colors.shownGroups.value],
      range: this.colors.range.value,
      legendOpen: this.legendOpen.value,
      selection,
      set: set && map ? savedSetOf(set, map, this.rowOfPoint.value) : this.wantedSet,
      query: this.search.query.value,
      searchMode: this.search.mode.value,
      tool: this.tool.value,
      table: this.table.value,
    };
    this.host.saveState(state);
  }
}
