import { strict as assert } from 'node:assert';
import { rampColor, rampSteps } from '../../src/shared/palette';
import { contrast, parseHex, simulate, toLab, visions } from './colorDistance';
import { FixtureBrowser, fixture, knownView, space, type FixturePanel } from './fixturePanel';

describe('Color by numbers and words', () => {
  let browser: FixtureBrowser;
  let panel: FixturePanel;
  before(async () => (browser = await FixtureBrowser.launch()));
  after(() => browser.close());
  afterEach(() => panel.close());

  const open = async (options: Parameters<FixtureBrowser['open']>[0] = {}): Promise<void> => {
    panel = await browser.open({ saved: { view: knownView }, ...options });
    await panel.drawn();
  };
  const colorBy = async (name: string): Promise<void> => {
    await panel.page.locator('vscode-single-select').first().click();
    await panel.page.getByRole('option', { name, exact: true }).click();
  };
  const shownPoints = async (): Promise<number> => {
    const footer = (await panel.page.locator('.footer').textContent()) ?? '';
    return Number(/([\d,]+) of 1,200 points shown/.exec(footer)?.[1].replace(',', '') ?? space.size);
  };

  it('shows the part of the numbers between two handles, by keyboard and by drag', async () => {
    await open();
    await colorBy('Trust');
    const legend = panel.page.locator('.number-legend');
    await legend.getByText('True neighbors kept, of 15').waitFor();
    const least = legend.getByRole('slider').first();
    await least.focus();
    for (let i = 0; i < 10; i++) await panel.page.keyboard.press('ArrowRight');
    assert.equal(await least.getAttribute('aria-valuetext'), '10');
    assert.equal(await shownPoints(), fixture.chunks.filter(({ trust }) => trust >= 10).length);
    const track = (await legend.locator('.number-track').boundingBox())!;
    const handle = (await legend.locator('.range-handle').nth(1).boundingBox())!;
    await panel.page.mouse.move(handle.x + 5, handle.y + 7);
    await panel.page.mouse.down();
    await panel.page.mouse.move(track.x + (track.width * 12) / 15, handle.y + 7, { steps: 3 });
    await panel.page.mouse.up();
    assert.equal(await shownPoints(), fixture.chunks.filter(({ trust }) => trust >= 10 && trust <= 12).length);
    await panel.page.getByRole('button', { name: 'Show all' }).click();
    assert.equal(await shownPoints(), space.size);
  });

  it('asks for numbers that the map does not hold, with their units, and tells of what has none', async () => {
    await open();
    await colorBy('Git age');
    const legend = panel.page.locator('.legend');
    await legend.getByText('Age of the last commit').waitFor();
    assert.match((await legend.locator('.number-ticks').textContent()) ?? '', /^today.*5 y$/);
    const without = fixture.chunks.filter(({ path }) => path % 40 === 7).length;
    await legend
      .getByRole('button', { name: `Not in git ${without}` })
      .or(legend.locator('.legend-toggle'))
      .click();
    assert.equal(await shownPoints(), space.size - without);
    await colorBy('Word pieces');
    await legend.locator('.number-ticks').getByText('256').waitFor();
    await panel.page.evaluate(() => window.fakeHost.failing.add('colorData'));
    await colorBy('Git age');
    await legend.getByText('The engine stopped. It starts again by itself.').waitFor();
  });

  it('counts similarity to the selected chunk, and to the next one', async () => {
    await open();
    await colorBy('Similarity');
    await panel.page.getByText('Select a chunk or search: similarity is counted to it.').waitFor();
    for (const point of [640, 100]) {
      await panel.page.evaluate((selected) => window.fakeHost.send({ type: 'reveal', point: selected }), point);
      await panel.page.waitForFunction(
        (selected) => window.fakeHost.requests('similarityTo').at(-1)?.points?.[0] === selected,
        point,
      );
    }
    await panel.page.getByText('Cosine similarity to the selected chunk').waitFor();
    await panel.settle();
    const near = await panel.placeOf(fixture.chunks[100].neighbors[0]);
    const [red, , blue] = (await panel.pixels()).at(near.x, near.y);
    assert.ok(red > blue, 'near points are at the bright end of the ramp');
  });

  it('dims what does not hold the words, says how many do, and selects them', async () => {
    await open();
    await panel.page.getByRole('radio', { name: 'Words' }).click();
    await panel.page.locator('vscode-textfield.search input').fill('closure');
    const expected = space.questions.text('closure').points;
    const count = `${expected.length} of 1,200`;
    await panel.page.locator('.search-count', { hasText: count }).waitFor();
    assert.equal((await panel.requests('search')).length, 0);
    const tab = panel.page.locator('#panel-results');
    assert.equal(await tab.locator('[role=option]').first().getAttribute('aria-setsize'), String(expected.length));
    await tab.getByRole('button', { name: 'Select all' }).click();
    await panel.page.locator('.text-title', { hasText: `${expected.length} chunks` }).waitFor();
    await panel.page.getByRole('radio', { name: 'Meaning' }).click();
    await panel.page.waitForFunction(() => window.fakeHost.requests('search').length === 1);
  });
});

describe('The ramp for numbers', () => {
  for (const kind of ['dark', 'light'] as const) {
    it(`runs the ramp from low to high by lightness alone, with any vision (${kind})`, () => {
      const background = parseHex(kind === 'dark' ? '#1f1f1f' : '#ffffff');
      const steps = Array.from({ length: rampSteps }, (_, step) => parseHex(rampColor(kind, step)));
      for (const vision of visions) {
        const lightness = steps.map((color) => toLab(simulate(color, vision))[0]);
        const sign = kind === 'dark' ? 1 : -1;
        lightness
          .slice(1)
          .forEach((value, i) => assert.ok(sign * (value - lightness[i]) > 0, `${vision}, step ${i + 1}`));
      }
      for (const color of steps) assert.ok(contrast(color, background) >= 2.2);
    });
  }
});
