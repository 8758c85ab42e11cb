import { strict as assert } from 'node:assert';
import { FixtureBrowser, type FixturePanel } from './fixturePanel';

describe('The layout of the map', () => {
  let browser: FixtureBrowser;
  let panel: FixturePanel;
  before(async () => (browser = await FixtureBrowser.launch()));
  after(() => browser.close());
  afterEach(() => panel.close());

  const open = async (): Promise<void> => {
    panel = await browser.open();
    await panel.drawn();
  };

  it('lays out by another method with its own settings, and says so when that fails', async () => {
    await open();
    await panel.page.getByRole('button', { name: 'Layout: UMAP' }).click();
    const form = panel.page.getByRole('dialog', { name: 'Layout of the map' });
    await form.getByText('t-SNE', { exact: true }).click();
    assert.equal(await form.getByLabel('Neighbors').count(), 0, 't-SNE has no such setting');
    await form.getByLabel('Perplexity').fill('80');
    await form.getByRole('alert').filter({ hasText: 'Perplexity goes from 5 to 50.' }).waitFor();
    await form.getByLabel('Perplexity').fill('20');
    await form.getByRole('button', { name: 'Draw anew' }).click();
    await panel.page.waitForFunction(() => window.fakeHost.requests('relayout').length === 1);
    assert.deepEqual(await panel.requests('relayout'), [
      { method: 'relayout', layout: 'tsne', perplexity: 20, metric: 'cosine', epochs: 500, seed: 42 },
    ]);
    await form.waitFor({ state: 'detached' });
    await panel.page.evaluate(() => window.fakeHost.failing.add('relayout'));
    await panel.page.getByRole('button', { name: 'Layout: UMAP' }).click();
    await form.getByText('umap-js', { exact: true }).click();
    await form.getByRole('button', { name: 'Draw anew' }).click();
    await form.getByRole('alert').filter({ hasText: 'The engine stopped.' }).waitFor();
  });

  it('stops a layout under way', async () => {
    await open();
    await panel.page.evaluate(() => window.fakeHost.held.add('relayout'));
    await panel.page.getByRole('button', { name: 'Layout: UMAP' }).click();
    await panel.page.getByRole('button', { name: 'Draw anew' }).click();
    await panel.page.getByRole('progressbar', { name: 'Drawing the map anew' }).waitFor();
    await panel.page.getByRole('button', { name: 'Stop' }).click();
    assert.equal((await panel.requests('stopLayout')).length, 1);
  });
});
