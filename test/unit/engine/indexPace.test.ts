import assert from 'node:assert/strict';
import { IndexPace } from '../../../src/engine/indexPace';

describe('the pace of an index', () => {
  it('is full speed until somebody asks for room, and again afterwards', () => {
    let nowMs = 0;
    const pace = new IndexPace(3, () => nowMs);
    assert.equal(pace.waitMs(2), 0);
    pace.beGentleFor(1_000);
    nowMs = 1_000;
    assert.equal(pace.waitMs(2), 0);
  });

  it('leaves one of several workers free while it is gentle', () => {
    let nowMs = 0;
    const pace = new IndexPace(3, () => nowMs);
    pace.beGentleFor(1_000);
    nowMs = 400;
    assert.equal(pace.waitMs(1), 0);
    assert.equal(pace.waitMs(2), 600);
    pace.beGentleFor(100);
    assert.equal(pace.waitMs(2), 600);
  });

  it('lets a worker that is the only one rest as long as its text took', () => {
    let nowMs = 0;
    const pace = new IndexPace(1, () => nowMs);
    pace.beGentleFor(1_000);
    assert.equal(pace.waitMs(0), 0);
    nowMs = 120;
    pace.finishedText(120);
    assert.equal(pace.waitMs(0), 120);
    nowMs = 950;
    pace.finishedText(120);
    assert.equal(pace.waitMs(0), 50);
  });
});
