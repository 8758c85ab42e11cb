import assert from 'node:assert/strict';
import { readReadings, readSets, shareMixed, type ChunkReading } from '../../../scripts/bench/topicsReadings';

const precision = (flags: readonly ChunkReading[]): number =>
  flags.reduce((sum, reading) => sum + shareMixed(reading), 0) / flags.length;

describe('readings of real chunks', () => {
  const readings = readReadings();
  const flagged = readings.filter((reading) => reading.flagged);

  it('are two for every chunk, each with its reason, of the sets that the benchmark judges', () => {
    for (const { folder, chunking, file, line, first, second } of readings) {
      assert.ok(readSets.some((set) => set.folder === folder && set.chunking === chunking));
      for (const { mixed, reason } of [first, second])
        assert.ok(typeof mixed === 'boolean' && reason.length > 10, `${file}:${line}`);
    }
    const keys = readings.map(({ folder, chunking, text }) => `${folder} ${chunking} ${text}`);
    assert.equal(new Set(keys).size, keys.length, 'no chunk twice');
  });

  it('hold at least 60 flags and 60 chunks that are not flagged', () => {
    assert.ok(flagged.length >= 60, `${flagged.length} flags`);
    assert.ok(readings.filter((reading) => !reading.flagged && reading.drawn === 'random').length >= 60);
  });

  it('bear out four of five of the flags that are kept with them, also of those read after the rules were chosen', () => {
    assert.ok(precision(flagged) >= 0.8, `${precision(flagged).toFixed(3)} of ${flagged.length}`);
    const later = flagged.filter(({ round }) => round === 2);
    assert.ok(precision(later) >= 0.8, `${precision(later).toFixed(3)} of ${later.length}`);
    const others = readings.filter((reading) => !reading.flagged && reading.drawn === 'random');
    assert.ok(precision(others) < 0.2, 'most of the rest keeps to one topic');
  });
});
