import { signal } from '@preact/signals';
import type { TextMatches } from '../../src/shared/mapQuestions';
import type { SearchResults } from '../../src/shared/space';
import type { HostConnection } from './host';

const debounceMs = 200;

/** By meaning, or for the very words that were typed. */
export const searchModes = ['meaning', 'words'] as const;
export type SearchMode = (typeof searchModes)[number];

/** Search while typing: the last query wins, whatever order the answers come in. */
export class SearchModel {
  readonly query = signal('');
  readonly mode = signal<SearchMode>('meaning');
  readonly results = signal<SearchResults | undefined>(undefined);
  /** What a search for words found. */
  readonly matches = signal<TextMatches | undefined>(undefined);
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
    const settle = (show: () => void): void => {
      if (mine === this.latest) show();
    };
    const fail = (error: Error): void =>
      settle(() => {
        this.busy.value = false;
        this.error.value = error.message;
        this.results.value = undefined;
        this.matches.value = undefined;
      });
    if (this.mode.value === 'words') {
      this.host
        .request('textSearch', { text: query.slice(0, 4000) })
        .then((matches) => settle(() => this.show(undefined, matches)), fail);
    } else {
      this.host
        .request('search', { query: query.slice(0, 4000) })
        .then((results) => settle(() => this.show(results, undefined)), fail);
    }
  }

  choose(mode: SearchMode): void {
    if (mode === this.mode.value) return;
    this.mode.value = mode;
    this.run();
  }

  /** Results that were found elsewhere: the quick pick sends them here. */
  receive(results: SearchResults): void {
    clearTimeout(this.timer);
    this.latest++;
    this.query.value = results.query;
    this.mode.value = 'meaning';
    this.show(results, undefined);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.latest++;
    this.query.value = '';
    this.results.value = undefined;
    this.matches.value = undefined;
    this.error.value = undefined;
    this.busy.value = false;
  }

  private show(results: SearchResults | undefined, matches: TextMatches | undefined): void {
    this.busy.value = false;
    this.error.value = undefined;
    this.results.value = results;
    this.matches.value = matches;
    this.onResults();
  }
}
