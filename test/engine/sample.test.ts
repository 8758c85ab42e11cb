import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EngineService } from '../../src/engine/engineService';
import type { Space } from '../../src/engine/space';
import type { IndexReport } from '../../src/shared/indexing';
import type { ChunkDetail, Warning } from '../../src/shared/space';
import { readReadings, shareMixed, textHash } from '../../scripts/bench/topicsReadings';
import { readExpectations, readSample, sampleSections, sectionUnder } from '../unit/samples/sampleWorkspace';
import { defaultIndexSettings } from '../../src/shared/indexDefaults';

const repositoryRoot = path.resolve(__dirname, '..', '..');
const workspace = path.join(repositoryRoot, 'samples', 'workspace');
const expectations = readExpectations();

/** What the sample promises in `samples/expectations.json`, kept by the real model. */
describe('the sample workspace, indexed', () => {
  const storageFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-sample-'));
  const uri = pathToFileURL(workspace).href;
  const { signal } = new AbortController();
  let service: EngineService;
  let space: Space;
  let report: IndexReport;
  let warnings: Warning[];

  before(async () => {
    service = new EngineService({ assetsFolder: repositoryRoot, storageFolder, version: 'test' });
    await service.start({ runtime: 'auto', threads: 0, nodePath: '' });
    const settings = defaultIndexSettings;
    space = service.openSpace([{ folder: { uri, path: workspace, name: 'workspace' }, settings }]);
    report = await space.index(true);
    warnings = space.warnings();
  });
  after(async () => {
    await service.close();
    fs.rmSync(storageFolder, { recursive: true, force: true });
  });

  /** The point whose chunk holds this text of a file. */
  const pointOf = async (file: string, text: string): Promise<number> => {
    const offset = readSample(file).indexOf(text);
    assert.ok(offset >= 0, `${file} holds "${text}"`);
    const point = await service.handlers.pointAt({ spaceId: space.id, folderUri: uri, path: file, offset }, signal);
    assert.ok(point !== null, `${file}: a chunk holds "${text}"`);
    return point;
  };
  const detailOf = async (point: number, neighbors: number): Promise<ChunkDetail> => {
    const detail = await service.handlers.point({ spaceId: space.id, point, neighbors }, signal);
    assert.ok(detail !== null);
    return detail;
  };
  const details = (neighbors: number): Promise<ChunkDetail[]> =>
    Promise.all(Array.from(space.points.liveRows(), (row) => detailOf(row, neighbors)));

  for (const { query, firstFile } of expectations.queries) {
    it(`answers "${query}" with ${firstFile}`, async () => {
      const { hits } = await service.handlers.search({ spaceId: space.id, query, limit: 5 }, signal);
      const found = hits.map(({ place, similarity }) => `${place.path} ${similarity.toFixed(2)}`);
      assert.equal(hits[0].place.path, firstFile, found.join(', '));
    });
  }

  for (const { file, heading, secondPartBegins } of expectations.mixedTopics) {
    it(`warns of "${heading}" in ${file} and cuts where the second topic begins`, () => {
      const section = sectionUnder(file, heading).text;
      const warning = warnings.find(({ place, text }) => place.path === file && text.includes(section.slice(0, 60)));
      assert.ok(warning, `flagged: ${warnings.map(({ place }) => `${place.path}:${place.startLine + 1}`).join(', ')}`);
      const { mixed, place } = warning;
      const second = readSample(file).slice(mixed.cut, place.end);
      assert.ok(second.startsWith(secondPartBegins), `cut before "${second.slice(0, 80)}"`);
      assert.ok(mixed.before.length > 0 && mixed.after.length > 0);
    });
  }

  it('does not warn of sections that keep to their topic', () => {
    const wrong = expectations.coherent.filter(({ file, heading }) => {
      const section = sectionUnder(file, heading).text;
      return warnings.some(({ place, text }) => place.path === file && text.includes(section.slice(0, 60)));
    });
    assert.deepEqual(wrong, []);
  });

  it('keeps warnings rare: few sections that nobody mixed are flagged', () => {
    const planted = new Set(expectations.mixedTopics.map(({ file }) => file));
    const others = warnings.filter(({ place, mixed }) => !planted.has(place.path) && mixed.heading === undefined);
    assert.ok(others.length <= 3, others.map(({ place }) => `${place.path}:${place.startLine + 1}`).join(', '));
    assert.ok(warnings.length < 0.08 * space.points.chunkCount, `${warnings.length} of ${space.points.chunkCount}`);
  });

  it('flags what two readers read, four of five of them rightly', () => {
    const readings = readReadings().filter(({ folder, chunking }) => folder === 'sample' && chunking === 'structure');
    const read = warnings.map(({ text, place }) => {
      const reading = readings.find((candidate) => candidate.text === textHash(text));
      assert.ok(reading?.flagged, `nobody read ${place.path}:${place.startLine + 1}`);
      return shareMixed(reading);
    });
    assert.equal(read.length, readings.filter(({ flagged }) => flagged).length);
    assert.ok(read.reduce((sum, share) => sum + share, 0) >= 0.8 * read.length, read.join(', '));
  });

  it('warns of short sections in one chunk at the heading between them, where they are about different things', () => {
    const headed = warnings.filter(({ mixed }) => mixed.heading !== undefined);
    const contact = headed.find(({ place }) => place.path === 'support/contact.md');
    assert.ok(contact, headed.map(({ place }) => place.path).join(', '));
    assert.equal(contact.mixed.heading, 'Visiting the shop');
    assert.ok(readSample('support/contact.md').slice(contact.mixed.cut).startsWith('## Visiting the shop'));
  });

  it('shows twins as one point with two places', async () => {
    const { files, heading } = expectations.twins;
    const text = sectionUnder(files[0], heading).text.slice(0, 60);
    const [one, other] = [await pointOf(files[0], text), await pointOf(files[1], text)];
    assert.equal(one, other);
    const { places } = await detailOf(one, 1);
    assert.deepEqual(places.map((place) => place.path).sort(), [...files].sort());
    for (const place of places) assert.ok(readSample(place.path).slice(place.start, place.end).includes(text));
  });

  it('finds near-duplicates as each other’s nearest', async () => {
    const { files, minimumSimilarity } = expectations.nearDuplicates;
    for (const [file, twin] of [files, [...files].reverse()]) {
      for (const { text } of sampleSections(file).filter((section) => section.text !== '')) {
        const { neighbors } = await detailOf(await pointOf(file, text.slice(0, 60)), 3);
        const found = `${text.slice(0, 30)}: ${neighbors[0].place.path} ${neighbors[0].similarity.toFixed(3)}`;
        assert.equal(neighbors[0].place.path, twin, found);
        assert.ok(neighbors[0].similarity >= minimumSimilarity, found);
      }
    }
  });

  it('has the outlier farther from all other documents than any other document is', async () => {
    const nearestOf = new Map<string, number>();
    for (const { place, neighbors } of await details(30)) {
      const outside = neighbors.find((neighbor) => neighbor.place.path !== place.path);
      const best = Math.max(nearestOf.get(place.path) ?? -1, outside?.similarity ?? -1);
      nearestOf.set(place.path, best);
    }
    const farthest = [...nearestOf].sort((a, b) => a[1] - b[1]);
    const told = farthest.slice(0, 3).map(([file, similarity]) => `${file} ${similarity.toFixed(2)}`);
    assert.equal(farthest[0][0], expectations.outlier.file, told.join(', '));
  });

  it('keeps topics apart: most chunks of a topic have their nearest in its own folder', async () => {
    const all = await details(1);
    for (const topic of expectations.topics) {
      const own = all.filter(({ place }) => place.path.startsWith(`${topic}/`));
      const same = own.filter(({ neighbors }) => neighbors[0].place.path.startsWith(`${topic}/`));
      assert.ok(same.length / own.length >= 0.7, `${topic}: ${same.length} of ${own.length}`);
    }
  });

  it('leaves files of secrets out, and says so', () => {
    assert.equal(report.skipped.secret, expectations.skipped.secret.length);
    for (const file of expectations.skipped.secret) assert.equal(space.folderList[0].open.index.file(file), undefined);
    assert.deepEqual(report.errors, []);
  });

  it('knows the exact text of every chunk in its document', () => {
    let chunks = 0;
    for (const { path: file, chunks: ofFile } of space.folderList[0].open.index.files) {
      const document = readSample(file);
      for (const { start, end, embeddingId } of ofFile) {
        const stored = space.folderList[0].open.index.store.text(embeddingId);
        assert.equal(document.slice(start, end), stored?.text, `${file} ${start}–${end}`);
        chunks++;
      }
    }
    assert.equal(chunks, report.chunks);
  });
});
