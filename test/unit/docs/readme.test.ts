import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../../..');
const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');

interface Setting {
  default?: unknown;
}

interface Configuration {
  properties: Record<string, Setting>;
}

interface Manifest {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  contributes?: {
    commands?: { command: string; title: string; category?: string }[];
    configuration?: Configuration | Configuration[];
  };
}

const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;

/** Rows of the tables between `<!-- name: …` and the next heading, as cells, header rows left out. */
function tableRows(name: string): string[][] {
  const section = new RegExp(`<!-- ${name}: [^]*?(?=\\n##)`).exec(readme)?.[0];
  assert.ok(section, `README.md has no part marked "${name}"`);
  return section
    .split(/\n{2,}/)
    .filter((block) => block.startsWith('|'))
    .flatMap((table) => table.trim().split('\n').slice(2))
    .map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1));
}

function settings(): Record<string, Setting> {
  const configuration = manifest.contributes?.configuration ?? [];
  return Object.assign({}, ...[configuration].flat().map((part) => part.properties)) as Record<string, Setting>;
}

describe('The README', () => {
  it('lists every setting with its default, and none that does not exist', () => {
    const listed = tableRows('settings').map(([name, value]) => [name.replaceAll('`', ''), value.replaceAll('`', '')]);
    const actual = Object.entries(settings()).map(([name, { default: value }]) => [name, JSON.stringify(value)]);
    assert.deepEqual(listed.sort(), actual.sort());
  });

  it('lists every command by the title that the palette shows, and none that does not exist', () => {
    const titles = (manifest.contributes?.commands ?? []).map(({ category, title }) =>
      category === undefined ? title : `${category}: ${title}`,
    );
    assert.deepEqual(
      tableRows('commands')
        .map(([title]) => title)
        .sort(),
      titles.sort(),
    );
  });

  it('lists the commands of the command line that its usage lists', () => {
    const usage = fs.readFileSync(path.join(root, 'src/cli/usage.ts'), 'utf8');
    const offered = [...usage.matchAll(/^ {2}([a-z]+)(?: [A-Z[].*)$/gm)].map((match) => match[1]);
    assert.ok(offered.length >= 7, offered.join(', '));
    const section = /^## Command line$[^]*?^## /m.exec(readme)![0];
    const listed = [...section.matchAll(/^\| `([a-z]+) /gm)].map((match) => match[1]);
    assert.deepEqual(listed.sort(), offered.sort());
  });

  it('gives a reason for every dependency, and for none that is gone', () => {
    const rows = tableRows('dependencies');
    assert.deepEqual(
      rows.map(([name]) => name.replaceAll('`', '')).sort(),
      Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).sort(),
    );
    assert.deepEqual(
      rows.filter(([, reason]) => reason.length < 10),
      [],
    );
  });
});

describe('The documents', () => {
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...['docs', 'docs/methods'].flatMap((folder) =>
      fs
        .readdirSync(path.join(root, folder))
        .filter((file) => file.endsWith('.md'))
        .map((file) => `${folder}/${file}`),
    ),
  ];

  it('link to files and headings that exist', () => {
    const broken: string[] = [];
    for (const document of documents) {
      const text = fs.readFileSync(path.join(root, document), 'utf8');
      const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
        (match) => match[1] ?? match[2],
      );
      for (const target of targets.filter((link) => !/^https?:/.test(link))) {
        const [file, anchor] = target.split('#');
        const linked = file === '' ? path.join(root, document) : path.join(root, path.dirname(document), file);
        if (!fs.existsSync(linked)) broken.push(`${document}: ${target}`);
        else if (anchor !== undefined && !anchors(fs.readFileSync(linked, 'utf8')).includes(anchor)) {
          broken.push(`${document}: ${target}`);
        }
      }
    }
    assert.deepEqual(broken, []);
  });

  it('name npm scripts that exist', () => {
    const unknown = documents.flatMap((document) =>
      [...fs.readFileSync(path.join(root, document), 'utf8').matchAll(/npm run ([\w:-]+)/g)]
        .map((match) => match[1])
        .filter((script) => !(script in manifest.scripts))
        .map((script) => `${document}: ${script}`),
    );
    assert.deepEqual(unknown, []);
  });
});

/** Anchors of a document's headings, as GitHub and VS Code make them. */
function anchors(markdown: string): string[] {
  return [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map((heading) =>
    heading[1]
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}
