import { signal } from '@preact/signals';
import type { PanelAnswers } from '../../src/shared/hostWebview';
import type { HostConnection } from './host';

type Excerpt = PanelAnswers['excerpts'][number];

const waitMs = 25;
const capacity = 4000;

/** First lines of chunks for the hover card, asked for in batches and kept. */
export class ExcerptCache {
  /** Grows with every answer, so that what shows an excerpt is drawn again. */
  readonly version = signal(0);
  private readonly known = new Map<number, Excerpt>();
  private readonly asked = new Set<number>();
  private wanted = new Set<number>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: HostConnection) {}

  /** The excerpt if it is known; asks for it otherwise. */
  get(point: number): Excerpt | undefined {
    const excerpt = this.known.get(point);
    if (!excerpt && !this.asked.has(point)) {
      this.wanted.add(point);
      this.timer ??= setTimeout(() => this.ask(), waitMs);
    }
    return excerpt;
  }

  /** Chunks may have changed with a new map. */
  clear(): void {
    this.known.clear();
    this.asked.clear();
    this.wanted.clear();
  }

  private ask(): void {
    this.timer = undefined;
    // The last ones are those under the pointer now.
    const points = [...this.wanted].slice(-200);
    this.wanted = new Set();
    if (points.length === 0) return;
    for (const point of points) this.asked.add(point);
    if (this.known.size > capacity) this.known.clear();
    this.host.request('excerpts', { points }).then(
      (excerpts) => {
        for (const excerpt of excerpts) this.known.set(excerpt.point, excerpt);
        for (const point of points) this.asked.delete(point);
        this.version.value++;
      },
      () => {
        // The card keeps what the map knows; the next hover asks again.
        for (const point of points) this.asked.delete(point);
      },
    );
  }
}
