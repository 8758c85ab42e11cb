import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { CommandLine } from './cliProcess';

const archive = path.resolve(__dirname, '../../../shared/data/workspace-rustbook.tar.gz');

/** Chapters and listings enough to stand for the book: prose with code, twins among the listings. */
const part = /^workspace-rustbook\/(src\/ch0[1-5]-[^/]*\.md|listings\/ch0[34][^/]*\/.*\.(rs|toml))$/;

interface Counts {
  files: number;
  chunks: number;
  embedded: number;
  reused: number;
}

describe('an index of the Rust book', function () {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-rust-book-'));
  const book = path.join(root, 'book');
  const at = (...names: string[]): string => path.join(book, ...names);
  const cli = new CommandLine(root, path.join(root, 'cache'));
  const index = (): Promise<Counts> => cli.json<Counts>('index', 'book');
  const git = (...args: string[]): void => {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'core.autocrlf=false'];
    execFileSync('git', [...identity, ...args], { cwd: book, stdio: 'ignore' });
  };
  let first: Counts;

  before(async function () {
    if (!fs.existsSync(archive)) {
      console.log('      skipped: ../shared/data/workspace-rustbook.tar.gz is not beside the checkout');
      this.skip();
    }
    const names = execFileSync('tar', ['tzf', archive], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
    fs.writeFileSync(path.join(root, 'names'), names.filter((name) => part.test(name)).join('\n'));
    execFileSync('tar', ['xzf', archive, '-C', root, '-T', path.join(root, 'names')]);
    fs.renameSync(path.join(root, 'workspace-rustbook'), book);
    first = await index();
  });
  after(() => fs.rmSync(root, { recursive: true, force: true }));

  it('embeds every distinct text once, and nothing the second time', async () => {
    assert.ok(first.files > 60 && first.chunks > 200, JSON.stringify(first));
    assert.ok(first.embedded > 150 && first.embedded < first.chunks, 'the twins among the listings are one text');
    assert.equal(first.embedded + first.reused, first.chunks);
    const { files, chunks, embedded, reused } = await index();
    assert.deepEqual([files, chunks, embedded, reused], [first.files, first.chunks, 0, first.chunks]);
  });

  it('embeds nothing when a folder is renamed or every file is touched', async () => {
    fs.renameSync(at('src'), at('chapters'));
    const now = new Date();
    for (const name of fs.readdirSync(at('listings'), { recursive: true, encoding: 'utf8' }))
      fs.utimesSync(at('listings', name), now, now);
    const { files, chunks, embedded } = await index();
    assert.deepEqual([files, chunks, embedded], [first.files, first.chunks, 0]);
    fs.renameSync(at('chapters'), at('src'));
  });

  it('embeds at most two chunks when a paragraph is edited, wherever it stands', async () => {
    const chapters = fs
      .readdirSync(at('src'))
      .sort()
      .map((name) => at('src', name))
      .filter((file) => paragraphs(fs.readFileSync(file, 'utf8')).length >= 6);
    assert.ok(chapters.length >= 10);
    const edits: Record<string, (paragraph: string) => string> = {
      'a sentence more': (paragraph) => `${paragraph} Readers who skipped the installation should go back to it now.`,
      'a word less': (paragraph) => paragraph.replace(/ \S+/, ''),
      'half of it': (paragraph) => paragraph.slice(0, paragraph.indexOf(' ', paragraph.length / 2)),
    };
    for (const [i, [what, edit]] of Object.entries(edits).entries()) {
      editParagraph(chapters[3 * i], 0.5, edit);
      const { embedded } = await index();
      assert.ok(embedded >= 1 && embedded <= 2, `${what}: ${embedded} chunks of ${chapters[3 * i]}`);
    }
    // All others at once, at other places of the text.
    const others = chapters.filter((_, i) => i % 3 !== 0);
    others.forEach((file, i) => editParagraph(file, (i + 0.5) / others.length, edits['a sentence more']));
    const { embedded } = await index();
    assert.ok(embedded >= others.length, `${embedded} chunks of ${others.length} files`);
    assert.ok(embedded <= 2 * others.length, `${embedded} chunks of ${others.length} files`);
  });

  it('embeds nothing on the way back from another state, nor on the way there again', async () => {
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    git('checkout', '-qb', 'other');
    const [edited, removed, renamed] = fs.readdirSync(at('src')).sort();
    editParagraph(at('src', edited), 0.5, () => 'Another state of the book says something else in this place.');
    fs.rmSync(at('src', removed));
    fs.renameSync(at('src', renamed), at('src', 'renamed.md'));
    fs.writeFileSync(at('src', 'new.md'), '# New\n\nA page that exists in the other state of the book alone.\n');
    git('add', '-A');
    git('commit', '-qm', 'two');
    const there = await index();
    assert.ok(there.embedded >= 2 && there.embedded <= 3, `${there.embedded}`);
    git('checkout', '-q', '-');
    const back = await index();
    assert.deepEqual([back.embedded, back.files], [0, first.files]);
    git('checkout', '-q', 'other');
    assert.equal((await index()).embedded, 0);
  });
});

/** Blocks of prose, with their ranges. */
function paragraphs(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let inCode = false;
  for (const block of text.matchAll(/(?:[^\n]+\n?)+/g)) {
    const fences = block[0].match(/^```/gm)?.length ?? 0;
    const isProse = !inCode && fences === 0 && /^[A-Z]/.test(block[0]) && block[0].length > 120;
    if (fences % 2 === 1) inCode = !inCode;
    const body = block[0].trimEnd();
    if (isProse) found.push({ start: block.index, end: block.index + body.length });
  }
  return found;
}

/** @param where 0 for the first paragraph of the file, 1 for its last */
function editParagraph(file: string, where: number, edit: (paragraph: string) => string): void {
  const text = fs.readFileSync(file, 'utf8');
  const all = paragraphs(text);
  const { start, end } = all[Math.min(all.length - 1, Math.floor(where * all.length))];
  const edited = edit(text.slice(start, end));
  assert.notEqual(edited, text.slice(start, end));
  fs.writeFileSync(file, text.slice(0, start) + edited + text.slice(end));
}
