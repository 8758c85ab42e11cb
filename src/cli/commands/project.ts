import * as fs from 'node:fs';
import * as path from 'node:path';
import { defaultMinimalDistance, type LayoutJob } from '../../core/projection/layout';
import { LayoutRunner } from '../../engine/layoutRunner';
import type { CliArguments } from '../arguments';
import { chooseLayoutRuntime } from '../layoutRuntime';
import { assetsFolder } from '../folderSession';
import { count, printJson, printLine, round } from '../output';
import { UsageError } from '../usage';

/** Coordinates of raw vectors: what benchmarks call. */
export async function project(args: CliArguments): Promise<void> {
  const [file] = args.positionals;
  const { dimensions, out, method, neighbors, epochs, seed } = args;
  if (file === undefined) throw new UsageError('a file of vectors is missing');
  if (dimensions === undefined) throw new UsageError('--dimensions is missing');
  if (out === undefined) throw new UsageError('--out FILE is missing');
  if (!fs.existsSync(file)) throw new UsageError(`there is no file ${file}`);
  const startMs = performance.now();
  const vectors = readVectors(file, dimensions);
  const readMs = performance.now() - startMs;
  const runtime = await chooseLayoutRuntime(args);
  const runner = new LayoutRunner({
    workerFile: path.join(assetsFolder, 'dist', 'layoutWorker.js'),
    assetsFolder,
    runtime,
  });
  const job: LayoutJob = {
    vectors,
    count: vectors.length / dimensions,
    dimensions,
    method,
    neighbors,
    minimalDistance: defaultMinimalDistance,
    epochs,
    seed,
  };
  try {
    const result = await runner.run(job, {});
    fs.writeFileSync(
      out,
      new Uint8Array(result.coordinates.buffer, result.coordinates.byteOffset, result.coordinates.byteLength),
    );
    const stages = [{ name: 'read', elapsedMs: readMs }, ...result.stages].map(({ name, elapsedMs }) => ({
      name,
      seconds: round(elapsedMs / 1000, 3),
    }));
    const seconds = round((performance.now() - startMs) / 1000, 3);
    if (args.json) {
      printJson({ points: job.count, dimensions, method, neighbors, epochs, seed, runtime, seconds, stages, out });
      return;
    }
    printLine(`${count(job.count, 'point')} by ${method} in ${seconds} s (${runtime} runtime), written to ${out}`);
    for (const stage of stages) printLine(`  ${stage.name.padEnd(12)} ${stage.seconds.toFixed(3)} s`);
  } finally {
    await runner.close();
  }
}

/** Little-endian float32, n x dimensions, L2-normalised here if they are not, as all similarities are cosines. */
function readVectors(file: string, dimensions: number): Float32Array {
  const bytes = fs.readFileSync(file);
  const rowBytes = dimensions * 4;
  if (bytes.length === 0 || bytes.length % rowBytes !== 0) {
    throw new Error(
      `${file} has ${bytes.length} bytes, which is no whole number of vectors of ${dimensions} float32 values`,
    );
  }
  const vectors = new Float32Array(new SharedArrayBuffer(bytes.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < vectors.length; i++) vectors[i] = view.getFloat32(4 * i, true);
  for (let start = 0; start < vectors.length; start += dimensions) {
    let squares = 0;
    for (let d = start; d < start + dimensions; d++) squares += vectors[d] * vectors[d];
    if (!Number.isFinite(squares))
      throw new Error(`vector ${start / dimensions + 1} of ${file} holds a value that is no number`);
    if (squares === 0 || Math.abs(squares - 1) < 1e-6) continue;
    const scale = 1 / Math.sqrt(squares);
    for (let d = start; d < start + dimensions; d++) vectors[d] *= scale;
  }
  return vectors;
}
