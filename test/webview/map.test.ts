import { strict as assert } from 'node:assert';
import { hues } from '../../src/shared/palette';
import {
  fixture,
  isolatedPoints,
  knownView,
  FixtureBrowser,
  space,
  type FixturePanel,
  type Picture,
} from './fixturePanel';

type Rgb = [number, number, number];

const parse = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb;
const apart = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
const background: Rgb = [0x1f, 0x1f, 0x1f];

describe('The map', () => {
  let browser: FixtureBrowser;
  let panel: FixturePanel;
  before(async () => (browser = await FixtureBrowser.launch()));
  after(() => browser.close());
  afterEach(() => panel.close());

  /** Isolated points that lie in the open: under no label, legend or button. */
  async function pointsInTheOpen(): Promise<{ point: number; x: number; y: number }[]> {
    const boxes = await panel.page.evaluate(() =>
      [...document.querySelectorAll('.map-label, .legend, .zoom')]
        .filter((element) => getComputedStyle(element).visibility !== 'hidden')
        .map(
          (element) =>
            element.getBoundingClientRect().toJSON() as { left: number; right: number; top: number; bottom: number },
        ),
    );
    const map = (await panel.page.locator('.map-surface').boundingBox())!;
    const places = await panel.placesOf(isolatedPoints(0.036));
    return places.filter(
      ({ point, x, y }) =>
        !space.mixed(point) &&
        x > map.x + 10 &&
        x < map.x + map.width - 10 &&
        y > map.y + 10 &&
        y < map.y + map.height - 10 &&
        boxes.every((box) => x < box.left - 8 || x > box.right + 8 || y < box.top - 8 || y > box.bottom + 8),
    );
  }

  /** The swatch of each folder in the legend. */
  async function legendColors(): Promise<Map<string, Rgb>> {
    const rows = await panel.page
      .locator('.legend-row')
      .evaluateAll((elements) =>
        elements.map(
          (row) =>
            [
              row.querySelector('.legend-name')!.textContent,
              getComputedStyle(row.querySelector('.swatch')!).backgroundColor,
            ] as const,
        ),
      );
    return new Map(rows.map(([name, color]) => [name, color.match(/\d+/g)!.slice(0, 3).map(Number) as Rgb]));
  }

  async function assertColored(picture: Picture): Promise<number> {
    const colors = await legendColors();
    const places = await pointsInTheOpen();
    assert.ok(places.length >= 20, `only ${places.length} points lie in the open`);
    for (const { point, x, y } of places) {
      const folder = fixture.folders[fixture.chunks[point].folder];
      const expected = colors.get(folder) ?? colors.get('Other')!;
      const nearest = [...colors.values()].sort((a, b) => apart(a, picture.at(x, y)) - apart(b, picture.at(x, y)))[0];
      assert.deepEqual(nearest, expected, `point ${point} of ${folder} at ${x}, ${y} is ${String(picture.at(x, y))}`);
      assert.ok(apart(picture.at(x, y), background) > 40, `point ${point} is not drawn`);
    }
    return places.length;
  }

  it('draws every point where its coordinates lie, in the color of its group, and says how many', async () => {
    panel = await browser.open({ saved: { view: knownView } });
    assert.deepEqual(await panel.drawn(), { points: space.size, renderer: 'webgl2' });
    await assertColored(await panel.pixels());
  });

  it('draws on a screen with two device pixels for each of ours', async () => {
    panel = await browser.open({ saved: { view: knownView }, pixelRatio: 2 });
    await panel.drawn();
    const picture = await panel.pixels();
    const { x, y } = (await pointsInTheOpen())[0];
    assert.equal(picture.width, 2560);
    assert.ok(apart(picture.at(2 * x, 2 * y), background) > 40);
  });

  it('draws the same picture without WebGL2, and says so', async () => {
    panel = await browser.open({ saved: { view: knownView } });
    await panel.drawn();
    const withWebgl = await panel.pixels();
    await panel.close();
    panel = await browser.open({ query: 'no-webgl', saved: { view: knownView } });
    assert.deepEqual(await panel.drawn(), { points: space.size, renderer: 'canvas2d' });
    const withCanvas = await panel.pixels();
    await assertColored(withCanvas);
    const map = (await panel.page.locator('.map-surface').boundingBox())!;
    const difference = withWebgl.difference(withCanvas, map);
    assert.ok(difference < 1, `mean difference of a channel: ${difference.toFixed(2)} of 255`);
    assert.match((await panel.page.locator('.footer').textContent()) ?? '', /Drawn without WebGL/);
  });

  it('hides a group when its row in the legend is clicked, shows it alone with Alt, and all again', async () => {
    panel = await browser.open({ saved: { view: knownView } });
    await panel.drawn();
    const places = await pointsInTheOpen();
    const hiddenFolder = fixture.folders.indexOf('iterators');
    const drawnPoints = async (): Promise<Set<number>> => {
      const picture = await panel.pixels();
      return new Set(places.filter(({ x, y }) => apart(picture.at(x, y), background) > 40).map(({ point }) => point));
    };
    const of = (folder: number): number[] =>
      places.map(({ point }) => point).filter((point) => fixture.chunks[point].folder === folder);
    assert.ok(of(hiddenFolder).length > 0);
    const row = panel.page.locator('.legend-toggle', { hasText: 'iterators' });
    await row.click();
    assert.equal(await row.getAttribute('aria-pressed'), 'false');
    assert.deepEqual(
      [...(await drawnPoints())].sort(),
      places
        .map(({ point }) => point)
        .filter((point) => !of(hiddenFolder).includes(point))
        .sort(),
    );
    assert.match((await panel.page.locator('.footer').textContent()) ?? '', /[\d,]+ of 1,200 points shown/);

    await row.click({ modifiers: ['Alt'] });
    assert.deepEqual([...(await drawnPoints())].sort(), of(hiddenFolder).sort());
    await panel.page.getByRole('button', { name: 'Show all' }).click();
    assert.equal((await drawnPoints()).size, places.length);
  });

  it('keeps labels apart at every zoom', async () => {
    panel = await browser.open({ width: 560, height: 760 });
    await panel.drawn();
    const zoomIn = panel.page.getByRole('button', { name: 'Zoom in' });
    for (let step = 0; step < 5; step++) {
      await panel.settle();
      const boxes = await panel.page.locator('.map-label').evaluateAll((labels) =>
        labels
          .filter((label) => getComputedStyle(label).visibility === 'visible')
          .map((label) => ({
            name: label.textContent,
            ...(label.getBoundingClientRect().toJSON() as {
              left: number;
              right: number;
              top: number;
              bottom: number;
            }),
          })),
      );
      if (step === 0) assert.ok(boxes.length >= 8, `only ${boxes.length} labels`);
      boxes.forEach((a, i) =>
        boxes
          .slice(0, i)
          .forEach((b) =>
            assert.ok(
              a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top,
              `"${a.name}" overlaps "${b.name}"`,
            ),
          ),
      );
      await zoomIn.click();
    }
  });

  it('zooms to the pointer and pans with it', async () => {
    panel = await browser.open({ saved: { view: knownView } });
    await panel.drawn();
    const { point, x, y } = (await pointsInTheOpen())[0];
    await panel.page.mouse.move(x, y);
    await panel.page.mouse.wheel(0, -300);
    await panel.page.mouse.move(x + 1, y + 1);
    await panel.page
      .locator('.hover-path')
      .filter({ hasText: space.place(point).path })
      .waitFor();
    assert.ok(apart((await panel.pixels()).at(x, y), background) > 40, 'the point left the pointer');
    await panel.page.mouse.down();
    await panel.page.mouse.move(x + 61, y + 41, { steps: 4 });
    await panel.page.mouse.up();
    await panel.page.mouse.move(5, 300);
    assert.ok(apart((await panel.pixels()).at(x + 60, y + 40), background) > 40, 'the point did not come along');
    assert.equal((await panel.requests('point')).length, 0, 'a drag is no click');
  });

  it('moves points to a new revision without moving the view, and tells of each', async () => {
    panel = await browser.open({ saved: { view: knownView } });
    await panel.drawn();
    await panel.page.evaluate(() => {
      const map = window.fakeHost.space.map(7);
      map.coordinates = map.coordinates.map((value, i) => (i % 2 === 0 ? value + 0.2 : value));
      window.fakeHost.send({ type: 'map', map });
    });
    assert.equal((await panel.drawn(2)).points, space.size);
    const picture = await panel.pixels();
    const places = await panel.placesOf(isolatedPoints(0.08));
    const seen = places.map(({ x, y }) => x + 60 < 890 && apart(picture.at(x + 60, y), background) > 40);
    const share = seen.filter(Boolean).length / places.length;
    assert.ok(share > 0.6, `${Math.round(share * 100)} % of points are 60 pixels to the right`);
  });

  it('glides to a new revision when motion is welcome, and comes to rest', async () => {
    panel = await browser.open({ saved: { view: knownView }, reducedMotion: false });
    await panel.drawn();
    const [point] = isolatedPoints(0.1) as [number];
    await panel.page.evaluate((moved) => {
      const map = window.fakeHost.space.map(2);
      map.coordinates[2 * moved] += 0.03;
      window.fakeHost.send({ type: 'map', map });
    }, point);
    await panel.drawn(2);
    const frames = await panel.page.evaluate(async () => {
      const original = window.requestAnimationFrame.bind(window);
      let asked = 0;
      window.requestAnimationFrame = (callback) => (asked++, original(callback));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const moving = asked;
      asked = 0;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { moving, resting: asked };
    });
    assert.ok(frames.moving > 3, 'nothing moved');
    assert.equal(frames.resting, 0, 'the map draws although nothing changes');
  });

  it('draws again after the WebGL context was lost', async () => {
    panel = await browser.open({ saved: { view: knownView } });
    await panel.drawn();
    await panel.page.evaluate(async () => {
      const gl = document.querySelector<HTMLCanvasElement>('.map-canvas')!.getContext('webgl2')!;
      const extension = gl.getExtension('WEBGL_lose_context')!;
      extension.loseContext();
      await new Promise((resolve) => setTimeout(resolve, 100));
      extension.restoreContext();
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    await assertColored(await panel.pixels());
  });

  it('moves the picture along while the map is panned, and draws it in one call where it must', async () => {
    panel = await browser.open({ query: 'points=10000', saved: { view: knownView } });
    await panel.drawn();
    await panel.settle();
    const calls = await panel.page.evaluate(async () => {
      const { prototype } = WebGL2RenderingContext;
      const counted = { drawArrays: 0, bufferData: 0 };
      for (const name of ['drawArrays', 'bufferData'] as const) {
        const original = prototype[name] as (...all: unknown[]) => void;
        prototype[name] = function (this: WebGL2RenderingContext, ...all: unknown[]) {
          counted[name]++;
          original.apply(this, all);
        };
      }
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      const canvas = [...document.querySelectorAll('.map-canvas')].at(-1)!;
      const press = (type: string, x: number): boolean =>
        canvas.dispatchEvent(
          new PointerEvent(type, { clientX: x, clientY: 400, pointerId: 1, button: 0, isPrimary: true, bubbles: true }),
        );
      const capture = Element.prototype.setPointerCapture;
      // A pointer that no hand moves can't be captured.
      Element.prototype.setPointerCapture = () => undefined;
      press('pointerdown', 300);
      for (let i = 1; i <= 60; i++) {
        press('pointermove', 300 + 4 * i);
        await frame();
      }
      const panned = { ...counted };
      await new Promise((resolve) => setTimeout(resolve, 400));
      const rested = { ...counted };
      press('pointerup', 540);
      Element.prototype.setPointerCapture = capture;
      const surface = document.querySelector('.map-surface')!;
      for (let i = 0; i < 20; i++) {
        surface.dispatchEvent(
          new WheelEvent('wheel', { deltaY: -6, clientX: 400, clientY: 400, bubbles: true, cancelable: true }),
        );
        await frame();
      }
      return { panned, rested, zoomed: { ...counted } };
    });
    // 240 pixels in 60 frames: drawn when it begins and where the room around the view ends.
    assert.ok(calls.panned.drawArrays >= 1 && calls.panned.drawArrays <= 3, `drawn ${calls.panned.drawArrays} times`);
    assert.equal(calls.rested.drawArrays, calls.panned.drawArrays + 1, 'drawn once more when it rests');
    const zoomed = calls.zoomed.drawArrays - calls.rested.drawArrays;
    assert.ok(zoomed >= 10 && zoomed <= 21, `drawn ${zoomed} times in 20 frames of zooming`);
    assert.equal(calls.zoomed.bufferData, 0, 'no frame uploads points');
  });

  it('shows while it is panned what it shows at rest', async () => {
    for (const query of ['', 'no-webgl']) {
      panel = await browser.open({ query, saved: { view: knownView } });
      await panel.drawn();
      const map = (await panel.page.locator('.map-surface').boundingBox())!;
      const { x, y } = (await pointsInTheOpen())[0];
      await panel.page.mouse.move(x + 12, y + 12);
      await panel.page.mouse.down();
      await panel.page.mouse.move(x + 20, y + 20);
      await panel.page.mouse.move(x + 92, y + 72, { steps: 6 });
      const moving = await panel.pixels();
      await panel.page.waitForTimeout(500);
      const resting = await panel.pixels();
      const difference = moving.difference(resting, map);
      assert.ok(difference < 0.5, `mean difference of a channel: ${difference.toFixed(2)} of 255`);
      assert.ok(apart(resting.at(x + 80, y + 60), background) > 40, 'the point came along');
      await panel.page.mouse.up();
      if (query === '') await panel.close();
    }
  });

  it('finds the exact nearest of 100,000 points under the pointer', async () => {
    panel = await browser.open({ query: 'points=100000', saved: { view: knownView } });
    assert.equal((await panel.drawn()).points, 100_000);
    const map = (await panel.page.locator('.map-surface').boundingBox())!;
    // In the middle of the densest islands, right of the legend: several points lie under every pixel.
    const queries = await panel.page.evaluate(
      ({ width, height, scale }) => {
        const { coordinates, clusters } = window.syntheticMap(100_000, 1);
        return clusters
          .map(({ x, y }) => ({ x: Math.round(width / 2 + x * scale), y: Math.round(height / 2 + y * scale) }))
          .filter(({ x, y }) => x > 260 && x < width - 60 && y > 20 && y < height - 120)
          .slice(0, 6)
          .map((query) => {
            const distanceOf = (row: number): number =>
              Math.hypot(
                (query.x - width / 2) / scale - coordinates[2 * row],
                (query.y - height / 2) / scale - coordinates[2 * row + 1],
              );
            let best = 0;
            for (let row = 1; row < 100_000; row++) if (distanceOf(row) < distanceOf(best)) best = row;
            return { ...query, expected: best };
          });
      },
      { width: map.width, height: map.height, scale: knownView.scale },
    );
    assert.ok(queries.length >= 4);
    for (const { x, y } of queries) await panel.page.mouse.click(map.x + x, map.y + y, { delay: 150 });
    await panel.page.waitForTimeout(200);
    assert.deepEqual(
      (await panel.requests('point')).map(({ point }) => point),
      queries.map(({ expected }) => expected),
    );
  });

  it('uses the hues of the theme', async () => {
    panel = await browser.open();
    await panel.drawn();
    const dark = [...(await legendColors()).values()].map(String);
    for (const hue of hues.dark) assert.ok(dark.includes(String(parse(hue))), `${hue} is not in the legend`);
    await panel.page.evaluate(() => window.applyTheme('light'));
    await panel.settle();
    const light = [...(await legendColors()).values()].map(String);
    for (const hue of hues.light) assert.ok(light.includes(String(parse(hue))), `${hue} is not in the legend`);
    const box = (await panel.page.locator('.map-surface').boundingBox())!;
    assert.deepEqual((await panel.pixels()).at(box.x + 5, box.y + 5), [255, 255, 255]);
  });
});
