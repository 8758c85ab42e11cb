import { strict as assert } from 'node:assert';
import { knownView, FixtureBrowser, space, type FixturePanel } from './fixturePanel';

const cornerOf = ({ x, y, height }: { x: number; y: number; height: number }): [number, number] => [
  x + 3,
  y + height - 3,
];

describe('The list of warnings', () => {
  let browser: FixtureBrowser;
  let panel: FixturePanel;
  before(async () => (browser = await FixtureBrowser.launch()));
  after(() => browser.close());
  afterEach(() => panel.close());

  const open = async (options: Parameters<FixtureBrowser['open']>[0] = {}): Promise<void> => {
    panel = await browser.open({ saved: { view: knownView }, ...options });
    await panel.drawn();
  };

  it('lists mixed-topic chunks, strongest first, and steps through them by keyboard', async () => {
    await open();
    await panel.page.locator('#tab-quality').click();
    const rows = panel.page.locator('#panel-quality [role=option]');
    const percents = await rows
      .locator('.percentile')
      .evaluateAll((cells) => cells.map((cell) => parseInt(cell.textContent, 10)));
    assert.equal(percents.length, space.warnings().length);
    assert.deepEqual(
      percents,
      [...percents].sort((a, b) => b - a),
    );
    const next = panel.page.getByRole('button', { name: 'Next warning' });
    await next.click();
    assert.equal(await rows.first().getAttribute('aria-selected'), 'true');
    await panel.page.keyboard.press('ArrowDown');
    const point = Number(await rows.nth(1).getAttribute('data-point'));
    await panel.page.waitForFunction((wanted) => window.fakeHost.requests('point').at(-1)?.point === wanted, point);
    await panel.page.keyboard.press('Enter');
    const warning = space.warnings().find((candidate) => candidate.point === point)!;
    assert.deepEqual(await panel.sent('open'), [
      { type: 'open', chunkId: warning.place.chunkId, preview: true, offset: warning.mixed.cut - warning.place.start },
    ]);
  });

  it('narrows warnings by kind and folder, orders them, and says how many there were before', async () => {
    await open();
    await panel.page.locator('#tab-quality').click();
    const rows = panel.page.locator('#panel-quality [role=option]');
    const all = space.warnings();
    assert.equal(await rows.count(), all.length);
    const folder = panel.page.getByLabel('Folder', { exact: true });
    const [path, listed] = (await folder.locator('option').nth(1).innerText()).split(/ \((\d+)\)/);
    await folder.selectOption(path);
    assert.equal(await rows.count(), Number(listed));
    assert.equal(await rows.count(), all.filter(({ place }) => place.path.startsWith(`${path}/`)).length);

    const kind = panel.page.getByLabel('Kind of warning');
    await kind.selectOption('boilerplate');
    await panel.page.getByText('It shows boilerplate.').first().waitFor();
    assert.equal(await rows.count(), space.faults('boilerplate').length);
    assert.deepEqual(await panel.page.evaluate(() => window.fakeHost.requests('quality')), [
      { method: 'quality', kinds: ['boilerplate'] },
    ]);
    await panel.page.getByLabel('Order').selectOption('place');
    const points = await rows.evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.point)));
    const order = (point: number): string => {
      const { path: file, start } = space.place(point);
      return `${file} ${String(start).padStart(9, '0')}`;
    };
    assert.deepEqual(
      points.map(order),
      points.map(order).sort((a, b) => (a < b ? -1 : 1)),
    );

    await kind.selectOption('mixed-topics');
    await panel.page.evaluate((warnings) => window.fakeHost.send({ type: 'warnings', warnings }), all.slice(1));
    await panel.page.getByText(`${all.length} when this panel opened`).waitFor();
    assert.equal(await rows.count(), all.length - 1);
  });

  it('draws lines from a flagged chunk to where its halves would lie, and says what a split would change', async () => {
    await open({ saved: { view: knownView, legendOpen: false } });
    const { point } = space.warnings().find((each) => space.splitEffect(each.point) !== null)!;
    await panel.page.evaluate((id) => window.fakeHost.send({ type: 'reveal', point: id }), point);
    await panel.page.getByText('would find it at rank 1 in place of 17').waitFor();
    assert.equal((await panel.page.evaluate(() => window.fakeHost.requests('splitEffect'))).length, 1);
    // One half lies on the nearest neighbor: a hollow disc covers it.
    const { x, y } = await panel.placeOf(space.neighbors(point)[0].point);
    const pixels = await panel.pixels();
    const background = pixels.at(...cornerOf((await panel.page.locator('.map-surface').boundingBox())!)).join();
    assert.equal(pixels.at(x, y).join(), background, 'hollow');
    assert.notEqual(pixels.at(x + 6, y).join(), background, 'its border');
  });
});
