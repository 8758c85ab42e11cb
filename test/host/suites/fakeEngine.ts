import type { EngineEvent, EngineMethod, EngineParams, EngineResult } from '../../../src/shared/hostEngine';
import type { IndexReport } from '../../../src/shared/indexing';
import type { Place, SpaceState } from '../../../src/shared/space';
import type { Engine } from '../../../src/host/engine';
import { EngineDiedError, type EngineStatus } from '../../../src/host/engineClient';

type Answers = { [M in EngineMethod]?: (params: EngineParams<M>) => EngineResult<M> | Promise<EngineResult<M>> };

/** An engine that answers what a test tells it to, and remembers what it was asked. */
export class FakeEngine implements Engine {
  readonly asked: { method: EngineMethod; params: unknown }[] = [];
  private readonly eventListeners = new Set<(event: EngineEvent) => void>();
  private readonly statusListeners = new Set<(status: EngineStatus, detail?: string) => void>();
  private readonly restartListeners = new Set<() => void>();
  private rejectPending: ((error: Error) => void)[] = [];

  constructor(private readonly answers: Answers) {}

  async request<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineResult<M>> {
    this.asked.push({ method, params });
    const answer = this.answers[method];
    if (!answer) throw new Error(`The test gives no answer to ${method}.`);
    const died = new Promise<never>((_resolve, reject) => this.rejectPending.push(reject));
    return Promise.race([Promise.resolve(answer(params)), died]);
  }

  askedFor<M extends EngineMethod>(method: M): EngineParams<M>[] {
    return this.asked.filter((each) => each.method === method).map((each) => each.params as EngineParams<M>);
  }

  tell(event: EngineEvent): void {
    for (const listener of this.eventListeners) listener(event);
  }

  /** Dies as a crashed process does, and comes back. */
  die(): void {
    const pending = this.rejectPending;
    this.rejectPending = [];
    for (const reject of pending) reject(new EngineDiedError());
    for (const status of ['restarting', 'running'] as const) {
      for (const listener of this.statusListeners) listener(status);
    }
    for (const listener of this.restartListeners) listener();
  }

  onEvent(listener: (event: EngineEvent) => void): { dispose(): void } {
    this.eventListeners.add(listener);
    return { dispose: () => this.eventListeners.delete(listener) };
  }

  onStatus(listener: (status: EngineStatus, detail?: string) => void): { dispose(): void } {
    this.statusListeners.add(listener);
    return { dispose: () => this.statusListeners.delete(listener) };
  }

  onRestart(listener: () => void): { dispose(): void } {
    this.restartListeners.add(listener);
    return { dispose: () => this.restartListeners.delete(listener) };
  }

  async restart(): Promise<void> {
    this.die();
  }

  forgetSpace(): void {
    // Nothing to forget: spaces are not kept here.
  }
}

export const indexReport: IndexReport = {
  files: 1,
  chunks: 3,
  tokens: 30,
  embedded: 0,
  reused: 3,
  skipped: {},
  errors: [],
  elapsedMs: 5,
  runtime: 'wasm',
  tokensPerSecond: 0,
  cancelled: false,
};

export const readyState: SpaceState = {
  phase: 'ready',
  paused: false,
  files: 1,
  chunks: 3,
  points: 3,
  mixed: 0,
  trust: undefined,
  trustOf: 15,
  mapRevision: 1,
  progress: undefined,
  error: undefined,
  skipped: {},
  lastReport: undefined,
};

/** Where `text` lies in `documentText`, as the engine would say. */
export function placeOf(chunkId: number, folderUri: string, path: string, documentText: string, text: string): Place {
  const start = documentText.indexOf(text);
  const lineOf = (offset: number): number => documentText.slice(0, offset).split('\n').length - 1;
  const end = start + text.length;
  return { chunkId, folderUri, path, start, end, startLine: lineOf(start), endLine: lineOf(end - 1) };
}
