// Bundles the tests that run inside VS Code's extension host into out/test/host/: the runner and one file a suite.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './processes.mjs';

/** @returns {Promise<string>} the module that VS Code is told to run */
export async function buildHostTests() {
  const { build } = await import('esbuild');
  const source = path.join(root, 'test', 'host');
  const outdir = path.join(root, 'out', 'test', 'host');
  const suites = path.join(source, 'suites');
  const tests = existsSync(suites) ? readdirSync(suites).filter((name) => name.endsWith('.test.ts')) : [];
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [path.join(source, 'index.ts'), ...tests.map((name) => path.join(suites, name))],
    outbase: source,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    external: ['vscode', 'mocha', 'onnxruntime-node'],
  });
  return path.join(outdir, 'index.js');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) void buildHostTests().then(console.log);
