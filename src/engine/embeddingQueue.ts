import type { Embedding, EmbeddingPriority, EmbeddingRequest, EmbedOptions } from '../core/embedding/embedding';

type EmbeddingCallOptions = Omit<EmbedOptions, 'signal'>;

/** One distinct text of one call. */
export interface EmbeddingJob {
  readonly id: number;
  readonly call: EmbeddingCall;
  readonly request: EmbeddingRequest;
  /** The call's requests that it answers: identical ones share one embedding. */
  readonly indices: number[];
  /** Workers that began it. */
  attempts: number;
}

let lastJobId = 0;

/** One `embed` call: settles exactly once. */
export class EmbeddingCall {
  readonly promise: Promise<Embedding[]>;
  readonly jobs: readonly EmbeddingJob[];
  readonly priority: EmbeddingPriority;
  settled = false;
  onSettled: (() => void) | undefined;

  private readonly answers: Embedding[];
  private unanswered: number;
  private readonly onEmbedded: EmbeddingCallOptions['onEmbedded'];
  private fulfil!: (embeddings: Embedding[]) => void;
  private fail!: (error: Error) => void;

  constructor(requests: readonly EmbeddingRequest[], options: EmbeddingCallOptions) {
    this.priority = options.priority;
    this.onEmbedded = options.onEmbedded;
    this.promise = new Promise((resolve, reject) => {
      this.fulfil = resolve;
      this.fail = reject;
    });
    this.jobs = this.distinctJobs(requests);
    this.answers = new Array<Embedding>(requests.length);
    this.unanswered = this.jobs.length;
    if (this.unanswered === 0) this.settle(() => this.fulfil([]));
  }

  resolve(job: EmbeddingJob, embedding: Embedding): void {
    if (this.settled) return;
    for (const index of job.indices) {
      this.answers[index] = embedding;
      try {
        this.onEmbedded?.(index, embedding);
      } catch (error) {
        // The caller's own mistake is the caller's answer, not the pool's end.
        this.reject(error instanceof Error ? error : new Error(String(error)));
        return;
      }
    }
    this.unanswered--;
    if (this.unanswered === 0) this.settle(() => this.fulfil(this.answers));
  }

  reject(error: Error): void {
    if (!this.settled) this.settle(() => this.fail(error));
  }

  private settle(how: () => void): void {
    this.settled = true;
    how();
    this.onSettled?.();
  }

  private distinctJobs(requests: readonly EmbeddingRequest[]): EmbeddingJob[] {
    const jobs = new Map<string, EmbeddingJob>();
    requests.forEach((request, index) => {
      const key = JSON.stringify([request.text, request.spans]);
      const job = jobs.get(key);
      if (job === undefined) jobs.set(key, { id: ++lastJobId, call: this, request, indices: [index], attempts: 0 });
      else job.indices.push(index);
    });
    return [...jobs.values()];
  }
}

/** Jobs that wait: queries first, then in the order of the calls. */
export class EmbeddingQueue {
  private readonly waiting: Record<EmbeddingPriority, EmbeddingJob[]> = { query: [], index: [] };
  /** How many of each list were taken already: shifting a long array is slow. */
  private readonly taken: Record<EmbeddingPriority, number> = { query: 0, index: 0 };

  get isEmpty(): boolean {
    return this.count('query') + this.count('index') === 0;
  }

  add(call: EmbeddingCall): void {
    const list = this.waiting[call.priority];
    for (const job of call.jobs) list.push(job);
  }

  /** The job goes before all others of its priority. */
  putBack(job: EmbeddingJob): void {
    if (job.call.settled) return;
    this.compact(job.call.priority);
    this.waiting[job.call.priority].unshift(job);
  }

  /** Takes the next job of a priority. */
  next(priority: EmbeddingPriority): EmbeddingJob | undefined {
    if (this.count(priority) === 0) return undefined;
    const job = this.waiting[priority][this.taken[priority]++];
    if (this.taken[priority] >= 1024 || this.count(priority) === 0) this.compact(priority);
    return job;
  }

  /** Drops the jobs of calls that were answered otherwise: aborted, failed. */
  removeSettled(): void {
    for (const priority of ['query', 'index'] as const) {
      this.waiting[priority] = this.waiting[priority].slice(this.taken[priority]).filter((job) => !job.call.settled);
      this.taken[priority] = 0;
    }
  }

  rejectAll(error: Error): void {
    for (const list of Object.values(this.waiting)) for (const job of list) job.call.reject(error);
    this.removeSettled();
  }

  private count(priority: EmbeddingPriority): number {
    return this.waiting[priority].length - this.taken[priority];
  }

  private compact(priority: EmbeddingPriority): void {
    this.waiting[priority] = this.waiting[priority].slice(this.taken[priority]);
    this.taken[priority] = 0;
  }
}
