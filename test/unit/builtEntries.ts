import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as esbuild from 'esbuild';

export const repositoryRoot = path.resolve(__dirname, '../..');

const builds = new Map<string, Promise<string>>();

/**
 * Workers and probes are started by file, and a worker thread does not run TypeScript: bundles an entry as `esbuild.js`
 * does, once a run.
 * @param source from the repository's root; an entry of the engine unless told.
 * @returns path of the bundle under `out/entries/`.
 */
export function builtEntry(name: string, source = `src/engine/${name}.ts`): Promise<string> {
  let build = builds.get(name);
  if (build === undefined) {
    build = buildEntry(name, source);
    builds.set(name, build);
  }
  return build;
}

async function buildEntry(name: string, source: string): Promise<string> {
  const folder = path.join(repositoryRoot, 'out', 'entries');
  await fs.mkdir(folder, { recursive: true });
  const { outputFiles } = await esbuild.build({
    absWorkingDir: repositoryRoot,
    entryPoints: [source],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
    external: ['onnxruntime-node'],
    write: false,
  });
  // Renamed into place: two test runs in one checkout never read half a file.
  const file = path.join(folder, `${name}.js`);
  const half = path.join(folder, `${name}.${randomUUID()}`);
  await fs.writeFile(half, outputFiles[0].contents);
  await fs.rename(half, file);
  return file;
}
