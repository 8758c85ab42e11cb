import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SpaceReport } from '../../src/shared/spaceReport';
import { CommandLine, ended, failed } from './cliProcess';
import { page, until } from './engineFixture';

const documents: Record<string, string> = {
  'refunds.md':
    '# Refunds\n\nYour returned parcel is inspected within two days. The full purchase price is then credited to your card.\n',
  'ports/harbor.md': '# Harbor\n\nThe harbor opens at dawn. Ships wait for the tide and the pilot comes aboard.\n',
  'ports/lighthouse.md': '# Lighthouse\n\nThe lighthouse guides ships into the harbor at night and in fog.\n',
  'code/retry.ts':
    'export function retry(times: number): number {\n  // waits longer after each failure\n  return times;\n}\n',
  'escape.txt': 'A red \u001b[31mterminal escape\u001b[0m sequence hides in this text about paint colors.\n',
  '.env': 'SECRET=1\n',
  'picture.bin': '\u0000\u0001\u0002',
};

describe('the command line', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-cli-'));
  const cli = new CommandLine(root, path.join(root, 'cache'));
  const json = <T>(...args: string[]): Promise<T> => cli.json<T>(...args);
  const at = (...names: string[]): string => path.join(root, ...names);
  let firstIndex: Record<string, unknown>;

  before(async () => {
    for (const [name, text] of Object.entries(documents)) {
      fs.mkdirSync(path.dirname(at('docs', name)), { recursive: true });
      fs.writeFileSync(at('docs', name), text);
    }
    fs.mkdirSync(at('empty'));
    firstIndex = await json('index', 'docs');
  });
  after(() => fs.rmSync(root, { recursive: true, force: true }));

  describe('index', () => {
    it('says in JSON what was done', () => {
      const { elapsedMs, tokensPerSecond, tokens, store, storeBytes, runtime, ...counts } = firstIndex;
      assert.deepEqual(counts, {
        files: 5,
        chunks: 5,
        embedded: 5,
        reused: 0,
        skipped: { secret: 1, binary: 1 },
        errors: [],
      });
      for (const figure of [elapsedMs, tokensPerSecond, tokens, storeBytes]) assert.ok((figure as number) > 0);
      assert.ok(['native', 'wasm', 'wasm-single'].includes(runtime as string));
      assert.ok((store as string).startsWith(at('cache')) && fs.existsSync(store as string));
    });

    it('embeds nothing when nothing has changed, and one text when one has', async () => {
      const again = await cli.run('index', 'docs');
      assert.deepEqual([again.code, again.stderr], [0, '']);
      assert.match(again.stdout, /^5 files, 5 chunks: nothing new, 5 chunks reused, in [\d.]+ s\n/u);
      assert.match(
        again.stdout,
        /Left out: 1 binary, 1 with keys or credentials|Left out: 1 with keys or credentials, 1 binary/u,
      );
      fs.appendFileSync(at('docs', 'ports', 'lighthouse.md'), '\nIts lamp turns every ten seconds.\n');
      const { embedded, reused } = await json<{ embedded: number; reused: number }>('index', 'docs');
      assert.deepEqual([embedded, reused], [1, 4]);
    });

    it('leaves no trace of onnxruntime’s telemetry', () => {
      assert.deepEqual(fs.readdirSync(at('cache')), ['latent-lens']);
    });

    it('says of an empty folder that it holds no text', async () => {
      const { code, stdout } = await cli.run('index', 'empty');
      assert.equal(code, 0);
      assert.match(stdout, /^empty holds no text that can be indexed\.\n/u);
    });

    it('keeps two stores of one folder apart, maps included', async () => {
      for (const name of ['one.db', 'two.db']) {
        const { store, embedded } = await json<{ store: string; embedded: number }>(
          'index',
          'docs',
          '--store',
          `s/${name}`,
        );
        assert.deepEqual([store, embedded], [at('s', name), 5]);
      }
      assert.deepEqual(fs.readdirSync(at('s')).sort(), ['one.db', 'one.db.maps', 'two.db', 'two.db.maps']);
      const maps = fs.readdirSync(at('s', 'one.db.maps'));
      assert.ok(
        maps.some((name) => name.endsWith('.map')),
        maps.join(', '),
      );
    });

    it('takes no file for a store that is none, and changes nothing in it', async () => {
      fs.writeFileSync(at('letter.txt'), 'Dear reader');
      failed(
        await cli.run('index', 'docs', '--store', 'letter.txt'),
        1,
        /letter\.txt is no index of Latent Lens; nothing was changed/u,
      );
      assert.equal(fs.readFileSync(at('letter.txt'), 'utf8'), 'Dear reader');
      failed(await cli.run('index', 'docs', '--store', 'docs'), 1, /docs is a folder/u);
      failed(await cli.run('index', 'docs', '--store', 'letter.txt/x.db'), 1, /letter\.txt is no folder/u);
    });

    it('stops on Ctrl-C, keeps what was embedded, and goes on from there; meanwhile nobody else gets in', async function () {
      // Windows has no signals: there a process that is asked to stop is ended.
      if (process.platform === 'win32') this.skip();
      fs.mkdirSync(at('pages'));
      for (let i = 0; i < 80; i++) fs.writeFileSync(at('pages', `page${i}.md`), page(i));
      // WASM: slow enough to be stopped in the middle. Its runtime is tried before, as Ctrl-C would end the trial.
      await cli.runWith('{"text":"a"}\n', 'embed', '--runtime', 'wasm');
      const child = cli.start('index', 'pages', '--runtime', 'wasm', '--threads', '1', '--store', 'pages.db');
      const run = ended(child);
      await until(
        () => fs.existsSync(at('pages.db-wal')) && fs.statSync(at('pages.db-wal')).size > 150_000,
        60_000,
        'chunks',
      );
      failed(await cli.run('search', 'pages', 'storm', '--store', 'pages.db'), 1, /in use by another process \(\d+\)/u);
      child.kill('SIGINT');
      const { code, stdout, stderr } = await run;
      assert.deepEqual([code, stdout], [130, '']);
      const kept = Number(/^latent-lens: stopped; (\d+) files of pages are in the index/u.exec(stderr)?.[1]);
      assert.ok(kept > 0 && kept < 80, stderr);
      const rest = await json<{ files: number; embedded: number; reused: number }>(
        'index',
        'pages',
        '--store',
        'pages.db',
      );
      assert.equal(rest.files, 80);
      assert.ok(rest.reused >= kept && rest.embedded === 80 - rest.reused, JSON.stringify(rest));
    });
  });

  describe('search, neighbors and check', () => {
    it('finds by meaning what shares no word, with its lines', async () => {
      const { query, hits } = await json<{ query: string; hits: Record<string, unknown>[] }>(
        ...['search', 'docs', 'when do I get my money back', '--limit', '3'],
      );
      assert.equal(query, 'when do I get my money back');
      assert.equal(hits.length, 3);
      const [{ path: file, startLine, endLine, similarity, percentile, text }] = hits;
      assert.deepEqual([file, startLine, endLine, text], ['refunds.md', 1, 3, documents['refunds.md'].trimEnd()]);
      assert.ok((similarity as number) > 0.2 && (similarity as number) < 1);
      assert.ok(typeof percentile === 'number' && percentile >= 0 && percentile <= 100, String(percentile));
      const similarities = hits.map((hit) => hit['similarity'] as number);
      assert.deepEqual(
        similarities,
        [...similarities].sort((a, b) => b - a),
      );
    });

    it('prints a table for people, the query with or without quotes', async () => {
      const { stdout } = await cli.run('search', 'docs', 'ships', 'in', 'fog', '--limit', '1');
      const [head, first, excerpt] = stdout.split('\n');
      assert.equal(head, 'similarity  percentile  place');
      assert.match(first, /^ {6}0\.\d\d {2} {6}?\s*\d+\.\d {2}ports\/lighthouse\.md:1$/u);
      assert.match(excerpt, /^ {24}# Lighthouse The lighthouse guides/u);
    });

    it('lets no escape sequence of a document reach the terminal', async () => {
      const { stdout } = await cli.run('search', 'docs', 'paint colors', '--limit', '1');
      assert.match(stdout, /escape\.txt:1/u);
      assert.ok(!stdout.includes('\u001b'));
    });

    it('lists the neighbors of a line, named from the folder or from where one stands', async () => {
      interface Answer {
        path: string;
        startLine: number;
        endLine: number;
        neighbors: { path: string }[];
      }
      const answer = await json<Answer>('neighbors', 'docs', 'ports/harbor.md:3', '--limit', '2');
      assert.deepEqual([answer.path, answer.startLine, answer.endLine], ['ports/harbor.md', 1, 3]);
      assert.equal(answer.neighbors.length, 2);
      assert.equal(answer.neighbors[0].path, 'ports/lighthouse.md');
      assert.deepEqual(await json<Answer>('neighbors', 'docs', 'docs/ports/harbor.md:3', '--limit', '2'), answer);
    });

    it('says why a place has no chunk', async () => {
      failed(
        await cli.run('neighbors', 'docs', '.env:1'),
        1,
        /\.env is not indexed: with keys or credentials – \.env is likely to hold secrets/u,
      );
      failed(await cli.run('neighbors', 'docs', 'nothing.md:1'), 1, /there is no file nothing\.md in docs/u);
      failed(await cli.run('neighbors', 'docs', 'refunds.md:99'), 1, /no chunk of refunds\.md holds line 99/u);
    });

    it('checks for mixed topics, and says when there are none', async () => {
      assert.deepEqual(await json('check', 'docs'), { chunks: 5, warnings: [] });
      assert.equal((await cli.run('check', 'docs')).stdout, 'None of 5 chunks seems to mix topics.\n');
    });
  });

  describe('folders', () => {
    it('says of two folders with pages of one kind that they fall together, and of few chunks that they are few', async () => {
      assert.equal(
        (await cli.run('folders', 'docs')).stdout,
        'Nothing to compare in 5 chunks: it takes two folders of 20 chunks each.\n',
      );
      for (let i = 0; i < 44; i++) {
        const folder = at('kinds', i % 2 === 0 ? 'left' : 'right');
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(path.join(folder, `page${i}.md`), page(3 * i + (i % 2)));
      }
      const found = await json<{ pairs: object; together: { first: string; second: string }[]; advice: string[] }>(
        'folders',
        'kinds',
      );
      assert.deepEqual(found.pairs, { together: 1, apart: 0, unclear: 0 });
      assert.deepEqual([found.together[0].first, found.together[0].second].sort(), ['left', 'right']);
      const { stdout } = await cli.run('folders', 'kinds');
      assert.match(stdout, /fall together here: .*\n(?: {4}both speak of .*\n)?What to try:\n {2}- /u);
      assert.match(stdout, /1 pair of 2 folders, 44 chunks: 1 together, 0 apart, 0 with too little to tell\.\n$/u);
    });
  });

  describe('why and report', () => {
    it('say of a file whether it is indexed, and which rule decided', async () => {
      fs.writeFileSync(at('docs', '.latentlensignore'), '# drafts\n/drafts\n');
      fs.mkdirSync(at('docs', 'drafts'), { recursive: true });
      fs.writeFileSync(at('docs', 'drafts', 'a.md'), 'A draft.\n');
      const indexed = await json<{ state: string; encoding: string; facts: { chunks: number; tokens: number } }>(
        ...['why', 'docs', 'ports/harbor.md'],
      );
      assert.deepEqual([indexed.state, indexed.encoding, indexed.facts.chunks], ['indexed', 'UTF-8', 1]);
      assert.ok(indexed.facts.tokens > 10);
      assert.deepEqual(await json('why', 'docs', 'docs/drafts/a.md'), {
        folderUri: pathToFileURL(fs.realpathSync(at('docs'))).href,
        path: 'drafts/a.md',
        state: 'left-out',
        at: 'drafts',
        leftOut: {
          reason: 'ignored',
          rule: {
            source: 'ignore-file',
            file: path.join(fs.realpathSync(at('docs')), '.latentlensignore'),
            name: '.latentlensignore',
            line: 2,
            pattern: '/drafts',
          },
        },
      });
      const { stdout } = await cli.run('why', 'docs', 'drafts/a.md');
      assert.equal(
        stdout,
        'a.md is not indexed: left out by an ignore file – line 2 of .latentlensignore: /drafts (met by the folder drafts).\n',
      );
      fs.appendFileSync(at('docs', 'refunds.md'), 'More.\n');
      assert.equal((await json<{ state: string }>('why', 'docs', 'refunds.md')).state, 'outdated');
      failed(await cli.run('why', 'docs', '../elsewhere.md'), 1, /does not lie in docs/u);
    });

    it('list what is in the index and what is not, with figures that add up', async () => {
      fs.writeFileSync(at('docs', 'latin.txt'), Buffer.from('caf\xe9', 'latin1'));
      const report = await json<SpaceReport>('report', 'docs');
      const [folder] = report.folders;
      for (const groups of [folder.byFolder, folder.byType]) {
        for (const figure of ['files', 'chunks', 'tokens'] as const)
          assert.equal(
            groups.reduce((sum, group) => sum + group[figure], 0),
            folder[figure],
          );
      }
      assert.deepEqual(
        folder.skipped.map(({ reason, count, examples }) => [reason, count, examples[0].path]),
        [
          ['ignored', 1, 'drafts'],
          ['secret', 1, '.env'],
          ['binary', 1, 'picture.bin'],
          ['encoding', 1, 'latin.txt'],
        ],
      );
      assert.ok(folder.storeBytes > 0 && report.memoryBytes > 0 && report.points <= folder.chunks);
      assert.deepEqual([report.lastRun?.cancelled, report.maxTokens], [false, 256]);
      const { stdout } = await cli.run('report', 'docs');
      assert.match(stdout, /^\| ports +\| +2 \| +2 \| +\d+ \|$/mu);
      assert.match(stdout, /^- 1 left out by an ignore file\n {2}- drafts: line 2 of \.latentlensignore: \/drafts$/mu);
      for (const name of ['.latentlensignore', 'latin.txt']) fs.rmSync(at('docs', name));
      fs.rmSync(at('docs', 'drafts'), { recursive: true });
    });
  });

  describe('map', () => {
    it('draws a PNG of the promised size, an SVG that is well-formed, and gives the data', async () => {
      assert.deepEqual(await json('map', 'docs', '--out', 'map.png'), { out: 'map.png', points: 5 });
      const png = fs.readFileSync(at('map.png'));
      assert.equal(png.toString('latin1', 1, 4), 'PNG');
      assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1280, 800]);
      assert.ok(png.length > 2000);
      assert.equal((await cli.run('map', 'docs', '--out', 'map.svg')).stdout, '5 points in map.svg\n');
      const svg = fs.readFileSync(at('map.svg'), 'utf8');
      assertWellFormed(svg);
      assert.equal(svg.match(/<circle [^>]*fill-opacity/gu)?.length, 5);
      await json('map', 'docs', '--out', 'map.json');
      const { points } = JSON.parse(fs.readFileSync(at('map.json'), 'utf8')) as {
        points: { path: string; x: number; y: number; startLine: number }[];
      };
      const indexed = Object.keys(documents).filter((name) => !['.env', 'picture.bin'].includes(name));
      assert.deepEqual(points.map((point) => point.path).sort(), indexed.sort());
      for (const { x, y, startLine } of points) assert.ok(Math.abs(x) <= 1.5 && Math.abs(y) <= 1.5 && startLine === 1);
    });

    it('says before the work that it can’t write or draw', async () => {
      failed(await cli.run('map', 'docs', '--out', 'nowhere/map.svg'), 1, /can't be written: there is no folder/u);
      failed(await cli.run('map', 'empty', '--out', 'map.svg'), 1, /nothing to draw: empty holds no text/u);
      failed(await cli.run('map', 'docs', '--out', 'map.gif'), 2, /\.svg, \.png or \.json, not "map\.gif"/u);
    });
  });

  describe('usage', () => {
    it('is explained on request, in lines of at most 80 columns', async () => {
      const { code, stdout, stderr } = await cli.run('--help');
      assert.deepEqual([code, stderr], [0, '']);
      for (const command of [
        'embed',
        'index',
        'search',
        'neighbors',
        'check',
        'folders',
        'why',
        'report',
        'map',
        'project',
      ])
        assert.match(stdout, new RegExp(`^ {2}${command} `, 'mu'));
      assert.ok(stdout.split('\n').every((line) => line.length <= 80));
      assert.equal((await cli.run('search', '--help')).stdout, stdout);
      assert.match((await cli.run('--version')).stdout, /^\d+\.\d+\.\d+\n$/u);
    });

    const mistakes: [message: RegExp, ...args: string[]][] = [
      [/a command is missing/u],
      [/there is no command "frob"/u, 'frob'],
      [/there is no command "constructor"/u, 'constructor'],
      [/a folder is missing/u, 'index'],
      [/a query is missing/u, 'search', 'docs'],
      [/a query is missing/u, 'search', 'docs', ' '],
      [/unknown option '--nope'/u, 'index', 'docs', '--nope'],
      [/index takes no --limit/u, 'index', 'docs', '--limit', '3'],
      [/does not know what to do with "more"/u, 'index', 'docs', 'more'],
      [/--limit takes a whole number from 1 to 1000, not "0"/u, 'search', 'docs', 'x', '--limit', '0'],
      [/--runtime takes one of auto, native, wasm, not "gpu"/u, 'index', 'docs', '--runtime', 'gpu'],
      [/"refunds\.md" is no place/u, 'neighbors', 'docs', 'refunds.md'],
      [/--dimensions is missing/u, 'project', 'v.f32', '--out', 'x'],
      [/--by takes one of folder, type, not "tag"/u, 'folders', 'docs', '--by', 'tag'],
      [/--out FILE is missing/u, 'map', 'docs'],
    ];
    it('that is wrong ends with exit code 2 and one sentence', async () => {
      for (const [message, ...args] of mistakes) {
        const run = await cli.run(...args);
        failed(run, 2, message);
        assert.match(run.stderr, / See latent-lens --help\.\n$/u);
      }
    });

    it('that names a folder which is not there is an error', async () => {
      failed(await cli.run('index', 'nowhere'), 1, /there is no folder nowhere/u);
      failed(await cli.run('check', 'docs/refunds.md'), 1, /docs\/refunds\.md is no folder/u);
    });
  });
});

/** Every element is closed in order, and nothing but elements and escaped text stands between. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml.replace(
    /<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/gu,
    (_, close: string, name: string, _attributes, empty: string) => {
      if (close !== '') assert.equal(open.pop(), name);
      else if (empty === '') open.push(name);
      return '';
    },
  );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]|&(?!#\d+;|amp;|lt;|gt;|quot;)/u);
}
