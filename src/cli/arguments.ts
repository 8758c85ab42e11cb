import { parseArgs } from 'node:util';
import { chunkerNames, defaultChunking, largestChunkSize, parseChunking, splitterLanguages } from '../shared/chunking';
import type { ChunkingSettings } from '../shared/chunking';
import { layoutMethodNames, type LayoutMethod } from '../shared/layoutMethods';
import { UsageError } from './usage';

const options = {
  json: { type: 'boolean', default: false },
  store: { type: 'string' },
  runtime: { type: 'string', default: 'auto' },
  threads: { type: 'string', default: '0' },
  chunker: { type: 'string', default: 'structure' },
  'chunk-size': { type: 'string' },
  'chunk-overlap': { type: 'string' },
  'chunk-language': { type: 'string' },
  limit: { type: 'string', default: '10' },
  out: { type: 'string' },
  dimensions: { type: 'string' },
  by: { type: 'string', default: 'folder' },
  method: { type: 'string', default: 'umap' },
  neighbors: { type: 'string', default: '15' },
  epochs: { type: 'string', default: '200' },
  seed: { type: 'string', default: '42' },
  all: { type: 'boolean', default: false },
  sarif: { type: 'boolean', default: false },
  max: { type: 'string' },
  strength: { type: 'string' },
  text: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

type OptionName = keyof typeof options;

const everywhere: readonly OptionName[] = ['json', 'store', 'runtime', 'threads', 'help', 'version'];

/** Of commands that open a folder's index. */
const chunking = ['chunker', 'chunk-size', 'chunk-overlap', 'chunk-language'] as const;

/** What follows each command's name, by the words that errors use, and its own options. */
const forms = {
  embed: { required: [], optional: ['file'], own: [] },
  index: { required: ['folder'], optional: [], own: chunking },
  search: { required: ['folder', 'query'], optional: ['more of the query'], own: ['limit', ...chunking] },
  neighbors: { required: ['folder', 'place, such as docs/guide.md:12'], optional: [], own: ['limit', ...chunking] },
  check: { required: ['folder'], optional: [], own: ['all', 'sarif', 'max', 'strength', ...chunking] },
  segment: { required: [], optional: ['file'], own: ['text'] },
  folders: { required: ['folder'], optional: [], own: ['by', ...chunking] },
  why: { required: ['folder', 'file'], optional: [], own: chunking },
  report: { required: ['folder'], optional: [], own: chunking },
  map: { required: ['folder'], optional: [], own: ['out', ...chunking] },
  project: {
    required: ['file of vectors'],
    optional: [],
    own: ['dimensions', 'out', 'method', 'neighbors', 'epochs', 'seed'],
  },
} as const satisfies Record<
  string,
  { required: readonly string[]; optional: readonly string[]; own: readonly OptionName[] }
>;

export type CommandName = keyof typeof forms;

export interface CliArguments {
  /** Undefined with `--help` and `--version` alone. */
  command: CommandName | undefined;
  positionals: string[];
  json: boolean;
  store: string | undefined;
  runtime: 'auto' | 'native' | 'wasm';
  threads: number;
  chunking: ChunkingSettings;
  limit: number;
  out: string | undefined;
  by: 'folder' | 'type';
  dimensions: number | undefined;
  method: LayoutMethod;
  neighbors: number;
  epochs: number;
  seed: number;
  /** Every chunk, not those alone that are flagged. */
  all: boolean;
  sarif: boolean;
  /** Flagged chunks beyond which the command fails. */
  max: number | undefined;
  /** Percentile from which a chunk is flagged, in place of the default. */
  strength: number | undefined;
  /** The file is prose, not one sentence a line. */
  text: boolean;
  help: boolean;
  version: boolean;
}

/** @throws UsageError */
export function parseArguments(argv: readonly string[]): CliArguments {
  const { values, positionals, given } = parse(argv);
  const asksOnly = values.help || values.version;
  const command = asksOnly ? undefined : commandNamed(positionals[0]);
  const rest = positionals.slice(1);
  if (command !== undefined) checkForm(command, rest, given);
  if (values.json && values.sarif) throw new UsageError('--json and --sarif are two formats: choose one');
  return {
    command,
    positionals: rest,
    json: values.json,
    store: values.store,
    runtime: oneOf('runtime', values.runtime, ['auto', 'native', 'wasm']),
    threads: whole('threads', values.threads, 0, 64),
    chunking: chunkingOf(values),
    limit: whole('limit', values.limit, 1, 1000),
    out: values.out,
    by: oneOf('by', values.by, ['folder', 'type']),
    dimensions: values.dimensions === undefined ? undefined : whole('dimensions', values.dimensions, 1, 65_536),
    method: oneOf('method', values.method, layoutMethodNames),
    neighbors: whole('neighbors', values.neighbors, 2, 200),
    epochs: whole('epochs', values.epochs, 1, 5000),
    seed: whole('seed', values.seed, 0, 2 ** 31 - 1),
    all: values.all,
    sarif: values.sarif,
    max: values.max === undefined ? undefined : whole('max', values.max, 0, 1_000_000),
    strength: values.strength === undefined ? undefined : percentile('strength', values.strength),
    text: values.text,
    help: values.help,
    version: values.version,
  };
}

function parse(argv: readonly string[]) {
  try {
    const parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true, tokens: true });
    const given = parsed.tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    return { ...parsed, given };
  } catch (error) {
    // Node's own sentence names the option; its advice about '--' does not help here.
    const sentence = (error as Error).message.split(/\. |\n/u)[0].replace(/\.$/u, '');
    throw new UsageError(`${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`);
  }
}

function chunkingOf(values: ReturnType<typeof parse>['values']): ChunkingSettings {
  const size = values['chunk-size'];
  const overlap = values['chunk-overlap'];
  const language = values['chunk-language'];
  const chunking: ChunkingSettings = {
    ...defaultChunking,
    chunker: oneOf('chunker', values.chunker, chunkerNames),
    size: size === undefined ? null : whole('chunk-size', size, 1, largestChunkSize),
    overlap: overlap === undefined ? null : whole('chunk-overlap', overlap, 0, largestChunkSize),
    language: language === undefined ? null : oneOf('chunk-language', language, splitterLanguages),
  };
  if (language !== undefined && chunking.chunker !== 'recursive')
    throw new UsageError('--chunk-language goes with --chunker recursive');
  if (overlap !== undefined && chunking.chunker === 'structure')
    throw new UsageError('--chunk-overlap goes with --chunker recursive, tokens or sentences');
  if (size !== undefined && overlap !== undefined && Number(overlap) >= Number(size))
    throw new UsageError('--chunk-overlap must be smaller than --chunk-size');
  return parseChunking(chunking);
}

function commandNamed(name: string | undefined): CommandName {
  if (name === undefined) throw new UsageError('a command is missing');
  if (!Object.hasOwn(forms, name)) throw new UsageError(`there is no command "${name}"`);
  return name as CommandName;
}

/** Every mistake is told: an option that does nothing here or a word too many may be a typing error that changes the meaning. */
function checkForm(command: CommandName, rest: readonly string[], given: readonly OptionName[]): void {
  const { required, optional, own } = forms[command];
  const allowed: readonly OptionName[] = [...everywhere, ...own];
  const stray = given.find((name) => !allowed.includes(name));
  if (stray !== undefined) throw new UsageError(`${command} takes no --${stray}`);
  const missing = required.findIndex((_, i) => (rest[i] ?? '').trim() === '');
  if (missing >= 0) throw new UsageError(`a ${required[missing]} is missing`);
  // A query may be written without quotes.
  if (command !== 'search' && rest.length > required.length + optional.length)
    throw new UsageError(`${command} does not know what to do with "${rest[required.length + optional.length]}"`);
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}

function percentile(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 100))
    throw new UsageError(`--${name} takes a percentile from 0 to 100, not "${text}"`);
  return value;
}

function oneOf<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === text);
  if (found === undefined) throw new UsageError(`--${name} takes one of ${allowed.join(', ')}, not "${text}"`);
  return found;
}
