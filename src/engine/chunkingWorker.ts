/** Entry of the thread that cuts long documents: the tokenizer and the grammars once more, for as long as it lives. */
import { parentPort, workerData } from 'node:worker_threads';
import { ModelFolder } from '../core/embedding/modelFolder';
import { WordPieceTokenizer } from '../core/embedding/tokenizer';
import { Chunkers } from './chunkers';
import type { ChunkingReply, ChunkingRequest, ChunkingWorkerSetup } from './chunkingThread';

const { modelFolder, assetsFolder } = workerData as ChunkingWorkerSetup;

async function prepared(): Promise<Chunkers> {
  const folder = await ModelFolder.open(modelFolder);
  const tokenizer = await WordPieceTokenizer.load(folder);
  return new Chunkers(() => Promise.resolve(tokenizer), folder.manifest.maxTokens, assetsFolder);
}

const chunkers = prepared();
// Whoever asks first hears of a failure.
chunkers.catch(() => undefined);

async function answer({ id, settings, document, previous }: ChunkingRequest): Promise<ChunkingReply> {
  try {
    const chunker = await (await chunkers).of(settings);
    return { id, chunks: await chunker.chunk(document, previous) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

const underWay = new Set<Promise<void>>();

parentPort?.on('message', (request: ChunkingRequest | 'stop') => {
  if (request === 'stop') {
    void Promise.all(underWay).then(() => parentPort?.close());
    return;
  }
  const task = answer(request).then((reply) => {
    parentPort?.postMessage(reply);
    underWay.delete(task);
  });
  underWay.add(task);
});
