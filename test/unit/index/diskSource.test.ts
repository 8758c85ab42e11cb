import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { DiskSource } from '../../../src/core/index/diskSource';
import { defaultIndexSettings } from '../../../src/shared/indexDefaults';

describe('the documents of a folder on the disk', () => {
  let root: string;
  let source: DiskSource;
  const { signal } = new AbortController();
  const found = async (name: string): Promise<string[]> => (await source.find(name, signal)).map((file) => file.path);

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-disk-'));
    fs.mkdirSync(path.join(root, 'a', 'b'), { recursive: true });
    fs.writeFileSync(path.join(root, 'a', 'one.md'), '\ufeff# One\r\n');
    fs.writeFileSync(path.join(root, 'a', 'b', 'two.rs'), 'fn main() {}\n');
    fs.writeFileSync(path.join(root, 'a', '.env'), 'TOKEN=x\n');
    fs.writeFileSync(path.join(root, 'a', 'ignored.md'), 'text\n');
    fs.writeFileSync(path.join(root, '.gitignore'), 'ignored.md\n');
    source = new DiskSource(root, { ...defaultIndexSettings, maxFileSizeKb: 100 });
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  it('are listed by the rules, and found alone or below a folder by the same rules', async () => {
    const { files, skipped } = await source.list(signal);
    const paths = files.map((file) => file.path).filter((name) => name.startsWith('a/'));
    assert.deepEqual(paths.sort(), ['a/b/two.rs', 'a/one.md']);
    assert.deepEqual([skipped.secret, skipped.ignored], [1, 1]);
    assert.deepEqual((await found('a')).sort(), ['a/b/two.rs', 'a/one.md']);
    assert.deepEqual(await found('a/one.md'), ['a/one.md']);
    for (const name of ['a/.env', 'a/ignored.md', 'a/gone.md', 'nowhere'])
      assert.deepEqual(await found(name), [], name);
  });

  it('are read with their kind and a hash of the text', async () => {
    const [one, two] = [await source.read('a/one.md'), await source.read('a/b/two.rs')];
    assert.ok(one.read && two.read);
    assert.deepEqual(one.documents, [{ text: '# One\r\n', kind: 'markdown' }]);
    assert.deepEqual([two.documents[0].kind, two.fileType], ['code', 'Rust']);
    assert.notEqual(one.hash, two.hash);
  });

  it('are read in the encoding that the setting names for their folder or language', async () => {
    fs.writeFileSync(path.join(root, 'a', 'one.txt'), Buffer.from('caf\xe9', 'latin1'));
    fs.writeFileSync(path.join(root, 'a', 'two.txt.ja'), Buffer.from([0x93, 0xfa, 0x96, 0x7b]));
    const encodings = [{ glob: '*.ja', encoding: 'shiftjis' }];
    const western = new DiskSource(root, { ...defaultIndexSettings, encoding: 'windows1252', encodings });
    const texts = [];
    for (const name of ['a/one.txt', 'a/two.txt.ja', 'a/one.md']) {
      const read = await western.read(name);
      texts.push(read.read ? `${read.documents[0].text} ${read.encoding}` : read.reason);
    }
    assert.deepEqual(texts, ['café windows1252', '日本 shiftjis', '# One\r\n UTF-8']);
    // So that another setting reads files again that are the same.
    assert.deepEqual([western.readingOf('a/one.txt'), western.readingOf('x.ja')], ['windows1252', 'shiftjis']);
    assert.deepEqual([source.readingOf('a/one.txt'), source.readingOf('p.html')], ['', 'html-1']);
  });

  it('of a folder that is away are not told to be gone', async () => {
    fs.renameSync(root, `${root}-away`);
    await assert.rejects(source.list(signal), /can't be read .*index is kept/);
    fs.renameSync(`${root}-away`, root);
  });
});
