import { strict as assert } from 'node:assert';
import { Area } from '../../webview/map/areaSelection';
import { FixtureBrowser, fixture, knownView, space, type FixturePanel } from './fixturePanel';

/** A lasso in map units: a star-shaped polygon with a dent, so that its bounding box is not the answer. */
const lasso = [
  [-0.35, -0.45],
  [0.05, -0.55],
  [0.3, -0.1],
  [0, -0.2],
  [-0.1, 0.25],
  [-0.4, 0.1],
] as const;

describe('Selecting many on the map', () => {
  let browser: FixtureBrowser;
  let panel: FixturePanel;
  before(async () => (browser = await FixtureBrowser.launch()));
  after(() => browser.close());
  afterEach(() => panel.close());

  const open = async (options: Parameters<FixtureBrowser['open']>[0] = {}): Promise<void> => {
    panel = await browser.open({ saved: { view: knownView }, ...options });
    await panel.drawn();
  };

  const onScreen = async (corners: readonly (readonly [number, number])[]): Promise<{ x: number; y: number }[]> => {
    const box = (await panel.page.locator('.map-surface').boundingBox())!;
    return corners.map(([x, y]) => ({
      x: Math.round(box.x + box.width / 2 + x * knownView.scale),
      y: Math.round(box.y + box.height / 2 + y * knownView.scale),
    }));
  };

  async function draw(key: 'Alt' | 'Shift' | undefined, corners: { x: number; y: number }[]): Promise<void> {
    const { keyboard, mouse } = panel.page;
    if (key) await keyboard.down(key);
    await mouse.move(corners[0].x, corners[0].y);
    await mouse.down();
    for (const { x, y } of corners.slice(1)) await mouse.move(x, y);
    await mouse.up();
    if (key) await keyboard.up(key);
  }

  /** Points whose middles lie inside a polygon of the page, by a plain test of every one. */
  async function inside(corners: { x: number; y: number }[]): Promise<number[]> {
    const places = await panel.placesOf(fixture.chunks.map((_, point) => point));
    return places
      .filter(({ x, y }) => {
        let odd = false;
        corners.forEach((a, i) => {
          const b = corners[(i + 1) % corners.length];
          if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) odd = !odd;
        });
        return odd;
      })
      .map(({ point }) => point);
  }

  /** What the panel asked the words of: the selected set. */
  async function selectedSet(): Promise<number[]> {
    await panel.page.waitForFunction(() => window.fakeHost.requests('labelSelection').length > 0);
    return panel.page.evaluate(() => [...window.fakeHost.requests('labelSelection').at(-1)!.points]);
  }

  it('takes exactly the points inside a lasso, lists them and steps the others back', async () => {
    await open();
    const corners = await onScreen(lasso);
    const before = await panel.pixels();
    await draw('Alt', corners);
    const expected = await inside(corners);
    assert.ok(expected.length > 40 && expected.length < 600, `${expected.length} points`);
    assert.deepEqual(await selectedSet(), expected);
    const tab = panel.page.locator('#panel-chunk');
    assert.match((await tab.locator('.chunk-title').textContent()) ?? '', new RegExp(`^${expected.length} chunks`));
    assert.equal(await tab.locator('[role=option]').first().getAttribute('aria-setsize'), String(expected.length));
    assert.ok((await tab.locator('[role=option]').count()) < 60, 'only the rows in sight are in the page');
    const after = await panel.pixels();
    const luminance = ([r, g, b]: readonly number[]): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
    const chosen = new Set(expected);
    let dimmed = 0;
    let kept = 0;
    for (const { point, x, y } of await panel.placesOf(fixture.chunks.map((_, i) => i))) {
      if (space.mixed(point) || x < 260 || x > 880 || y < 60 || y > 500) continue;
      const [a, b] = [before.at(x, y), after.at(x, y)];
      if (luminance(a) < 70) continue;
      if (chosen.has(point) && Math.abs(luminance(a) - luminance(b)) < 25) kept++;
      if (!chosen.has(point) && luminance(b) < 0.75 * luminance(a)) dimmed++;
    }
    assert.ok(kept > 20, `${kept} selected points look as before`);
    assert.ok(dimmed > 100, `${dimmed} others stepped back`);
  });

  it('shows the outline of a lasso while it is drawn, and nothing of it afterwards', async () => {
    await open();
    const [a, b, c] = await onScreen(lasso);
    await panel.page.getByRole('button', { name: 'Lasso' }).click();
    await panel.page.mouse.move(a.x, a.y);
    await panel.page.mouse.down();
    await panel.page.mouse.move(b.x, b.y);
    await panel.page.mouse.move(c.x, c.y);
    const middle = { x: (a.x + b.x + c.x) / 3, y: (a.y + b.y + c.y) / 3 };
    const path = await panel.page.locator('.map-area path').getAttribute('d');
    assert.equal(path?.split('L').length, 3);
    const drawn = await panel.pixels();
    await panel.page.keyboard.press('Escape');
    await panel.page.mouse.up();
    assert.equal(await panel.page.locator('.map-area').count(), 0);
    assert.notDeepEqual((await panel.pixels()).at(middle.x, middle.y), drawn.at(middle.x, middle.y));
    assert.equal((await panel.requests('labelSelection')).length, 0, 'Escape takes the lasso back');
  });

  it('takes a rectangle with Shift, adds another with Ctrl, and takes single points in and out', async () => {
    await open();
    const [from, to, second, secondTo] = await onScreen([
      [-0.3, -0.5],
      [0, -0.2],
      [0.1, -0.1],
      [0.3, 0.1],
    ]);
    const rectangle = (a: typeof from, b: typeof to): (typeof from)[] => [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
    await draw('Shift', [from, to]);
    const first = await inside(rectangle(from, to));
    assert.deepEqual(await selectedSet(), first);
    await panel.page.keyboard.down('Control');
    await draw('Shift', [second, secondTo]);
    await panel.page.keyboard.up('Control');
    const both = [...new Set([...first, ...(await inside(rectangle(second, secondTo)))])].sort((a, b) => a - b);
    await panel.page.locator('.text-title', { hasText: `${both.length} chunks` }).waitFor();
    const place = (await panel.placesOf(first)).find(({ x, y }) => x > 300 && y > 80)!;
    await panel.page.mouse.click(place.x, place.y, { delay: 30 });
    await panel.page.keyboard.press('Alt+ArrowLeft');
    await panel.page.locator('.text-title', { hasText: `${both.length} chunks` }).waitFor();
    await panel.page.keyboard.press('Alt+ArrowRight');
    await panel.page.locator('#panel-chunk .file-link').waitFor();
  });

  it('searches within a set, marks its centroid, saves it, and says what was written', async () => {
    await open();
    await draw('Alt', await onScreen(lasso));
    const points = await selectedSet();
    const tab = panel.page.locator('#panel-chunk');
    await tab.locator('.set-search input').fill('closure');
    await tab.locator('[aria-label="Hits within the selected chunks"] [role=option]').first().waitFor();
    const within = await panel.page.evaluate(() => window.fakeHost.requests('searchWithin').map((r) => [...r.points]));
    assert.deepEqual(within, [points]);
    const stars = await panel.pixels();
    await tab.getByRole('button', { name: 'Centroid' }).click();
    await tab.getByText('The chunks are 0.61 similar to their mean').waitFor();
    const { x, y } = space.questions.centroid(points).marker;
    const [at] = await onScreen([[x!, y!]]);
    assert.deepEqual((await panel.pixels()).at(at.x, at.y), [255, 255, 255], 'the star is white on dark');
    assert.notDeepEqual(stars.at(at.x, at.y), [255, 255, 255]);
    await tab.getByRole('button', { name: 'With vectors…' }).click();
    await tab.getByText(`${points.length} lines were written to chunks.jsonl.`).waitFor();
    assert.deepEqual(
      (await panel.requests('exportPoints')).map(({ vectors }) => vectors),
      [true],
    );
  });

  it('opens a chunk of the list on Enter and goes to one with the right arrow, and back', async () => {
    await open();
    await draw('Alt', await onScreen(lasso));
    const points = await selectedSet();
    const rows = panel.page.locator('#panel-chunk .virtual [role=option]');
    await rows.first().click();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('End');
    await panel.page.waitForFunction(
      (last) => Number((document.activeElement as HTMLElement).dataset.index) === last,
      points.length - 1,
    );
    await panel.page.waitForFunction(
      (point) => document.activeElement?.querySelector(`[data-point="${point}"][title]`) !== null,
      points.at(-1)!,
    );
    await panel.page.keyboard.press('Enter');
    assert.equal((await panel.sent('open'))[0]?.chunkId, space.place(points.at(-1)!).chunkId);
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.locator('#panel-chunk .file-link').waitFor();
    await panel.page.keyboard.press('Alt+ArrowLeft');
    await panel.page.locator('.text-title', { hasText: `${points.length} chunks` }).waitFor();
  });

  it('keeps a set over a reload by where its points lie', async () => {
    await open();
    await draw('Alt', await onScreen(lasso));
    const points = await selectedSet();
    await panel.settle();
    await panel.page.reload();
    await panel.drawn();
    assert.deepEqual(await selectedSet(), points);
  });

  it('walks from one chunk to another picked on the map, step by step', async () => {
    await open();
    const from = 640;
    await panel.page.evaluate((point) => window.fakeHost.send({ type: 'reveal', point }), from);
    await panel.page.getByRole('button', { name: 'Walk to…' }).click();
    await panel.page.getByText('Pick the chunk where the walk ends.').waitFor();
    const to = fixture.chunks.findIndex((_, point) => space.questions.walk(from, point).steps.length === 5);
    await panel.page.evaluate((point) => window.fakeHost.send({ type: 'reveal', point }), to);
    await panel.page.waitForFunction((point) => window.fakeHost.requests('point').at(-1)?.point === point, to);
    await panel.page.locator('.map-surface').focus();
    await panel.page.keyboard.press('Enter');
    await panel.page.waitForFunction(() => window.fakeHost.requests('walk').length === 1);
    const { steps } = space.questions.walk(from, to);
    await panel.page.getByText('A walk in 4 steps').waitFor();
    assert.deepEqual(await panel.requests('walk'), [{ method: 'walk', from, to }]);
    const told = await panel.page.locator('.walk-chunk .chunk-row-text').count();
    assert.equal(told, steps.length);
    await panel.page.locator('.walk-chunk').nth(2).press('Enter');
    assert.equal((await panel.sent('open'))[0]?.chunkId, steps[2].place.chunkId);
  });
});

describe('An area of the map', () => {
  it('takes exactly the places inside a lasso of 400 corners', () => {
    const corners: number[] = [];
    for (let i = 0; i < 400; i++) {
      const radius = 0.6 + 0.3 * Math.sin(i * 0.7);
      corners.push(radius * Math.cos((i * Math.PI) / 200), radius * Math.sin((i * Math.PI) / 200));
    }
    const area = new Area(corners);
    const contains = (x: number, y: number): boolean => {
      let odd = false;
      for (let i = 0, j = 399; i < 400; j = i++) {
        const [ax, ay, bx, by] = [corners[2 * i], corners[2 * i + 1], corners[2 * j], corners[2 * j + 1]];
        if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) odd = !odd;
      }
      return odd;
    };
    let state = 3;
    const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1;
    const places = Array.from({ length: 20_000 }, () => [random(), random()] as const);
    let inside = 0;
    for (const [x, y] of places) {
      const expected = contains(x, y);
      if (expected) inside++;
      assert.equal(area.contains(x, y), expected, `${x}, ${y}`);
    }
    assert.ok(inside > 4000, `${inside} of the places lie inside`);
  });
});
