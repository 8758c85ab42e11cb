// npm run bench:host: how much an index costs the extension host of a real VS Code: delay of its event loop and memory,
// with Latent Lens indexing the Rust book (or `npm run bench:host -- FOLDER`) with the map open, and without it.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { build } from 'esbuild';
import { ensureChromium } from '../chromium.mjs';
import { runInExtensionHost } from '../extensionHostRun.mjs';
import { root } from '../processes.mjs';
import { ensureVscodeWeb } from '../vscodeWeb.mjs';
import type { HostFigures, PhaseFigures } from './hostProbe';
import { describeMachine } from './machine';
import { unpackRustBook } from './rustBook';

const timeoutMs = 30 * 60_000;
const targets = { delayP99Ms: 50, addedMemoryMb: 60 };

async function main(): Promise<void> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-bench-host-')));
  try {
    console.log(describeMachine(), '\n');
    const workspace = process.argv[2] ?? unpackRustBook(path.join(folder, 'corpus'));
    if (workspace === undefined)
      throw new Error('The Rust book is not beside the checkout: name a folder, as in npm run bench:host -- FOLDER.');
    await ensureChromium();
    await ensureVscodeWeb();
    const probe = await buildProbe(folder);
    const without = await measure(folder, 'without', path.resolve(workspace), probe, emptyExtension(folder));
    const withLens = await measure(folder, 'with', path.resolve(workspace), probe, root);
    print(without, withLens);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

async function buildProbe(folder: string): Promise<string> {
  const outfile = path.join(folder, 'hostProbe.js');
  await build({
    entryPoints: [path.join(root, 'scripts', 'bench', 'hostProbe.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    logLevel: 'warning',
  });
  return outfile;
}

/** An extension that does nothing, in the place of ours. */
function emptyExtension(folder: string): string {
  const extension = path.join(folder, 'empty');
  fs.mkdirSync(extension, { recursive: true });
  const manifest = { name: 'empty', publisher: 'bench', version: '0.0.1', engines: { vscode: '*' }, main: './main.js' };
  fs.writeFileSync(path.join(extension, 'package.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(extension, 'main.js'), 'exports.activate = () => undefined;');
  return extension;
}

async function measure(
  folder: string,
  name: string,
  workspace: string,
  module: string,
  extension: string,
): Promise<HostFigures> {
  const results = path.join(folder, `${name}.json`);
  const lines: string[] = [];
  const { code } = await runInExtensionHost({
    module,
    extension,
    workspace,
    dataDir: path.join(folder, `data-${name}`),
    env: { LATENT_LENS_BENCH_RESULTS: results },
    timeoutMs,
    onLog: (_type, args) => lines.push(args.join(' ')),
  });
  if (code !== 0 || !fs.existsSync(results))
    throw new Error(`The probe ended with ${code ?? 'no answer in time'}.\n${lines.slice(-20).join('\n')}`);
  return JSON.parse(fs.readFileSync(results, 'utf8')) as HostFigures;
}

function print(without: HostFigures, withLens: HostFigures): void {
  const { indexing } = withLens;
  if (indexing === undefined) throw new Error('Latent Lens indexed nothing.');
  const ms = (value: number): string => value.toFixed(1).padStart(8);
  const row = (name: string, { delayMs, seconds }: PhaseFigures): string =>
    `| ${name.padEnd(30)} | ${ms(delayMs.p50)} | ${ms(delayMs.p99)} | ${ms(delayMs.max)} | ${seconds.toFixed(0).padStart(7)} |`;
  console.log(`| ${'event loop delay, ms'.padEnd(30)} |      p50 |      p99 |      max | seconds |`);
  console.log(`| ${'-'.repeat(30)} | -------: | -------: | -------: | ------: |`);
  console.log(row('idle, without Latent Lens', without.idle));
  console.log(row('idle, with it', withLens.idle));
  console.log(row('indexing, map open, typing', indexing));
  const mb = (bytes: number): string => (bytes / 2 ** 20).toFixed(1).padStart(8);
  console.log(
    `\n| ${'memory of the host, MB'.padEnd(30)} | ${'heap'.padStart(8)} | ${'buffers'.padStart(8)} | ${'process'.padStart(8)} |`,
  );
  console.log(`| ${'-'.repeat(30)} | -------: | -------: | -------: |`);
  const memoryRow = (name: string, { heapUsed, external, rss }: HostFigures['memory']): void =>
    console.log(`| ${name.padEnd(30)} | ${mb(heapUsed)} | ${mb(external)} | ${mb(rss)} |`);
  memoryRow('without Latent Lens', without.memory);
  memoryRow('with the index and the map', withLens.memory);
  const addedMb = (withLens.memory.rss - without.memory.rss) / 2 ** 20;
  const verdict = (value: number, target: number): string => (value < target ? 'met' : 'MISSED');
  console.log(`\nIndexed ${withLens.chunks} chunks.`);
  console.log(
    `p99 while indexing: ${indexing.delayMs.p99.toFixed(1)} ms, target under ${targets.delayP99Ms} ms: ${verdict(indexing.delayMs.p99, targets.delayP99Ms)}`,
  );
  console.log(
    `Memory added: ${addedMb.toFixed(1)} MB, target under ${targets.addedMemoryMb} MB: ${verdict(addedMb, targets.addedMemoryMb)}`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
