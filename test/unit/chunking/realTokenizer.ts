import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenCounter } from '../../../src/core/chunking/chunk';
import type { ModelFolder } from '../../../src/core/embedding/modelFolder';
import { WordPieceTokenizer } from '../../../src/core/embedding/tokenizer';

const root = join(__dirname, '../../..');
const folders = ['media/models/all-MiniLM-L6-v2', '../shared/models/all-MiniLM-L6-v2'].map((path) => join(root, path));

/** The model's own tokenizer; undefined, with a word on it, where the model is missing. */
export async function loadTokenizer(): Promise<TokenCounter | undefined> {
  const folder = folders.find((path) => existsSync(join(path, 'tokenizer.json')));
  if (!folder) {
    console.log('      (the bundled model is missing: the real tokenizer is not tested)');
    return undefined;
  }
  const files: Pick<ModelFolder, 'read'> = { read: (file) => Promise.resolve(readFileSync(join(folder, file))) };
  return WordPieceTokenizer.load(files as ModelFolder);
}
