import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { FolderStores } from '../../../src/engine/folderStores';
import { SpaceIndexing, type SpaceFolder } from '../../../src/engine/spaceIndexing';
import type { SpaceLayout } from '../../../src/engine/spaceLayout';
import type { SpaceMixedTopics } from '../../../src/engine/spaceMixedTopics';
import type { SpaceQueries } from '../../../src/engine/spaceQueries';
import { HashEmbedder, MemoryFolder, paragraphChunker } from '../index/memoryFolder';

/** A window's indexing over folders in memory, with real stores below a temporary folder; opened again as often as wanted. */
class Window {
  readonly embedder = new HashEmbedder();
  readonly sources: MemoryFolder[];
  /** Walks over a whole folder, and questions about single paths. */
  walks = 0;
  finds = 0;
  layouts = 0;
  layoutStops = 0;
  /** How many layouts there were each time that the queries of a search were drawn. */
  queriesDrawn: number[] = [];
  drawQueries = (): Promise<void> => Promise.resolve();
  errors: string[] = [];
  stores!: FolderStores;
  indexing!: SpaceIndexing;
  folders!: SpaceFolder[];

  constructor(
    private readonly root: string,
    names: readonly string[] = ['notes'],
  ) {
    this.sources = names.map(() => new MemoryFolder());
    this.open(names);
  }

  open(names: readonly string[]): void {
    this.stores = new FolderStores(this.root, { fingerprint: 'hash', name: 'hash', dimensions: 8 });
    this.folders = names.map((name, i): SpaceFolder => {
      const source = this.sources[i];
      return {
        open: this.stores.open({ uri: `file:///${name}`, path: `/${name}`, name }),
        source: {
          list: () => (this.walks++, source.list()),
          find: (path) => (this.finds++, source.find(path)),
          read: (path) => source.read(path),
          readingOf: () => source.readingOf(),
        },
        settings: {} as SpaceFolder['settings'],
      };
    });
    this.indexing = new SpaceIndexing(
      {
        folders: () => this.folders,
        chunkCount: () => 0,
        mixed: { inspector: undefined, assess: () => Promise.resolve(false) } as unknown as SpaceMixedTopics,
        layout: {
          finish: () => Promise.resolve(void this.layouts++),
          stop: () => Promise.resolve(void this.layoutStops++),
        } as unknown as SpaceLayout,
        queries: {
          drawQueries: () => (this.queriesDrawn.push(this.layouts), this.drawQueries()),
        } as unknown as SpaceQueries,
        changed: () => undefined,
        warningsChanged: () => undefined,
        logError: (message) => this.errors.push(message),
        logWarning: () => undefined,
      },
      {
        embedder: () => Promise.resolve(this.embedder),
        chunker: () => Promise.resolve(paragraphChunker),
        runtime: () => 'wasm',
        counter: () => Promise.resolve({ countTokens: (text) => text.length }),
        tokensPerSecond: () => undefined,
      },
    );
  }

  async close(): Promise<void> {
    await this.indexing.close();
    this.stores.closeAll();
  }

  async reopen(): Promise<void> {
    await this.close();
    this.open(this.folders.map(({ open }) => open.spec.name));
  }

  /** Embeds so many texts, then waits to be let go on. */
  holdAfter(texts: number): { reached: Promise<void>; goOn: () => void } {
    let goOn = (): void => undefined;
    const released = new Promise<void>((resolve) => (goOn = resolve));
    const reached = new Promise<void>((resolve) => {
      this.embedder.before = async () => {
        if (this.embedder.embedded.length < texts) return;
        resolve();
        await released;
      };
    });
    return { reached, goOn };
  }
}

/** As many files of one paragraph each. */
function fill(folder: MemoryFolder, count: number, word = 'text'): void {
  for (let i = 0; i < count; i++) folder.write(`d${i % 7}/${i}.md`, `${word} ${i}`);
}

describe('the indexing of a space', () => {
  let root: string;
  let window: Window;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-indexing-'));
    window = new Window(root);
  });
  afterEach(async () => {
    await window.close();
    fs.rmSync(root, { recursive: true, force: true });
  });

  it('pauses between two texts and stays paused over a restart, until it is resumed; nothing is embedded twice', async () => {
    fill(window.sources[0], 40);
    const { reached, goOn } = window.holdAfter(10);
    const run = window.indexing.index(true);
    await reached;
    const pausing = window.indexing.pause();
    goOn();
    await pausing;
    assert.ok((await run).cancelled);
    assert.ok(window.indexing.isPaused);
    assert.equal(window.layoutStops, 1, 'a map went on although everything was to rest');
    assert.equal(window.layouts, 0, 'a map was laid out although everything was to rest');
    const embedded = window.embedder.embedded.length;
    assert.ok(embedded < 40, `${embedded} texts were embedded`);

    await window.reopen();
    assert.ok(window.indexing.isPaused);
    window.indexing.resume(true);
    window.sources[0].write('new.md', 'came while it was paused');
    assert.equal(await window.indexing.filesChanged(window.folders[0], ['new.md']), 0);
    assert.ok((await window.indexing.index(false)).cancelled);
    assert.equal(window.embedder.embedded.length, embedded, 'a paused index embedded');

    window.indexing.resumePaused();
    assert.ok(!window.indexing.isPaused);
    const report = await window.indexing.index(false);
    assert.deepEqual([report.files, report.cancelled], [41, false]);
    const texts = window.embedder.embedded;
    // Those that were under way when it was paused, at most one a worker, may be embedded again.
    assert.ok(texts.length - new Set(texts).size <= 1, `${texts.length} embeddings of ${new Set(texts).size} texts`);
  });

  it('draws the queries that a search is compared with before the map is saved, where anything was embedded', async () => {
    fill(window.sources[0], 3);
    await window.indexing.index(true);
    assert.deepEqual(window.queriesDrawn, [0]);
    await window.indexing.index(false);
    assert.deepEqual(window.queriesDrawn, [0], 'nothing was embedded');

    window.drawQueries = () => Promise.reject(new Error('one of its texts is refused'));
    fill(window.sources[0], 4);
    const report = await window.indexing.index(false);
    assert.deepEqual([report.embedded, report.cancelled, window.queriesDrawn.length], [1, false, 2]);
  });

  it('is ended by the person’s own call, and by a stop, which nothing continues', async () => {
    fill(window.sources[0], 12);
    await window.indexing.index(true);
    await window.indexing.pause();
    fill(window.sources[0], 13);
    const report = await window.indexing.index(true);
    assert.deepEqual([report.files, report.embedded, window.indexing.isPaused], [13, 1, false]);

    const { reached, goOn } = window.holdAfter(0);
    fill(window.sources[0], 20, 'other');
    const run = window.indexing.index(true);
    await reached;
    const pausing = window.indexing.pause();
    goOn();
    await pausing;
    await run;
    await window.indexing.stop();
    assert.ok(!window.indexing.isPaused);
    assert.equal((await window.indexing.index(false)).cancelled, false);
  });

  it('goes on when it is resumed while it is still coming to rest', async () => {
    fill(window.sources[0], 30);
    const { reached, goOn } = window.holdAfter(5);
    const first = window.indexing.index(true);
    await reached;
    const pausing = window.indexing.pause();
    window.indexing.resumePaused();
    const resumed = window.indexing.index(false);
    goOn();
    await pausing;
    assert.ok((await first).cancelled);
    assert.deepEqual([(await resumed).files, window.indexing.isPaused], [30, false]);
  });

  it('makes one walk of thousands of changes, and asks about few paths one by one', async () => {
    fill(window.sources[0], 30);
    await window.indexing.index(true);
    window.walks = 0;
    fill(window.sources[0], 30, 'another branch');
    const paths = Array.from({ length: 5_000 }, (_, i) => `d${i % 7}/${i}.md`);
    assert.equal(await window.indexing.filesChanged(window.folders[0], paths), 30);
    assert.deepEqual([window.walks, window.finds], [1, 0]);
    window.sources[0].write('d0/0.md', 'edited');
    assert.equal(await window.indexing.filesChanged(window.folders[0], ['d0/0.md', 'd1/1.md']), 1);
    assert.deepEqual([window.walks, window.finds], [1, 2]);
  });

  it('walks when rules of ignoring change', async () => {
    fill(window.sources[0], 3);
    await window.indexing.index(true);
    for (const [i, file] of ['.gitignore', 'a/.latentlensignore', '.git/info/exclude'].entries()) {
      await window.indexing.filesChanged(window.folders[0], [file]);
      assert.equal(window.walks, i + 2, file);
    }
    await window.indexing.filesChanged(window.folders[0], ['a/gitignore', 'my.gitignore']);
    assert.equal(window.walks, 4);
  });

  it('walks once more for what changes behind the walk of a run that is under way', async () => {
    fill(window.sources[0], 30);
    const { reached, goOn } = window.holdAfter(20);
    const run = window.indexing.index(true);
    await reached;
    fill(window.sources[0], 33);
    window.sources[0].remove('d0/0.md').write('d1/1.md', 'edited');
    const asked = window.indexing.filesChanged(window.folders[0], ['.gitignore']);
    goOn();
    const report = await run;
    await asked;
    assert.equal(window.walks, 2);
    const paths = [...window.folders[0].open.index.files].map((file) => file.path);
    assert.equal(paths.length, 32);
    assert.ok(!paths.includes('d0/0.md'));
    assert.ok(window.embedder.embedded.includes('edited'));
    assert.equal(report.embedded, window.embedder.embedded.length);
    assert.deepEqual([report.files, report.chunks], [32, 32]);
  });

  it('tells of a file that failed until it was tried again', async () => {
    fill(window.sources[0], 3);
    const read = window.sources[0].read.bind(window.sources[0]);
    let failing = true;
    window.sources[0].read = (path) =>
      failing && path === 'd1/1.md' ? Promise.reject(new Error('no permission')) : read(path);
    const failed = (): string[] => (window.indexing.lastReport?.errors ?? []).map(({ path }) => path);
    await window.indexing.index(true);
    assert.deepEqual(failed(), ['d1/1.md']);
    assert.equal(await window.indexing.filesChanged(window.folders[0], ['d1/1.md', 'd0/0.md']), 0);
    assert.deepEqual(failed(), ['d1/1.md']);
    failing = false;
    assert.equal(await window.indexing.filesChanged(window.folders[0], ['d1/1.md']), 1);
    assert.deepEqual(failed(), []);
  });

  it('takes the files that are open first', async () => {
    fill(window.sources[0], 30);
    window.indexing.useOpenFiles(new Map([['file:///notes', ['d3/3.md', 'gone.md']]]));
    await window.indexing.index(true);
    assert.equal(window.embedder.embedded[0], 'text 3');
  });

  it('goes on with every folder that the person asked for when the first one was interrupted', async () => {
    await window.close();
    window = new Window(path.join(root, 'two'), ['notes', 'docs']);
    fill(window.sources[0], 20);
    fill(window.sources[1], 5, 'doc');
    const { reached, goOn } = window.holdAfter(5);
    const run = window.indexing.index(true);
    await reached;
    const closing = window.close();
    goOn();
    await Promise.all([run.catch(() => undefined), closing]);
    window.embedder.before = () => undefined;
    window.open(['notes', 'docs']);
    window.indexing.resume(false);
    const report = await window.indexing.index(false);
    assert.equal(report.files, 25);
    assert.deepEqual(window.errors, []);
  });
});
