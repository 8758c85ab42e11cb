import assert from 'node:assert/strict';
import { LatestAnswer } from '../../../src/host/search/latestAnswer';
import { after, useFakeClock } from './fakeClock';

describe('search while typing', () => {
  const goBy = useFakeClock();

  it('asks once for a burst of keys', async () => {
    const asked: string[] = [];
    const answers: string[] = [];
    const latest = new LatestAnswer<string, string>(
      20,
      async (query) => {
        asked.push(query);
        return query.toUpperCase();
      },
      (_query, answer) => void answers.push(answer),
      () => assert.fail('no question failed'),
    );
    for (const query of ['t', 'th', 'thr']) latest.question(query);
    await goBy(50);
    assert.deepEqual(asked, ['thr']);
    assert.deepEqual(answers, ['THR']);
  });

  it('drops an early question whose answer arrives last, and cancels it', async () => {
    const answers: string[] = [];
    const signals: AbortSignal[] = [];
    const latest = new LatestAnswer<string, string>(
      1,
      async (query, signal) => {
        signals.push(signal);
        await after(query === 'slow' ? 60 : 5);
        return query;
      },
      (_query, answer) => void answers.push(answer),
      () => assert.fail('no question failed'),
    );
    latest.question('slow');
    await goBy(10);
    latest.question('fast');
    await goBy(90);
    assert.deepEqual(answers, ['fast']);
    assert.deepEqual(
      signals.map((signal) => signal.aborted),
      [true, false],
    );
  });

  it('tells of a failure of the latest question only', async () => {
    const failed: string[] = [];
    const latest = new LatestAnswer<string, string>(
      1,
      async (query) => {
        await after(10);
        throw new Error(query);
      },
      () => assert.fail('no question is answered'),
      (query) => void failed.push(query),
    );
    latest.question('first');
    await goBy(5);
    latest.question('second');
    await goBy(40);
    assert.deepEqual(failed, ['second']);
  });
});
