/**
 * Word pieces per second of each runtime, in one run on one machine: a pool of one session and the pool that the
 * extension would choose, the same texts, every round printed. Needs `npm run build`; alone:
 * `npx tsx scripts/bench/embedding.ts`.
 */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { ModelFolder } from '../../src/core/embedding/modelFolder';
import { EmbeddingPool } from '../../src/engine/embeddingPool';
import { defaultThreads } from '../../src/engine/runtimeLadder';
import type { RuntimeName } from '../../src/shared/engineInfo';

const repositoryRoot = path.resolve(__dirname, '../..');

export interface EmbeddingBenchRow {
  runtime: RuntimeName;
  threads: number;
  /** Until the first session was ready. */
  startMs: number;
  texts: number;
  /** Word pieces of one round, special tokens included. */
  tokens: number;
  roundsMs: number[];
  /** Of the median round. */
  tokensPerSecond: number;
  /** Longest and median wait of a query while the index ran. */
  queryMs: { median: number; longest: number };
}

export interface EmbeddingBenchOptions {
  /** Chunks as they are embedded; the natural texts of the reference set when not given. */
  texts?: readonly string[];
  rounds?: number;
  /** Root of the build to measure: its `dist` is used. */
  assetsFolder?: string;
  print?: (line: string) => void;
}

/** Word pieces of a round, so that the slow runtime ends in time. */
const tokensARound: Record<'native' | 'wasm', number> = { native: 20_000, wasm: 6_000 };

export async function benchEmbedding(options: EmbeddingBenchOptions = {}): Promise<EmbeddingBenchRow[]> {
  const { texts = referenceTexts(), rounds = 3, assetsFolder = repositoryRoot, print = console.log } = options;
  const modelFolder = await ModelFolder.open(path.join(repositoryRoot, 'media/models/all-MiniLM-L6-v2'));
  const rows: EmbeddingBenchRow[] = [];
  print('Embedding: word pieces per second, one text a run');
  for (const kind of ['native', 'wasm'] as const) {
    for (const threads of [...new Set([1, defaultThreads(kind)])]) {
      const runtime = kind === 'wasm' && threads === 1 ? 'wasm-single' : kind;
      try {
        const row = await benchPool(runtime, threads, { modelFolder, texts, rounds, assetsFolder });
        rows.push(row);
        print(rowLine(row));
      } catch (error) {
        print(`  ${runtime}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return rows;
}

async function benchPool(
  runtime: RuntimeName,
  threads: number,
  given: { modelFolder: ModelFolder; texts: readonly string[]; rounds: number; assetsFolder: string },
): Promise<EmbeddingBenchRow> {
  const { modelFolder, texts, rounds, assetsFolder } = given;
  const started = performance.now();
  const pool = await EmbeddingPool.start({
    runtime,
    threads,
    modelFolder,
    assetsFolder,
    workerFile: path.join(assetsFolder, 'dist', 'embeddingWorker.js'),
  });
  const startMs = performance.now() - started;
  try {
    // Warms up every worker and counts the pieces of each text.
    const budget = tokensARound[runtime === 'native' ? 'native' : 'wasm'];
    const counted = await pool.embed(
      texts.slice(0, 200).map((text) => ({ text })),
      { priority: 'index' },
    );
    const chosen: string[] = [];
    let tokens = 0;
    for (let i = 0; tokens < budget; i++) {
      const at = i % counted.length;
      // Numbered: identical texts of a call would be embedded once.
      chosen.push(i < counted.length ? texts[at] : `${texts[at]} ${i}`);
      tokens += counted[at].tokens;
    }
    const roundsMs: number[] = [];
    const tokensOfRounds: number[] = [];
    const queriesMs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      const index = pool.embed(
        chosen.map((text) => ({ text })),
        { priority: 'index' },
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      const asked = performance.now();
      await pool.embed([{ text: `how do I share data between threads safely ${round}` }], { priority: 'query' });
      queriesMs.push(performance.now() - asked);
      tokensOfRounds.push((await index).reduce((sum, embedding) => sum + embedding.tokens, 0));
      roundsMs.push(performance.now() - start);
    }
    return {
      runtime,
      threads,
      startMs,
      texts: chosen.length,
      tokens: tokensOfRounds[0],
      roundsMs,
      tokensPerSecond: (tokensOfRounds[0] / medianOf(roundsMs)) * 1000,
      queryMs: { median: medianOf(queriesMs), longest: Math.max(...queriesMs) },
    };
  } finally {
    await pool.close();
  }
}

function referenceTexts(): string[] {
  const lines = readFileSync(path.join(repositoryRoot, 'test/fixtures/minilm-reference.jsonl'), 'utf8')
    .trim()
    .split('\n');
  // Abstracts and book pages: as long as chunks are.
  return lines.slice(50, 116).map((line) => (JSON.parse(line) as { text: string }).text);
}

function rowLine(row: EmbeddingBenchRow): string {
  const rounds = row.roundsMs.map((ms) => Math.round((row.tokens / ms) * 1000)).join(', ');
  return (
    `  ${row.runtime.padEnd(12)} ${row.threads} x 1 thread  ${String(Math.round(row.tokensPerSecond)).padStart(6)} tokens/s` +
    `  (rounds: ${rounds}; ${row.texts} texts, ${row.tokens} tokens; start ${Math.round(row.startMs)} ms;` +
    ` query while indexing: ${Math.round(row.queryMs.median)} ms, longest ${Math.round(row.queryMs.longest)} ms)`
  );
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

if (require.main === module) void benchEmbedding({ assetsFolder: process.argv[2] });
