import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ModelFolder, ModelFolderError } from '../../../src/core/embedding/modelFolder';
import { EmbeddingPool } from '../../../src/engine/embeddingPool';
import { builtEntry, repositoryRoot } from '../builtEntries';

const bundled = path.join(repositoryRoot, 'media/models/all-MiniLM-L6-v2');

describe('ModelFolder', () => {
  let folder: string;
  const changeManifest = (change: (manifest: Record<string, unknown>) => void) => {
    const file = path.join(folder, 'model.json');
    const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    change(manifest);
    fs.writeFileSync(file, JSON.stringify(manifest));
  };

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(tmpdir(), 'latent-lens-model-'));
    fs.cpSync(bundled, folder, { recursive: true });
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('takes the bundled model as it is committed, with its license beside it', async () => {
    const model = await ModelFolder.open(bundled);
    await model.verify();
    assert.deepEqual(
      [model.manifest.dimensions, model.manifest.maxTokens, model.manifest.license],
      [384, 256, 'Apache-2.0'],
    );
    assert.match(fs.readFileSync(path.join(bundled, 'LICENSE'), 'utf8'), /Apache License\s+Version 2\.0/);
    const listed = Object.keys(model.manifest.files);
    const present = fs
      .readdirSync(bundled, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(bundled, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
    assert.deepEqual(present.sort(), [...listed, 'LICENSE', 'SOURCE.md', 'model.json'].sort());
  });

  it('names the file that was altered, is missing or is damaged', async () => {
    const flipped = path.join(folder, 'onnx/model_quantized.onnx');
    const bytes = fs.readFileSync(flipped);
    bytes[bytes.length >> 1] ^= 1;
    fs.writeFileSync(flipped, bytes);
    const named = (file: string, message: RegExp) => (error: unknown) =>
      error instanceof ModelFolderError && error.file === file && message.test(error.message);
    const verify = async () => (await ModelFolder.open(folder)).verify();
    await assert.rejects(verify, named('onnx/model_quantized.onnx', /onnx\/model_quantized\.onnx was altered/));
    fs.rmSync(path.join(folder, 'tokenizer.json'));
    fs.copyFileSync(path.join(bundled, 'onnx/model_quantized.onnx'), flipped);
    await assert.rejects(verify, named('tokenizer.json', /tokenizer\.json is missing/));
    changeManifest((manifest) => delete manifest.dimensions);
    await assert.rejects(verify, named('model.json', /model\.json is damaged/));
    fs.rmSync(path.join(folder, 'model.json'));
    await assert.rejects(verify, named('model.json', /model\.json is missing/));
  });

  it('is refused by the pool with the same sentence, and nothing is left running', async () => {
    fs.rmSync(path.join(folder, 'tokenizer_config.json'));
    const start = EmbeddingPool.start({
      runtime: 'wasm',
      threads: 1,
      modelFolder: await ModelFolder.open(folder),
      assetsFolder: repositoryRoot,
      workerFile: await builtEntry('embeddingWorker'),
    });
    await assert.rejects(start, /all-MiniLM-L6-v2 can't be used: its file tokenizer_config\.json is missing/);
  });

  it('has another fingerprint whenever a vector could be another', async () => {
    const { fingerprint } = await ModelFolder.open(folder);
    changeManifest((manifest) => (manifest.source = 'elsewhere'));
    assert.equal((await ModelFolder.open(folder)).fingerprint, fingerprint);
    changeManifest((manifest) => (manifest.maxTokens = 128));
    assert.notEqual((await ModelFolder.open(folder)).fingerprint, fingerprint);
  });
});
