import { strict as assert } from 'node:assert';
import { fixture, isolatedPoints, knownView, FixtureBrowser, space, type FixturePanel } from './fixturePanel';

describe('The panel', () => {
  let browser: FixtureBrowser;
  let panel: FixturePanel;
  before(async () => (browser = await FixtureBrowser.launch()));
  after(() => browser.close());
  afterEach(() => panel.close());

  const open = async (options: Parameters<FixtureBrowser['open']>[0] = {}): Promise<void> => {
    panel = await browser.open({ saved: { view: knownView }, ...options });
    await panel.drawn();
  };

  /** A point near the middle of the map that nothing covers. */
  const lonely = isolatedPoints(0.045).find((point) => {
    const { x, y } = fixture.chunks[point];
    return Math.abs(x) < 0.7 && y < 0.2 && y > -0.8;
  })!;

  describe('under the pointer', () => {
    it('shows a card with place and text, and asks for each excerpt once', async () => {
      await open();
      const { x, y } = await panel.placeOf(lonely);
      await panel.page.mouse.move(x + 1, y + 1);
      const card = panel.page.locator('.hover-card');
      await card
        .locator('.hover-path')
        .filter({ hasText: space.place(lonely).path })
        .waitFor();
      const text = (await card.textContent()) ?? '';
      assert.ok(text.includes(fixture.chunks[lonely].text.slice(0, 30).split('\n')[0]));
      assert.ok(
        text.includes(
          `line${space.place(lonely).startLine === space.place(lonely).endLine ? '' : 's'} ${space.place(lonely).startLine + 1}`,
        ),
      );
      await panel.page.mouse.move(6, 300);
      await card.waitFor({ state: 'detached' });
      await panel.page.mouse.move(x + 1, y + 1);
      await card.waitFor();
      const asked = (await panel.requests('excerpts')).filter(({ points }) => (points as number[]).includes(lonely));
      assert.equal(asked.length, 1);
    });

    it('shows the card at once while the text is on its way', async () => {
      await open();
      await panel.page.evaluate(() => window.fakeHost.held.add('excerpts'));
      const { x, y } = await panel.placeOf(lonely);
      await panel.page.mouse.move(x, y);
      await panel.page
        .locator('.hover-path')
        .filter({ hasText: fixture.folders[fixture.chunks[lonely].folder] })
        .waitFor({ timeout: 1000 });
    });
  });

  describe('with a selected chunk', () => {
    it('asks for the chunk that is clicked and shows text, fill, trust and neighbors', async () => {
      await open();
      const { x, y } = await panel.placeOf(lonely);
      await panel.page.mouse.click(x, y);
      assert.deepEqual(
        (await panel.requests('point')).map(({ point }) => point),
        [lonely],
      );
      const detail = space.detail(lonely)!;
      const tab = panel.page.locator('#panel-chunk');
      await tab
        .locator('.file-link')
        .filter({ hasText: detail.place.path.split('/').at(-1)! })
        .waitFor();
      assert.equal(await tab.locator('.chunk-part').textContent(), detail.text);
      assert.match(
        (await tab.textContent()) ?? '',
        new RegExp(`${detail.tokens} of 256 word pieces\\s*· trust ${detail.trust} of 15`),
      );
      const rows = await tab
        .locator('[role=option]')
        .evaluateAll((all) => all.map((row) => Number((row as HTMLElement).dataset.point)));
      assert.deepEqual(
        rows,
        detail.neighbors.map((neighbor) => neighbor.point),
      );
      const first = (await tab.locator('[role=option]').first().textContent()) ?? '';
      assert.ok(
        first.includes(detail.neighbors[0].similarity.toFixed(2)) &&
          first.includes(`${detail.neighbors[0].percentile!.toFixed(1)} %`),
        first,
      );
      assert.match((await panel.page.locator('[aria-live]').textContent()) ?? '', /^Selected .*, line \d+\. Nearest: /);
    });

    it('draws lines to the neighbors', async () => {
      await open();
      const before = await panel.pixels();
      await panel.page.evaluate((point) => window.fakeHost.send({ type: 'reveal', point }), lonely);
      await panel.page.locator('#panel-chunk [role=option]').first().waitFor();
      const after = await panel.pixels();
      const from = await panel.placeOf(lonely);
      let lines = 0;
      for (const { x, y } of await panel.placesOf(fixture.chunks[lonely].neighbors)) {
        const reach = Math.hypot(x - from.x, y - from.y);
        if (reach < 40 || x > 880) continue;
        let changed = 0;
        const steps = 20;
        for (let i = 4; i < steps - 4; i++) {
          const place = [from.x + ((x - from.x) * i) / steps, from.y + ((y - from.y) * i) / steps] as const;
          const [a, b] = [before.at(...place), after.at(...place)];
          if (Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]) > 12) changed++;
        }
        assert.ok(changed >= 8, `only ${changed} of 12 places on a line changed`);
        lines++;
      }
      assert.ok(lines >= 1, 'no neighbor is far enough to see its line');
    });

    it('marks a neighbor on a click, opens it on Enter and on a double click, and goes to it with the right arrow', async () => {
      await open();
      await panel.page.evaluate((point) => window.fakeHost.send({ type: 'reveal', point }), lonely);
      const rows = panel.page.locator('#panel-chunk [role=option]');
      await rows.first().click();
      assert.equal(await rows.first().getAttribute('aria-selected'), 'true');
      await panel.page.keyboard.press('ArrowDown');
      assert.equal(await rows.nth(1).getAttribute('aria-selected'), 'true');
      await panel.page.keyboard.press('Enter');
      const { neighbors } = space.detail(lonely)!;
      await rows.nth(2).dblclick();
      assert.deepEqual(await panel.sent('open'), [
        { type: 'open', chunkId: neighbors[1].place.chunkId, preview: true },
        { type: 'open', chunkId: neighbors[2].place.chunkId, preview: false },
      ]);
      await rows.nth(2).focus();
      await panel.page.keyboard.press('ArrowRight');
      await panel.settle();
      assert.deepEqual(
        (await panel.requests('point')).map(({ point }) => point),
        [lonely, neighbors[2].point],
      );
      await panel.page.getByRole('button', { name: 'Back', exact: true }).click();
      await panel.page
        .locator('.file-link')
        .filter({ hasText: space.place(lonely).path.split('/').at(-1)! })
        .waitFor();
    });

    it('opens a point in the editor on a double click', async () => {
      await open();
      const { x, y } = await panel.placeOf(lonely);
      await panel.page.mouse.dblclick(x, y);
      await panel.page.waitForFunction(() => window.fakeHost.sent.some(({ type }) => type === 'open'));
      assert.deepEqual(await panel.sent('open'), [
        { type: 'open', chunkId: space.place(lonely).chunkId, preview: false },
      ]);
    });

    it('draws the cut of a chunk that mixes topics between the two parts, and goes there', async () => {
      await open();
      const warning = space.warnings()[0];
      await panel.page.evaluate((point) => window.fakeHost.send({ type: 'reveal', point }), warning.point);
      const tab = panel.page.locator('#panel-chunk');
      await tab.locator('.cut').waitFor();
      const parts = await tab.locator('.chunk-part').allTextContents();
      const at = warning.mixed.cut - warning.place.start;
      assert.equal(parts.length, 2);
      assert.equal(parts[0], warning.text.slice(0, at).trimEnd());
      assert.ok(warning.text.slice(at).includes(parts[1]));
      assert.deepEqual(await tab.locator('.topic').allTextContents(), [
        warning.mixed.before.join(', '),
        warning.mixed.after.join(', '),
      ]);
      await tab.getByRole('button', { name: 'Go to the cut' }).click();
      assert.deepEqual(await panel.sent('open'), [
        { type: 'open', chunkId: warning.place.chunkId, preview: true, offset: at },
      ]);
    });

    it('sets what a text holds as text, never as markup', async () => {
      await open();
      await panel.page.evaluate((point) => {
        const detail = window.fakeHost.space.detail(point)!;
        window.fakeHost.space.detail = () => ({
          ...detail,
          text: '<img src=x onerror="window.broken = 1"><b>bold</b>',
        });
        window.fakeHost.send({ type: 'reveal', point });
      }, lonely);
      await panel.page.locator('.chunk-part').filter({ hasText: '<b>bold</b>' }).waitFor();
      assert.equal(await panel.page.locator('.chunk-part b, .chunk-part img').count(), 0);
    });

    it('says what went wrong and asks again when told', async () => {
      await open();
      await panel.page.evaluate(() => window.fakeHost.failing.add('point'));
      await panel.page.evaluate((point) => window.fakeHost.send({ type: 'reveal', point }), lonely);
      const alert = panel.page.locator('#panel-chunk [role=alert]');
      await alert.filter({ hasText: 'The engine stopped.' }).waitFor();
      await panel.page.evaluate(() => window.fakeHost.failing.clear());
      await alert.getByRole('button', { name: 'Try again' }).click();
      await panel.page.locator('#panel-chunk .file-link').waitFor();
    });

    it('shows an embedded selection with a star, its neighbors and why it is not judged', async () => {
      await open();
      const before = await panel.pixels();
      const detail = space.selection(lonely);
      await panel.page.evaluate(
        (point) =>
          window.fakeHost.send({
            type: 'selection',
            selection: window.fakeHost.space.selection(point),
            pending: false,
          }),
        lonely,
      );
      const tab = panel.page.locator('#panel-chunk');
      await tab.getByText('Selection from notes.md').waitFor();
      assert.match((await tab.textContent()) ?? '', /Too short to judge for mixed topics: 3 sentences/);
      const box = (await panel.page.locator('.map-surface').boundingBox())!;
      const x = box.x + box.width / 2 + detail.marker.x! * 300;
      const y = box.y + box.height / 2 + detail.marker.y! * 300;
      assert.notDeepEqual(before.at(x, y), [255, 255, 255]);
      assert.deepEqual((await panel.pixels()).at(x, y), [255, 255, 255], 'the star is white on dark');
      await tab.getByRole('button', { name: 'Remove the selection from the map' }).click();
      assert.equal((await panel.sent('clearSelection')).length, 1);
    });
  });

  it('goes to the search field on / and Ctrl+F, from the map too', async () => {
    await open();
    const typed = async (): Promise<string | undefined> =>
      panel.page.evaluate(
        () => (document.querySelector('vscode-textfield.search') as { value?: string } | null)?.value,
      );
    await panel.page.locator('.map-surface').focus();
    await panel.page.keyboard.press('/');
    await panel.page.waitForFunction(() => document.activeElement?.matches('vscode-textfield.search'));
    await panel.page.keyboard.type('a/b');
    assert.equal(await typed(), 'a/b');
    await panel.page.locator('.map-surface').focus();
    await panel.page.keyboard.press('Control+f');
    await panel.page.waitForFunction(() => document.activeElement?.matches('vscode-textfield.search'));
    await panel.page.keyboard.press('End');
    await panel.page.keyboard.type('c');
    assert.equal(await typed(), 'a/bc');
  });

  it('brings the star of a selection into view when the map shows another part', async () => {
    panel = await browser.open({ saved: { view: { x: 6, y: 6, scale: 300 } } });
    await panel.drawn();
    await panel.page.evaluate(
      (point) =>
        window.fakeHost.send({ type: 'selection', selection: window.fakeHost.space.selection(point), pending: false }),
      lonely,
    );
    const box = (await panel.page.locator('.map-surface').boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const deadline = Date.now() + 10_000;
    while ((await panel.pixels()).at(x, y).join() !== '255,255,255') {
      assert.ok(Date.now() < deadline, 'the star did not come to the middle');
    }
  });

  it('is driven on the map by keyboard: arrows to points in that direction, Enter opens, Escape clears', async () => {
    await open();
    await panel.page.evaluate((point) => window.fakeHost.send({ type: 'reveal', point }), lonely);
    await panel.page.locator('.file-link').waitFor();
    await panel.page.locator('.map-surface').focus();
    let at = lonely;
    for (const [key, axis, sign] of [
      ['ArrowRight', 'x', 1],
      ['ArrowUp', 'y', -1],
      ['ArrowLeft', 'x', -1],
      ['ArrowDown', 'y', 1],
    ] as const) {
      const asked = (await panel.requests('point')).length;
      await panel.page.keyboard.press(key);
      await panel.page.waitForFunction((n) => window.fakeHost.requests('point').length > n, asked);
      const point = (await panel.requests('point')).at(-1)!.point as number;
      const step = sign * (fixture.chunks[point][axis] - fixture.chunks[at][axis]);
      assert.ok(step > 0 && step < 0.5, `${key} went ${step} ahead`);
      at = point;
    }
    await panel.page
      .locator('.file-link')
      .filter({ hasText: space.place(at).path.split('/').at(-1)! })
      .waitFor();
    await panel.page.keyboard.press('Enter');
    await panel.page.waitForFunction(() => window.fakeHost.sent.some(({ type }) => type === 'open'));
    assert.equal((await panel.sent('open'))[0]?.chunkId, space.place(at).chunkId);
    await panel.page.keyboard.press('Escape');
    await panel.page.getByText('Click a point to read its chunk').waitFor();
  });

  it('lets every control be reached by Tab and every tab by arrows', async () => {
    await open();
    const visited: string[] = [];
    for (let i = 0; i < 40; i++) {
      await panel.page.keyboard.press('Tab');
      visited.push(
        await panel.page.evaluate(() => {
          const element = document.activeElement as HTMLElement;
          return element.getAttribute('aria-label') ?? (element as { label?: string }).label ?? element.textContent;
        }),
      );
    }
    for (const name of [
      'Search by meaning',
      'Color by',
      'Layout: UMAP',
      'Rectangle',
      'Lasso',
      'Trust',
      'More actions',
      'Zoom in',
      'Size of the side pane',
    ]) {
      assert.ok(visited.includes(name), `${name} is not reached: ${visited.join(' | ')}`);
    }
    assert.ok(visited.some((name) => name.startsWith('Latent map of 1,200 chunks')));
    await panel.page.locator('#tab-chunk').focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('ArrowRight');
    assert.equal(await panel.page.locator('#tab-quality').getAttribute('aria-selected'), 'true');
  });

  it('says every command of the overflow menu to the host', async () => {
    await open();
    const commands = {
      'Update Index': 'startIndexing',
      'Show Engine Information': 'showEngineInformation',
      'Show Log': 'showLog',
      'Open Settings': 'openSettings',
      'Delete Index…': 'deleteIndex',
    };
    for (const [label, type] of Object.entries(commands)) {
      await panel.page.getByRole('button', { name: 'More actions' }).click();
      await panel.page.getByRole('menuitem', { name: label }).click();
      assert.equal((await panel.sent(type)).length, 1, type);
    }
    await panel.page.keyboard.press('Enter');
    await panel.page.keyboard.press('Escape');
    assert.equal(await panel.page.locator('[role=menu]').count(), 0);
  });
});
