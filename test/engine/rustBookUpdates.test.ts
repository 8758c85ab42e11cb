import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ModelFolder } from '../../src/core/embedding/modelFolder';
import { WordPieceTokenizer } from '../../src/core/embedding/tokenizer';
import { DiskSource } from '../../src/core/index/diskSource';
import { FolderIndex } from '../../src/core/index/folderIndex';
import { IndexUpdate } from '../../src/core/index/indexer';
import { Chunkers } from '../../src/engine/chunkers';
import { bundledModelPath } from '../../src/engine/engineService';
import { defaultIndexSettings } from '../../src/shared/indexDefaults';
import { HashEmbedder } from '../unit/index/memoryFolder';

const repositoryRoot = path.resolve(__dirname, '../..');
const archive = path.join(repositoryRoot, '../shared/data/workspace-rustbook.tar.gz');

/** Its texts are cut by the product's own chunker; what would be embedded is counted, not computed. */
describe('an index of the Rust book', () => {
  let folder: string;
  let book: string;
  let index: FolderIndex;
  let chunkers: Chunkers;
  const settings = defaultIndexSettings;

  const embedded = async (): Promise<number> => {
    const update = new IndexUpdate(index, {
      source: new DiskSource(book, settings),
      chunker: await chunkers.of(settings.chunking),
      embedder: new HashEmbedder(),
      signal: new AbortController().signal,
    });
    return (await update.everything()).embedded;
  };
  const pages = (below: string): string[] =>
    fs
      .readdirSync(path.join(book, below), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => path.join(book, below, name));

  before(async function () {
    if (!fs.existsSync(archive)) {
      console.log('      The Rust book is not beside the checkout (../shared/data): skipped.');
      this.skip();
    }
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-book-'));
    execFileSync('tar', ['xzf', archive, '-C', folder]);
    book = path.join(folder, 'workspace-rustbook');
    const model = await ModelFolder.open(bundledModelPath(repositoryRoot));
    const tokenizer = WordPieceTokenizer.load(model);
    chunkers = new Chunkers(() => tokenizer, model.manifest.maxTokens, repositoryRoot);
    const identity = { folderUri: 'file:///b', folderPath: book, modelFingerprint: 'm', modelName: 'm', dimensions: 8 };
    ({ index } = FolderIndex.open(path.join(folder, 'index.db'), identity));
    assert.ok((await embedded()) > 3000);
  });
  after(() => {
    if (folder === undefined) return;
    index?.store.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('embeds nothing the second time, and nothing when files are touched', async () => {
    assert.equal(await embedded(), 0);
    const later = new Date(Date.now() + 60_000);
    for (const page of pages('.').slice(0, 200)) fs.utimesSync(page, later, later);
    assert.equal(await embedded(), 0);
  });

  it('embeds nothing when a folder is renamed or moved', async () => {
    const [top] = fs.readdirSync(book, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const chunks = index.chunkCount;
    fs.renameSync(path.join(book, top.name), path.join(book, 'renamed'));
    assert.equal(await embedded(), 0);
    assert.equal(index.chunkCount, chunks);
    fs.mkdirSync(path.join(book, 'deeper'));
    fs.renameSync(path.join(book, 'renamed'), path.join(book, 'deeper', top.name));
    assert.equal(await embedded(), 0);
    fs.renameSync(path.join(book, 'deeper', top.name), path.join(book, top.name));
    assert.equal(await embedded(), 0);
  });

  it('embeds at most two chunks when one paragraph is edited', async () => {
    const long = pages('.').filter((page) => fs.statSync(page).size > 8_000);
    assert.ok(long.length >= 20);
    for (let i = 0; i < 20; i++) {
      const page = long[Math.floor((i * long.length) / 20)];
      const text = fs.readFileSync(page, 'utf8');
      const sentence = /[a-z]{4,} (?=[a-z]{4,} [a-z]{2,})/g;
      sentence.lastIndex = Math.floor(text.length / 2);
      const at = sentence.exec(text)?.index;
      if (at === undefined) continue;
      fs.writeFileSync(page, `${text.slice(0, at)}quite ${text.slice(at)}`);
      const count = await embedded();
      assert.ok(count >= 1 && count <= 2, `${path.relative(book, page)}: ${count} chunks`);
    }
  });

  it('embeds nothing on the way back from another state of the folder', async () => {
    const before = index.chunkCount;
    const all = pages('.');
    const changed = all.filter((_, i) => i % 3 === 0).map((page) => ({ page, text: fs.readFileSync(page, 'utf8') }));
    for (const { page, text } of changed) fs.writeFileSync(page, text.replaceAll(' the ', ' that '));
    const gone = all.filter((_, i) => i % 3 === 1).map((page) => ({ page, text: fs.readFileSync(page, 'utf8') }));
    for (const { page } of gone) fs.rmSync(page);
    assert.ok((await embedded()) > 200);
    for (const { page, text } of [...changed, ...gone]) fs.writeFileSync(page, text);
    assert.equal(await embedded(), 0);
    assert.equal(index.chunkCount, before);
  });
});
