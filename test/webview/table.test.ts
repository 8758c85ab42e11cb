import { strict as assert } from 'node:assert';
import { FixtureBrowser, fixture, knownView, space, type FixturePanel } from './fixturePanel';

describe('The map in other shapes', () => {
  let browser: FixtureBrowser;
  let panel: FixturePanel;
  before(async () => (browser = await FixtureBrowser.launch()));
  after(() => browser.close());
  afterEach(() => panel.close());

  const open = async (options: Parameters<FixtureBrowser['open']>[0] = {}): Promise<void> => {
    panel = await browser.open({ saved: { view: knownView }, ...options });
    await panel.drawn();
  };
  const more = async (role: 'menuitem' | 'menuitemcheckbox', name: string): Promise<void> => {
    await panel.page.getByRole('button', { name: 'More actions' }).click();
    await panel.page.getByRole(role, { name }).click();
  };

  it('is a table of any length: counted, sorted by a column, read by keyboard', async () => {
    await open();
    await more('menuitemcheckbox', 'Show as Table');
    const grid = panel.page.getByRole('grid', { name: 'Chunks of the map' });
    assert.equal(await grid.getAttribute('aria-rowcount'), String(space.size + 1));
    assert.ok((await grid.getByRole('row').count()) < 70, 'only the rows in sight are in the page');
    await grid.getByRole('columnheader', { name: 'Trust' }).getByRole('button').click();
    assert.equal(await grid.getByRole('columnheader', { name: 'Trust' }).getAttribute('aria-sort'), 'descending');
    const trustOf = (await grid.getByRole('row').locator('[role=gridcell]:nth-child(5)').allTextContents()).map(Number);
    const best = fixture.chunks.map(({ trust }) => trust).sort((a, b) => b - a);
    assert.deepEqual(trustOf, best.slice(0, trustOf.length));
    await grid.locator('[data-row="0"]').focus();
    await panel.page.keyboard.press('End');
    const last = grid.locator(`[data-row="${space.size - 1}"]`);
    await last.waitFor();
    assert.equal(await last.getAttribute('aria-rowindex'), String(space.size + 1));
    const point = Number(await last.getAttribute('data-point'));
    await panel.page.keyboard.press(' ');
    await panel.page.waitForFunction((wanted) => window.fakeHost.requests('point').at(-1)?.point === wanted, point);
    await panel.page.locator('#panel-chunk .file-link').waitFor();
    await panel.page.keyboard.press('Enter');
    await panel.page.waitForFunction(() => window.fakeHost.sent.some(({ type }) => type === 'open'));
    assert.equal((await panel.sent('open'))[0]?.chunkId, space.place(point).chunkId);
    await panel.page.getByRole('button', { name: 'Show the map' }).click();
    assert.equal(await grid.count(), 0);
  });

  it('holds in its table what the legend and a search leave', async () => {
    await open();
    await more('menuitemcheckbox', 'Show as Table');
    await panel.page.getByRole('radio', { name: 'Words' }).click();
    await panel.page.locator('vscode-textfield.search input').fill('closure');
    const expected = space.questions.text('closure').points.length;
    await panel.page.locator('.table-head', { hasText: `${expected} of 1,200 chunks` }).waitFor();
  });

  it('is saved as a PNG with the points where they are, at twice the pixels', async () => {
    await open();
    await more('menuitem', 'Save Picture as PNG…');
    await panel.page.waitForFunction(() => window.fakeHost.requests('savePicture').length === 1);
    const picture = await panel.page.evaluate(async () => {
      const [{ data }] = window.fakeHost.requests('savePicture');
      const bitmap = await createImageBitmap(new Blob([data], { type: 'image/png' }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const surface = document.querySelector('.map-surface')!.getBoundingClientRect();
      const at = window.fakeHost.space
        .map(1)
        .coordinates.slice(0, 400)
        .reduce<number[][]>((places, value, i) => {
          if (i % 2 === 0) places.push([value]);
          else places[places.length - 1].push(value);
          return places;
        }, [])
        .map(([x, y]) => [surface.width / 2 + x * 300, surface.height / 2 + y * 300])
        .filter(([x, y]) => x > 240 && x < surface.width - 5 && y > 5 && y < surface.height - 5);
      const colored = at.filter(([x, y]) => {
        const [r, g, b] = context.getImageData(Math.round(2 * x), Math.round(2 * y), 1, 1).data;
        return Math.hypot(r - 0x1f, g - 0x1f, b - 0x1f) > 40;
      });
      return { width: bitmap.width, expected: 2 * surface.width, places: at.length, colored: colored.length };
    });
    assert.ok(Math.abs(picture.width - picture.expected) <= 1);
    // A few lie below a name or are hollow rings.
    assert.ok(picture.places > 60 && picture.colored > 0.9 * picture.places, JSON.stringify(picture));
  });

  it('is saved as SVG with every point, name and group, and nothing that runs', async () => {
    await open();
    await more('menuitem', 'Save Picture as SVG…');
    await panel.page.waitForFunction(() => window.fakeHost.requests('savePicture').length === 1);
    const { svg, inView } = await panel.page.evaluate(() => {
      const [{ data }] = window.fakeHost.requests('savePicture');
      const { width, height } = document.querySelector('.map-surface')!.getBoundingClientRect();
      const { coordinates } = window.fakeHost.space.map(1);
      let shown = 0;
      for (let i = 0; i < coordinates.length; i += 2) {
        if (Math.abs(coordinates[i]) * 300 < width / 2 && Math.abs(coordinates[i + 1]) * 300 < height / 2) shown++;
      }
      return { svg: new TextDecoder().decode(data), inView: shown };
    });
    const circles = svg.match(/<circle /g)?.length ?? 0;
    // Ten more stand in the legend; those on the border count as seen.
    assert.ok(circles >= inView + 10 && circles <= inView + 30, `${circles} circles for ${inView} points`);
    for (const folder of ['iterators', 'ownership', 'Other']) assert.ok(svg.includes(`>${folder}</text>`), folder);
    assert.ok(!/<script|onload|href/.test(svg));
  });

  it('keeps names inside the map while it is panned and zoomed, finer ones the nearer', async () => {
    panel = await browser.open({ width: 620, height: 760 });
    await panel.drawn();
    const surface = panel.page.locator('.map-surface');
    const names = new Set<string>();
    await surface.focus();
    await panel.page.keyboard.press('-');
    await panel.page.keyboard.press('-');
    for (let step = 0; step < 10; step++) {
      await panel.settle();
      const map = (await surface.boundingBox())!;
      for (const label of await panel.page.locator('.map-label:visible').all()) {
        const box = (await label.boundingBox())!;
        const name = (await label.textContent()) ?? '';
        names.add(name);
        const inside =
          box.x >= map.x &&
          box.x + box.width <= map.x + map.width &&
          box.y >= map.y &&
          box.y + box.height <= map.y + map.height;
        assert.ok(inside, `"${name}" lies across the border at step ${step}`);
      }
      await surface.focus();
      await panel.page.keyboard.press(step % 2 === 0 ? '+' : 'Shift+ArrowRight');
    }
    const levels = space.map(1).clusterLevels;
    assert.ok(
      levels[0].clusters.some(({ name }) => names.has(name)),
      'coarse names far out',
    );
    assert.ok(levels[2].clusters.filter(({ name }) => names.has(name)).length > 2, 'fine names near');
  });
});
