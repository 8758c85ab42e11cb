import assert from 'node:assert/strict';
import type { LatentLens } from './latentLens';
import { VscodeSession } from './vscodeSession';

describe('Selecting a cluster on the map', () => {
  let session: VscodeSession;
  let lens: LatentLens;

  before(async function () {
    this.timeout(60_000);
    session = await VscodeSession.start();
    lens = await session.open();
  });

  after(() => session?.stop());

  it('lassoes a cluster, reads what it is about and opens a chunk from its list', async function () {
    this.timeout(300_000);
    const all = await lens.index();
    await lens.openMap();
    const name = await lens.lassoCluster();
    const head = lens.panel.locator('#panel-chunk .chunk-head');
    const count = Number(/^(\d+) chunks/.exec(await head.innerText())?.[1]);
    assert.ok(count > 1 && count < all, `${count} of ${all} chunks are inside the lasso around "${name}"`);
    await head.locator('.topic').first().waitFor();
    assert.equal(await lens.selectedRows.first().getAttribute('aria-setsize'), String(count));
    const row = lens.selectedRows.nth(1);
    await row.locator('.point-row-place').filter({ hasText: /:\d+/ }).waitFor();
    const place = /([^\s/]+):(\d+)/.exec(await row.locator('.point-row-place').innerText())!;
    await lens.workbench.screenshot('map-lasso');
    await row.dblclick();
    await lens.workbench.until(`${place[0]} is open`, async () => {
      assert.deepEqual(await lens.workbench.activeEditor(), { name: place[1], line: Number(place[2]) });
    });
  });

  it('shows the same selection again after the panel was closed and the window reloaded', async function () {
    this.timeout(180_000);
    const title = lens.panel.locator('#panel-chunk .text-title');
    const before = await title.innerText();
    await lens.workbench.runCommand('View: Close All Editors');
    await lens.panel.locator('body').waitFor({ state: 'detached' });
    // VS Code for the browser writes what it keeps every five seconds, and a reload waits for nothing.
    await lens.workbench.page.waitForTimeout(6000);
    await lens.workbench.reload();
    // What is not in the set is drawn faintly, so the whole map is not looked for.
    await lens.workbench.runCommand('Latent Lens: Open Latent Map');
    await title.filter({ hasText: before }).waitFor({ timeout: 60_000 });
    assert.equal(await title.innerText(), before);
    await lens.workbench.screenshot('map-lasso-again');
  });
});
