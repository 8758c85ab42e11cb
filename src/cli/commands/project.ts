import { counted } from '../../shared/plainWords';
import * as path from 'node:path';
import type { LayoutJob } from '../../core/projection/layout';
import { LayoutRunner } from '../../engine/layoutRunner';
import type { CliArguments } from '../arguments';
import { defaultLayoutSettings } from '../../shared/layoutMethods';
import { checkWritable, existingFile, writeOutput } from '../files';
import { assetsFolder } from '../folderSession';
import { interruptionSignal, watchSignals } from '../interruption';
import { chooseLayoutRuntime } from '../layoutRuntime';
import { printJson, printLine, round } from '../output';
import { ProgressLine } from '../progressLine';
import { UsageError } from '../usage';
import { readVectors } from '../vectorFile';

/** Coordinates of raw vectors: what benchmarks call. The seconds begin when the file is read, not when the process starts. */
export async function project(args: CliArguments): Promise<void> {
  const [file] = args.positionals;
  const { dimensions, out, method, neighbors, epochs, seed } = args;
  if (dimensions === undefined) throw new UsageError('--dimensions is missing');
  if (out === undefined) throw new UsageError('--out FILE is missing');
  existingFile(file);
  checkWritable(out);
  const runtime = await chooseLayoutRuntime(args);
  watchSignals();
  const startMs = performance.now();
  const vectors = readVectors(file, dimensions);
  const readMs = performance.now() - startMs;
  const progress = new ProgressLine();
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
    ...defaultLayoutSettings(method),
    neighbors,
    epochs,
    seed,
  };
  try {
    const { coordinates, stages: worked } = await runner.run(job, {
      signal: interruptionSignal,
      onProgress: (share) => progress.show(`Laying out… ${Math.round(100 * share)} %`),
    });
    writeOutput(out, littleEndian(coordinates));
    const seconds = round((performance.now() - startMs) / 1000, 3);
    const stages = [{ name: 'read', elapsedMs: readMs }, ...worked].map(({ name, elapsedMs }) => ({
      name,
      seconds: round(elapsedMs / 1000, 3),
    }));
    progress.clear();
    if (args.json) {
      printJson({ points: job.count, dimensions, method, neighbors, epochs, seed, runtime, seconds, stages, out });
      return;
    }
    printLine(`${counted(job.count, 'point')} by ${method} in ${seconds.toFixed(3)} s, written to ${out}`);
    for (const stage of stages) printLine(`  ${stage.name.padEnd(12)} ${stage.seconds.toFixed(3).padStart(9)} s`);
  } finally {
    progress.clear();
    await runner.close();
  }
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeFloatLE(value, 4 * i));
  return bytes;
}
