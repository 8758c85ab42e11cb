import assert from 'node:assert/strict';
import { parseWebviewMessage } from '../../../src/shared/hostWebview';
import { mostPointsAsked } from '../../../src/shared/mapQuestions';

const ask = (request: unknown) => parseWebviewMessage({ type: 'request', id: 1, request });

describe('What the panel asks of a map', () => {
  it('is taken as it is sent, lists of points as arrays or as columns', () => {
    for (const request of [
      { method: 'walk', from: 0, to: 7 },
      { method: 'centroid', points: [1, 2, 3] },
      { method: 'centroid', points: Uint32Array.of(1, 2, 3) },
      { method: 'searchWithin', query: 'borrow', points: Uint32Array.of(4) },
      { method: 'textSearch', text: 'unsafe' },
      { method: 'labelSelection', points: [5] },
      { method: 'exportPoints', points: null, vectors: true },
      { method: 'exportPoints', points: [1], vectors: false },
      { method: 'similarityTo', points: [9] },
      { method: 'similarityTo', query: 'threads' },
      { method: 'colorData', kind: 'gitAge' },
      { method: 'groupSeparation', grouping: 'fileType' },
    ]) {
      assert.deepEqual(ask(request), { type: 'request', id: 1, request });
    }
  });

  it('is refused when it names a file, trust or a limit of its own, or is no question of ours', () => {
    for (const request of [
      { method: 'walk', from: -1, to: 7 },
      { method: 'walk', from: 0.5, to: 7 },
      { method: 'centroid', points: [] },
      { method: 'centroid', points: ['1'] },
      { method: 'centroid', points: new Float32Array(3) },
      { method: 'labelSelection', points: new Uint32Array(mostPointsAsked + 1) },
      { method: 'searchWithin', query: '   ', points: [1] },
      { method: 'textSearch', text: 'x'.repeat(5000) },
      { method: 'exportPoints', points: [1] },
      { method: 'colorData', kind: 'author' },
      { method: 'groupSeparation', grouping: 'everything' },
    ]) {
      assert.throws(() => ask(request), Error, JSON.stringify(request).slice(0, 80));
    }
    const sneaky = ask({ method: 'exportPoints', points: null, vectors: true, file: '/etc/passwd', spaceId: 'other' });
    assert.deepEqual(sneaky, {
      type: 'request',
      id: 1,
      request: { method: 'exportPoints', points: null, vectors: true },
    });
    const trusted = ask({ method: 'colorData', kind: 'gitAge', trusted: true });
    assert.deepEqual(trusted, { type: 'request', id: 1, request: { method: 'colorData', kind: 'gitAge' } });
  });
});
