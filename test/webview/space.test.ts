import { strict as assert } from 'node:assert';
import { FixtureBrowser, fixture, space, type FixturePanel } from './fixturePanel';
import { notebookPoint } from './fixtureSpace';

describe('The Space tab', () => {
  let browser: FixtureBrowser;
  let panel: FixturePanel;
  before(async () => (browser = await FixtureBrowser.launch()));
  after(() => browser.close());
  afterEach(() => panel.close());

  const open = async (held: ('groupSeparation' | 'readings')[] = []): Promise<void> => {
    panel = await browser.open();
    await panel.drawn();
    await panel.page.evaluate((methods) => {
      for (const method of methods) window.fakeHost.held.add(method);
    }, held);
    await panel.page.locator('#tab-space').click();
  };

  it('compares groups only once somebody looks, and says that it does', async () => {
    panel = await browser.open();
    await panel.drawn();
    assert.equal((await panel.requests('groupSeparation')).length, 0);
    await panel.close();
    await open(['groupSeparation']);
    await panel.page.getByText('Comparing folders…').waitFor();
    await panel.page.evaluate(() => window.fakeHost.release(0));
    await panel.page.getByText('Comparing file types…').waitFor();
    await panel.page.evaluate(() => window.fakeHost.release(0));
    await panel.page.locator('.comparing').waitFor({ state: 'detached' });
    assert.equal((await panel.requests('groupSeparation')).length, 2);
  });

  it('says which folders fall together, what to try, and nothing of those that are unclear', async () => {
    await open();
    const found = space.questions.separation('folder');
    await panel.page.getByText(found.together[0].words).waitFor();
    const text = (await panel.page.locator('#panel-space').textContent()) ?? '';
    for (const sentence of found.advice) assert.ok(text.includes(sentence), sentence);
    assert.match(text, /31 other pairs of folders are told apart/);
    assert.match(text, /The pair of file types that could be judged is told apart/);
    assert.doesNotMatch(text, /unclear/i);
  });

  it('shows both folders alone on the map, the small one in a color of its own, until all are shown again', async () => {
    await open();
    await panel.page.getByRole('button', { name: 'Show both on the map' }).click();
    const names = [...space.questions.togetherFolders].sort();
    const shown = panel.page.locator('.legend-toggle[aria-pressed=true]:not(:has(.ring)) .legend-name');
    assert.deepEqual((await shown.allTextContents()).sort(), names);
    const expected = fixture.chunks.filter(({ folder }) => names.includes(fixture.folders[folder])).length;
    const { of, clusters } = space.map(1).clusterLevels[1];
    const told = await panel.page
      .locator('.map-label')
      .evaluateAll((labels) =>
        labels.filter((label) => getComputedStyle(label).visibility === 'visible').map((label) => label.textContent),
      );
    const empty = clusters.filter(
      (_, c) => !fixture.chunks.some(({ folder }, row) => of[row] === c && names.includes(fixture.folders[folder])),
    );
    assert.ok(empty.length > 0 && told.length > 0);
    assert.ok(
      empty.every(({ name }) => !told.includes(name)),
      'a cluster without a shown point is named',
    );
    const footer = async (): Promise<string> => (await panel.page.locator('.footer').textContent()) ?? '';
    assert.match(await footer(), new RegExp(`${expected} of 1,200 points shown`));
    assert.equal(await panel.page.locator('#tab-space').getAttribute('aria-selected'), 'true');
    await panel.page.waitForTimeout(300);
    await panel.page.reload();
    await panel.drawn();
    assert.deepEqual((await shown.allTextContents()).sort(), names, 'the same after a reload');
    await panel.page.getByRole('button', { name: 'Show all' }).click();
    assert.doesNotMatch(await footer(), /points shown/);
  });

  it('tells when groups could not be compared, and compares again when asked', async () => {
    panel = await browser.open();
    await panel.drawn();
    await panel.page.evaluate(() => window.fakeHost.failing.add('groupSeparation'));
    await panel.page.locator('#tab-space').click();
    await panel.page.locator('#panel-space [role=alert]', { hasText: 'The engine stopped' }).waitFor();
    await panel.page.evaluate(() => window.fakeHost.failing.delete('groupSeparation'));
    await panel.page.getByRole('button', { name: 'Compare again' }).click();
    await panel.page.locator('.together').waitFor();
  });

  it('tells of both kinds of false pictures, of the curve beyond chance, and which near is meant', async () => {
    await open();
    await panel.page.locator('.rank-curve').waitFor();
    const text = (await panel.page.locator('#panel-space').textContent()) ?? '';
    assert.match(text, /6\.7 of 15 true neighbors are near on the map/);
    assert.match(text, /5\.2 of 15 near points are strangers/);
    assert.match(text, /recall 0\.98, measured on 250 points/);
    assert.match(text, /by similarity in the original space with the nearest points by distance on the map/);
    const { rankQuality } = space.readings();
    assert.ok(rankQuality && text.includes(rankQuality.words));
    const path = (await panel.page.locator('.rank-line').getAttribute('d')) ?? '';
    const corners = path
      .slice(1)
      .split('L')
      .map((pair) => pair.split(' ').map(Number));
    assert.equal(corners.length, rankQuality.k.length);
    // Higher on the page is more: the best neighborhood has the least y. Equal ratios of k are equal steps.
    const highest = corners.map(([, y]) => y).indexOf(Math.min(...corners.map(([, y]) => y)));
    assert.equal(highest, rankQuality.rnx.indexOf(Math.max(...rankQuality.rnx)));
    const step = (i: number): number => corners[i + 1][0] - corners[i][0];
    assert.ok(Math.abs(step(0) - step(1)) < 0.3);
  });

  it('names the cell of a chunk in a notebook, and says of a neighbor that it overlaps', async () => {
    panel = await browser.open();
    await panel.drawn();
    await panel.page.evaluate((point) => window.fakeHost.send({ type: 'reveal', point }), notebookPoint);
    await panel.page.locator('.chunk-title .lines', { hasText: /^cell 3, line/ }).waitFor();
    const overlapped = fixture.chunks.findIndex((_, point) => space.neighbors(point).some(({ overlaps }) => overlaps));
    await panel.page.evaluate((point) => window.fakeHost.send({ type: 'reveal', point }), overlapped);
    const expected = space.neighbors(overlapped).filter(({ overlaps }) => overlaps).length;
    await panel.page.locator('#panel-chunk [role=option]', { hasText: 'overlaps this chunk' }).first().waitFor();
    assert.equal(
      await panel.page.locator('#panel-chunk [role=option]', { hasText: 'overlaps this chunk' }).count(),
      expected,
    );
  });
});
