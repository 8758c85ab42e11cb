/**
 * Entry of a throw-away process that answers whether a runtime works here: it may crash or hang, and nobody is hurt.
 * Arguments: runtime, model folder, assets folder. Prints one line of JSON, a `RuntimeProbeAnswer`.
 */
import { ModelFolder } from '../core/embedding/modelFolder';
import { loadOnnxRuntime } from '../core/embedding/onnxRuntime';
import { EmbeddingSession } from '../core/embedding/session';

export type RuntimeProbeAnswer =
  | { ok: true; runtime: 'native' | 'wasm'; version: string; node: string; similarity: number; tokensPerSecond: number }
  | { ok: false; message: string };

/** Long enough to see the speed, short enough for a first start. */
const measuredMs = 400;

async function probe(runtimeName: string, modelFolder: string, assetsFolder: string): Promise<RuntimeProbeAnswer> {
  if (runtimeName !== 'native' && runtimeName !== 'wasm') throw new Error(`There is no runtime ${runtimeName}.`);
  const folder = await ModelFolder.open(modelFolder);
  const runtime = await loadOnnxRuntime(runtimeName, { assetsFolder });
  const session = await EmbeddingSession.create(folder, runtime);
  const { text, vector: expected, minimumSimilarity } = folder.manifest.probe;

  const { vector } = await session.embed({ text });
  const similarity = vector.reduce((sum, value, d) => sum + value * expected[d], 0);
  if (!(similarity >= minimumSimilarity)) {
    const found = Number.isFinite(similarity) ? similarity.toFixed(3) : 'no number';
    return { ok: false, message: `it computes wrong vectors (similarity ${found} to the reference)` };
  }

  // As long as the model takes: the largest allocations that an index will ask for. The first run warms up.
  const longText = `${text} `.repeat(folder.manifest.maxTokens);
  await session.embed({ text: longText });
  let tokens = 0;
  const start = performance.now();
  while (performance.now() - start < measuredMs) tokens += (await session.embed({ text: longText })).tokens;
  const tokensPerSecond = Math.round((tokens / (performance.now() - start)) * 1000);

  await session.release();
  const node = process.versions.node;
  return { ok: true, runtime: runtime.name, version: runtime.version, node, similarity, tokensPerSecond };
}

const [runtimeName, modelFolder, assetsFolder] = process.argv.slice(2);
void probe(runtimeName, modelFolder, assetsFolder)
  .catch((error: unknown): RuntimeProbeAnswer => ({
    ok: false,
    message: error instanceof Error ? error.message : String(error),
  }))
  .then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`));
