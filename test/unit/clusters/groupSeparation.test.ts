import assert from 'node:assert/strict';
import { blockedKnn } from '../../../src/core/neighbors/blockedKnn';
import type { KnnGraph } from '../../../src/core/neighbors/knnGraph';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';
import {
  normalQuantile,
  separateGroups,
  type GroupedChunks,
  type SeparationOfPair,
} from '../../../src/core/topics/groupSeparation';

const dimensions = 16;

function unit(values: number[]): number[] {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

const centers = Array.from({ length: 8 }, (_, topic) => {
  const random = seededRandom(100 + topic);
  return unit(Array.from({ length: dimensions }, () => random.normal()));
});

interface Folder {
  chunks: number;
  files: number;
  /** Topics that its chunks are about, each as likely. */
  topics: number[];
}

/** Chunks around the centers of their topics; those of one file lean the same way, as those of a document do. */
function plant(folders: Folder[], seed: number, lean = 0.5): { graph: KnnGraph; chunks: GroupedChunks } {
  const random = seededRandom(seed);
  const noise = (scale: number) =>
    Array.from({ length: dimensions }, () => (scale * random.normal()) / Math.sqrt(dimensions));
  const vectors: number[] = [];
  const group: number[] = [];
  const file: number[] = [];
  let filesBefore = 0;
  folders.forEach(({ chunks, files, topics }, folder) => {
    const leans = Array.from({ length: files }, () => noise(lean));
    for (let i = 0; i < chunks; i++) {
      const center = centers[topics[random.below(topics.length)]];
      const own = noise(0.9);
      vectors.push(...unit(center.map((value, d) => value + leans[i % files][d] + own[d])));
      group.push(folder);
      file.push(filesBefore + (i % files));
    }
    filesBefore += files;
  });
  const data = { vectors: Float32Array.from(vectors), count: group.length, dimensions };
  return {
    graph: blockedKnn(data, 30),
    chunks: { point: Int32Array.from(group.keys()), group: Int32Array.from(group), file: Int32Array.from(file) },
  };
}

function separate({ graph, chunks }: ReturnType<typeof plant>, groups: number): SeparationOfPair[] {
  const steps = separateGroups(graph, chunks, groups);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

describe('Two folders', () => {
  it('of the same distribution are said to fall together, but for about the nominal 5 %', () => {
    const rounds = 40;
    let apart = 0;
    let unclear = 0;
    for (let seed = 1; seed <= rounds; seed++) {
      const folder = { chunks: 70, files: 10, topics: [0, 1, 2] };
      const [pair] = separate(plant([folder, { ...folder, chunks: 50 }], seed), 2);
      if (pair.verdict === 'apart') apart++;
      if (pair.verdict === 'unclear') unclear++;
    }
    // Binomial(40, .05) is above 7 once in 1,400 times.
    assert.ok(apart <= 7, `${apart} of ${rounds} were said to be apart`);
    assert.equal(unclear, 0);
  });

  it('about different things never are, nor are those that share half or three quarters of their topics', () => {
    for (let seed = 1; seed <= 5; seed++) {
      for (const [left, right] of [
        [[0], [1]],
        [
          [0, 1],
          [0, 2],
        ],
        [
          [0, 1, 2, 3],
          [0, 1, 2, 4],
        ],
      ]) {
        const [pair] = separate(
          plant(
            [
              { chunks: 90, files: 10, topics: left },
              { chunks: 110, files: 12, topics: right },
            ],
            seed,
          ),
          2,
        );
        assert.equal(pair.verdict, 'apart', `${left.join()} and ${right.join()}: ${pair.ownShare}`);
      }
    }
  });

  it('say with figures what was seen and what could have been', () => {
    const folder = { chunks: 60, files: 8, topics: [0, 1] };
    const [pair] = separate(plant([folder, folder], 3), 2);
    assert.equal(pair.verdict, 'together');
    assert.equal(pair.unit, 'file');
    assert.deepEqual([pair.firstChunks, pair.secondChunks], [60, 60]);
    assert.ok(pair.ownShare <= pair.chanceLimit && pair.chanceLimit < pair.detectableShare);
    assert.ok(pair.detectableShare <= 0.65 && pair.chanceShare > 0.4 && pair.chanceShare < 0.5);
    assert.ok(pair.pValue > 0.05 && pair.pValue <= 1);
    assert.deepEqual(separate(plant([folder, folder], 3), 2), [pair]);
  });

  it('of too few chunks are not judged; of few files they are by chunks, and files that differ keep them apart', () => {
    const few = { chunks: 19, files: 19, topics: [0] };
    assert.deepEqual(separate(plant([few, { ...few, chunks: 200 }], 1), 2), []);
    const twoFiles = { chunks: 60, files: 2, topics: [0, 1] };
    const [alike] = separate(plant([twoFiles, twoFiles], 1, 0), 2);
    assert.deepEqual([alike.unit, alike.verdict], ['chunk', 'together']);
    const [leaning] = separate(plant([twoFiles, twoFiles], 1, 1), 2);
    assert.equal(leaning.verdict, 'apart');
  });

  it('with the very same texts fall together: a twin is the nearest neighbor there is', () => {
    const { graph, chunks } = plant([{ chunks: 60, files: 10, topics: [0, 1, 2] }], 2);
    const twice = {
      point: Int32Array.from([...chunks.point, ...chunks.point]),
      group: Int32Array.from([...chunks.group, ...chunks.group.map(() => 1)]),
      file: Int32Array.from([...chunks.file, ...chunks.file.map((file) => 10 + file)]),
    };
    const [pair] = separate({ graph, chunks: twice }, 2);
    assert.equal(pair.verdict, 'together');
    assert.ok(pair.ownShare < 0.5);
  });

  it('among many are the only pair that is said: one true one of twenty-eight, but for the nominal chance', () => {
    const folders = Array.from({ length: 8 }, (_, i) => ({ chunks: 40, files: 8, topics: [i === 7 ? 0 : i] }));
    let said = 0;
    for (let seed = 1; seed <= 4; seed++) {
      const pairs = separate(plant(folders, seed), 8);
      assert.equal(pairs.length, 28);
      for (const { first, second, verdict } of pairs) {
        if (verdict !== 'together') continue;
        assert.deepEqual([first, second], [0, 7]);
        said++;
      }
    }
    assert.ok(said >= 3, `said ${said} times of 4`);
  });
});

describe('Quantiles of the normal distribution', () => {
  it('are those of the tables', () => {
    for (const [probability, quantile] of [
      [0.5, 0],
      [0.8, 0.8416212],
      [0.95, 1.6448536],
      [0.975, 1.959964],
      [0.99, 2.3263479],
      [0.99999, 4.2648908],
    ]) {
      assert.ok(Math.abs(normalQuantile(probability) - quantile) < 1e-6, `${probability}`);
    }
  });
});
