import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';
import { closeGaps, holdGroups, widestGap } from '../../../src/core/projection/mapGaps';
import { sideOf } from '../../../src/core/projection/mapFrame';
import { spanningTree } from '../../../src/core/projection/spanningTree';

interface Blob {
  x: number;
  y: number;
  count: number;
  radius?: number;
}

function blobs(groups: readonly Blob[], seed = 3): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from(
    groups.flatMap(({ x, y, count, radius = 1 }) =>
      Array.from({ length: count }, () => {
        const angle = 2 * Math.PI * random.next();
        const distance = radius * Math.sqrt(random.next());
        return [x + distance * Math.cos(angle), y + distance * Math.sin(angle)];
      }).flat(),
    ),
  );
}

function distance(map: Float64Array, i: number, j: number): number {
  return Math.hypot(map[2 * i] - map[2 * j], map[2 * i + 1] - map[2 * j + 1]);
}

function closed(map: Float64Array): Float64Array {
  const copy = map.slice();
  closeGaps(copy, widestGap);
  return copy;
}

/** Shortest distance between the first `split` points and the others. */
function between(map: Float64Array, split: number): number {
  let shortest = Infinity;
  for (let i = 0; i < split; i++)
    for (let j = split; j < map.length / 2; j++) shortest = Math.min(shortest, distance(map, i, j));
  return shortest;
}

function assertMoveless(before: Float64Array, after: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    assert.ok(Math.abs(distance(before, from, i) - distance(after, from, i)) < 1e-9, `point ${i}`);
  }
}

describe('the spanning tree of a map', () => {
  it('is as short as the one that is grown point by point', () => {
    const grid = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(fc.array(fc.tuple(grid, grid), { minLength: 1, maxLength: 80 }), (points) => {
        const map = Float64Array.from(points.flat());
        const { order, parent } = spanningTree(map);
        assert.equal(new Set(order).size, points.length);
        const place = new Map([...order].map((point, at) => [point, at]));
        let total = 0;
        order.forEach((point, at) => {
          if (at === 0) return assert.equal(parent[point], -1);
          assert.ok(place.get(parent[point])! < at);
          total += distance(map, point, parent[point]);
        });
        assert.ok(Math.abs(total - primLength(map)) < 1e-9, `${total} against ${primLength(map)}`);
      }),
    );
  });
});

function primLength(map: Float64Array): number {
  const count = map.length / 2;
  const nearest = new Float64Array(count).fill(Infinity);
  const isIn = new Uint8Array(count);
  let total = 0;
  let next = 0;
  for (let round = 0; round < count; round++) {
    isIn[next] = 1;
    if (round > 0) total += nearest[next];
    let best = -1;
    for (let i = 0; i < count; i++) {
      if (isIn[i] === 1) continue;
      nearest[i] = Math.min(nearest[i], distance(map, i, next));
      if (best < 0 || nearest[i] < nearest[best]) best = i;
    }
    next = best;
  }
  return total;
}

describe('closing the gaps of a map', () => {
  it('brings a far group near, in its own shape, and leaves a gap', () => {
    const map = blobs([
      { x: 0, y: 0, count: 500 },
      { x: -9, y: 7, count: 60, radius: 0.2 },
    ]);
    const after = closed(map);
    assertMoveless(map, after, 0, 500);
    assertMoveless(map, after, 500, 560);
    const gap = between(after, 500) / sideOf(after);
    assert.ok(gap > widestGap - 1e-6 && gap < 2 * widestGap, `${gap}`);
    closed(after).forEach((value, i) => assert.ok(Math.abs(value - after[i]) < 1e-5, 'closed once for all'));
    assert.ok(after[1000] < after[0] && after[1001] > after[1], 'the group still lies in its direction');
    assert.ok(sideOf(after.subarray(0, 1000)) > 0.66 * sideOf(after), 'it costs the others less than a third');
  });

  it('leaves a map without gaps as it is, to the bit, and a scattered one too', () => {
    const one = blobs([{ x: 0, y: 0, count: 400 }]);
    assert.deepEqual(closed(one), one);
    for (const count of [3, 10, 40]) {
      const scattered = Float64Array.from({ length: 2 * count }, (_, i) => Math.sin(i * 12.9898) * 5);
      const after = closed(scattered);
      assert.ok(sideOf(after) > 0.8 * sideOf(scattered), `${count} points`);
    }
    const twins = new Float64Array(20).fill(0.5);
    assert.deepEqual(closed(twins), twins);
  });

  it('keeps two halves side by side', () => {
    const after = closed(
      blobs([
        { x: 0, y: 0, count: 300 },
        { x: 30, y: 0, count: 300 },
      ]),
    );
    assert.ok(sideOf(after) < 4.6, `${sideOf(after)}`);
    assert.ok(between(after, 300) > 0.2);
  });

  it('gathers many tiny groups around a big one without laying one on another', () => {
    const groups: Blob[] = [{ x: 0, y: 0, count: 600 }];
    for (let g = 0; g < 40; g++)
      groups.push({ x: 12 * Math.cos(g * 2.4), y: (8 + g / 4) * Math.sin(g * 2.4), count: 5, radius: 0.05 });
    const map = blobs(groups);
    const after = closed(map);
    const gap = widestGap * sideOf(after);
    assert.ok(sideOf(after) < 0.65 * sideOf(map), `${sideOf(after)} of ${sideOf(map)}`);
    for (let g = 0; g < 40; g++) {
      const from = 600 + 5 * g;
      assertMoveless(map, after, from, from + 5);
      for (let j = 0; j < 800; j++) {
        if (j >= from && j < from + 5) continue;
        assert.ok(
          distance(after, from, j) > Math.min(gap / 2, distance(map, from, j)) - 1e-6,
          `group ${g}, point ${j}`,
        );
      }
    }
  });

  it('never brings points of two groups nearer than half the gap', () => {
    const place = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(place, place), { minLength: 2, maxLength: 8 }), (places) => {
        const map = blobs(places.map(([x, y]) => ({ x, y, count: 40, radius: 0.4 })));
        const after = closed(map);
        const gap = widestGap * sideOf(after);
        for (let i = 0; i < map.length / 2; i += 3) {
          for (let j = 0; j < i; j++) {
            const [was, is] = [distance(map, i, j), distance(after, i, j)];
            assert.ok(is >= Math.min(was, gap / 2) - 1e-6, `${was} became ${is}, gap ${gap}`);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('holding the groups of a map', () => {
  it('takes back how far a group drifted, and takes new groups along with the one they hang on', () => {
    const before = blobs([
      { x: 0, y: 0, count: 200 },
      { x: 3, y: 0, count: 200 },
      { x: 3, y: 2, count: 50, radius: 0.3 },
    ]);
    const known = Float32Array.from(before).fill(NaN, 800);
    const drifted = before.map((value, i) => (i >= 400 ? value + (i % 2 === 0 ? 2 : 1) : value));
    holdGroups(drifted, known);
    drifted.forEach((value, i) => assert.ok(Math.abs(value - before[i]) < 1e-5, `coordinate ${i}`));
  });
});
