/** A thread that does nothing but run the model over texts that were turned into word pieces before the clock began. */
import { parentPort, workerData } from 'node:worker_threads';
import { ModelFolder } from '../../src/core/embedding/modelFolder';
import { loadOnnxRuntime, type OnnxRuntimeName, type OnnxTensor } from '../../src/core/embedding/onnxRuntime';
import { WordPieceTokenizer } from '../../src/core/embedding/tokenizer';

export interface BareModelSetup {
  runtime: OnnxRuntimeName;
  modelFolder: string;
  assetsFolder: string;
  texts: readonly string[];
}

async function main(): Promise<void> {
  const { runtime, modelFolder, assetsFolder, texts } = workerData as BareModelSetup;
  const folder = await ModelFolder.open(modelFolder);
  const tokenizer = await WordPieceTokenizer.load(folder);
  const onnx = await loadOnnxRuntime(runtime, { assetsFolder });
  const session = await onnx.createSession(await folder.read(folder.manifest.onnx), { threads: 1 });
  const encoded = texts.map((text) => tokenizer.encode(text, folder.manifest.maxTokens).ids);
  const run = async (ids: Int32Array): Promise<void> => {
    const int64 = (data: BigInt64Array): OnnxTensor => ({ type: 'int64', data, dims: [1, ids.length] });
    await session.run({
      input_ids: int64(BigInt64Array.from(ids, BigInt)),
      attention_mask: int64(new BigInt64Array(ids.length).fill(1n)),
      token_type_ids: int64(new BigInt64Array(ids.length)),
    });
  };
  for (const ids of encoded.slice(0, 3)) await run(ids);
  parentPort?.postMessage('ready');
  parentPort?.on('message', (message: { next: SharedArrayBuffer } | 'stop') => {
    if (message === 'stop') void session.release().then(() => parentPort?.close());
    else void round(new Int32Array(message.next));
  });

  /** All workers take the texts from one list. */
  async function round(next: Int32Array): Promise<void> {
    let tokens = 0;
    for (let i = Atomics.add(next, 0, 1); i < encoded.length; i = Atomics.add(next, 0, 1)) {
      await run(encoded[i]);
      tokens += encoded[i].length;
    }
    parentPort?.postMessage({ tokens });
  }
}

void main();
