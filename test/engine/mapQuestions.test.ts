import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EngineService } from '../../src/engine/engineService';
import type { Space } from '../../src/engine/space';
import { defaultIndexSettings } from '../../src/shared/indexDefaults';
import type { EngineMethod, EngineParams, EngineResult } from '../../src/shared/hostEngine';
import { page } from './engineFixture';

const assetsFolder = path.resolve(__dirname, '..', '..');
const pages = 30;

/** A page about the sky, in words that the other pages don't have. */
function skyPage(number: number): string {
  const bodies = ['The comet', 'A red dwarf', 'Saturn’s ring', 'This nebula', 'The pulsar'];
  const acts = ['orbits', 'outshines', 'eclipses', 'pulls at', 'drifts past'];
  const sentence = (i: number) =>
    `${bodies[(number + i) % 5]} ${acts[(number * 2 + i) % 5]} ${bodies[(number + 2 * i + 1) % 5].toLowerCase()} in orbit ${number * 7 + i} of the galaxy.`;
  return `# Sky ${number}\n\n${Array.from({ length: 4 }, (_, i) => sentence(i)).join(' ')}\n`;
}

describe('questions to the map', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-questions-'));
  const workspace = path.join(root, 'workspace');
  const { signal } = new AbortController();
  let service: EngineService;
  let space: Space;

  function ask<M extends EngineMethod>(method: M, params: Omit<EngineParams<M>, 'spaceId'>): Promise<EngineResult<M>> {
    return service.handlers[method]({ ...params, spaceId: space.id }, signal);
  }

  async function start(): Promise<void> {
    service = new EngineService({ assetsFolder, storageFolder: path.join(root, 'storage'), version: 'test' });
    await service.start({ runtime: 'auto', threads: 0, nodePath: '' });
    const folder = { uri: pathToFileURL(workspace).href, path: workspace, name: 'workspace' };
    space = service.openSpace([{ folder, settings: defaultIndexSettings }]);
    await space.index(true);
    await space.layout.finish();
  }

  const pointsIn = (folder: string): number[] =>
    [...space.points.liveRows()].filter((row) => space.points.point(row)!.places[0].file.path.startsWith(`${folder}/`));

  before(async () => {
    for (const folder of ['east', 'west', 'sky']) fs.mkdirSync(path.join(workspace, folder), { recursive: true });
    for (let i = 0; i < pages; i++) {
      fs.writeFileSync(path.join(workspace, i % 2 === 0 ? 'east' : 'west', `page${i}.md`), page(i));
      fs.writeFileSync(path.join(workspace, i % 2 === 0 ? 'west' : 'east', `page${i + 100}.md`), page(i + 100));
      fs.writeFileSync(path.join(workspace, 'sky', `sky${i}.md`), skyPage(i));
    }
    await start();
  });

  after(async () => {
    await service.close();
    fs.rmSync(root, { recursive: true, force: true });
  });

  it('walk from one chunk to another along neighbors, with what each step keeps and changes', async () => {
    const [from] = pointsIn('east');
    const to = pointsIn('west').at(-1)!;
    const walk = await ask('walk', { from, to });
    assert.ok(walk && walk.steps.length >= 2, JSON.stringify(walk));
    assert.deepEqual([walk.steps[0].point, walk.steps.at(-1)!.point], [from, to]);
    assert.equal(walk.unreachable, undefined);
    let length = 0;
    for (const [i, step] of walk.steps.entries()) {
      assert.ok(step.excerpt.length > 10 && step.place.path.endsWith('.md'));
      if (i === 0) continue;
      length += 1 - step.similarity!;
      assert.ok(step.keeps.length + step.gains.length + step.loses.length > 0);
      // No step is longer than going there at once, or it would not be on the shortest way.
      assert.ok(step.similarity! >= walk.direct - 1e-6);
    }
    assert.ok(Math.abs(length - walk.length!) < 1e-6);
    assert.deepEqual(
      (await ask('walk', { from, to: from }))?.steps.map(({ point }) => point),
      [from],
    );
    assert.equal(await ask('walk', { from, to: 99_999 }), null);
  });

  it('place several points as one: their centroid, what is nearest to it, how far they spread', async () => {
    const sky = pointsIn('sky');
    const detail = await ask('centroid', { points: Uint32Array.from(sky), neighbors: 5 });
    assert.ok(detail);
    assert.equal(detail.points, sky.length);
    assert.ok(detail.central.every(({ point }) => sky.includes(point)));
    assert.ok(detail.neighbors.length === 5 && detail.neighbors.every(({ point }) => !sky.includes(point)));
    assert.ok(detail.central[0].similarity >= detail.neighbors[0].similarity);
    const { least, median, mean } = detail.spread;
    assert.ok(least > 0 && least <= median && median <= 1 && mean > least);
    assert.ok(detail.cohesionPercentile! > 50, `${detail.cohesionPercentile}`);
    assert.ok(Number.isFinite(detail.marker.x));
    assert.equal(await ask('centroid', { points: [99_999], neighbors: 5 }), null);
  });

  it('search among chosen points alone, and find text as it stands', async () => {
    const east = pointsIn('east');
    const found = await ask('searchWithin', { query: 'a comet near Saturn', points: east, limit: 4 });
    assert.equal(found.hits.length, 4);
    assert.ok(found.hits.every(({ point }) => east.includes(point)));
    assert.equal(found.searched, east.length);
    const matches = await ask('textSearch', { text: 'RED\n dwarf' });
    assert.equal(matches.searched, space.points.liveCount);
    assert.ok(matches.points.length > 5);
    for (const point of matches.points) assert.match(space.textOf(point)!.text, /red dwarf/i);
    const missed = [...space.points.liveRows()].filter((row) => !matches.points.includes(row));
    for (const row of missed) assert.doesNotMatch(space.textOf(row)!.text, /red dwarf/i);
    assert.equal((await ask('textSearch', { text: '(a+)+$' })).points.length, 0);
  });

  it('label a selection by what tells it from the rest', async () => {
    const { terms, points, read } = await ask('labelSelection', { points: pointsIn('sky') });
    assert.equal(points, pages);
    assert.ok(
      terms.some((term) => /orbit|galaxy|nebula|comet|pulsar/.test(term)),
      terms.join(),
    );
    assert.ok(!terms.some((term) => /budget|harbor|bakery/.test(term)), terms.join());
    assert.deepEqual(read, { selection: pages, rest: space.points.liveCount - pages });
  });

  it('color by similarity, tokens and, where there is a history that is trusted, age', async () => {
    const [sky] = pointsIn('sky');
    const similar = await ask('similarityTo', { points: [sky] });
    assert.ok(similar?.baseline);
    assert.equal(similar.values[similar.point.indexOf(sky)].toFixed(4), '1.0000');
    assert.deepEqual([...similar.point], [...space.points.liveRows()]);
    const other = similar.values[similar.point.indexOf(pointsIn('east')[0])];
    assert.ok(other < similar.baseline.p99);
    const asked = await ask('similarityTo', { query: 'stars and planets' });
    assert.equal(asked?.label, 'stars and planets');
    assert.equal(await ask('similarityTo', {}), null);

    const tokens = await ask('colorData', { kind: 'tokens', trusted: false });
    assert.deepEqual(
      [...tokens!.values],
      [...tokens!.point].map((row) => space.points.point(row)!.tokens),
    );

    assert.equal(await ask('colorData', { kind: 'gitAge', trusted: true }), null);
    const git = (date: string, ...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
        cwd: workspace,
        env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      });
    git('2020-01-01T00:00:00Z', 'init', '--quiet');
    git('2020-01-01T00:00:00Z', 'add', 'sky', 'east');
    git('2020-01-01T00:00:00Z', 'commit', '--quiet', '-m', 'old');
    fs.appendFileSync(path.join(workspace, 'east', 'page0.md'), '\n');
    git('2024-01-01T00:00:00Z', 'commit', '--quiet', '-a', '-m', 'newer');
    const ages = await ask('colorData', { kind: 'gitAge', trusted: true });
    assert.ok(ages?.range);
    const ageOf = (name: string): number => {
      const at = [...ages.point].findIndex((row) => space.points.point(row)!.places[0].file.path === name);
      return ages.values[at];
    };
    assert.ok(Math.abs(ageOf('sky/sky1.md') - ageOf('east/page0.md') - 1461) < 1);
    assert.ok(Number.isNaN(ageOf('west/page1.md')));
    assert.equal(await ask('colorData', { kind: 'gitAge', trusted: false }), null);
  });

  it('write chosen points to a file, with vectors only where they are asked for', async () => {
    const file = path.join(root, 'sky.jsonl');
    const points = pointsIn('sky');
    const written = await ask('exportPoints', { points, file, vectors: true });
    const text = fs.readFileSync(file, 'utf8');
    assert.deepEqual(written, { lines: pages, bytes: Buffer.byteLength(text), name: 'sky.jsonl' });
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const [i, line] of lines.entries()) {
      const vector = line['vector'] as number[];
      assert.equal(vector.length, 384);
      assert.ok(vector.every((value, d) => Math.abs(value - space.points.vector(points[i])[d]) < 1e-7));
      assert.match(line['path'] as string, /^sky\/sky\d+\.md$/);
      assert.equal(line['text'], space.textOf(points[i])!.text);
      assert.ok(Number.isFinite(line['x']) && Number.isFinite(line['y']));
      assert.equal(line['cluster'], space.map.clusters.nameOf(points[i]) ?? null);
      assert.equal(line['startLine'], space.points.point(points[i])!.places[0].chunk.startLine + 1);
    }
    const all = await ask('exportPoints', { points: null, file, vectors: false });
    assert.equal(all.lines, space.points.liveCount);
    assert.ok(!fs.readFileSync(file, 'utf8').includes('"vector"'));
    const missing = path.join(root, 'nowhere', 'sky.jsonl');
    await assert.rejects(
      ask('exportPoints', { points, file: missing, vectors: false }),
      /could not be written.*Nothing was changed/,
    );
    assert.deepEqual(
      fs.readdirSync(root).filter((name) => name.includes('.part')),
      [],
    );
  });

  it('say that two folders of one kind of page fall together, and nothing of the third', async () => {
    const found = await ask('groupSeparation', { grouping: 'folder' });
    assert.ok(found);
    assert.deepEqual(found.groups.map(({ name }) => name).sort(), ['east', 'sky', 'west']);
    assert.deepEqual(found.pairs, { together: 1, apart: 2, unclear: 0 });
    const [pair] = found.together;
    assert.deepEqual([pair.first, pair.second].sort(), ['east', 'west']);
    assert.match(pair.words, /fall together here/);
    assert.ok(pair.ownShare <= pair.chanceLimit && pair.detectableShare <= 0.65);
    assert.ok(found.advice.length >= 2 && found.points === space.points.liveCount);
    assert.equal(await ask('groupSeparation', { grouping: 'folder' }), found);
  });

  it('are answered the same after a reload: clusters, neighbors and what falls together come from the disk', async () => {
    const columns = () => space.map.columns(space.folderNames, () => false);
    const before = columns();
    const separation = await ask('groupSeparation', { grouping: 'folder' });
    const keyOf = (columnsNow: typeof before) =>
      new Map(
        Array.from(columnsNow.point, (row, i) => [
          space.points.point(row)!.key,
          columnsNow.clusters[columnsNow.cluster[i]]?.id,
        ]),
      );
    const ids = keyOf(before);
    assert.ok(before.clusterLevels.length >= 1 && before.clusters.length >= 2);
    await service.close();
    await start();
    assert.deepEqual(new Map([...keyOf(columns())].sort()), new Map([...ids].sort()));
    assert.deepEqual(columns().clusters, before.clusters);
    const again = await ask('groupSeparation', { grouping: 'folder' });
    assert.deepEqual({ ...again, elapsedMs: 0 }, { ...separation, elapsedMs: 0 });
  });
});
