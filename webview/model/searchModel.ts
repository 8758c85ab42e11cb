import { signal } from '@preact/signals';
import type { SearchResults } from '../../src/shared/space';
import type { HostConnection } from './host';

const debounceMs = 200;

/** Search while typing: the last query wins, whatever order the answers come in. */
export class SearchModel {
  readonly query = signal('');
  readonly results = signal<SearchResults | undefined>(undefined);
  readonly busy = signal(false);
  readonly error = signal<string | undefined>(undefined);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private latest = 0;

  constructor(
    private readonly host: HostConnection,
    private readonly onResults: () => void,
  ) {}

  type(query: string): void {
    this.query.value = query;
    clearTimeout(this.timer);
    if (query.trim() === '') {
      this.clear();
      return;
    }
    this.busy.value = true;
    this.timer = setTimeout(() => this.run(), debounceMs);
  }

  /** Searches at once, without waiting for more typing. */
  run(): void {
    clearTimeout(this.timer);
    const query = this.query.value.trim();
    if (query === '') return;
    const mine = ++this.latest;
    this.busy.value = true;
    this.host.request('search', { query: query.slice(0, 4000) }).then(
      (results) => {
        if (mine === this.latest) this.show(results);
      },
      (error: Error) => {
        if (mine !== this.latest) return;
        this.busy.value = false;
        this.error.value = error.message;
        this.results.value = undefined;
      },
    );
  }

  /** Results that were found elsewhere: the quick pick sends them here. */
  receive(results: SearchResults): void {
    clearTimeout(this.timer);
    this.latest++;
    this.query.value = results.query;
    this.show(results);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.latest++;
    this.query.value = '';
    this.results.value = undefined;
    this.error.value = undefined;
    this.busy.value = false;
  }

  private show(results: SearchResults): void {
    this.busy.value = false;
    this.error.value = undefined;
    this.results.value = results;
    this.onResults();
  }
}
