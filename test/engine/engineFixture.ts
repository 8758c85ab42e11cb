import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EngineClient, type EngineClientOptions } from '../../src/host/engineClient';
import { engineLeaseFile, parseEngineLease, type EngineLease } from '../../src/shared/engineLease';
import type { EngineParams, RuntimeSettings } from '../../src/shared/hostEngine';
import type { SpaceState } from '../../src/shared/space';
import { defaultIndexSettings } from '../../src/shared/indexDefaults';

const assetsFolder = path.resolve(__dirname, '..', '..');
const version = 'test';

/** A storage folder and a workspace of its own, and windows onto the engine that owns them. */
export class EngineFixture {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-engine-'));
  readonly storageFolder = path.join(this.root, 'storage');
  readonly workspace = path.join(this.root, 'workspace');
  readonly log: string[] = [];
  private readonly clients: EngineClient[] = [];

  constructor() {
    fs.mkdirSync(this.workspace, { recursive: true });
  }

  write(name: string, text: string): void {
    const file = path.join(this.workspace, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }

  window(options: Partial<EngineClientOptions> = {}, runtime: RuntimeSettings['runtime'] = 'auto'): EngineClient {
    const client = new EngineClient({
      assetsFolder,
      storageFolder: this.storageFolder,
      version,
      settings: () => ({ runtime, threads: 0, nodePath: '' }),
      log: (level, message) => this.log.push(`${level}: ${message}`),
      lingerMs: 1_000,
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  get folders(): EngineParams<'openSpace'> {
    const folder = { uri: pathToFileURL(this.workspace).href, path: this.workspace, name: 'workspace' };
    return {
      folders: [{ folder, settings: defaultIndexSettings }],
    };
  }

  /** Of the engine that runs now. */
  lease(): EngineLease {
    const lease = parseEngineLease(fs.readFileSync(path.join(this.storageFolder, engineLeaseFile), 'utf8'));
    if (lease === undefined) throw new Error('the lease can not be read');
    return lease;
  }

  async close(): Promise<void> {
    for (const client of this.clients) await client.dispose();
    await this.engineGone();
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  /** Resolves when no engine holds the storage folder. */
  async engineGone(): Promise<void> {
    await until(() => !fs.existsSync(path.join(this.storageFolder, engineLeaseFile)), 20_000, 'the engine to exit');
  }
}

/** Resolves with the first state of the space for which `accept` holds. */
export function stateWhere(
  client: EngineClient,
  accept: (state: SpaceState) => boolean,
  timeoutMs = 120_000,
): Promise<SpaceState> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      subscription.dispose();
      reject(new Error('that state did not come'));
    }, timeoutMs);
    const subscription = client.onEvent((event) => {
      if (event.type !== 'state' || !accept(event.state)) return;
      clearTimeout(timer);
      subscription.dispose();
      resolve(event.state);
    });
  });
}

export async function until(condition: () => boolean, timeoutMs: number, what: string): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const subjects = [
  'The harbor',
  'A compiler',
  'Her bakery',
  'The orchestra',
  'Our accountant',
  'This vaccine',
  'The goalkeeper',
  'A glacier',
];
const verbs = ['reviews', 'measures', 'explains', 'repairs', 'forgets', 'improves', 'predicts', 'delays'];
const objects = [
  'the monthly budget',
  'a broken pump',
  'every test case',
  'the opening night',
  'the old recipe',
  'a narrow pass',
  'the storm',
  'its own memory',
];

/** A page of distinct sentences: each number gives its own text. */
export function page(number: number): string {
  const sentence = (i: number): string =>
    `${subjects[(number + i) % 8]} ${verbs[(number * 3 + i) % 8]} ${objects[(number * 5 + 2 * i) % 8]} on day ${number * 10 + i}.`;
  return `# Page ${number}\n\n${Array.from({ length: 5 }, (_, i) => sentence(i)).join(' ')}\n`;
}
