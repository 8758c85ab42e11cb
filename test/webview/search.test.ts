import { strict as assert } from 'node:assert';
import { FixtureBrowser, space, type FixturePanel } from './fixturePanel';

describe('Search in the panel', () => {
  let browser: FixtureBrowser;
  let panel: FixturePanel;
  before(async () => (browser = await FixtureBrowser.launch()));
  after(() => browser.close());
  afterEach(() => panel.close());

  const open = async (): Promise<void> => {
    panel = await browser.open();
    await panel.drawn();
  };
  const field = (): ReturnType<FixturePanel['page']['locator']> => panel.page.locator('vscode-textfield input');

  it('searches once the typing pauses, and lists ranked hits', async () => {
    await open();
    // The page's clock goes on when the test says so: no pause of the machine comes between the keys.
    const { clock } = panel.page;
    await clock.install();
    await clock.pauseAt(Date.now() + 60_000);
    for (const keys of ['smart', ' ', 'pointer']) {
      await field().pressSequentially(keys);
      await clock.runFor(150);
    }
    assert.deepEqual(await panel.requests('search'), [], 'nothing was asked while keys came');
    await clock.runFor(100);
    await clock.resume();
    await panel.page.locator('#panel-results [role=option]').first().waitFor();
    assert.deepEqual(
      (await panel.requests('search')).map(({ query }) => query),
      ['smart pointer'],
    );
    assert.equal(await panel.page.locator('#tab-results').getAttribute('aria-selected'), 'true');
    const labels = await panel.page.locator('#panel-results [role=option]').allTextContents();
    assert.equal(labels.length, space.search('smart pointer').hits.length);
    labels.forEach((label, i) => assert.ok(label.startsWith(`Rank ${i + 1}, similarity 0.`), label));
  });

  it('shows the latest answer, whatever order the answers come in', async () => {
    await open();
    await panel.page.evaluate(() => window.fakeHost.held.add('search'));
    await field().fill('closure');
    await panel.page.waitForFunction(() => window.fakeHost.requests('search').length === 1);
    await field().fill('async');
    await panel.page.waitForFunction(() => window.fakeHost.requests('search').length === 2);
    await panel.page.evaluate(() => window.fakeHost.release(1));
    const points = async (): Promise<number[]> =>
      panel.page
        .locator('#panel-results [role=option]')
        .evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.point)));
    await panel.page.locator('#panel-results [role=option]').first().waitFor();
    const expected = space.search('async').hits.map(({ point }) => point);
    assert.deepEqual(await points(), expected);
    await panel.page.evaluate(() => window.fakeHost.release(0));
    await panel.settle();
    assert.deepEqual(await points(), expected);
  });

  it('selects a hit on a click, keeps the list, and clears', async () => {
    await open();
    await field().fill('closure');
    const rows = panel.page.locator('#panel-results [role=option]');
    await rows.nth(1).click();
    const { hits } = space.search('closure');
    assert.deepEqual(
      (await panel.requests('point')).map(({ point }) => point),
      [hits[1].point],
    );
    assert.equal(await rows.count(), hits.length);
    await field().focus();
    await panel.page.keyboard.press('Escape');
    assert.equal(await rows.count(), 0);
    assert.equal(await field().inputValue(), '');
  });

  it('goes from the field into the list by keyboard', async () => {
    await open();
    await field().fill('closure');
    await panel.page.locator('#panel-results [role=option]').first().waitFor();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('Enter');
    assert.equal((await panel.sent('open'))[0]?.chunkId, space.search('closure').hits[0].place.chunkId);
  });

  it('takes results that were found in the editor', async () => {
    await open();
    await panel.page.evaluate(() =>
      window.fakeHost.send({ type: 'results', results: window.fakeHost.space.search('trait') }),
    );
    await panel.page.locator('#panel-results [role=option]').first().waitFor();
    assert.equal(await field().inputValue(), 'trait');
    assert.equal((await panel.requests('search')).length, 0);
  });
});
