/** The vectors that maps are measured on: two corpora that are embedded once, and made-up ones whose topics are known. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ModelFolder } from '../../src/core/embedding/modelFolder';
import type { VectorRows } from '../../src/core/neighbors/blockedKnn';
import { seededRandom } from '../../src/core/neighbors/seededRandom';
import { bundledModelPath, EngineService } from '../../src/engine/engineService';
import { defaultIndexSettings } from '../../src/shared/indexDefaults';
import { unpackRustBook } from './rustBook';

const assetsFolder = path.resolve(__dirname, '../..');
const cranfieldFile = path.resolve(assetsFolder, '../shared/data/cranfield/corpus.jsonl');

/** Rows as an index has them: topics of different sizes with topics of their own, on the unit sphere. */
export function topicalVectors(count: number, dimensions: number, seed = 1): VectorRows {
  const random = seededRandom(seed);
  const direction = () => Float32Array.from({ length: dimensions }, () => random.normal() / Math.sqrt(dimensions));
  const topics = Array.from({ length: 25 }, () => ({
    center: direction(),
    parts: Array.from({ length: 20 }, direction),
  }));
  const vectors = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    const { center, parts } = topics[Math.floor(topics.length * random.next() ** 1.5)];
    const part = parts[random.below(parts.length)];
    const noise = direction();
    let squares = 0;
    for (let d = 0; d < dimensions; d++) {
      const value = center[d] + 0.7 * part[d] + 0.9 * noise[d];
      vectors[row * dimensions + d] = value;
      squares += value * value;
    }
    for (let d = 0; d < dimensions; d++) vectors[row * dimensions + d] /= Math.sqrt(squares);
  }
  return { vectors, count, dimensions };
}

export type CorpusName = 'rust-book' | 'cranfield';

/**
 * Vectors of all distinct chunks of a corpus, in the order of their keys; kept in the system's folder for temporary files
 * for the next run. Undefined where the corpus is not beside the checkout.
 */
export async function corpusVectors(name: CorpusName): Promise<VectorRows | undefined> {
  const { manifest, fingerprint } = await ModelFolder.open(bundledModelPath(assetsFolder));
  const { dimensions } = manifest;
  const hash = createHash('sha256').update(fingerprint).digest('hex').slice(0, 12);
  const cached = path.join(os.tmpdir(), `latent-lens-bench-${name}-${hash}.f32`);
  if (!fs.existsSync(cached)) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-bench-'));
    try {
      const corpus = unpack(name, path.join(folder, 'corpus'));
      if (corpus === undefined) return undefined;
      fs.writeFileSync(cached, await embedFolder(corpus, path.join(folder, 'storage')));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
  const bytes = fs.readFileSync(cached);
  const vectors = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return { vectors, count: vectors.length / dimensions, dimensions };
}

function unpack(name: CorpusName, into: string): string | undefined {
  if (name === 'rust-book') return unpackRustBook(into);
  if (!fs.existsSync(cranfieldFile)) return undefined;
  fs.mkdirSync(into, { recursive: true });
  for (const line of fs.readFileSync(cranfieldFile, 'utf8').split('\n')) {
    if (line === '') continue;
    const { _id, title, text } = JSON.parse(line) as { _id: string; title?: string; text: string };
    fs.writeFileSync(path.join(into, `${_id.replace(/\W/gu, '-')}.txt`), `${title ?? ''}\n\n${text}\n`);
  }
  return into;
}

async function embedFolder(corpus: string, storageFolder: string): Promise<Uint8Array> {
  const service = new EngineService({ assetsFolder, storageFolder, version: 'bench' });
  await service.start({ runtime: 'auto', threads: 0, nodePath: '' });
  try {
    const space = service.openSpace([
      {
        folder: { uri: pathToFileURL(corpus).href, path: corpus, name: path.basename(corpus) },
        settings: { ...defaultIndexSettings },
      },
    ]);
    await space.index(true);
    const vectors = space.points.vectorsOf(space.points.rowsByKey());
    return new Uint8Array(Float32Array.from(vectors).buffer);
  } finally {
    await service.close();
  }
}
