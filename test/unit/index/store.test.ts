import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { IndexStore } from '../../../src/core/index/store';

const identity = { folderUri: 'file:///w', folderPath: '/w', modelFingerprint: 'm1', modelName: 'm', dimensions: 2 };

describe('the store', () => {
  let folder: string;
  let file: string;

  const commitOne = (store: IndexStore, name: string, text: string): void => {
    store.commit(
      [
        {
          key: text,
          context: ['Heading'],
          text,
          kind: 'plain',
          tokens: 3,
          parts: 1,
          vector: Float32Array.of(0.6, 0.8),
          cut: null,
        },
      ],
      (ids) => [
        {
          path: name,
          hash: 'h',
          size: 1,
          mtimeMs: 1.5,
          fileType: 'Text',
          chunker: 'c-1',
          indexedMs: 1,
          chunks: [{ start: 0, end: 3, startLine: 0, endLine: 0, embeddingId: ids.get(text) ?? -1 }],
        },
      ],
    );
  };
  const tidied = (store: IndexStore, live: ReadonlySet<number>): number => {
    const steps = store.tidy(live);
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
    }
  };
  const paths = (store: IndexStore): string[] => store.files().map(({ path: name }) => name);

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-store-'));
    file = path.join(folder, 'sub', 'index.db');
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('gives back what was committed, vectors to the bit', () => {
    const { store } = IndexStore.open(file, identity);
    commitOne(store, 'a.txt', 'one');
    store.close();
    const again = IndexStore.open(file, identity).store;
    assert.deepEqual(paths(again), ['a.txt']);
    const seen: number[][] = [];
    const damaged = again.eachEmbedding(new Set([1]), ({ key, tokens, kind, parts, cut, vector }) => {
      assert.deepEqual([key, tokens, kind, parts, cut], ['one', 3, 'plain', 1, null]);
      seen.push([...vector]);
    });
    assert.deepEqual(damaged, []);
    assert.deepEqual(seen, [[...Float32Array.of(0.6, 0.8)]]);
    assert.deepEqual(again.text(1)?.context, ['Heading']);
    again.close();
  });

  it('rolls a commit back as a whole when one of its files fails', () => {
    const { store } = IndexStore.open(file, identity);
    assert.throws(() =>
      store.commit(
        [
          {
            key: 'k',
            context: [],
            text: 't',
            kind: 'plain',
            tokens: 1,
            parts: 1,
            vector: Float32Array.of(1, 0),
            cut: null,
          },
        ],
        () => {
          throw new Error('in the middle');
        },
      ),
    );
    assert.equal(store.knownEmbeddings(['k']).size, 0);
    commitOne(store, 'a.txt', 'one');
    assert.deepEqual(paths(store), ['a.txt']);
    store.close();
  });

  it('opens what a killed process had committed, though its lock is still there', () => {
    const script = `
      import { IndexStore } from ${JSON.stringify(path.resolve('src/core/index/store.ts'))};
      const { store } = IndexStore.open(${JSON.stringify(file)}, ${JSON.stringify(identity)});
      for (let i = 0; i < 20; i++) store.commit(
        [{ key: 'k' + i, context: [], text: 't' + i, kind: 'plain', tokens: 1, parts: 1, vector: Float32Array.of(1, 0), cut: null }],
        (ids) => [{ path: i + '.txt', hash: 'h', size: 1, mtimeMs: 1, fileType: 'Text', chunker: 'c', indexedMs: 1, chunks:
          [{ start: 0, end: 1, startLine: 0, endLine: 0, embeddingId: ids.get('k' + i) }] }]);
      process.kill(process.pid, 'SIGKILL');`;
    const scriptFile = path.join(folder, 'killed.ts');
    fs.writeFileSync(scriptFile, script);
    const outcome = spawnSync(process.execPath, ['--import', 'tsx', scriptFile], { encoding: 'utf8' });
    assert.equal(outcome.signal, 'SIGKILL', outcome.stderr);
    assert.ok(fs.existsSync(`${file}.lock`), 'the stale lock is what this test is about');
    const { store, setAside } = IndexStore.open(file, identity);
    assert.equal(setAside, undefined);
    assert.equal(store.files().length, 20);
    store.close();
  });

  for (const [what, damage] of [
    ['garbage', (bytes: Buffer) => Buffer.from('this is no database at all '.repeat(bytes.length / 20))],
    ['cut short', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))],
  ] as const) {
    it(`sets a ${what} store aside, keeps it, and begins a new one`, () => {
      const { store } = IndexStore.open(file, identity);
      for (let i = 0; i < 200; i++) commitOne(store, `${i}.txt`, `text ${i} ${'x'.repeat(500)}`);
      store.close();
      const bytes = fs.readFileSync(file);
      fs.writeFileSync(file, damage(bytes));
      const opened = IndexStore.open(file, identity);
      assert.equal(opened.setAside?.reason, 'corrupt');
      assert.ok(fs.existsSync(opened.setAside?.asidePath ?? ''));
      assert.deepEqual(paths(opened.store), []);
      commitOne(opened.store, 'new.txt', 'new');
      opened.store.close();
    });
  }

  it('sets a store of a newer version aside and names the file', () => {
    const { store } = IndexStore.open(file, identity);
    store.setMeta('schemaVersion', '999');
    store.close();
    const opened = IndexStore.open(file, identity);
    assert.equal(opened.setAside?.reason, 'newer');
    assert.match(opened.setAside?.asidePath ?? '', /newer/);
    opened.store.close();
  });

  it('does not mix vectors of two models', () => {
    const { store } = IndexStore.open(file, identity);
    commitOne(store, 'a.txt', 'one');
    store.close();
    const other = IndexStore.open(file, { ...identity, modelFingerprint: 'm2' }).store;
    assert.deepEqual(paths(other), []);
    assert.equal(other.knownEmbeddings(['one']).size, 0);
    other.close();
  });

  it('keeps vectors of text that may come back, within bounds', () => {
    const { store } = IndexStore.open(file, identity);
    const count = 2300;
    store.commit(
      Array.from({ length: count }, (_, i) => ({
        key: `k${i}`,
        context: [],
        text: 't',
        kind: 'plain',
        tokens: 1,
        parts: 1,
        vector: Float32Array.of(1, 0),
        cut: null,
      })),
      () => [],
    );
    assert.equal(tidied(store, new Set()), count - 2000);
    assert.equal(store.knownEmbeddings(['k0', `k${count - 1}`]).has('k0'), false);
    assert.equal(store.knownEmbeddings([`k${count - 1}`]).size, 1);
    store.close();
  });
});
