import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decidePath } from '../../../src/core/index/walkDecision';
import { defaultSettings, temporaryFolder, walked } from './temporaryFolder';

// The machine's own configuration must not decide.
const environment = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  HOME: '/nonexistent',
  XDG_CONFIG_HOME: '/nonexistent',
};

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

const directories = ['', 'a', 'b', 'a/b', 'a/b/c', 'a/b/a', 'b/a', 'x y'];
const names = ['a', 'b', 'a.md', 'b.txt', 'readme.md', '#c', '!d', 'e f', 'a[b]', 'Üb'];
const part = fc.constantFrom(
  'a',
  'b',
  'c',
  '*',
  '**',
  'a*',
  '*.md',
  '?',
  '[ab]',
  '[!a]',
  'b.txt',
  'readme.md',
  'x y',
  '\\#c',
  '\\!d',
  'Üb',
);
const pattern = fc
  .tuple(
    fc.constantFrom('', '', '!'),
    fc.constantFrom('', '', '/'),
    fc.array(part, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '/', ' ', '/*', '/**'),
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
});

describe('the ignore rules', function () {
  this.timeout(30_000);
  it('leave out what git check-ignore ignores, on random trees', async () => {
    let compared = 0;
    const startedAt = performance.now();
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'latent-lens-git-')));
    initRepository(root);
    await fc.assert(
      fc.asyncProperty(tree, async ({ files, ignores, exclude }) => {
        try {
          writeFileSync(join(root, '.git/info/exclude'), exclude);
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
            const decision = await decidePath(root, defaultSettings, path);
            assert.equal(decision.indexed || decision.reason !== 'ignored', !ignored.has(path), path);
          }
          compared += written.length;
        } finally {
          for (const name of readdirSync(root)) {
            if (name !== '.git') rmSync(join(root, name), { recursive: true, force: true });
          }
        }
      }),
      { numRuns: 400, interruptAfterTimeLimit: 2500, markInterruptAsFailure: false },
    );
    rmSync(root, { recursive: true, force: true });
    assert.ok(compared > 20, `only ${compared} paths in ${(performance.now() - startedAt).toFixed(0)} ms`);
  });

  it('let a file near a directory bring it back against one farther up', async () => {
    const { root, remove } = temporaryFolder({
      '.gitignore': 'a/*\n',
      'a/.gitignore': '!/b\n',
      'a/b/c.md': 'text',
      'a/d/e.md': 'text',
    });
    try {
      initRepository(root);
      const { paths } = await walked(root);
      assert.ok(paths.includes('a/b/c.md') && !paths.includes('a/d/e.md'), paths.join());
      assert.deepEqual([...ignoredByGit(root, ['a/b/c.md', 'a/d/e.md'])], ['a/d/e.md']);
      assert.equal((await decidePath(root, defaultSettings, 'a/b/c.md')).indexed, true);
    } finally {
      remove();
    }
  });

  it('come from above the folder too, unless they ignore the folder itself', async () => {
    const { root, remove } = temporaryFolder({
      '.gitignore': '*.tmp.md\ndist/\n',
      'docs/a.md': 'text',
      'docs/b.tmp.md': 'text',
      'dist/c.md': 'text',
    });
    try {
      initRepository(root);
      assert.deepEqual((await walked(join(root, 'docs'))).paths, ['a.md']);
      assert.deepEqual((await walked(join(root, 'dist'))).paths, ['c.md']);
      assert.deepEqual((await walked(root)).paths, ['.gitignore', 'docs/a.md']);
    } finally {
      remove();
    }
  });

  it('are told with file and line', async () => {
    const { root, remove } = temporaryFolder({
      '.gitignore': '# made\n\n*.log\n/out\n!out/keep.md\n',
      'src/.gitignore': '\ufeffgenerated/**\n!generated/b.md\n',
      'src/generated/a.md': 'text',
      'src/generated/b.md': 'text',
      'out/keep.md': 'text',
    });
    try {
      const out = await decidePath(root, defaultSettings, 'out/keep.md');
      assert.ok(!out.indexed && out.rule?.source === 'ignore-file');
      assert.deepEqual(
        [out.at, out.rule.file, out.rule.line, out.rule.pattern],
        ['out', join(root, '.gitignore'), 4, '/out'],
      );
      const generated = await decidePath(root, defaultSettings, 'src/generated/a.md');
      assert.ok(!generated.indexed && generated.rule?.source === 'ignore-file');
      assert.deepEqual([generated.rule.file, generated.rule.line], [join(root, 'src/.gitignore'), 1]);
      assert.equal((await decidePath(root, defaultSettings, 'src/generated/b.md')).indexed, true);
      assert.equal(
        (await decidePath(root, { ...defaultSettings, respectGitignore: false }, 'out/keep.md')).indexed,
        true,
      );
    } finally {
      remove();
    }
  });
});
