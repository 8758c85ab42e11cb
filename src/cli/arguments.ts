import { parseArgs } from 'node:util';
import { UsageError } from './usage';

const options = {
  json: { type: 'boolean', default: false },
  store: { type: 'string' },
  runtime: { type: 'string', default: 'auto' },
  threads: { type: 'string', default: '0' },
  limit: { type: 'string', default: '10' },
  out: { type: 'string' },
  dimensions: { type: 'string' },
  method: { type: 'string', default: 'umap' },
  neighbors: { type: 'string', default: '15' },
  epochs: { type: 'string', default: '200' },
  seed: { type: 'string', default: '42' },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

export interface CliArguments {
  command: string | undefined;
  positionals: string[];
  json: boolean;
  store: string | undefined;
  runtime: 'auto' | 'native' | 'wasm';
  threads: number;
  limit: number;
  out: string | undefined;
  dimensions: number | undefined;
  method: 'umap' | 'umap-js' | 'pca';
  neighbors: number;
  epochs: number;
  seed: number;
  help: boolean;
  version: boolean;
}

/** @throws UsageError */
export function parseArguments(argv: readonly string[]): CliArguments {
  const { values, positionals } = parse(argv);
  const [command, ...rest] = positionals;
  return {
    command,
    positionals: rest,
    json: values.json,
    store: values.store,
    runtime: oneOf('runtime', values.runtime, ['auto', 'native', 'wasm']),
    threads: whole('threads', values.threads, 0, 64),
    limit: whole('limit', values.limit, 1, 1000),
    out: values.out,
    dimensions: values.dimensions === undefined ? undefined : whole('dimensions', values.dimensions, 1, 65_536),
    method: oneOf('method', values.method, ['umap', 'umap-js', 'pca']),
    neighbors: whole('neighbors', values.neighbors, 2, 200),
    epochs: whole('epochs', values.epochs, 1, 5000),
    seed: whole('seed', values.seed, 0, 2 ** 31 - 1),
    help: values.help,
    version: values.version,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's own sentence names the option; its advice about '--' does not help here.
    throw new UsageError((error as Error).message.split('. ')[0]);
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}

function oneOf<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === text);
  if (found === undefined) throw new UsageError(`--${name} takes one of ${allowed.join(', ')}, not "${text}"`);
  return found;
}
