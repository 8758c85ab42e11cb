import type { PoolToWorker } from './embeddingMessages';

/**
 * What a worker has been given and not begun. The next text lies ready while one runs, so that no session waits for a
 * busy main thread; a query goes before it.
 */
export class EmbeddingWorkerQueue {
  private readonly waiting: PoolToWorker[] = [];
  private running = false;
  private stopped = false;

  /** @param handle does one message after the other, a stop being the last. */
  constructor(private readonly handle: (message: PoolToWorker) => Promise<void>) {}

  receive(message: PoolToWorker): void {
    if (this.stopped) return;
    if (message.type === 'stop') {
      // What has not begun is given up: the pool has told those who wait.
      this.waiting.length = 0;
      this.stopped = true;
    }
    const next = this.waiting.findIndex((other) => other.type === 'embed' && other.priority === 'index');
    if (message.type === 'embed' && message.priority === 'query' && next >= 0) this.waiting.splice(next, 0, message);
    else this.waiting.push(message);
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    for (let message = this.waiting.shift(); message !== undefined; message = this.waiting.shift()) {
      await this.handle(message);
      // A session keeps the thread to itself: a query that came meanwhile is heard of before the next text begins.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.running = false;
  }
}
