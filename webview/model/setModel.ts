import { effect, signal } from '@preact/signals';
import type { CentroidDetail, SelectionLabel, Walk } from '../../src/shared/mapQuestions';
import type { SearchResults } from '../../src/shared/space';
import type { HostConnection } from './host';
import type { ChunkSet, SelectionModel } from './selectionModel';

const labelAfterMs = 150;
const searchAfterMs = 220;

/** What is asked about a selected set: its words, its centroid, a search within it, the story of a walk. */
export class SetModel {
  readonly label = signal<SelectionLabel | undefined>(undefined);
  readonly centroid = signal<CentroidDetail | undefined>(undefined);
  readonly walk = signal<Walk | undefined>(undefined);
  readonly query = signal('');
  readonly found = signal<SearchResults | undefined>(undefined);
  readonly busy = signal<'centroid' | 'search' | 'export' | 'walk' | undefined>(undefined);
  readonly error = signal<string | undefined>(undefined);
  /** What was done last, in one sentence: a file that was written. */
  readonly done = signal<string | undefined>(undefined);
  /** The point at which a walk begins, while its end is to be picked on the map. */
  readonly walkFrom = signal<number | undefined>(undefined);
  private latest = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private searchTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: HostConnection,
    private readonly selection: SelectionModel,
  ) {}

  /** Forgets what was asked of a set when another one is selected, and asks for the words of that. */
  watch(): () => void {
    let shown: ChunkSet | undefined;
    return effect(() => {
      const set = this.selection.set.value;
      if (set === shown) return;
      shown = set;
      this.latest++;
      clearTimeout(this.timer);
      clearTimeout(this.searchTimer);
      this.label.value = undefined;
      this.centroid.value = undefined;
      this.query.value = '';
      this.found.value = undefined;
      this.busy.value = undefined;
      this.error.value = undefined;
      this.done.value = undefined;
      if (set?.origin !== 'walk') this.walk.value = undefined;
      if (set && set.origin !== 'walk') this.timer = setTimeout(() => void this.askLabel(set), labelAfterMs);
    });
  }

  search(query: string): void {
    this.query.value = query;
    clearTimeout(this.searchTimer);
    if (query.trim() === '') {
      this.found.value = undefined;
      this.busy.value = undefined;
      return;
    }
    this.busy.value = 'search';
    this.searchTimer = setTimeout(() => {
      void this.ask('search', async (points) => {
        const found = await this.host.request('searchWithin', { query, points });
        return () => {
          if (this.query.value === query) this.found.value = found;
        };
      });
    }, searchAfterMs);
  }

  embedCentroid(): void {
    void this.ask('centroid', async (points) => {
      const centroid = await this.host.request('centroid', { points });
      return () => (this.centroid.value = centroid ?? undefined);
    });
  }

  export(vectors: boolean): void {
    void this.ask('export', async (points) => {
      const written = await this.host.request('exportPoints', { points, vectors });
      return () => (this.done.value = written ? `${written.lines} lines were written to ${written.name}.` : undefined);
    });
  }

  /** Finds the way between two chunks and selects its steps. */
  async walkBetween(from: number, to: number): Promise<void> {
    this.walkFrom.value = undefined;
    this.error.value = undefined;
    this.busy.value = 'walk';
    try {
      const walk = await this.host.request('walk', { from, to });
      this.busy.value = undefined;
      if (!walk) throw new Error('One of the two chunks is no longer in the index.');
      this.walk.value = walk;
      const points = walk.steps.length > 0 ? walk.steps.map(({ point }) => point) : [from, to];
      this.selection.selectSet({ points, origin: 'walk', name: undefined });
    } catch (error) {
      this.busy.value = undefined;
      this.error.value = (error as Error).message;
    }
  }

  private async askLabel(set: ChunkSet): Promise<void> {
    try {
      const label = await this.host.request('labelSelection', { points: Uint32Array.from(set.points) });
      if (this.selection.set.peek() === set) this.label.value = label;
    } catch {
      // The list stands without its words.
    }
  }

  private async ask(
    what: 'centroid' | 'search' | 'export',
    request: (points: Uint32Array<ArrayBuffer>) => Promise<() => void>,
  ): Promise<void> {
    const set = this.selection.set.peek();
    if (!set) return;
    const mine = ++this.latest;
    this.busy.value = what;
    this.error.value = undefined;
    try {
      const settle = await request(Uint32Array.from(set.points));
      if (mine !== this.latest) return;
      settle();
    } catch (error) {
      if (mine === this.latest) this.error.value = (error as Error).message;
    } finally {
      if (mine === this.latest) this.busy.value = undefined;
    }
  }
}
