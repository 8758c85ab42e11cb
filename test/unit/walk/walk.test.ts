import assert from 'node:assert/strict';
import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiskSource } from '../../../src/core/index/diskSource';
import { fileKindOf } from '../../../src/core/index/fileKinds';
import { FolderWalk } from '../../../src/core/index/walk';
import type { LeftOut } from '../../../src/shared/fileExplanation';
import { decided, defaultSettings, excluding, temporaryFolder, walked } from './temporaryFolder';

async function inFolder(
  files: Record<string, string | Uint8Array>,
  test: (root: string) => Promise<void>,
): Promise<void> {
  const { root, remove } = temporaryFolder(files);
  try {
    await test(root);
  } finally {
    remove();
  }
}

describe('the walk of a folder', function () {
  this.timeout(20_000);
  it('takes text of every kind and counts what it leaves out', async () => {
    await inFolder(
      {
        README: 'text',
        'a.md': 'text',
        'src/b.rs': 'fn main() {}',
        'notes.xyz': 'text of an unknown kind',
        'blob.xyz': new Uint8Array([1, 2, 0, 4]),
        'wide.xyz': new Uint8Array([0xff, 0xfe, 65, 0]),
        'image.png': 'x',
        'package-lock.json': '{}',
        'app.min.js': 'x',
        'big.md': 'x'.repeat(70_000),
        '.env': 'KEY=1',
        '.env.example': 'KEY=',
        'keys/server.pem': 'x',
        '.ssh/config': 'x',
        '.git/config': 'x',
      },
      async (root) => {
        const { paths, skipped, complete } = await walked(root);
        // What a name does not tell is told when the file is read.
        assert.deepEqual(paths, ['.env.example', 'README', 'a.md', 'blob.xyz', 'notes.xyz', 'wide.xyz', 'src/b.rs']);
        assert.deepEqual(skipped, { excluded: 1, secret: 3, generated: 1, minified: 1, 'too-large': 1, binary: 1 });
        assert.equal(((await decided(root, 'blob.xyz')) as { reason: string }).reason, 'binary');
        assert.ok(complete);
      },
    );
  });

  it('reads globs as VS Code writes them', async () => {
    const files = [
      'a.md',
      'x/a.md',
      'x/b.js',
      'x/node_modules/c.js',
      'out/d.ts',
      'y/out/e.ts',
      'y/f.min.js',
      '.hidden/g.md',
      'p (1)/h.md',
    ];
    await inFolder(Object.fromEntries(files.map((path) => [path, 'text'])), async (root) => {
      const left = async (exclude: string[], include: string[] = []): Promise<string[]> =>
        (await walked(root, { exclude: excluding(...exclude), include })).paths.sort();
      const without = (...gone: string[]): string[] =>
        files.filter((path) => !gone.includes(path) && path !== 'y/f.min.js').sort();
      assert.deepEqual(await left(['**/node_modules']), without('x/node_modules/c.js'));
      assert.deepEqual(await left(['**/node_modules/**']), without('x/node_modules/c.js'));
      assert.deepEqual(await left(['*.md']), without('a.md'));
      assert.deepEqual(await left(['out']), without('out/d.ts'));
      assert.deepEqual(await left(['out/']), without('out/d.ts'));
      assert.deepEqual(await left(['**/out']), without('out/d.ts', 'y/out/e.ts'));
      assert.deepEqual(
        await left(['**/*.{js,ts}']),
        without('x/b.js', 'x/node_modules/c.js', 'out/d.ts', 'y/out/e.ts'),
      );
      assert.deepEqual(await left(['**/.hidden', 'p (1)']), without('.hidden/g.md', 'p (1)/h.md'));
      assert.deepEqual(
        await left([], ['**/*.min.js']),
        ['y/f.min.js'],
        'the person’s own globs take generated files too',
      );
      assert.deepEqual(await left(['x'], ['x/**', 'y']), ['y/f.min.js', 'y/out/e.ts']);
    });
  });

  it('follows links once and never in a circle', async function () {
    if (process.platform === 'win32') this.skip();
    await inFolder({ 'in/a.md': 'text', 'z.md': 'text' }, async (root) => {
      await inFolder({ 'far/b.md': 'text' }, async (elsewhere) => {
        symlinkSync(root, join(root, 'in/circle'));
        symlinkSync(join(root, 'in'), join(root, 'again'));
        symlinkSync('self', join(root, 'self'));
        symlinkSync('nowhere', join(root, 'broken.md'));
        symlinkSync(elsewhere, join(root, 'linked'));
        symlinkSync(join(elsewhere, 'far'), join(root, 'linked-twice'));
        symlinkSync('z.md', join(root, 'link.md'));
        const { paths, skipped } = await walked(root);
        assert.deepEqual(paths, ['link.md', 'z.md', 'in/a.md', 'linked/far/b.md']);
        assert.deepEqual(skipped, { 'symlink-loop': 4, unreadable: 1 });
      });
    });
  });

  it('takes strange names as they are, and tells what can not be opened by its name', async function () {
    if (process.platform === 'win32') this.skip();
    const names = ['a\nb.md', '😀.md', 'ü (1).md', ' .md', 'a\\b.md', '-x.md', 'con.md'];
    await inFolder(Object.fromEntries(names.map((name) => [`d/${name}`, 'text'])), async (root) => {
      const invalid = Buffer.concat([Buffer.from(`${root}/d/`), Buffer.from([0x61, 0xff, 0x2e, 0x6d, 0x64])]);
      let writable = true;
      try {
        writeFileSync(invalid, 'text');
      } catch {
        // macOS refuses such names.
        writable = false;
      }
      const left: string[] = [];
      const { paths } = await walked(root, {}, { onSkipped: (_, { detail }) => left.push(detail ?? '') });
      assert.deepEqual(paths.sort(), names.map((name) => `d/${name}`).sort());
      assert.deepEqual(left, writable ? ['its name is not valid UTF-8'] : []);
      for (const path of paths) assert.deepEqual(await decided(root, path), { fileType: 'Markdown' });
    });
  });

  it('tells links in a circle, links to nowhere and folders that can not be read', async function () {
    if (process.platform === 'win32') this.skip();
    await inFolder({ 'in/a.md': 'text', 'locked/b.md': 'text' }, async (root) => {
      symlinkSync(root, join(root, 'in/circle'));
      symlinkSync('self.md', join(root, 'self.md'));
      symlinkSync('nowhere', join(root, 'broken.md'));
      chmodSync(join(root, 'locked'), 0);
      const left: Record<string, string> = {};
      const onSkipped = (path: string, { reason, detail }: LeftOut): void => {
        left[path] = `${reason}: ${detail}`;
      };
      try {
        const { paths } = await walked(root, {}, { onSkipped });
        // To root nothing is locked.
        const mayReadAll = process.getuid?.() === 0;
        assert.deepEqual(paths, mayReadAll ? ['in/a.md', 'locked/b.md'] : ['in/a.md']);
        const { locked, ...links } = left;
        assert.equal(locked, mayReadAll ? undefined : 'unreadable: permission denied');
        assert.deepEqual(links, {
          'self.md': 'symlink-loop: it leads to itself',
          'broken.md': 'unreadable: it is a link that leads nowhere',
          'in/circle': `symlink-loop: it leads to ${root}, which is looked at already`,
        });
        for (const name of ['self.md', 'broken.md']) {
          const one = await decided(root, name);
          assert.equal('reason' in one && `${one.reason}: ${one.detail}`, left[name]);
        }
      } finally {
        chmodSync(join(root, 'locked'), 0o755);
      }
    });
  });

  it('leaves out what vanished since it was listed, and takes thousands of files of one folder', async () => {
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`d/${i}.md`, 'text']));
    await inFolder(many, async (root) => {
      const walk = new FolderWalk(root, defaultSettings);
      const source = new DiskSource(root, defaultSettings);
      let [count, gone] = [0, 0];
      for await (const { path } of walk) {
        count++;
        if (count % 500 > 0) continue;
        rmSync(join(root, path));
        const read = await source.read(path);
        assert.ok(!read.read && read.reason === 'unreadable' && read.detail === 'no such file or directory');
        gone++;
      }
      assert.deepEqual([count, gone], [3000, 6]);
    });
  });

  it('stops at its limit and when aborted', async () => {
    await inFolder(
      Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`d${i % 7}/${i}.md`, 'text'])),
      async (root) => {
        const limited = await walked(root, {}, { limit: 10 });
        assert.deepEqual([limited.paths.length, limited.complete], [10, false]);
        assert.equal((await walked(root, {}, { limit: 100 })).complete, true);
        const controller = new AbortController();
        controller.abort(new Error('stopped by the person'));
        await assert.rejects(walked(root, {}, { signal: controller.signal }), /stopped by the person/);
      },
    );
  });

  it('says of one file what the walk says, and why', async () => {
    await inFolder(
      {
        'a.md': 'text',
        'blank.md': ' \n',
        'bad.md': new Uint8Array([0xc3, 0x28]),
        'x/id_rsa': 'x',
        'data.csv': '1,2',
        'out/b.md': 'text',
        'big.md': 'x'.repeat(70_000),
      },
      async (root) => {
        const reason = async (path: string): Promise<string> => {
          const decision = await decided(root, path, { exclude: excluding('**/out') });
          return 'fileType' in decision ? decision.fileType : `${decision.reason} at ${decision.at}`;
        };
        assert.equal(await reason('a.md'), 'Markdown');
        assert.equal(await reason('blank.md'), 'no-text at blank.md');
        assert.equal(await reason('bad.md'), 'encoding at bad.md');
        assert.equal(await reason('x/id_rsa'), 'secret at x/id_rsa');
        assert.equal(await reason('data.csv'), 'not-included at data.csv');
        assert.equal(await reason('out/b.md'), 'excluded at out');
        assert.equal(await reason('big.md'), 'too-large at big.md');
        assert.equal(await reason('gone.md'), 'unreadable at gone.md');
      },
    );
  });
});

describe('file kinds', () => {
  it('are told by name and extension', () => {
    const of = (path: string): string => {
      const { kind, fileType, leftOut } = fileKindOf(path);
      return `${kind ?? '-'} ${fileType}${leftOut ? ` (${leftOut})` : ''}`;
    };
    assert.equal(of('docs/A.MD'), 'markdown Markdown');
    assert.equal(of('src/main.rs'), 'code Rust');
    assert.equal(of('a/index.tsx'), 'code TypeScript');
    assert.equal(of('Dockerfile.dev'), 'code Dockerfile');
    assert.equal(of('CMakeLists.txt'), 'code CMake');
    assert.equal(of('LICENSE'), 'plain Text');
    assert.equal(of('Cargo.toml'), 'code TOML');
    assert.equal(of('Cargo.lock'), 'plain Lock File (generated)');
    assert.equal(of('lib/jquery.min.js'), 'code JavaScript (minified)');
    assert.equal(of('logo.svg'), 'plain SVG (data)');
    assert.equal(of('photo.JPG'), '- Image (binary)');
    assert.equal(fileKindOf('what.ever').known, false);
    assert.equal(fileKindOf('constructor').known, false);
  });
});
