/** Sentence vectors for the benchmarks of mixed topics, kept between runs in the system's folder for what is temporary. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ModelFolder } from '../../src/core/embedding/modelFolder';
import { loadOnnxRuntime } from '../../src/core/embedding/onnxRuntime';
import { EmbeddingSession } from '../../src/core/embedding/session';

const root = path.resolve(__dirname, '../..');
const cacheFolder = path.join(os.tmpdir(), 'latent-lens-bench');

/** The bundled model on the native runtime, one thread. */
export async function openSession(): Promise<{ session: EmbeddingSession; fingerprint: string }> {
  const folder = await ModelFolder.open(path.join(root, 'media/models/all-MiniLM-L6-v2'));
  const runtime = await loadOnnxRuntime('native', { assetsFolder: path.join(root, 'dist') });
  return { session: await EmbeddingSession.create(folder, runtime), fingerprint: folder.fingerprint };
}

/** Vectors of sentences by text; a set that was embedded before with the same model is read from the cache. */
export async function sentenceVectors(
  name: string,
  sentences: Iterable<string>,
  log: (message: string) => void,
): Promise<ReadonlyMap<string, Float32Array>> {
  const texts = [...new Set(sentences)].sort();
  const { session, fingerprint } = await openSession();
  const hash = createHash('sha256').update(fingerprint).update(texts.join('\n')).digest('hex').slice(0, 16);
  const file = path.join(cacheFolder, `${name}-${hash}.f32`);
  const { dimensions } = session;
  const all = new Float32Array(texts.length * dimensions);
  if (existsSync(file)) {
    const bytes = readFileSync(file);
    all.set(new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
  } else {
    const startedAt = performance.now();
    for (const [i, text] of texts.entries()) {
      all.set((await session.embed({ text })).vector, i * dimensions);
      if (i % 5000 === 4999) log(`${name}: ${i + 1} of ${texts.length} sentences embedded`);
    }
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(file, Buffer.from(all.buffer));
    log(`${name}: ${texts.length} sentences embedded in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  }
  await session.release();
  return new Map(texts.map((text, i) => [text, all.subarray(i * dimensions, (i + 1) * dimensions)]));
}
