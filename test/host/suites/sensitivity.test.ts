import assert from 'node:assert/strict';
import { askedShare, nextStep } from '../../../src/host/quality/sensitivity';

describe('steps of the sensitivity', () => {
  it('lead to a value that flags others than the share that is flagged now', () => {
    assert.equal(nextStep(1 / 526, 'raise'), '1 in 200', 'the default is as good as 1 in 500');
    assert.equal(nextStep(1 / 500, 'raise'), '1 in 200');
    assert.equal(nextStep(1 / 1300, 'raise'), '1 in 500');
    assert.equal(nextStep(0, 'raise'), '1 in 500');
    assert.equal(nextStep(1 / 20, 'raise'), '1 in 10');
    assert.equal(nextStep(1 / 10, 'raise'), undefined);
    assert.equal(nextStep(1 / 200, 'lower'), '1 in 500');
    assert.equal(nextStep(1 / 526, 'lower'), undefined);
  });

  it('go all the way up and down again', () => {
    const up: string[] = [];
    for (let step = nextStep(0, 'raise'); step !== undefined; step = nextStep(askedShare(step) ?? 1, 'raise'))
      up.push(step);
    const down: string[] = [];
    for (let step = up.at(-1); step !== undefined; step = nextStep(askedShare(step) ?? 0, 'lower')) down.push(step);
    assert.equal(up.length, 6);
    assert.deepEqual(down, [...up].reverse());
  });
});
