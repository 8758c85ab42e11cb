import assert from 'node:assert/strict';
import type { EngineInfo } from '../../../src/shared/engineInfo';
import type { SpaceState } from '../../../src/shared/space';
import { byteSize, counted, duration, percentileWords } from '../../../src/shared/plainWords';
import { statusWords, type StatusFacts } from '../../../src/host/status/statusText';

const state: SpaceState = {
  phase: 'ready',
  paused: false,
  files: 1708,
  chunks: 5310,
  points: 5290,
  mixed: 1,
  trust: 9.31,
  trustOf: 15,
  mapRevision: 1,
  progress: undefined,
  error: undefined,
  skipped: {},
  lastReport: undefined,
};
const engine: EngineInfo = {
  version: '0.1.0',
  pid: 1,
  runtime: 'wasm',
  steppedDown: ['native crashed in the probe'],
  threads: 2,
  tokensPerSecond: 2011.4,
  modelName: 'all-MiniLM-L6-v2',
  dimensions: 384,
  maxTokens: 256,
  node: 'v22',
  memoryBytes: 1,
  windows: 1,
};
const facts: StatusFacts = {
  state,
  isKnown: true,
  engineStatus: 'running',
  engineDetail: undefined,
  engine,
  problem: undefined,
  leftOut: undefined,
};

describe('the words of the status bar', () => {
  it('say how many chunks are indexed, and in the tooltip with what and how fast', () => {
    const words = statusWords(facts);
    assert.equal(words.text, '$(graph-scatter) 5,310 chunks');
    for (const part of [
      '1,708 files',
      '1 mixed-topic chunk ',
      'trust 9.3 of 15',
      '2,011 tokens/s',
      'WebAssembly',
      'native crashed',
    ]) {
      assert.ok(words.tooltip.includes(part), `${part} is missing in ${words.tooltip}`);
    }
  });

  it('say how far an indexing is and how long it takes', () => {
    const progress = {
      phase: 'embedding' as const,
      filesDone: 427,
      filesTotal: 1708,
      chunks: 900,
      tokensPerSecond: 6900,
      secondsLeft: 42,
      startedByPerson: true,
    };
    const words = statusWords({ ...facts, state: { ...state, phase: 'indexing', progress } });
    assert.equal(words.text, '$(sync~spin) Indexing 25% · 42 s left');
    assert.ok(words.tooltip.includes('427 of 1,708 files · 900 chunks · 6,900 tokens/s · 42 s left'));
  });

  it('do not say that nothing is indexed while the index is being opened', () => {
    const none = { ...state, phase: 'none' as const };
    assert.equal(statusWords({ ...facts, state: none, isKnown: false }).text, '$(sync~spin) Opening index');
    assert.equal(statusWords({ ...facts, state: none }).text, '$(graph-scatter) Not indexed');
  });

  it('say of a paused index what is in it and that the rest waits', () => {
    const words = statusWords({ ...facts, state: { ...state, paused: true } });
    assert.equal(words.text, '$(debug-pause) Indexing paused');
    assert.ok(words.tooltip.includes('1,708 files and 5,310 chunks are in the index'), words.tooltip);
    assert.ok(words.tooltip.includes('when you resume'), words.tooltip);
    assert.ok(!words.isError);
  });

  it('name the folders that can’t be indexed beside those that can', () => {
    const { tooltip } = statusWords({ ...facts, leftOut: 'remote (vscode-vfs) lies on no disk.' });
    assert.ok(tooltip.includes('5,310 chunks'));
    assert.ok(tooltip.includes('remote \\(vscode-vfs\\) lies on no disk.'), tooltip);
  });

  it('put a failure before everything else, whoever met it', () => {
    const failed = statusWords({ ...facts, engineStatus: 'failed', engineDetail: 'The engine died.' });
    assert.ok(failed.isError && failed.tooltip.includes('The engine died.'));
    const unopened = statusWords({ ...facts, problem: 'The store is of a newer version.' });
    assert.ok(unopened.isError && unopened.tooltip.includes('newer version'));
    const broken = statusWords({ ...facts, state: { ...state, phase: 'error', error: 'The disk is full.' } });
    assert.ok(broken.isError && broken.tooltip.includes('The disk is full.'));
  });

  it('never turn what an engine says into a link or an icon', () => {
    const { tooltip } = statusWords({ ...facts, problem: '[press](command:evil) $(x)' });
    assert.ok(!tooltip.includes('[press](command:evil)'));
    assert.ok(!tooltip.includes('$(x)'));
  });
});

describe('figures in plain words', () => {
  it('are rounded to what people read', () => {
    assert.deepEqual([0.2, 12.4, 200, 5000, 9000].map(duration), [
      'under 1 s',
      '12 s',
      '3 min',
      '83 min',
      '2 h 30 min',
    ]);
    assert.deepEqual([900, 2048, 5.2e7].map(byteSize), ['900 bytes', '2.0 KB', '50 MB']);
    assert.deepEqual(
      [counted(1, 'file'), counted(2, 'index'), counted(1234, 'chunk')],
      ['1 file', '2 indexes', '1,234 chunks'],
    );
  });

  it('name percentiles as they are, without rounding up to one that was not reached', () => {
    assert.deepEqual(
      [1, 2.9, 11, 23, 97.6, 99.97, 100].map(percentileWords),
      ['1st', '2nd', '11th', '23rd', '97th', '99.9th', '100th'].map((rank) => `${rank} percentile`),
    );
  });
});
