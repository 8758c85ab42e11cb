import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { PanelMessages } from '../../../src/host/panel/panelMessages';
import type { HostToWebview } from '../../../src/shared/hostWebview';

describe('messages of the panel', () => {
  let asked: unknown[];
  let opened: unknown[];
  let posted: HostToWebview[];
  let dropped: number;
  let fails: Error | undefined;
  let messages: PanelMessages;
  let states: string[];

  beforeEach(() => {
    asked = [];
    opened = [];
    posted = [];
    states = [];
    dropped = 0;
    fails = undefined;
    const request = async (method: string, params: unknown): Promise<unknown> => {
      asked.push([method, params]);
      if (fails) throw fails;
      return method === 'search' ? { query: 'q', hits: [], elapsedMs: 1, searched: 0 } : null;
    };
    messages = new PanelMessages({
      space: { request } as never,
      opener: { open: async (...values: unknown[]) => void opened.push(values) },
      tracker: { show: () => undefined },
      log: { warn: () => void dropped++ },
      post: (message) => void posted.push(message),
      editorColumn: () => vscode.ViewColumn.Two,
      onReady: () => undefined,
      onDrawn: () => undefined,
      onClearSelection: () => undefined,
      onResults: () => undefined,
      onRetry: () => undefined,
      onState: (state) => void states.push(state),
    });
  });

  it('keep what the panel shows for the next one, unless it is too long to be that', async () => {
    await messages.receive({ type: 'saveState', state: '{"version":1}' });
    await messages.receive({ type: 'saveState', state: 'x'.repeat(600_000) });
    assert.deepEqual(states, ['{"version":1}']);
    assert.equal(dropped, 1);
  });

  it('open a chunk by its id, in the group beside the panel', async () => {
    await messages.receive({ type: 'open', chunkId: 5, offset: 3, preview: true });
    assert.deepEqual(opened, [[5, { offset: 3, preview: true, viewColumn: vscode.ViewColumn.Two }]]);
  });

  it('are dropped when the panel never sends them: nothing opens, runs or is asked', async () => {
    for (const message of [
      undefined,
      'ready',
      {},
      { type: 'open', path: '/etc/passwd', preview: false },
      { type: 'open', chunkId: '5', preview: false },
      { type: 'open', chunkId: -1, preview: false },
      { type: 'open', chunkId: 1.5, preview: false },
      { type: 'command', command: 'workbench.action.terminal.new' },
      { type: 'request', id: 1, request: { method: 'deleteIndex', folderUri: 'file:///' } },
      { type: 'request', id: 1, request: { method: 'search', query: 'x'.repeat(5000) } },
      { type: 'request', id: 1, request: { method: 'excerpts', points: Array(1000).fill(1) } },
    ]) {
      dropped = 0;
      await messages.receive(message);
      assert.equal(dropped, 1, `${JSON.stringify(message)?.slice(0, 80)} was not dropped`);
    }
    assert.deepEqual([asked, opened, posted], [[], [], []]);
  });

  it('answer requests by their number', async () => {
    await messages.receive({ type: 'request', id: 8, request: { method: 'search', query: 'refund' } });
    assert.deepEqual(asked, [['search', { query: 'refund', limit: 50 }]]);
    assert.ok(posted[0]?.type === 'response' && posted[0].ok && posted[0].id === 8);
  });

  it('answer a request that failed with its reason', async () => {
    fails = new Error('The engine is gone.');
    await messages.receive({ type: 'request', id: 9, request: { method: 'readings' } });
    assert.deepEqual(posted, [{ type: 'response', id: 9, ok: false, message: 'The engine is gone.' }]);
  });
});
