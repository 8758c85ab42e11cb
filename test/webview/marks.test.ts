import { strict as assert } from 'node:assert';
import { nearNothingWord, scatteredWord } from './fixtureSpace';
import {
  FixtureBrowser,
  fixture,
  isolatedPoints,
  knownView,
  space,
  type FixturePanel,
  type Picture,
} from './fixturePanel';

type Rgb = [number, number, number];
const apart = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
const white: Rgb = [255, 255, 255];
/** `--vscode-focusBorder` of the dark theme. */
const accent: Rgb = [0x00, 0x78, 0xd4];

describe('Marks on the map', () => {
  let browser: FixtureBrowser;
  let panel: FixturePanel;
  before(async () => (browser = await FixtureBrowser.launch()));
  after(() => browser.close());
  afterEach(() => panel.close());

  const search = async (query: string): Promise<void> => {
    await panel.page.locator('vscode-textfield.search input').fill(query);
    await panel.page.locator('#panel-results [role=option]').first().waitFor();
    await panel.page.mouse.move(2, 300);
  };
  /** Share of the places on a circle that have about this color. */
  const shareOnCircle = (picture: Picture, middle: { x: number; y: number }, radius: number, color: Rgb): number => {
    let hits = 0;
    for (let i = 0; i < 64; i++) {
      const angle = (2 * Math.PI * i) / 64;
      const near = [-0.75, 0, 0.75].some(
        (off) =>
          apart(
            picture.at(
              middle.x - 0.5 + (radius + off) * Math.cos(angle),
              middle.y - 0.5 + (radius + off) * Math.sin(angle),
            ),
            color,
          ) < 110,
      );
      if (near) hits++;
    }
    return hits / 64;
  };

  for (const query of ['', 'no-webgl']) {
    it(`rings true neighbors that were drawn elsewhere wholly, strangers in dashes (${query || 'webgl2'})`, async () => {
      panel = await browser.open({ query, saved: { view: knownView } });
      await panel.drawn();
      const labelled = await panel.page
        .locator('.map-label, .legend')
        .evaluateAll((elements) =>
          elements
            .filter((element) => getComputedStyle(element).visibility !== 'hidden')
            .map((element) => element.getBoundingClientRect().toJSON() as DOMRect),
        );
      const isClear = ({ x, y }: { x: number; y: number }): boolean =>
        x > 20 &&
        x < 840 &&
        y > 60 &&
        y < 740 &&
        labelled.every((box) => x < box.left - 12 || x > box.right + 12 || y < box.top - 12 || y > box.bottom + 12);
      const alone = new Set(isolatedPoints(0.03));
      /** A chunk with a ring of this kind in the open, apart from everything else that is marked. */
      const find = async (kind: 'missing' | 'strangers'): Promise<{ point: number; x: number; y: number }> => {
        for (let point = 0; point < space.size; point++) {
          const honesty = space.questions.honesty(point);
          const marked = [point, ...fixture.chunks[point].neighbors, ...honesty.strangers.map((other) => other.point)];
          const isApart = (other: number): boolean =>
            marked.every((third) => {
              const [from, to] = [fixture.chunks[other], fixture.chunks[third]];
              return third === other || Math.hypot(from.x - to.x, from.y - to.y) > 0.055;
            });
          const candidates = honesty[kind].map((other) => other.point).filter((p) => alone.has(p) && isApart(p));
          const open = (await panel.placesOf(candidates)).find(isClear);
          if (open) return { ...open, point };
        }
        throw new Error(`The fixture has no chunk with a ring for ${kind} in the open.`);
      };
      const select = async (point: number): Promise<Picture> => {
        await panel.page.evaluate((selected) => window.fakeHost.send({ type: 'reveal', point: selected }), point);
        await panel.page.waitForFunction(
          (selected) => window.fakeHost.requests('pointHonesty').at(-1)?.point === selected,
          point,
        );
        await panel.page.locator('.honesty').waitFor();
        await panel.page.mouse.move(2, 300);
        await panel.page.waitForTimeout(100);
        return panel.pixels();
      };
      const missing = await find('missing');
      const whole = shareOnCircle(await select(missing.point), missing, 7.5, accent);
      assert.ok(whole > 0.8, `${Math.round(100 * whole)} % of the ring around a missing neighbor`);
      const stranger = await find('strangers');
      const dashed = shareOnCircle(await select(stranger.point), stranger, 6.2, white);
      assert.ok(dashed > 0.25 && dashed < 0.85, `${Math.round(100 * dashed)} % of the ring around a stranger`);
    });
  }

  it('draws one confident star for a question, several faint ones where its neighbors are scattered', async () => {
    panel = await browser.open({ saved: { view: knownView } });
    await panel.drawn();
    const before = await panel.pixels();
    const at = async (stars: readonly { x: number; y: number }[]) => {
      const box = (await panel.page.locator('.map-surface').boundingBox())!;
      return stars.map(({ x, y }) => ({
        x: box.x + box.width / 2 + x * knownView.scale,
        y: box.y + box.height / 2 + y * knownView.scale,
      }));
    };
    await search('closure');
    const [one] = await at(space.search('closure').marker.stars);
    assert.ok(apart((await panel.pixels()).at(one.x, one.y), white) < 12, 'a confident star is white');
    assert.equal(await panel.page.locator('#panel-results .marker-note').count(), 0);
    await search(scatteredWord);
    const { stars } = space.search(scatteredWord).marker;
    assert.equal(stars.length, 3);
    await panel.page.getByText('The nearest chunks lie in 3 places of the map').waitFor();
    const picture = await panel.pixels();
    const brightness = (await at(stars)).map(({ x, y }) => {
      assert.ok(apart(picture.at(x, y), before.at(x, y)) > 25, 'a faint star is drawn');
      return Math.min(...picture.at(x, y));
    });
    assert.ok(brightness[0] < 235, 'none is as bright as a confident one');
    assert.ok(brightness[0] > brightness[2], 'the one with most of the neighbors is the brightest');
  });

  it('says that a question is near nothing, and stands its star on the margin', async () => {
    panel = await browser.open();
    await panel.drawn();
    await search(nearNothingWord);
    await panel.page.getByText('This question is near nothing here').waitFor();
    const { x } = space.search(nearNothingWord).marker.stars[0];
    assert.ok(fixture.chunks.every((chunk) => chunk.x > x));
  });

  it('tints dense places below the points when the map is seen from far, and not from near', async () => {
    panel = await browser.open({ query: 'points=10000' });
    await panel.drawn();
    const tint = async (): Promise<{ opacity: number; inside: number }> => {
      await panel.settle();
      return panel.page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.map-contours')!;
        if (canvas.style.visibility === 'hidden') return { opacity: 0, inside: 0 };
        const context = canvas.getContext('2d')!;
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        const levels = new Set<number>();
        for (let i = 3; i < data.length; i += 4) if (data[i] > 0) levels.add(data[i]);
        return { opacity: Number(canvas.style.opacity), inside: levels.size };
      });
    };
    const far = await tint();
    assert.ok(far.opacity > 0.2, `opacity ${far.opacity}`);
    assert.ok(far.inside >= 5, `${far.inside} shades: bands lie within bands`);
    for (let i = 0; i < 4; i++) await panel.page.getByRole('button', { name: 'Zoom in' }).click();
    assert.equal((await tint()).opacity, 0);
  });

  it('names coarse clusters when the map is small, and finer ones as it grows', async () => {
    const levels = space.map(1).clusterLevels.map(({ clusters }) => new Set(clusters.map(({ name }) => name)));
    const names = async (): Promise<string[]> => {
      await panel.settle();
      return panel.page
        .locator('.map-label')
        .evaluateAll((labels) =>
          labels
            .filter((label) => getComputedStyle(label).visibility === 'visible')
            .map((label) => label.textContent ?? ''),
        );
    };
    panel = await browser.open({ saved: { view: { x: 0, y: 0, scale: 60 } } });
    await panel.drawn();
    const coarse = await names();
    assert.ok(coarse.length > 0 && coarse.every((name) => levels[0].has(name)), coarse.join('; '));
    await panel.close();
    panel = await browser.open({ saved: { view: { x: 0, y: 0, scale: 900 } } });
    await panel.drawn();
    const fine = await names();
    assert.ok(fine.length > 0 && fine.every((name) => levels[2].has(name)), fine.join('; '));
  });
});
