/** Runs inside the extension host for `npm run bench:host`: measures it idle and, where Latent Lens is there, while it indexes. */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';

export interface PhaseFigures {
  /** How much later than asked a timer of 10 ms was called. */
  delayMs: { p50: number; p99: number; max: number };
  seconds: number;
}

export interface HostFigures {
  idle: PhaseFigures;
  indexing: PhaseFigures | undefined;
  chunks: number;
  /** After a garbage collection, with everything that was indexed in place. */
  memory: { heapUsed: number; external: number; rss: number };
}

const resolutionMs = 10;
/** VS Code's own extensions start meanwhile. */
const settleMs = 12_000;
const idleMs = 15_000;
const keyEveryMs = 150;

export async function run(): Promise<void> {
  await delay(settleMs);
  const idle = await during(() => delay(idleMs));
  const extension = vscode.extensions.getExtension<{ space: { state: { chunks: number } } }>('latent-lens.latent-lens');
  let indexing: PhaseFigures | undefined;
  let chunks = 0;
  if (extension !== undefined) {
    const { space } = await extension.activate();
    await vscode.commands.executeCommand('latentLens.openMap');
    await delay(3_000);
    indexing = await during(() => typeUntil(vscode.commands.executeCommand('latentLens.indexWorkspace')));
    chunks = space.state.chunks;
    if (chunks === 0) throw new Error('Nothing was indexed.');
  }
  await delay(5_000);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  await delay(1_000);
  const { heapUsed, external, rss } = process.memoryUsage();
  const figures: HostFigures = { idle, indexing, chunks, memory: { heapUsed, external, rss } };
  writeFileSync(process.env['LATENT_LENS_BENCH_RESULTS'] ?? '', JSON.stringify(figures));
}

async function during(work: () => Thenable<unknown>): Promise<PhaseFigures> {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  const startMs = performance.now();
  histogram.enable();
  await work();
  histogram.disable();
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  return {
    delayMs: { p50: late(histogram.percentile(50)), p99: late(histogram.percentile(99)), max: late(histogram.max) },
    seconds: (performance.now() - startMs) / 1000,
  };
}

/** Types into a document as a person does, as long as something goes on. */
async function typeUntil(work: Thenable<unknown>): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: '' });
  const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
  let goesOn = true;
  const done = Promise.resolve(work).finally(() => (goesOn = false));
  while (goesOn) {
    await editor.edit((edit) => edit.insert(document.positionAt(document.getText().length), 'word '));
    await Promise.race([done, delay(keyEveryMs)]);
  }
  await done;
}
