import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LatentLens } from './latentLens';
import { VscodeSession } from './vscodeSession';

const mixedPage = 'mixed/security-handbook.md';
const secondTopic = 'The coffee machine on the third floor';
/** For pictures in another look. */
const theme = process.env['LATENT_LENS_SCREEN_THEME'] ?? 'Default Dark Modern';
const suffix = theme.includes('Light') ? '-light' : '';

describe('Fixing a chunk that mixes topics', () => {
  let session: VscodeSession;
  let lens: LatentLens;

  before(async () => {
    session = await VscodeSession.start({
      settings: { 'workbench.colorTheme': theme, 'editor.wordWrap': 'on', 'files.autoSave': 'off' },
    });
    lens = await session.open();
    await lens.index();
    await lens.workbench.openFile(mixedPage);
  });

  after(() => session?.stop());

  it('marks the cut in the gutter and shows what both halves are near to', async () => {
    const { page } = lens.workbench;
    await page.locator('.editor-instance .squiggly-info').first().waitFor();
    await page.locator('.editor-instance .margin .cgmr[class*="ced-"]').first().waitFor();
    const squiggle = (await page.locator('.editor-instance .squiggly-info').first().boundingBox())!;
    await page.mouse.move(squiggle.x + 40, squiggle.y + squiggle.height / 2, { steps: 5 });
    const hover = page.locator('.monaco-hover:visible').filter({ hasText: 'Before the cut' });
    await hover.waitFor();
    const text = await hover.innerText();
    assert.match(text, /This chunk may mix two topics/);
    assert.match(text, /\.md:\d+/);
    assert.match(text, /Show on map/);
    await lens.workbench.screenshot(`chunk-hover${suffix}`);
    await page.mouse.move(5, 5);
  });

  it('offers the fixes, splits by a heading that can be renamed at once, and one undo gives every byte back', async () => {
    const { page } = lens.workbench;
    const file = path.join(session.workspace, mixedPage);
    const original = readFileSync(file);
    const squiggle = (await page.locator('.editor-instance .squiggly-info').first().boundingBox())!;
    await page.mouse.click(squiggle.x + 30, squiggle.y + squiggle.height / 2);
    const menu = page.locator('.action-widget').first();
    await lens.workbench.until('the light bulb opens', async () => {
      await page.keyboard.press('Control+.');
      await menu.getByText(/Split here: insert the heading/).waitFor({ timeout: 5000 });
    });
    const offered = await menu.innerText();
    for (const fix of ['in the index only', 'Mark as fine', 'what splitting would change', 'Lower the sensitivity'])
      assert.ok(offered.includes(fix), `${fix} is missing: ${offered}`);
    await lens.workbench.screenshot(`chunk-fixes${suffix}`);
    await menu.getByText(/Split here: insert the heading/).click();
    // The title is selected once it stands there.
    await page.locator('.view-line').filter({ hasText: '### ' }).first().waitFor();
    await page.waitForTimeout(300);
    await page.keyboard.type('Kitchen');
    await page.keyboard.press('Control+s');
    const saved = await lens.workbench.until('the split is saved', async () => {
      const text = readFileSync(file, 'utf8');
      if (!text.includes('### Kitchen')) throw new Error(text.slice(0, 400));
      return text;
    });
    assert.ok(saved.includes(`\n\n### Kitchen\n\n${secondTopic}`));
    await page.locator('.editor-instance .squiggly-info').first().waitFor({ state: 'detached' });
    await lens.workbench.screenshot(`chunk-split${suffix}`);

    // The typing of the name, then the split itself.
    await lens.workbench.until('everything is undone', async () => {
      await page.keyboard.press('Control+z');
      await page.keyboard.press('Control+s');
      await page.waitForTimeout(300);
      assert.deepEqual(readFileSync(file), original);
    });
    await page.locator('.editor-instance .squiggly-info').first().waitFor();
  });

  it('says of a chunk that runs on under another heading so, and opens the settings of chunking', async () => {
    const { page } = lens.workbench;
    await lens.workbench.openFile('support/contact.md');
    const squiggle = page.locator('.editor-instance .squiggly-info').first();
    await squiggle.waitFor();
    const box = (await squiggle.boundingBox())!;
    await page.mouse.click(box.x + 30, box.y + box.height / 2);
    const menu = page.locator('.action-widget').first();
    const settings = menu.getByText('Change how documents are chunked');
    await lens.workbench.until('the light bulb opens', async () => {
      await page.keyboard.press('Control+.');
      await settings.waitFor({ timeout: 5000 });
    });
    const offered = await menu.innerText();
    assert.ok(!offered.includes('insert the heading'), offered);
    await lens.workbench.screenshot(`chunk-headed-fixes${suffix}`);
    await settings.click();
    await page.getByText('Chunking: Chunker').first().waitFor();
    await page.keyboard.press('Control+w');
  });

  it('lists the warnings in the panel and draws where the halves would lie', async () => {
    await lens.openMap();
    await lens.panel.locator('#tab-quality').click();
    const rows = lens.panel.locator('#panel-quality [role=option]');
    await rows.first().waitFor();
    assert.ok((await rows.count()) >= 4);
    // The one that costs most runs on under another heading.
    await rows.filter({ hasText: 'contact.md · lines 7–13, heading at 11' }).waitFor();
    await rows.first().click();
    await lens.workbench.screenshot(`chunk-quality${suffix}`);
    await lens.panel.locator('#tab-chunk').click();
    await lens.panel.getByText('The dashed lines on the map').waitFor();
    await lens.workbench.screenshot(`chunk-halves${suffix}`);
  });
});
