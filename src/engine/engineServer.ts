/** Puts the engine service on a local socket for all windows of one person. No logic of the engine lives here. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { engineLeaseFile, parseEngineLease, type EngineLease } from '../shared/engineLease';
import { encodeFrame, FrameReader } from '../shared/framing';
import {
  protocolVersion,
  type EngineEvent,
  type EngineMethod,
  type EngineMethods,
  type EngineToWindow,
  type RuntimeSettings,
  type WindowToEngine,
} from '../shared/hostEngine';
import type { EngineInfo } from '../shared/engineInfo';
import { Lease } from './lease';

export type EngineHandlers = {
  [M in EngineMethod]: (params: EngineMethods[M]['params'], signal: AbortSignal) => Promise<EngineMethods[M]['result']>;
};

/** What the server needs of the engine: requests in, events out. */
export interface ServedEngine {
  /** Called with the settings of the first window, once. */
  start(settings: RuntimeSettings): Promise<void>;
  readonly handlers: EngineHandlers;
  onEvent(listener: (event: EngineEvent) => void): void;
  info(): EngineInfo;
  /** Set by the server: how many windows are connected. */
  windows: () => number;
  /** Whether work goes on that nobody waits for, such as indexing. */
  readonly isBusy: boolean;
  /** Windows that showed other spaces are gone. */
  keepOnly(spaceIds: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
}

export interface ServerOptions {
  storageFolder: string;
  version: string;
  /** Exits this long after the last window left: long enough for a window that reloads. */
  lingerMs: number;
  /** Exits when no window asked for anything for this long. */
  idleMs: number;
}

const socketFolderPrefix = 'latent-lens-';

interface Connection {
  socket: net.Socket;
  spaces: Set<string>;
  running: Map<number, AbortController>;
  welcomed: boolean;
}

export class EngineServer {
  private readonly connections = new Set<Connection>();
  private readonly token = randomBytes(24).toString('hex');
  private readonly address: string;
  private lease: Lease | undefined;
  private server: net.Server | undefined;
  private lastAskedMs = Date.now();
  private aloneSinceMs: number | undefined = Date.now();
  /** When a window left whose spaces may be in nobody's use; undefined once they were closed. */
  private lastLeftMs: number | undefined;
  private closing = false;
  private started: Promise<void> | undefined;

  constructor(
    private readonly engine: ServedEngine,
    private readonly options: ServerOptions,
  ) {
    engine.windows = () => this.connections.size;
    this.address = socketAddress(options.storageFolder);
  }

  /** @throws LeaseHeldError when another engine owns this storage folder. */
  async listen(): Promise<void> {
    fs.mkdirSync(this.options.storageFolder, { recursive: true });
    // Listen first: whoever reads the lease can connect at once. The address is new in every process.
    this.server = net.createServer((socket) => this.accept(socket));
    await new Promise<void>((resolve, reject) => {
      this.server?.once('error', reject);
      this.server?.listen(this.address, resolve);
    });
    if (process.platform !== 'win32') fs.chmodSync(this.address, 0o600);
    const leaseFile = path.join(this.options.storageFolder, engineLeaseFile);
    const before = readLease(leaseFile);
    try {
      this.lease = Lease.acquire(leaseFile, {
        version: this.options.version,
        address: this.address,
        token: this.token,
      });
    } catch (error) {
      this.server.close();
      removeSocket(this.address);
      throw error;
    }
    // The lease is ours, so whoever had it was killed and left its socket behind.
    if (before !== undefined) removeSocket(before.address);
    this.engine.onEvent((event) => this.tell(event));
    setInterval(() => void this.watchOver(), 1_000).unref();
    // The interval does not hold the process, the listening socket does.
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    for (const connection of this.connections) {
      for (const controller of connection.running.values()) controller.abort();
    }
    this.server?.close();
    await this.engine.close();
    for (const connection of this.connections) connection.socket.end();
    this.lease?.release();
    removeSocket(this.address);
  }

  private accept(socket: net.Socket): void {
    const connection: Connection = { socket, spaces: new Set(), running: new Map(), welcomed: false };
    const reader = new FrameReader();
    let greeting = Buffer.alloc(0);
    let trusted = false;
    socket.on('data', (bytes) => {
      if (!trusted) {
        greeting = Buffer.concat([greeting, bytes]);
        const end = greeting.indexOf(10);
        if (end < 0) {
          if (greeting.length > 256) socket.destroy();
          return;
        }
        if (!sameToken(greeting.subarray(0, end).toString('latin1'), this.token)) {
          socket.destroy();
          return;
        }
        trusted = true;
        this.connections.add(connection);
        this.aloneSinceMs = undefined;
        bytes = greeting.subarray(end + 1);
      }
      try {
        for (const message of reader.read(bytes)) this.receive(connection, message as WindowToEngine);
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      for (const controller of connection.running.values()) controller.abort();
      this.connections.delete(connection);
      this.lastLeftMs = Date.now();
      if (this.connections.size === 0) this.aloneSinceMs = Date.now();
    });
  }

  private receive(connection: Connection, message: WindowToEngine): void {
    this.lastAskedMs = Date.now();
    switch (message.kind) {
      case 'hello':
        void this.welcome(connection, message);
        break;
      case 'cancel':
        connection.running.get(message.id)?.abort('cancelled');
        break;
      case 'request':
        void this.answer(connection, message.id, message.method, message.params);
        break;
    }
  }

  private async welcome(connection: Connection, hello: WindowToEngine & { kind: 'hello' }): Promise<void> {
    if (hello.protocolVersion !== protocolVersion || hello.version !== this.options.version) {
      const others = this.connections.size > 1;
      const message = others
        ? `Another window runs version ${this.options.version} of Latent Lens, this one ${hello.version}. Reload that window; the index is kept.`
        : `An engine of version ${this.options.version} is stopping.`;
      this.send(connection, { kind: 'refused', message, retry: !others });
      connection.socket.end();
      if (!others) await this.exit();
      return;
    }
    this.started ??= this.engine.start(hello.settings);
    try {
      await this.started;
      connection.welcomed = true;
      this.send(connection, { kind: 'welcome', info: this.engine.info() });
    } catch (error) {
      this.send(connection, { kind: 'refused', message: (error as Error).message, retry: false });
      connection.socket.end();
      this.started = undefined;
    }
  }

  private async answer(connection: Connection, id: number, method: EngineMethod, params: unknown): Promise<void> {
    const controller = new AbortController();
    connection.running.set(id, controller);
    try {
      if (!connection.welcomed) throw new Error('a request before the welcome');
      if (!Object.hasOwn(this.engine.handlers, method))
        throw new Error(`the engine knows no request ${String(method)}`);
      const handler = this.engine.handlers[method] as (params: unknown, signal: AbortSignal) => Promise<unknown>;
      const value = await handler(params, controller.signal);
      if (method === 'openSpace') connection.spaces.add((value as EngineMethods['openSpace']['result']).spaceId);
      this.send(connection, { kind: 'result', id, value });
      if (method === 'shutdown') await this.exit();
    } catch (error) {
      const cancelled = controller.signal.aborted;
      this.send(connection, {
        kind: 'error',
        id,
        message: error instanceof Error ? error.message : String(error),
        cancelled,
      });
    } finally {
      connection.running.delete(id);
      this.lastAskedMs = Date.now();
    }
  }

  private tell(event: EngineEvent): void {
    for (const connection of this.connections) {
      if ('spaceId' in event && !connection.spaces.has(event.spaceId)) continue;
      this.send(connection, { kind: 'event', event });
    }
  }

  private send(connection: Connection, message: EngineToWindow): void {
    if (!connection.socket.destroyed) connection.socket.write(encodeFrame(message));
  }

  private async watchOver(): Promise<void> {
    if (this.closing) return;
    if (this.lease !== undefined && !this.lease.isHeld()) {
      // Storage was deleted or taken: writing on could damage what the new owner writes.
      await this.exit();
      return;
    }
    const now = Date.now();
    if (this.aloneSinceMs !== undefined && now - this.aloneSinceMs > this.options.lingerMs) await this.exit();
    if (this.lastLeftMs !== undefined && now - this.lastLeftMs > this.options.lingerMs) {
      this.lastLeftMs = undefined;
      await this.engine.keepOnly(new Set([...this.connections].flatMap(({ spaces }) => [...spaces])));
    }
    const asked = [...this.connections].some((connection) => connection.running.size > 0);
    if (!asked && !this.engine.isBusy && now - this.lastAskedMs > this.options.idleMs) {
      this.tell({ type: 'idle' });
      await this.exit();
    }
  }

  /** Ends the process when nothing is left to run: workers exit by themselves, so no call to `process.exit`. */
  private async exit(): Promise<void> {
    await this.close();
  }
}

function readLease(file: string): EngineLease | undefined {
  try {
    return parseEngineLease(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Removes a socket of ours with the private folder made for it; a pipe of Windows goes by itself. */
function removeSocket(address: string): void {
  const folder = path.dirname(address);
  if (process.platform === 'win32' || !path.basename(folder).startsWith(socketFolderPrefix)) return;
  fs.rmSync(address, { force: true });
  try {
    fs.rmdirSync(folder);
  } catch {
    // Gone already, or not empty and so not ours alone.
  }
}

function sameToken(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Unix socket paths end at about 100 bytes, so the socket does not lie in the storage folder but in a private one of its own. */
function socketAddress(storageFolder: string): string {
  const name = createHash('sha256')
    .update(`${storageFolder}\0${process.pid}\0${Date.now()}`)
    .digest('hex')
    .slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\latent-lens-${name}-${randomBytes(8).toString('hex')}`;
  return path.join(fs.mkdtempSync(path.join(os.tmpdir(), socketFolderPrefix)), 'engine.sock');
}
