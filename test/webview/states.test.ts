import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import type * as Axe from 'axe-core';
import { FixtureBrowser, knownView, space, type FixturePanel } from './fixturePanel';
import { PanelBrowser } from './panelPage';
import { themeNames } from './themes';

const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe("The panel's states", () => {
  let browser: FixtureBrowser;
  let panel: FixturePanel;
  before(async () => (browser = await FixtureBrowser.launch()));
  after(() => browser.close());
  afterEach(() => panel.close());

  const text = async (selector: string): Promise<string> => (await panel.page.locator(selector).textContent()) ?? '';

  describe('before there is a map', () => {
    it('says that no folder is open', async () => {
      panel = await browser.open({ query: 'situation=no-folder' });
      await panel.page.getByRole('heading', { name: 'No folder is open' }).waitFor();
    });

    it('says that files are being counted', async () => {
      panel = await browser.open({ query: 'situation=counting' });
      await panel.page.getByRole('heading', { name: 'Counting files…' }).waitFor();
      assert.equal(await panel.page.locator('vscode-button').count(), 0);
    });

    it('says what would be indexed, what is left out and why, and starts on the button', async () => {
      panel = await browser.open({ query: 'situation=estimate' });
      await panel.page.getByRole('heading', { name: 'See the latent space of rust-book' }).waitFor();
      assert.match(await text('.estimate'), /1,708files3\.3 MBof textabout 2 minutes/);
      await panel.page.locator('.skipped summary').click();
      assert.equal(await text('.skipped summary'), '248 files left out');
      assert.deepEqual(await panel.page.locator('.skipped li').allTextContents(), [
        '214 left out by an ignore file',
        '31 binary',
        '2 too large',
        '1 with keys or credentials',
      ]);
      assert.equal((await panel.sent('startIndexing')).length, 0);
      await panel.page.getByRole('button', { name: 'Index Workspace' }).click();
      assert.equal((await panel.sent('startIndexing')).length, 1);
    });

    it('shows progress, rate and time left, and stops on the button', async () => {
      panel = await browser.open({ query: 'situation=indexing' });
      await panel.page.getByRole('heading', { name: 'Embedding chunks…' }).waitFor();
      assert.match(await text('.footer'), /Indexing 46 of 112 files.*540 chunks.*6,870 tokens\/s.*19 seconds left/);
      assert.equal(await panel.page.getByRole('progressbar').getAttribute('aria-valuenow'), '46');
      await panel.page.getByRole('button', { name: 'Stop' }).click();
      assert.equal((await panel.sent('stopIndexing')).length, 1);
    });

    it('says what failed and what to press', async () => {
      panel = await browser.open({ query: 'situation=error' });
      await panel.page.getByRole('alert').filter({ hasText: 'model_quantized.onnx is damaged' }).waitFor();
      await panel.page.getByRole('button', { name: 'Retry' }).click();
      await panel.page.getByRole('button', { name: 'Show Log' }).click();
      assert.equal((await panel.sent('retry')).length + (await panel.sent('showLog')).length, 2);
    });
  });

  it('shows the map while indexing goes on, and lets it grow', async () => {
    panel = await browser.open({ query: 'situation=indexing&map' });
    assert.equal((await panel.drawn()).points, 540);
    assert.match(await text('.footer'), /46 of 112 files/);
    await panel.page.evaluate(() => {
      window.fakeHost.sendMap();
      window.fakeHost.sendStatus('ready');
    });
    assert.equal((await panel.drawn(2)).points, space.size);
    await panel.settle();
    assert.match(await text('.footer'), /1,226 chunks · 107 files.*6\.7 of 15 true neighbors.*24 mixed-topic/);
  });

  it('goes back to the empty state when the index is deleted', async () => {
    panel = await browser.open();
    await panel.drawn();
    await panel.page.evaluate(() => {
      window.fakeHost.send({ type: 'map', map: null });
      window.fakeHost.sendStatus('estimate');
    });
    await panel.page.getByRole('button', { name: 'Index Workspace' }).waitFor();
  });

  it('restores tab, coloring, filter, view, selection and search after a reload', async () => {
    panel = await browser.open({ saved: { view: knownView } });
    await panel.drawn();
    await panel.page.evaluate(() => window.fakeHost.send({ type: 'reveal', point: 640 }));
    await panel.page.locator('.file-link').waitFor();
    await panel.page.locator('vscode-single-select').first().click();
    await panel.page.getByRole('option', { name: 'Cluster' }).click();
    const hidden = panel.page.locator('.legend-toggle').first();
    await hidden.click();
    const hiddenName = await hidden.locator('.legend-name').textContent();
    await panel.page.getByRole('button', { name: 'Trust' }).click();
    await panel.page.locator('vscode-textfield input').fill('closure');
    await panel.page.locator('#panel-results [role=option]').first().waitFor();
    await panel.page.locator('#tab-space').click();
    await panel.page.getByRole('button', { name: 'Zoom in' }).click();
    await panel.page.waitForTimeout(400);
    const before = await panel.pixels();

    await panel.page.reload();
    await panel.drawn();
    await panel.page.waitForFunction(() => window.fakeHost.requests('point').length === 1);
    await panel.page.locator('#panel-results [role=option]').first().waitFor({ state: 'attached' });
    assert.equal((await panel.requests('point'))[0]?.point, 640);
    assert.equal(await panel.page.locator('#tab-space').getAttribute('aria-selected'), 'true');
    assert.equal(await panel.page.locator('.legend-toggle[aria-pressed=false] .legend-name').textContent(), hiddenName);
    assert.equal(await panel.page.getByRole('button', { name: 'Trust' }).getAttribute('aria-pressed'), 'true');
    assert.equal(await panel.page.locator('vscode-textfield input').inputValue(), 'closure');
    // Where nothing is emphasised the picture is the very same one.
    await panel.page.locator('vscode-textfield input').focus();
    const after = await panel.pixels();
    const box = (await panel.page.locator('.map-surface').boundingBox())!;
    const difference = before.difference(after, { ...box, height: box.height / 2 });
    assert.ok(difference < 2, `mean difference of a channel: ${difference.toFixed(2)} of 255`);
  });

  it('takes a damaged saved state for none', async () => {
    panel = await browser.open({
      saved: { tab: 7, split: 'wide', view: { x: 'left' }, hidden: [3], selection: { path: 1 } },
    });
    assert.equal((await panel.drawn()).points, space.size);
    assert.equal(await panel.page.locator('#tab-chunk').getAttribute('aria-selected'), 'true');
  });

  it('puts the side pane below the map in a narrow panel, and lets it be resized by keyboard', async () => {
    panel = await browser.open({ width: 500 });
    await panel.drawn();
    const box = async (selector: string): Promise<{ x: number; y: number; width: number; height: number }> =>
      (await panel.page.locator(selector).boundingBox())!;
    assert.ok((await box('.side')).y >= (await box('.map')).y + (await box('.map')).height);
    assert.equal((await box('.side')).width, 500);
    const before = (await box('.side')).height;
    await panel.page.locator('.splitter').focus();
    await panel.page.keyboard.press('ArrowUp');
    await panel.page.keyboard.press('ArrowUp');
    await panel.settle();
    assert.ok((await box('.side')).height > before + 20);
    await panel.page.setViewportSize({ width: 1100, height: 800 });
    await panel.settle();
    assert.ok((await box('.side')).x >= (await box('.map')).x + (await box('.map')).width);
  });

  for (const theme of themeNames) {
    describe(`in the theme ${theme}`, () => {
      const assertAccessible = async (): Promise<void> => {
        await panel.settle();
        await panel.page.evaluate(axeSource);
        const violations = await panel.page.evaluate(async () => {
          const { axe } = window as unknown as { axe: typeof Axe };
          const { violations: found } = await axe.run(document, { resultTypes: ['violations'] });
          return found.flatMap(({ id, nodes }) =>
            nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
          );
        });
        assert.deepEqual(violations, []);
      };

      it('passes axe-core on every tab', async () => {
        panel = await browser.open({ query: `theme=${theme}` });
        await panel.drawn();
        const point = space.warnings()[0].point;
        await panel.page.evaluate((selected) => window.fakeHost.send({ type: 'reveal', point: selected }), point);
        await panel.page.locator('#panel-chunk .cut').waitFor();
        await assertAccessible();
        await panel.page.locator('vscode-textfield input').fill('closure');
        await panel.page.locator('#panel-results [role=option]').nth(1).click();
        await assertAccessible();
        await panel.page.locator('#tab-quality').click();
        await panel.page.getByRole('button', { name: 'Next warning' }).click();
        await assertAccessible();
        await panel.page.locator('#tab-space').click();
        await panel.page.locator('.histogram').last().waitFor();
        await panel.page.getByRole('button', { name: 'More actions' }).click();
        await assertAccessible();
      });

      it('passes axe-core with a set, a walk, the legend of a number, the layout form and the table', async () => {
        panel = await browser.open({ query: `theme=${theme}`, saved: { colorBy: 'trust' } });
        await panel.drawn();
        const box = (await panel.page.locator('.map-surface').boundingBox())!;
        await panel.page.keyboard.down('Shift');
        await panel.page.mouse.move(box.x + 380, box.y + 120);
        await panel.page.mouse.down();
        await panel.page.mouse.move(box.x + 560, box.y + 300, { steps: 3 });
        await panel.page.mouse.up();
        await panel.page.keyboard.up('Shift');
        await panel.page.getByRole('button', { name: 'Centroid' }).click();
        await panel.page.locator('.centroid').waitFor();
        await assertAccessible();
        await panel.page.getByRole('button', { name: 'Layout: UMAP' }).click();
        await assertAccessible();
        await panel.page.keyboard.press('Escape');
        await panel.page.evaluate(() => window.fakeHost.send({ type: 'reveal', point: 640 }));
        await panel.page.getByRole('button', { name: 'Walk to…' }).click();
        await panel.page.locator('.map-surface').focus();
        await panel.page.keyboard.press('ArrowRight');
        await panel.page.keyboard.press('Enter');
        await panel.page.locator('.walk-step').first().waitFor();
        await assertAccessible();
        await panel.page.getByRole('button', { name: 'More actions' }).click();
        await panel.page.getByRole('menuitemcheckbox', { name: 'Show as Table' }).click();
        await panel.page.getByRole('grid').waitFor();
        await assertAccessible();
      });

      it('passes axe-core before there is a map', async () => {
        for (const situation of ['estimate', 'indexing', 'error']) {
          panel = await browser.open({ query: `theme=${theme}&situation=${situation}` });
          await panel.page.locator('.empty-state h1').waitFor();
          await assertAccessible();
          if (situation !== 'error') await panel.close();
        }
      });
    });
  }
});

describe("The panel on the host's own page", () => {
  it('needs nothing that the policy of the page forbids', async () => {
    const browser = await PanelBrowser.start();
    try {
      const panel = await browser.open({
        onMessage: async (message, page) => {
          if (message.type !== 'ready') return;
          await page.send({ type: 'status', status: space.status('ready', 1) });
          await page.send({ type: 'map', map: space.map(1) });
          await page.send({ type: 'warnings', warnings: space.warnings() });
        },
      });
      assert.equal((await panel.waitForMessage('drawn')).points, space.size);
      await panel.send({ type: 'results', results: space.search('closure') });
      await panel.page.locator('#panel-results [role=option]').first().waitFor();
      assert.deepEqual(panel.errors, []);
      const font = await panel.page.evaluate(() => document.fonts.check('16px codicon'));
      assert.ok(font, 'codicons are not loaded');
      await panel.close();
    } finally {
      await browser.stop();
    }
  });
});
