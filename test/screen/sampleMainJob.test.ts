import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LatentLens } from './latentLens';
import { VscodeSession } from './vscodeSession';

/** The question shares no word with the page that answers it. */
const refundQuestion = 'How long does it take to get my money back?';

describe('The main job on the sample workspace', () => {
  let session: VscodeSession;
  let lens: LatentLens;

  before(async () => {
    session = await VscodeSession.start();
    lens = await session.open();
  });

  after(() => session?.stop());

  it('says before anything is indexed what would be indexed, and indexes at the press of the one button', async () => {
    await lens.workbench.runCommand('Latent Lens: Open Latent Map');
    const heading = lens.panel.getByRole('heading', { name: /See the latent space of/ });
    await heading.waitFor();
    await lens.workbench.screenshot('before-first-index');
    await lens.panel.getByRole('button', { name: /^Index/ }).click();
    const chunks = await lens.indexedChunks();
    assert.ok(chunks > 60, `${chunks} chunks are indexed`);
  });

  it('draws all topics of the sample apart, with labels', async () => {
    const pixels = await lens.drawnMap();
    assert.ok(pixels.areas >= 5, `the points stand in ${pixels.areas} places`);
    const labels = await lens.mapLabels();
    assert.ok(labels.length >= 4, `labels on the map: ${labels.join(', ')}`);
    await lens.workbench.screenshot('map');
  });

  it('lists the nearest chunks of a point that is clicked, and opens one at its line', async () => {
    await lens.clickPoint();
    const rows = await lens.nearest();
    assert.ok(rows.length >= 5, `${rows.length} neighbors are listed`);
    const similarities = rows.map((row) => row.similarity);
    assert.deepEqual(
      similarities,
      [...similarities].sort((a, b) => b - a),
      'nearest first',
    );
    await lens.workbench.screenshot('point');
    await lens.nearestRows.first().dblclick();
    await assertOpened(lens, rows[0]);
  });

  it('marks a selection that is embedded through the context menu and lists what it is near to', async () => {
    await lens.workbench.openFile('support/refunds.md');
    await lens.workbench.selectLines(1, 12);
    await lens.workbench.pickFromContextMenu('Embed Selection');
    assert.match(await lens.embeddedTitle(), /Selection from .*refunds\.md/);
    const rows = await lens.nearest();
    assert.equal(rows[0].fileName, 'refunds.md', 'the chunk that holds the selection is the nearest');
    await lens.workbench.screenshot('selection');
    await lens.nearestRows.nth(1).dblclick();
    await assertOpened(lens, rows[1]);
  });

  it('finds the refund page for a question that shares no word with it, previews it and opens it', async () => {
    await lens.workbench.openFile('README.md');
    const [first, second] = await lens.search(refundQuestion);
    await lens.workbench.screenshot('search');
    assert.equal(first.path, 'support/refunds.md');
    assert.match(first.description, /^0\.\d\d · .*percentile/, 'a similarity comes with its percentile');

    await lens.workbench.page.keyboard.press('ArrowDown');
    await lens.workbench.activeTab(path.posix.basename(second.path)).waitFor();
    await lens.workbench.page.keyboard.press('Escape');
    await lens.workbench.activeTab('README.md').waitFor();

    await lens.search(refundQuestion);
    await lens.workbench.page.keyboard.press('Enter');
    await assertOpened(lens, { fileName: 'refunds.md', line: first.line });
  });

  it('tells of a chunk that mixes topics in the Problems view, in files that are open', async () => {
    await lens.workbench.openFile('mixed/security-handbook.md');
    const problems = await lens.workbench.until('the Problems view names the mixed chunk', async () => {
      const rows = await lens.workbench.problems();
      if (!rows.some((row) => /mix/i.test(row))) throw new Error(rows.join('\n'));
      return rows;
    });
    await lens.workbench.screenshot('problems');
    const text = readFileSync(path.join(session.workspace, 'mixed/security-handbook.md'), 'utf8');
    const cutLine = text.slice(0, text.indexOf('The coffee machine on the third floor')).split('\n').length;
    assert.ok(
      problems.some((row) => new RegExp(`\\b(Ln|line) ${cutLine}\\b`, 'i').test(row)),
      `the warning stands at line ${cutLine}, where the coffee begins: ${problems.join(' | ')}`,
    );
  });

  it('shows the map again after a reload without embedding anything', async () => {
    const before = await lens.indexedChunks();
    await lens.workbench.reload();
    assert.equal(await lens.indexedChunks(), before);
    await lens.openMap();
    await lens.index();
    const runs = [...session.log().matchAll(/Indexed .*?: (\d+) embedded, (\d+) reused/g)];
    const [, embedded, reused] = runs[runs.length - 1] ?? [];
    assert.equal(embedded, '0', session.log());
    assert.ok(Number(reused) > 0, 'and found its vectors');
  });
});

/** The active editor shows this file, with the cursor on the line that the row names. */
async function assertOpened(lens: LatentLens, { fileName, line }: { fileName: string; line: number }): Promise<void> {
  await lens.workbench.until(`${fileName} is open at line ${line}`, async () => {
    assert.deepEqual(await lens.workbench.activeEditor(), { name: fileName, line });
  });
}
