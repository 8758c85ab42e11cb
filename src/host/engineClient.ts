/**
 * A window's side of the engine: starts it on first use or finds the one that another window started, and settles every
 * request: result, error, cancelled, or the news that the engine died.
 */
import type { ChildProcess } from 'node:child_process';
import type * as net from 'node:net';
import { encodeFrame, FrameReader } from '../shared/framing';
import {
  protocolVersion,
  type EngineEvent,
  type EngineMethod,
  type EngineParams,
  type EngineResult,
  type EngineToWindow,
  type RuntimeSettings,
  type WindowToEngine,
} from '../shared/hostEngine';
import { connectToEngine, spawnEngine, type EngineLaunch } from './engineLaunch';

export interface EngineClientOptions extends EngineLaunch {
  settings: () => RuntimeSettings;
}

export type EngineStatus = 'stopped' | 'starting' | 'running' | 'restarting' | 'failed';

export class CancelledError extends Error {
  constructor() {
    super('Cancelled');
    this.name = 'CancelledError';
  }
}

export class EngineDiedError extends Error {
  constructor() {
    super(
      'The engine stopped in the middle of this request. What it had stored is kept, and it starts again by itself.',
    );
    this.name = 'EngineDiedError';
  }
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

const startTimeoutMs = 60_000;
/** After this many crashes within the window, starting again is left to the person. */
const crashesAllowed = 4;
const crashWindowMs = 5 * 60_000;

type Listener<T extends unknown[]> = (...values: T) => void;

class Listeners<T extends unknown[]> {
  private readonly all = new Set<Listener<T>>();

  add(listener: Listener<T>): { dispose(): void } {
    this.all.add(listener);
    return { dispose: () => this.all.delete(listener) };
  }

  fire(...values: T): void {
    for (const listener of [...this.all]) listener(...values);
  }
}

export class EngineClient {
  private socket: Promise<net.Socket> | undefined;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private readonly crashes: number[] = [];
  private disposed = false;
  private expectedClose = false;
  /** Spaces of this window: opened again, before anything else, after the engine was restarted. */
  private readonly openSpaces = new Map<string, EngineParams<'openSpace'>>();
  private readonly eventListeners = new Listeners<[EngineEvent]>();
  private readonly statusListeners = new Listeners<[EngineStatus, string | undefined]>();
  private readonly restartListeners = new Listeners<[]>();

  constructor(private readonly options: EngineClientOptions) {}

  onEvent(listener: (event: EngineEvent) => void): { dispose(): void } {
    return this.eventListeners.add(listener);
  }

  onStatus(listener: (status: EngineStatus, detail?: string) => void): { dispose(): void } {
    return this.statusListeners.add(listener);
  }

  /** Fires after a crash, when the engine is up again and this window's spaces are open in it. */
  onRestart(listener: () => void): { dispose(): void } {
    return this.restartListeners.add(listener);
  }

  /**
   * @throws CancelledError when the signal aborted it
   * @throws EngineDiedError when the engine died before it answered
   */
  async request<M extends EngineMethod>(
    method: M,
    params: EngineParams<M>,
    signal?: AbortSignal,
  ): Promise<EngineResult<M>> {
    if (signal?.aborted) throw new CancelledError();
    const socket = await this.connected();
    const value = await this.send(socket, method, params, signal);
    if (method === 'openSpace') {
      this.openSpaces.set((value as EngineResult<'openSpace'>).spaceId, params as EngineParams<'openSpace'>);
    }
    return value;
  }

  /** This window no longer shows the space: it is not opened again after a restart. */
  forgetSpace(spaceId: string): void {
    this.openSpaces.delete(spaceId);
  }

  /** Stops the engine for every window, so that the next request starts it with new settings. */
  async restart(): Promise<void> {
    this.crashes.length = 0;
    if (this.socket !== undefined) {
      const socket = await this.socket.catch(() => undefined);
      if (socket !== undefined) {
        this.expectedClose = true;
        const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
        await this.send(socket, 'shutdown', {}).catch(() => undefined);
        await Promise.race([closed, delay(5_000)]);
      }
    }
    await this.connected();
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.expectedClose = true;
    const socket = await this.socket?.catch(() => undefined);
    socket?.destroy();
    this.failPending(new CancelledError());
  }

  private connected(): Promise<net.Socket> {
    if (this.disposed) return Promise.reject(new CancelledError());
    if (this.socket === undefined) {
      const attempt = this.connect();
      this.socket = attempt;
      attempt.catch((error: unknown) => {
        if (this.socket === attempt) this.socket = undefined;
        this.statusListeners.fire('failed', (error as Error).message);
      });
    }
    return this.socket;
  }

  private send<M extends EngineMethod>(
    socket: net.Socket,
    method: M,
    params: EngineParams<M>,
    signal?: AbortSignal,
  ): Promise<EngineResult<M>> {
    return new Promise<EngineResult<M>>((resolve, reject) => {
      if (signal?.aborted) {
        reject(new CancelledError());
        return;
      }
      if (socket.destroyed) {
        reject(new EngineDiedError());
        return;
      }
      const id = this.nextId++;
      const cancel = (): void => {
        // The engine answers once it has stopped; the caller need not wait for that.
        this.write(socket, { kind: 'cancel', id });
        if (this.pending.delete(id)) reject(new CancelledError());
      };
      this.pending.set(id, {
        resolve: (value) => {
          signal?.removeEventListener('abort', cancel);
          resolve(value as EngineResult<M>);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', cancel);
          reject(error);
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
      this.write(socket, { kind: 'request', id, method, params });
    });
  }

  private write(socket: net.Socket, message: WindowToEngine): void {
    if (!socket.destroyed) socket.write(encodeFrame(message));
  }

  private async connect(): Promise<net.Socket> {
    this.expectedClose = false;
    this.statusListeners.fire(this.crashes.length > 0 ? 'restarting' : 'starting', undefined);
    const deadline = Date.now() + startTimeoutMs;
    let child: ChildProcess | undefined;
    let childStart = 0;
    let lastProblem = 'it did not open its socket';
    while (Date.now() < deadline && !this.disposed) {
      const socket = await connectToEngine(this.options.storageFolder);
      if (socket !== undefined) {
        const greeted = await this.greet(socket);
        if (greeted === 'welcome') {
          if (!(await this.reopenSpaces(socket))) continue;
          this.statusListeners.fire('running', undefined);
          return socket;
        }
        lastProblem = greeted.message;
        if (!greeted.retry) throw new Error(greeted.message);
      } else if (child === undefined || (child.exitCode ?? child.signalCode) !== null) {
        // An engine that lost the race for the lease exits at once; the winner's socket is tried next.
        const elapsedMs = Date.now() - childStart;
        if (elapsedMs < 500) await delay(500 - elapsedMs);
        childStart = Date.now();
        child = spawnEngine(this.options);
        child.once('error', (error) => (lastProblem = error.message));
      }
      await delay(50);
    }
    throw new Error(`The engine could not be started: ${lastProblem}. The index is kept; the log says more.`);
  }

  /** @returns false when the engine died meanwhile. A space that can't be opened any more does not keep the others from it. */
  private async reopenSpaces(socket: net.Socket): Promise<boolean> {
    for (const params of this.openSpaces.values()) {
      try {
        await this.send(socket, 'openSpace', params);
      } catch (error) {
        if (error instanceof EngineDiedError) return false;
        this.options.log('error', (error as Error).message);
      }
    }
    return true;
  }

  private greet(socket: net.Socket): Promise<'welcome' | { message: string; retry: boolean }> {
    return new Promise((resolve) => {
      const reader = new FrameReader();
      socket.on('data', (bytes) => {
        try {
          for (const frame of reader.read(bytes)) {
            const message = frame as EngineToWindow;
            if (message.kind === 'welcome') resolve('welcome');
            else if (message.kind === 'refused') resolve({ message: message.message, retry: message.retry });
            else this.receive(message);
          }
        } catch (error) {
          this.options.log('error', `Unreadable message from the engine: ${(error as Error).message}`);
          socket.destroy();
        }
      });
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        resolve({ message: 'the engine closed the connection', retry: true });
        // One socket is in use at a time, so whatever still waits was asked over this one.
        this.failPending(new EngineDiedError());
        void this.closed(socket);
      });
      this.write(socket, {
        kind: 'hello',
        protocolVersion,
        version: this.options.version,
        settings: this.options.settings(),
      });
    });
  }

  private receive(message: EngineToWindow): void {
    switch (message.kind) {
      case 'result':
        this.settle(message.id)?.resolve(message.value);
        break;
      case 'error':
        this.settle(message.id)?.reject(message.cancelled ? new CancelledError() : new Error(message.message));
        break;
      case 'event':
        if (message.event.type === 'log') this.options.log(message.event.level, message.event.message);
        if (message.event.type === 'idle') this.expectedClose = true;
        this.eventListeners.fire(message.event);
        break;
      case 'welcome':
      case 'refused':
        break;
    }
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    return pending;
  }

  private failPending(error: Error): void {
    const all = [...this.pending.values()];
    this.pending.clear();
    for (const pending of all) pending.reject(error);
  }

  private async closed(socket: net.Socket): Promise<void> {
    const current = await this.socket?.catch(() => undefined);
    if (current !== socket) return;
    this.socket = undefined;
    if (this.disposed) return;
    if (this.expectedClose) {
      this.statusListeners.fire('stopped', undefined);
      return;
    }
    const now = Date.now();
    this.crashes.push(now);
    while ((this.crashes[0] ?? now) < now - crashWindowMs) this.crashes.shift();
    this.options.log('warn', 'The engine died. What was committed is kept.');
    if (this.crashes.length > crashesAllowed) {
      this.statusListeners.fire(
        'failed',
        `The engine died ${this.crashes.length} times in five minutes. The index is kept; run "Latent Lens: Restart Engine" to try again.`,
      );
      return;
    }
    try {
      await this.connected();
      this.restartListeners.fire();
    } catch (error) {
      this.options.log('error', (error as Error).message);
    }
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
