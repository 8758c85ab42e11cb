/** Other people's UMAPs, where this machine can import them. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { VectorRows } from '../../src/core/neighbors/blockedKnn';

export interface OtherMap {
  name: string;
  map: Float32Array;
  elapsedMs: number;
}

interface Settings {
  neighbors: number;
  minimalDistance: number;
  epochs: number;
  seed: number;
}

/** Fits twice: the first call of a process compiles. No seed, as a seed takes its second core away. */
const umapLearnProgram = `
import sys, time, numpy as np, umap
file, count, dimensions, neighbors, distance, epochs, out = sys.argv[1:]
rows = np.fromfile(file, dtype='<f4').reshape(int(count), int(dimensions))
for fit in range(2):
    started = time.perf_counter()
    map = umap.UMAP(n_neighbors=int(neighbors), min_dist=float(distance), n_epochs=int(epochs), metric='cosine').fit_transform(rows)
    elapsed = time.perf_counter() - started
map.astype('<f4').tofile(out)
print(umap.__version__, elapsed)
`;

/** @returns why not, where umap-learn is not to be had. */
export function umapLearn(data: VectorRows, settings: Settings): OtherMap | string {
  if (spawnSync('python3', ['-c', 'import umap'], { timeout: 120_000 }).status !== 0)
    return 'umap-learn: not importable here';
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-umap-learn-'));
  try {
    const [input, output] = [path.join(folder, 'rows.f32'), path.join(folder, 'map.f32')];
    fs.writeFileSync(
      input,
      new Uint8Array(data.vectors.buffer, data.vectors.byteOffset, 4 * data.count * data.dimensions),
    );
    const { neighbors, minimalDistance, epochs } = settings;
    const values = [input, data.count, data.dimensions, neighbors, minimalDistance, epochs, output].map(String);
    const run = spawnSync('python3', ['-c', umapLearnProgram, ...values], { encoding: 'utf8', timeout: 240_000 });
    if (run.status !== 0) return `umap-learn: ended with ${run.status ?? run.signal ?? 'an error'}`;
    const [version, seconds] = run.stdout.trim().split(/\s+/u).slice(-2);
    const bytes = fs.readFileSync(output);
    const map = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    return { name: `umap-learn ${version}, warm`, map, elapsedMs: 1000 * Number(seconds) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

interface AtlasUmap {
  run(epochs: number): void;
  embedding(): Float32Array;
  destroy(): void;
}

/** @returns why not, where embedding-atlas is not to be had. */
export async function embeddingAtlas(data: VectorRows, settings: Settings): Promise<OtherMap | string> {
  // Not a dependency: whoever wants the comparison installs it beside.
  const name = 'embedding-atlas';
  let createUmap: (count: number, from: number, to: number, data: Float32Array, options: object) => Promise<AtlasUmap>;
  try {
    createUmap = ((await import(name)) as { createUMAP: typeof createUmap }).createUMAP;
  } catch {
    return 'embedding-atlas: not importable here';
  }
  try {
    const { count, dimensions } = data;
    const { neighbors, minimalDistance, epochs, seed } = settings;
    const rows = data.vectors.slice(0, count * dimensions);
    const startedMs = performance.now();
    const options = { metric: 'cosine', nNeighbors: neighbors, minDist: minimalDistance, nEpochs: epochs, seed };
    const umap = await createUmap(count, dimensions, 2, rows, options);
    umap.run(epochs);
    const map = Float32Array.from(umap.embedding());
    umap.destroy();
    return { name, map, elapsedMs: performance.now() - startedMs };
  } catch (error) {
    return `embedding-atlas: ${error instanceof Error ? error.message : String(error)}`;
  }
}
