// npm run bench:index: speed and size of an index, at 1,000 to 100,000 chunks, each part by itself with
// `-- --only pipeline|latency|growth`; `--chunks 1000,10000` and `--runtime native|wasm` bound what is measured.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { ModelFolder } from '../../src/core/embedding/modelFolder';
import { WordPieceTokenizer } from '../../src/core/embedding/tokenizer';
import { Chunkers } from '../../src/engine/chunkers';
import { bundledModelPath } from '../../src/engine/engineService';
import { defaultThreads } from '../../src/engine/runtimeLadder';
import { defaultIndexSettings } from '../../src/shared/indexDefaults';
import { benchGrowth, type GrowthRow } from './indexGrowth';
import { benchPipeline, benchWhileIndexing, type PipelineOptions } from './indexPipeline';
import type { Turns } from './indexMeasures';
import { vocabularyOf } from './indexWorkspace';
import { describeMachine } from './machine';
import { unpackRustBook } from './rustBook';

const repositoryRoot = path.resolve(__dirname, '../..');
const parts = ['pipeline', 'latency', 'growth'] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      chunks: { type: 'string', default: '1000,10000,50000,100000' },
      runtime: { type: 'string' },
      assets: { type: 'string', default: repositoryRoot },
      corpus: { type: 'string' },
    },
  });
  const only = values.only?.split(',') ?? [...parts];
  const unknown = only.filter((part) => !(parts as readonly string[]).includes(part));
  if (unknown.length > 0) throw new Error(`--only takes ${parts.join(', ')}, not ${unknown.join(', ')}.`);
  const runtimes = (['native', 'wasm'] as const).filter((name) => (values.runtime ?? name) === name);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-bench-index-'));
  const startMs = performance.now();
  console.log(describeMachine(), '\n');
  try {
    const assetsFolder = path.resolve(values.assets);
    const model = await ModelFolder.open(bundledModelPath(assetsFolder));
    const tokenizer = WordPieceTokenizer.load(model);
    const chunkers = new Chunkers(() => tokenizer, model.manifest.maxTokens, assetsFolder);
    const settings = defaultIndexSettings;
    const shared = { folder, assetsFolder, model, settings, chunker: await chunkers.of(settings.chunking) };
    if (only.includes('pipeline') || only.includes('latency')) {
      const corpus = values.corpus ?? unpackRustBook(path.join(folder, 'corpus'));
      if (corpus === undefined) throw new Error('The Rust book is not beside the checkout: name a folder by --corpus.');
      const options: PipelineOptions = { ...shared, corpus };
      if (only.includes('pipeline')) await printPipeline(runtimes, options);
      if (only.includes('latency')) await printLatency(runtimes, options);
    }
    if (only.includes('growth')) {
      const vocabulary = vocabularyOf(referenceTexts());
      const rows: GrowthRow[] = [];
      for (const chunks of values.chunks.split(',').map(Number)) {
        rows.push(await benchGrowth(chunks, { ...shared, vocabulary }));
        console.error(`  ${chunks} chunks measured after ${Math.round((performance.now() - startMs) / 1000)} s`);
      }
      printGrowth(rows);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  console.log(`All of it took ${Math.round((performance.now() - startMs) / 1000)} s.`);
}

async function printPipeline(runtimes: readonly ('native' | 'wasm')[], options: PipelineOptions): Promise<void> {
  console.log('Whole pipeline (read, cut, tokenize, embed, store) beside the bare model, same texts, same run\n');
  console.log(
    '| Runtime | Sessions | Chunks a round | Tokens a round | Bare model, rounds (tokens/s) | Pipeline, the rounds between (tokens/s) | Share, median of the rounds | Turns of the main thread: p99, longest |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const runtime of runtimes) {
    const row = await benchPipeline(runtime, defaultThreads(runtime), options);
    const { bare, turns } = row;
    console.log(
      `| ${row.runtime} | ${row.threads} | ${whole(row.chunks)} | ${whole(row.tokens)} | ${rates(bare)} | ${rates(row.pipeline)} | ${target(100 * row.share, '%', 90, 'least')} | ${turnsCell(turns)} |`,
    );
  }
  console.log('');
}

async function printLatency(runtimes: readonly ('native' | 'wasm')[], options: PipelineOptions): Promise<void> {
  console.log('Searches while an index is being built, by the engine as it is\n');
  console.log(
    '| Runtime | Searches | Chunks by then | Search: median | p95 | Longest | Turns of the main thread: p99, longest | Peak memory of the process |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const runtime of runtimes) {
    const row = await benchWhileIndexing(runtime, options);
    const { searchMs, turns } = row;
    console.log(
      `| ${row.runtime} | ${row.searches} | ${whole(row.chunks)} | ${whole(searchMs.median)} ms | ${target(searchMs.p95, 'ms', runtime === 'native' ? 200 : 500)} | ${whole(searchMs.longest)} ms | ${turnsCell(turns)} | ${megabytes(row.peakBytes)} |`,
    );
  }
  console.log('');
}

function printGrowth(rows: readonly GrowthRow[]): void {
  console.log('Growth: a generated folder, synthetic vectors of 384 dimensions, everything else the real thing\n');
  const line = (name: string, cell: (row: GrowthRow, i: number) => string): void =>
    console.log(`| ${name} | ${rows.map(cell).join(' | ')} |`);
  line('', ({ chunks }) => `${whole(chunks)} chunks`);
  line('---', () => '---');
  line('Files', ({ files }) => whole(files));
  const stage = (name: string, value: (row: GrowthRow) => number, limit?: (row: GrowthRow) => number): void =>
    line(name, (row, i) => {
      const most = limit?.(row) ?? Infinity;
      const before = rows[i - 1];
      // More than a quarter over its share, and long enough to be no noise: worth a word.
      const growth = before === undefined ? 0 : value(row) / Math.max(1, value(before)) / (row.chunks / before.chunks);
      const grows = growth > 1.25 && value(row) > 50 ? ` (${growth.toFixed(1)} times its share)` : '';
      return `${target(value(row), 'ms', most)}${grows}`;
    });
  const atFull = (limit: number) => (row: GrowthRow) => (row.chunks > 90_000 ? limit : Infinity);
  stage('Walk', (row) => row.walkMs);
  stage('Cut into chunks', (row) => row.chunkMs);
  stage('Store', (row) => row.storeMs);
  stage('Rescan of the unchanged folder', (row) => row.rescanMs, atFull(3000));
  line('Embedded by the rescan', ({ rescanned }) => target(rescanned, '', 0));
  stage('Open', (row) => row.openMs);
  stage('Exact search, median', (row) => row.searchMs.median);
  stage('Exact search, p95', (row) => row.searchMs.p95, atFull(50));
  stage('Open to the first answer, engine running', (row) => row.engine.firstAnswerMs, atFull(1500));
  line('Of that the work of its main thread', ({ engine: { firstAnswerOwnMs: ms } }) =>
    ms === undefined ? '' : `${whole(ms)} ms`,
  );
  stage('From the start of the process', (row) => row.engine.fromStartMs);
  line('Memory of the engine, nothing open', ({ engine }) => megabytes(engine.idleBytes));
  line('Memory with the index open, no session', ({ engine, chunks }) =>
    chunks > 90_000 ? target(engine.openBytes / 1e6, 'MB', 450) : megabytes(engine.openBytes),
  );
  line('Memory after a search, one native session', ({ engine }) => megabytes(engine.answeredBytes));
  line('Disk a chunk, beside its text', ({ diskBytes, chunks }) => target(diskBytes / chunks, 'bytes', 2048));
  line('Text a chunk', ({ textBytes, chunks }) => `${whole(textBytes / chunks)} bytes`);
  line('Main-thread turns while it is built: p99, longest', ({ turns }) => turnsCell(turns));
  console.log('');
}

/** A figure and, where it misses what was aimed at, that. */
function target(value: number, unit: string, limit: number, kind: 'most' | 'least' = 'most'): string {
  const missed = kind === 'most' ? value > limit : value < limit;
  const text = `${whole(value)}${unit === '' ? '' : unit === '%' ? ' %' : ` ${unit}`}`;
  return missed ? `${text} (miss: ${kind === 'most' ? 'at most' : 'at least'} ${whole(limit)})` : text;
}

/** Turns as they came, and those of the thread itself where the machine did other things too. */
function turnsCell({ p99, longest, own }: Turns): string {
  const ownTurns = own === undefined ? '' : ` (of the thread itself: ${whole(own.p99)} ms, ${whole(own.longest)} ms)`;
  return `${target(p99, 'ms', 50)}, ${whole(longest)} ms${ownTurns}`;
}

function rates(values: readonly number[]): string {
  return values.map(whole).join(' · ');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function megabytes(bytes: number): string {
  return `${whole(bytes / 1e6)} MB`;
}

function referenceTexts(): string[] {
  const lines = fs
    .readFileSync(path.join(repositoryRoot, 'test/fixtures/minilm-reference.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => (JSON.parse(line) as { text: string }).text);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
