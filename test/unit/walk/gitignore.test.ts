import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decided, temporaryFolder, walked } from './temporaryFolder';

// The machine's own configuration must not decide.
const home = mkdtempSync(join(tmpdir(), 'latent-lens-home-'));
const globalConfiguration = join(home, 'config');
const globalIgnores = join(home, 'every where');
const own = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: globalConfiguration, HOME: home, XDG_CONFIG_HOME: home };
const environment = { ...process.env, ...own };

function initRepository(root: string): void {
  execFileSync('git', ['init', '-q', root], { env: environment });
}

/** What `git check-ignore` says of these paths. */
function ignoredByGit(root: string, paths: readonly string[]): Set<string> {
  const { stdout, status, stderr } = spawnSync('git', ['check-ignore', '--no-index', '-z', '--stdin'], {
    cwd: root,
    input: paths.join('\0'),
    env: environment,
    encoding: 'utf8',
  });
  assert.ok(status === 0 || status === 1, stderr);
  return new Set(stdout.split('\0').filter((path) => path !== ''));
}

const directories = ['', 'a', 'b', 'a/b', 'a/b/c', 'a/b/a', 'b/a', 'x y', 'a/[a]'];
const names = [
  'a',
  'b',
  'a.md',
  'b.txt',
  'readme.md',
  '#c',
  '!d',
  'e f',
  'a[b]',
  'Üb',
  'a ',
  'A',
  '{a,b}',
  '-',
  'a\\b',
  '😀',
];
const part = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...[
        'a',
        'b',
        'c',
        '*',
        '**',
        'a*',
        '*.md',
        '?',
        '??',
        '[ab]',
        '[!a]',
        '[^b]',
        '[a-c]',
        '[[:alpha:]]',
        '[]a]',
        '[a',
      ],
      ...[
        'b.txt',
        'readme.md',
        'x y',
        '\\#c',
        '\\!d',
        'Üb',
        'a\\ ',
        'e\\ f',
        '*b',
        'a**',
        '**a',
        '\\a',
        '{a,b}',
        '[-]',
        'a\\\\b',
      ],
      ...['a\\', '[[:upper:]]', '*[!b]', '?*', 'a\\[b\\]', '[^[:punct:]]*', '#c', '*.*', '****'],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string({
      unit: fc.constantFrom('a', 'b', '*', '?', '[', ']', '!', '\\', '-', ' '),
      minLength: 1,
      maxLength: 4,
    }),
  },
);
const pattern = fc
  .tuple(
    fc.constantFrom('', '', '!'),
    fc.constantFrom('', '', '/'),
    fc.array(part, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '/', ' ', '/*', '/**', '/ ', '  '),
  )
  .map(([negation, anchor, parts, end]) => negation + anchor + parts.join('/') + end);
const ignoreFile = fc
  .tuple(
    fc.array(fc.oneof({ weight: 12, arbitrary: pattern }, fc.constantFrom('# comment', '', '/', '!')), {
      maxLength: 5,
    }),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([lines, by]) => lines.join(by) + by);
const tree = fc.record({
  files: fc.uniqueArray(
    fc
      .tuple(fc.constantFrom(...directories), fc.constantFrom(...names))
      .map(([directory, name]) => (directory ? `${directory}/${name}` : name)),
    { minLength: 4, maxLength: 20 },
  ),
  ignores: fc.dictionary(fc.constantFrom(...directories), ignoreFile, { minKeys: 1, maxKeys: 4 }),
  exclude: fc.oneof(fc.constant(''), ignoreFile),
  global: fc.oneof(fc.constant(''), ignoreFile),
});

describe('the ignore rules', function () {
  this.timeout(30_000);
  const replaced = Object.keys(own).map((name) => [name, process.env[name]] as const);
  before(() => {
    Object.assign(process.env, own);
    writeFileSync(globalConfiguration, '[core]\n\texcludesFile = "~/every where" ; the person\'s own\n');
  });
  // A random tree leaves its own behind.
  beforeEach(() => writeFileSync(globalIgnores, ''));
  after(() => {
    for (const [name, value] of replaced) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(home, { recursive: true, force: true });
  });

  it('leave out what git check-ignore ignores, on random trees', async () => {
    let compared = 0;
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'latent-lens-git-')));
    initRepository(root);
    await fc.assert(
      fc.asyncProperty(tree, async ({ files, ignores, exclude, global }) => {
        try {
          writeFileSync(join(root, '.git/info/exclude'), exclude);
          writeFileSync(globalIgnores, global);
          const written: string[] = [];
          const write = (path: string, content: string): void => {
            // A name may be a file in one place and a directory in another: the first one wins.
            try {
              mkdirSync(join(root, path, '..'), { recursive: true });
              writeFileSync(join(root, path), content);
              written.push(path);
            } catch (error) {
              if (!/EISDIR|ENOTDIR|EEXIST/.test(String(error))) throw error;
            }
          };
          for (const [directory, content] of Object.entries(ignores)) write(join(directory, '.gitignore'), content);
          for (const path of files) write(path, 'Text of a file.\n');
          const { paths } = await walked(root);
          const ignored = ignoredByGit(root, written);
          assert.deepEqual(paths.sort(), written.filter((path) => !ignored.has(path)).sort());
          for (const path of written.slice(-2)) {
            const decision = await decided(root, path);
            assert.equal('reason' in decision && decision.reason === 'ignored', ignored.has(path), path);
          }
          compared += written.length;
        } finally {
          for (const name of readdirSync(root)) {
            if (name !== '.git') rmSync(join(root, name), { recursive: true, force: true });
          }
        }
      }),
      { numRuns: 120 },
    );
    rmSync(root, { recursive: true, force: true });
    assert.ok(compared > 500, `only ${compared} paths`);
  });

  it('let a file near a directory bring it back against one farther up', async () => {
    await inRepository(
      { '.gitignore': 'a/*\n', 'a/.gitignore': '!/b\n', 'a/b/c.md': 'text', 'a/d/e.md': 'text' },
      async (root) => {
        const { paths } = await walked(root);
        assert.ok(paths.includes('a/b/c.md') && !paths.includes('a/d/e.md'), paths.join());
        assert.deepEqual([...ignoredByGit(root, ['a/b/c.md', 'a/d/e.md'])], ['a/d/e.md']);
        assert.deepEqual(await decided(root, 'a/b/c.md'), { fileType: 'Markdown' });
      },
    );
  });

  it('come from above a folder of a repository too, also where they ignore the folder itself', async () => {
    const files = {
      '.gitignore': '*.tmp.md\ndist/\n',
      'docs/a.md': 'text',
      'docs/b.tmp.md': 'text',
      'dist/c.md': 'text',
      'dist/d.tmp.md': 'text',
    };
    await inRepository(files, async (root) => {
      assert.deepEqual((await walked(join(root, 'docs'))).paths, ['a.md']);
      // The person opened it: what is in it is not ignored for its sake.
      assert.deepEqual((await walked(join(root, 'dist'))).paths, ['c.md']);
      assert.deepEqual((await walked(root)).paths, ['.gitignore', 'docs/a.md']);
    });
  });

  it('end at a repository inside of another, which has its own', async () => {
    const files = {
      '.gitignore': '*.log\n*.tmp.md\n',
      'a.tmp.md': 'text',
      'inner/b.tmp.md': 'text',
      'inner/c.txt': 'text',
    };
    await inRepository(files, async (root) => {
      initRepository(join(root, 'inner'));
      writeFileSync(join(root, 'inner/.git/info/exclude'), '*.txt\n');
      assert.deepEqual((await walked(root)).paths, ['.gitignore', 'inner/b.tmp.md']);
      const txt = await decided(root, 'inner/c.txt');
      assert.ok('rule' in txt && txt.rule?.source === 'ignore-file');
      assert.deepEqual([txt.rule.name, txt.rule.line], ['inner/.git/info/exclude', 1]);
    });
  });

  it('of .latentlensignore count before those of git, and without it', async () => {
    const files = {
      '.gitignore': 'out/\n*.gen.md\n',
      '.latentlensignore': '!out/\n!keep.gen.md\ndrafts/\n',
      'out/a.md': 'text',
      'out/.latentlensignore': 'b.md\n',
      'out/b.md': 'text',
      'keep.gen.md': 'text',
      'other.gen.md': 'text',
      'drafts/c.md': 'text',
    };
    await inRepository(files, async (root) => {
      assert.deepEqual(
        (await walked(root)).paths.filter((path) => path.endsWith('.md')),
        ['keep.gen.md', 'out/a.md'],
      );
      const without = await walked(root, { respectGitignore: false });
      const markdown = without.paths.filter((path) => path.endsWith('.md'));
      assert.deepEqual(markdown, ['keep.gen.md', 'other.gen.md', 'out/a.md']);
      const draft = await decided(root, 'drafts/c.md');
      assert.ok('rule' in draft && draft.rule?.source === 'ignore-file');
      assert.deepEqual([draft.at, draft.rule.name, draft.rule.line], ['drafts', '.latentlensignore', 3]);
    });
  });

  it('compare names without case where git is told to', async () => {
    await inRepository(
      { '.gitignore': 'Build\n*.LOG.md\n[A-C].md\n', 'build/x.md': 'text', 'a.log.md': 'text', 'b.md': 'text' },
      async (root) => {
        assert.equal((await walked(root)).paths.length, 4);
        execFileSync('git', ['config', 'core.ignoreCase', 'true'], { cwd: root, env: environment });
        assert.deepEqual((await walked(root)).paths, ['.gitignore']);
        assert.equal(ignoredByGit(root, ['build/x.md', 'a.log.md', 'b.md']).size, 3);
      },
    );
  });

  it('are told with file, line and pattern', async () => {
    const { root, remove } = temporaryFolder({
      '.gitignore': '# made\n\n*.log\n/out\n!out/keep.md\n',
      'src/.gitignore': '\ufeffgenerated/**\r\n!generated/b.md\r\n',
      'src/generated/a.md': 'text',
      'src/generated/b.md': 'text',
      'out/keep.md': 'text',
    });
    try {
      const out = await decided(root, 'out/keep.md');
      assert.deepEqual(out, {
        reason: 'ignored',
        at: 'out',
        rule: { source: 'ignore-file', file: join(root, '.gitignore'), name: '.gitignore', line: 4, pattern: '/out' },
      });
      const generated = await decided(root, 'src/generated/a.md');
      assert.ok('rule' in generated && generated.rule?.source === 'ignore-file');
      assert.deepEqual([generated.rule.name, generated.rule.line], ['src/.gitignore', 1]);
      assert.deepEqual(await decided(root, 'src/generated/b.md'), { fileType: 'Markdown' });
      assert.deepEqual(await decided(root, 'out/keep.md', { respectGitignore: false }), { fileType: 'Markdown' });
    } finally {
      remove();
    }
  });

  it('name what a repository calls generated', async () => {
    const files = {
      '.gitattributes': 'api/** linguist-generated=true text\napi/by-hand.md -linguist-generated\n*.md text\n',
      'api/a.md': 'text',
      'api/by-hand.md': 'text',
      'b.md': 'text',
    };
    await inRepository(files, async (root) => {
      assert.deepEqual((await walked(root)).paths, ['.gitattributes', 'b.md', 'api/by-hand.md']);
      const api = await decided(root, 'api/a.md');
      assert.ok('rule' in api && api.reason === 'generated' && api.rule?.source === 'ignore-file');
      assert.deepEqual([api.rule.name, api.rule.line], ['.gitattributes', 1]);
    });
  });
});

async function inRepository(files: Record<string, string>, test: (root: string) => Promise<void>): Promise<void> {
  const { root, remove } = temporaryFolder(files);
  try {
    initRepository(root);
    await test(root);
  } finally {
    remove();
  }
}
