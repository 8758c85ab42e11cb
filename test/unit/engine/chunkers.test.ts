import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Chunker } from '../../../src/core/chunking/chunk';
import { ModelFolder } from '../../../src/core/embedding/modelFolder';
import { WordPieceTokenizer } from '../../../src/core/embedding/tokenizer';
import { Chunkers } from '../../../src/engine/chunkers';
import { ChunkingThread } from '../../../src/engine/chunkingThread';
import { bundledModelPath } from '../../../src/engine/engineService';
import { defaultIndexSettings } from '../../../src/shared/indexDefaults';
import { builtEntry, repositoryRoot } from '../builtEntries';

const modelFolder = bundledModelPath(repositoryRoot);
const words = 'ownership moves a value and borrowing lends it to whoever asks'.split(' ');
const section = (number: number): string =>
  `## Part ${number}\n\n${Array.from({ length: 90 }, (_, i) => words[(i * number + i) % words.length]).join(' ')}.\n\n`;
const text = Array.from({ length: 160 }, (_, i) => section(i + 1)).join('');
const long = { text, kind: 'markdown', path: 'long.md', source: () => 'no thread takes a function' } as const;

describe('chunkers with a thread for long documents', function () {
  this.timeout(20_000);
  let tokenizer: WordPieceTokenizer;
  let workerFile: string;
  /** How often tokens were counted in this thread, where all the time of cutting goes. */
  let counted: number;
  const threads: ChunkingThread[] = [];

  before(async () => {
    tokenizer = await WordPieceTokenizer.load(await ModelFolder.open(modelFolder));
    workerFile = await builtEntry('chunkingWorker');
  });
  beforeEach(() => (counted = 0));
  afterEach(() => threads.splice(0).forEach((thread) => thread.close()));

  function threadOf(file: string, idleMs?: number): ChunkingThread {
    const thread = new ChunkingThread({ workerFile: file, modelFolder, assetsFolder: repositoryRoot, idleMs });
    threads.push(thread);
    return thread;
  }

  function chunkerOf(thread?: ChunkingThread): Promise<Chunker> {
    const counter = { countTokens: (piece: string) => (counted++, tokenizer.countTokens(piece)) };
    return new Chunkers(() => Promise.resolve(counter), 256, repositoryRoot, thread).of(defaultIndexSettings.chunking);
  }

  it('cut long ones there and short ones here, all as without it, what was cut before included', async () => {
    const thread = threadOf(workerFile);
    const [here, there] = [await chunkerOf(), await chunkerOf(thread)];
    assert.equal(there.id, here.id);
    const short = { text: section(1), kind: 'markdown' } as const;
    assert.deepEqual(await there.chunk(short), await here.chunk(short));
    assert.equal(thread.isRunning, false, 'a short document starts no thread');

    const chunks = await there.chunk(long);
    assert.deepEqual(chunks, await here.chunk(long));
    assert.ok(chunks.length > 100);
    assert.equal(thread.isRunning, true);
    const previous = chunks.map(({ start, end }) => text.slice(start, end));
    const edited = { ...long, text: `# New\n\n${text}` };
    assert.deepEqual(await there.chunk(edited, previous), await here.chunk(edited, previous));
  });

  it('leave this thread free meanwhile', async () => {
    const there = await chunkerOf(threadOf(workerFile));
    await there.chunk(long);
    const here = await chunkerOf();
    let [active, alone] = [Infinity, Infinity];
    // The least of twenty short ones: a machine that stands still in between is busy for nobody.
    for (let i = 0; i < 20; i++) {
      const before = performance.eventLoopUtilization();
      counted = 0;
      await there.chunk(long);
      active = Math.min(active, performance.eventLoopUtilization(before).active);
      assert.equal(counted, 0, 'tokens were counted in this thread');
      const startMs = performance.now();
      await here.chunk(long);
      alone = Math.min(alone, performance.now() - startMs);
      assert.ok(counted > 0);
    }
    assert.ok(active < 0.5 * alone, `${active} ms of this thread for a document, ${alone} ms for one that it cuts`);
  });

  it('let the thread go when it has nothing to do, after what it was asked for', async () => {
    const thread = threadOf(workerFile, 20);
    const there = await chunkerOf(thread);
    assert.ok((await there.chunk(long)).length > 100);
    while (thread.isRunning) await new Promise((resolve) => setTimeout(resolve, 10));
    const under = there.chunk(long);
    thread.close();
    assert.ok((await under).length > 100, 'another one was started, and answered before it ended');
  });

  it('cut here when the thread does not start or dies', async () => {
    const expected = await (await chunkerOf()).chunk(long);
    const missing = await chunkerOf(threadOf(path.join(repositoryRoot, 'out', 'noSuchWorker.js')));
    assert.deepEqual(await missing.chunk(long), expected);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-chunking-'));
    try {
      const dying = path.join(folder, 'dying.js');
      fs.writeFileSync(dying, `require('node:worker_threads').parentPort.on('message', () => process.exit(3));`);
      const chunker = await chunkerOf(threadOf(dying));
      assert.deepEqual(await chunker.chunk(long), expected);
      assert.deepEqual(await chunker.chunk(long), expected, 'the next document tries again');
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
