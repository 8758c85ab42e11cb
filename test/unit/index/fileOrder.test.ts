import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { SourceFile } from '../../../src/core/index/documentSource';
import { spreadOrder, wantedFirst } from '../../../src/core/index/fileOrder';

const file = (path: string): SourceFile => ({ path, size: 1, mtimeMs: 0 });
const folder = (name: string, count: number): SourceFile[] =>
  Array.from({ length: count }, (_, i) => file(`${name}/${i}.md`));

describe('the order of a run', () => {
  it('holds every file once, and is the same in whatever order they were found', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[ab](\/[abc]){0,3}$/), { maxLength: 40 }), (paths) => {
        const order = spreadOrder(paths.map(file)).map(({ path }) => path);
        assert.deepEqual([...order].sort(), [...paths].sort());
        const reversed = spreadOrder([...paths].reverse().map(file));
        assert.deepEqual(
          reversed.map(({ path }) => path),
          order,
        );
      }),
    );
  });

  it('has done the same share of every folder at any moment, one file more or less', () => {
    const sizes = { large: 600, middle: 60, small: 12 };
    const order = spreadOrder(Object.entries(sizes).flatMap(([name, count]) => folder(name, count)));
    for (const share of [0.1, 0.25, 0.5, 0.75]) {
      const done = order.slice(0, Math.round(share * order.length));
      for (const [name, count] of Object.entries(sizes)) {
        const found = done.filter(({ path }) => path.startsWith(`${name}/`)).length;
        assert.ok(Math.abs(found - share * count) <= 2, `${found} of ${count} in ${name} after ${share}`);
      }
    }
  });

  it('takes what is wanted at once before all others, also when it is wanted only later', () => {
    const wanted: string[] = ['d/3.md', 'gone.md'];
    const taken: string[] = [];
    for (const { path } of wantedFirst(folder('d', 6), () => wanted)) {
      taken.push(path);
      if (path === 'd/0.md') wanted.push('d/5.md', 'd/0.md');
    }
    assert.deepEqual(taken, ['d/3.md', 'd/0.md', 'd/5.md', 'd/1.md', 'd/2.md', 'd/4.md']);
  });
});
