import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LatentLens } from './latentLens';
import { VscodeSession } from './vscodeSession';

/** The dialog in front of everything: what it says and its buttons. */
async function dialog({ workbench }: LatentLens): Promise<{ text: string; press(button: string): Promise<void> }> {
  const box = workbench.page.locator('.monaco-dialog-box');
  await box.waitFor({ timeout: 20_000 });
  return {
    text: await box.innerText(),
    press: async (button) => {
      await box.getByRole('button', { name: button, exact: true }).click();
      await box.waitFor({ state: 'hidden' });
    },
  };
}

describe('An index to leave on', () => {
  it('is paused at once, stays paused over a reload, says so everywhere, and goes on where it was', async () => {
    // One thread of WASM is slow enough to be paused in the middle.
    const session = await VscodeSession.start({
      settings: { 'latentLens.engine.runtime': 'wasm', 'latentLens.engine.threads': 1 },
    });
    try {
      const lens = await session.open();
      const { workbench, statusItem } = lens;
      await workbench.runCommand('Latent Lens: Index Workspace');
      await statusItem.filter({ hasText: /Indexing [1-9]\d?%/ }).waitFor({ timeout: 90_000 });
      await workbench.runCommand('Latent Lens: Pause Indexing');
      await statusItem.filter({ hasText: 'Indexing paused' }).waitFor({ timeout: 10_000 });
      await statusItem.hover();
      const hover = workbench.page.locator('.monaco-hover:visible', { hasText: 'Indexing is paused' });
      await hover.waitFor();
      const inIndex = /([\d,]+) files? and ([\d,]+) chunks? (?:are|is) in the index/.exec(await hover.innerText());
      assert.ok(inIndex, await hover.innerText());
      await workbench.screenshot('paused');

      await workbench.reload();
      await statusItem.filter({ hasText: 'Indexing paused' }).waitFor({ timeout: 60_000 });
      await workbench.runCommand('Latent Lens: Open Latent Map');
      await lens.panel
        .getByText(/Indexing (is )?paused/)
        .first()
        .waitFor();
      await workbench.screenshot('paused-panel');
      await lens.panel.getByRole('button', { name: 'Resume Indexing' }).click();
      const chunks = await lens.indexedChunks(180_000);
      assert.ok(chunks > Number(inIndex[2].replaceAll(',', '')), 'nothing was left to do when it was paused');
      const runs = [...session.log().matchAll(/Indexed /g)].length;
      assert.ok(runs <= 1, 'the person’s run was repeated');
    } finally {
      await session.stop();
    }
  });

  it('says why a file is in it or not, leads to the rule, and reports on everything', async () => {
    const session = await VscodeSession.start();
    try {
      writeFileSync(path.join(session.workspace, '.gitignore'), '# generated\n\nbuild/\n');
      mkdirSync(path.join(session.workspace, 'build'));
      writeFileSync(path.join(session.workspace, 'build', 'page.md'), '# Built\n\nNobody reads this page.\n');
      const lens = await session.open();
      const { workbench } = lens;
      await lens.index();

      await workbench.openFile('support/refunds.md');
      await workbench.runCommand('Latent Lens: Why Is This File (Not) Indexed?');
      const indexed = await dialog(lens);
      assert.match(indexed.text, /refunds\.md is indexed\.[^]*Markdown: \d+ chunks?/);
      await workbench.screenshot('why-indexed');
      await indexed.press('Cancel');

      await workbench.openFile('build/page.md');
      // As from the context menu of its tab.
      await workbench.activeTab('page.md').click({ button: 'right' });
      await workbench.page.waitForTimeout(400);
      const menu = workbench.page.locator('.monaco-menu:visible').first();
      await menu.locator('.action-label[aria-label="Why Is This File (Not) Indexed?"]').first().click();
      const ignored = await dialog(lens);
      assert.match(ignored.text, /page\.md is not indexed: [^]*line 3 of \.gitignore/);
      await workbench.screenshot('why-not-indexed');
      await ignored.press('Open .gitignore');
      await workbench.activeTab('.gitignore').waitFor();
      await workbench.until('the cursor stands at the rule', async () => {
        assert.equal((await workbench.activeEditor()).line, 3);
      });

      await workbench.runCommand('Latent Lens: Show Index Report');
      const report = workbench.page.locator('.editor-group-container.active .view-lines');
      await report.filter({ hasText: 'Index report: sample' }).waitFor();
      const text = (await report.innerText()).replaceAll('\u00a0', ' ');
      assert.match(text, /\| support +\| +\d+ \|/);
      assert.match(text, /- 1 left out by an ignore file\s+- build: line 3 of \.gitignore: build\//);
      await workbench.page.locator('.codelens-decoration', { hasText: 'Settings of the index' }).first().waitFor();
      await workbench.screenshot('index-report');

      // A rule that goes away takes effect by itself.
      const before = await lens.indexedChunks();
      writeFileSync(path.join(session.workspace, '.gitignore'), '# nothing is left out\n');
      await workbench.until('the page that is ignored no more is indexed', async () => {
        assert.equal(await lens.indexedChunks(), before + 1);
      });
      writeFileSync(path.join(session.workspace, 'support', 'cash.md'), '# Cash\n\nCash is paid back in cash.\n');
      await workbench.until('the new file is indexed', async () => {
        assert.equal(await lens.indexedChunks(), before + 2);
      });
    } finally {
      await session.stop();
    }
  });
});
