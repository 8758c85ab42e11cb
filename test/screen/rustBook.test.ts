import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/processes.mjs';
import type { LatentLens } from './latentLens';
import { VscodeSession } from './vscodeSession';

const archive = path.join(root, '..', 'shared', 'data', 'workspace-rustbook.tar.gz');
const indexTimeoutMs = 15 * 60_000;

describe('The main job on the Rust book', () => {
  let unpacked: string;
  let session: VscodeSession;
  let lens: LatentLens;

  before(async function () {
    if (!existsSync(archive)) {
      console.log('    The Rust book is not beside the checkout (../shared/data): skipped.');
      this.skip();
    }
    this.timeout(60_000);
    unpacked = mkdtempSync(path.join(os.tmpdir(), 'latent-lens-book-'));
    execFileSync('tar', ['-xzf', archive, '-C', unpacked]);
    session = await VscodeSession.start({ folder: path.join(unpacked, 'workspace-rustbook') });
    lens = await session.open();
  });

  after(async () => {
    await session?.stop();
    if (unpacked) rmSync(unpacked, { recursive: true, force: true });
  });

  it('indexes 1,708 files and draws their map', async function () {
    this.timeout(indexTimeoutMs + 120_000);
    const startedAt = Date.now();
    const chunks = await lens.index(indexTimeoutMs);
    console.log(`      ${chunks} chunks in ${Math.round((Date.now() - startedAt) / 1000)} s`);
    assert.ok(chunks > 4000, `${chunks} chunks`);
    await lens.openMap();
    assert.ok((await lens.mapLabels()).length >= 5);
    await lens.workbench.screenshot('rust-book-map');
  });

  it('embeds a selection through the context menu and opens the right file and line from the list', async () => {
    const page = 'src/ch16-03-shared-state.md';
    await lens.workbench.openFile(page);
    const text = readFileSync(path.join(session.workspace, page), 'utf8').split('\n');
    const first = text.findIndex((line) => line.startsWith('Mutexes have a reputation')) + 1;
    assert.ok(first > 0, 'the passage on mutexes is in the book');
    await lens.workbench.selectLines(first, first + 9);
    await lens.workbench.pickFromContextMenu('Embed Selection');
    assert.match(await lens.embeddedTitle(), /ch16-03-shared-state\.md/);
    const rows = await lens.nearest();
    assert.ok(
      rows.slice(0, 3).some((row) => row.fileName === 'ch16-03-shared-state.md'),
      `the page itself is near: ${rows.map((row) => row.fileName).join(', ')}`,
    );
    await lens.workbench.screenshot('rust-book-selection');
    const target = rows[0];
    await lens.nearestRows.first().dblclick();
    await lens.workbench.until(`${target.fileName} is open at line ${target.line}`, async () => {
      assert.deepEqual(await lens.workbench.activeEditor(), { name: target.fileName, line: target.line });
    });
  });

  it('finds the pages on shared state for a question about sharing data between threads', async () => {
    const hits = await lens.search('how do I share data between threads safely');
    await lens.workbench.screenshot('rust-book-search');
    const firstFive = hits.slice(0, 5).map((hit) => hit.path);
    assert.ok(
      firstFive.some((file) => file.endsWith('ch16-03-shared-state.md')),
      firstFive.join(', '),
    );
    await lens.workbench.page.keyboard.press('Escape');
  });
});
