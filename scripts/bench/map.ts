// npm run bench:map: what the map costs and keeps, in one run: time and memory beside other implementations, quality of each
// method, stability as an index grows, and placement. `--write` puts the tables into docs/benchmarks.md.
// `npm run bench:map -- --only placement,methods` for some parts. Run `npm run build` first.
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { loadOnnxRuntime, type OnnxRuntimeName } from '../../src/core/embedding/onnxRuntime';
import type { VectorRows } from '../../src/core/neighbors/blockedKnn';
import { findNeighbors } from '../../src/core/neighbors/findNeighbors';
import { layOut } from '../../src/core/projection/layoutStages';
import { umap } from '../../src/core/projection/umap';
import { defaultLayoutSettings } from '../../src/shared/layoutMethods';
import { describeMachine } from './machine';
import { corpusVectors, topicalVectors } from './mapData';
import { benchMethods, judgedPoints, methodsTable } from './mapMethods';
import { benchPlacement, placementTable } from './mapPlacement';
import { recallWords, timed, umapJsAlone } from './mapSpeed';
import { benchStability, stabilityTable } from './mapStability';
import { embeddingAtlas, umapLearn } from './otherMaps';

const assetsFolder = path.resolve(__dirname, '../..');
const benchmarksFile = path.join(assetsFolder, 'docs', 'benchmarks.md');
const [beginning, end] = ['<!-- bench:map begins -->', '<!-- bench:map ends -->'];
const dimensions = 384;
const settings = defaultLayoutSettings('umap');
const parts = ['speed', 'sizes', 'methods', 'stability', 'placement'] as const;

const runtimeOf = (name: OnnxRuntimeName) => loadOnnxRuntime(name, { assetsFolder });
const seconds = (elapsedMs: number) => (elapsedMs / 1000).toFixed(2);

/** Vectors in, coordinates out, beside others on the same vectors in the same run. */
async function speed(data: VectorRows): Promise<string> {
  const lines = [
    `Vectors in, coordinates out: ${data.count.toLocaleString('en')} x ${dimensions}, ${settings.epochs} epochs, ${settings.neighbors} neighbors, neighbors included.`,
    '',
    '| | Seconds | Processor seconds | Neighbors | umap-js takes as many times as long |',
    '| --- | ---: | ---: | --- | ---: |',
  ];
  const own: { name: OnnxRuntimeName; elapsedMs: number; cpuMs: number; recall: number | undefined }[] = [];
  for (const name of ['native', 'wasm'] as const) {
    const runtime = await runtimeOf(name);
    // Compiled and allocated once, as in an engine that has drawn a map before.
    const little = { ...data, count: 1500 };
    umap(little, await findNeighbors(little, { runtime, threads: 2 }), settings);
    const { result, time } = await timed(async () => {
      const graph = await findNeighbors(data, { runtime, threads: 2 });
      umap(data, graph, settings);
      return graph.recall;
    });
    own.push({ name, ...time, recall: result });
  }
  const reference = await timed(() => umapJsAlone(data, settings));
  for (const { name, elapsedMs, cpuMs, recall } of own) {
    const ratio = (reference.time.elapsedMs / elapsedMs).toFixed(1);
    lines.push(`| umap, ${name} | ${seconds(elapsedMs)} | ${seconds(cpuMs)} | ${recallWords(recall)} | ${ratio} |`);
  }
  lines.push(`| umap-js | ${seconds(reference.time.elapsedMs)} | ${seconds(reference.time.cpuMs)} | its own | 1 |`);
  const others = [umapLearn(data, settings), await embeddingAtlas(data, settings)];
  const missing = others.filter((other) => typeof other === 'string');
  for (const other of others) {
    if (typeof other === 'string') continue;
    const ratio = (reference.time.elapsedMs / other.elapsedMs).toFixed(1);
    lines.push(`| ${other.name} | ${seconds(other.elapsedMs)} | | its own | ${ratio} |`);
  }
  const [native, wasm] = own.map(({ elapsedMs }) => reference.time.elapsedMs / elapsedMs);
  lines.push(
    '',
    `Asked for: 12 times with the native runtime (${verdict(native >= 12)}), 6 times with WASM alone (${verdict(wasm >= 6)}).`,
  );
  for (const other of others) {
    if (typeof other === 'string' || !other.name.startsWith('umap-learn')) continue;
    const ratio = other.elapsedMs / own[0].elapsedMs;
    lines.push(
      `umap-learn takes ${ratio.toFixed(1)} times as long as ours on the native runtime; asked for 1.5 (${verdict(ratio >= 1.5)}).`,
    );
  }
  if (missing.length > 0) lines.push('', `Not compared: ${missing.join('; ')}.`);
  return lines.join('\n');
}

const verdict = (isMet: boolean) => (isMet ? 'met' : '**missed**');

interface WholeLayout {
  stages: { name: string; elapsedMs: number }[];
  recall: number | undefined;
  residentBefore: number;
  peakBytes: number;
}

/** Everything that a layout worker does, in a process of its own so that its memory can be told. */
async function sizes(): Promise<string> {
  const lines = [
    'A whole layout on the native runtime, in a process of its own: neighbors, coordinates, both readings, clusters. Memory is the most that the process held above what it held with the vectors loaded.',
    '',
    '| Points | Neighbors | Coordinates | Readings | Clusters | Together | Recall of the neighbors | Memory above the vectors |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: |',
  ];
  let largest = 0;
  for (const count of [1000, 10_000, 100_000]) {
    const output = execFileSync(process.execPath, [...process.execArgv, __filename, '--layout', `${count}`], {
      encoding: 'utf8',
      timeout: 300_000,
    });
    const { stages, recall, residentBefore, peakBytes } = JSON.parse(output) as WholeLayout;
    const of = (name: string) => seconds(stages.find((stage) => stage.name === name)?.elapsedMs ?? 0);
    largest = stages.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
    const memory = `${Math.round((peakBytes - residentBefore) / 2 ** 20)} MB`;
    lines.push(
      `| ${count.toLocaleString('en')} | ${of('neighbors')} | ${of('umap')} | ${of('trust')} | ${of('clusters')} | ${seconds(largest)} | ${recallWords(recall)} | ${memory} |`,
    );
  }
  lines.push('', `Asked for: 100,000 points under 45 s (${verdict(largest < 45_000)}).`);
  return lines.join('\n');
}

async function layOutAlone(count: number): Promise<void> {
  const data = topicalVectors(count, dimensions);
  const runtime = await runtimeOf('native');
  const residentBefore = process.memoryUsage.rss();
  const job = { ...data, method: 'umap' as const, ...settings };
  const { stages, graph } = await layOut(job, { runtime, threads: 2 });
  const peakBytes = 1024 * process.resourceUsage().maxRSS;
  console.log(JSON.stringify({ stages, recall: graph.recall, residentBefore, peakBytes } satisfies WholeLayout));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, write: { type: 'boolean', default: false }, layout: { type: 'string' } },
  });
  if (values.layout !== undefined) return layOutAlone(Number(values.layout));
  const wanted = values.only?.split(',') ?? parts;
  const unknown = wanted.find((part) => !(parts as readonly string[]).includes(part));
  if (unknown !== undefined) throw new Error(`There is no part "${unknown}": ${parts.join(', ')}.`);
  const sections: string[] = [];
  const tell = (title: string, text: string) => {
    sections.push(`### ${title}\n\n${text}`);
    console.log(`### ${title}\n\n${text}\n`);
  };
  console.log(`${describeMachine()}\n`);
  const sets: [string, VectorRows | undefined][] = [
    ['Rust book', await corpusVectors('rust-book')],
    ['Cranfield', await corpusVectors('cranfield')],
    ['planted clusters', topicalVectors(5000, dimensions)],
  ];
  if (wanted.includes('speed')) {
    const real = joined(sets.slice(0, 2).flatMap(([, data]) => data ?? []));
    if (real !== undefined) tell('Speed beside others: all chunks of both corpora', await speed(real));
    tell('Speed beside others: planted clusters', await speed(topicalVectors(10_000, dimensions)));
  }
  if (wanted.includes('sizes')) tell('Time and memory by size', await sizes());
  const runtime = await runtimeOf('native');
  const present = sets.flatMap(([name, data]) => (data === undefined ? [] : [{ name, data }]));
  if (wanted.includes('methods')) {
    for (const { name, data } of present) {
      const looked = Math.min(judgedPoints, data.count).toLocaleString('en');
      const note = `${data.count.toLocaleString('en')} points; trustworthiness and continuity over ${looked} of them, evenly spread.`;
      tell(`Quality by method: ${name}`, `${note}\n\n${methodsTable(await benchMethods(runtime, data))}`);
    }
  }
  if (wanted.includes('stability')) {
    for (const [i, { name, data }] of present.entries()) {
      const alien = present[(i + 1) % present.length].data;
      const rows = await benchStability(runtime, data, alien);
      const moved = Math.max(...rows.map((row) => row.medianMove));
      const lost = Math.max(...rows.map((row) => row.newTrustFresh - row.newTrust));
      const asked = `Asked for: a median under 2 % (${verdict(moved < 0.02)}, at most ${(100 * moved).toFixed(2)} %), trust of new points within .02 of a layout from nothing (${verdict(lost <= 0.02)}, at most ${lost.toFixed(3)} below).`;
      tell(`Stability: ${name}`, `${stabilityTable(rows)}\n\n${asked}`);
    }
  }
  if (wanted.includes('placement')) {
    const rows = [];
    for (const { name, data } of present) rows.push(await benchPlacement(runtime, name, data));
    const worst = Math.min(...rows.map((row) => row.placedTrust / row.fittedTrust));
    const longest = Math.max(...rows.map((row) => row.p99Ms));
    const asked = `Asked for: 90 % of what fitted points keep (${verdict(worst >= 0.9)}), under 30 ms (${verdict(longest < 30)}).`;
    tell('Placement of held-out points', `${placementTable(rows)}\n\n${asked}`);
  }
  if (values.write) write(sections);
}

/** Undefined where there are none. */
function joined(sets: readonly VectorRows[]): VectorRows | undefined {
  if (sets.length === 0) return undefined;
  const count = sets.reduce((sum, set) => sum + set.count, 0);
  const vectors = new Float32Array(count * dimensions);
  let row = 0;
  for (const set of sets) {
    vectors.set(set.vectors.subarray(0, set.count * dimensions), row * dimensions);
    row += set.count;
  }
  return { vectors, count, dimensions };
}

function write(sections: readonly string[]): void {
  const text = fs.readFileSync(benchmarksFile, 'utf8');
  const [from, to] = [text.indexOf(beginning), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md lacks the lines "${beginning}" and "${end}".`);
  const body = [`Measured on: ${describeMachine()}.`, ...sections].join('\n\n');
  fs.writeFileSync(benchmarksFile, `${text.slice(0, from + beginning.length)}\n\n${body}\n\n${text.slice(to)}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
