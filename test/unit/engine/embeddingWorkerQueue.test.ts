import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import type { PoolToWorker } from '../../../src/engine/embeddingMessages';
import { EmbeddingWorkerQueue } from '../../../src/engine/embeddingWorkerQueue';

type Embed = Extract<PoolToWorker, { type: 'embed' }>;

function embed(id: number, priority: Embed['priority']): Embed {
  return { type: 'embed', id, priority, request: { text: `text ${id}` } };
}

describe('what a worker has been given', () => {
  /** Hands over messages as a pool does; `during` is called while a text keeps the thread. */
  async function orderOf(given: PoolToWorker[], during: (id: number, post: (m: PoolToWorker) => void) => void) {
    const { port1, port2 } = new MessageChannel();
    const order: (number | string)[] = [];
    try {
      await new Promise<void>((resolve) => {
        const queue = new EmbeddingWorkerQueue((message) => {
          if (message.type === 'embed') during(message.id, (other) => port1.postMessage(other));
          order.push(message.type === 'embed' ? message.id : message.type);
          if (message.type === 'stop') resolve();
          return Promise.resolve();
        });
        port2.on('message', (message: PoolToWorker) => queue.receive(message));
        for (const message of given) port1.postMessage(message);
      });
    } finally {
      port1.close();
    }
    return order;
  }

  it('begins a query that came during a text before the next text, however the session keeps the thread', async () => {
    const order = await orderOf([embed(1, 'index'), embed(2, 'index')], (id, post) => {
      if (id === 1) post(embed(3, 'query'));
      if (id === 2) post({ type: 'stop' });
    });
    assert.deepEqual(order, [1, 3, 2, 'stop']);
  });

  it('begins queries in their order, and nothing after a stop', async () => {
    const order = await orderOf([embed(1, 'index'), embed(2, 'index')], (id, post) => {
      if (id === 1) for (const next of [3, 4]) post(embed(next, 'query'));
      if (id === 4) post({ type: 'stop' });
    });
    assert.deepEqual(order, [1, 3, 4, 'stop']);
  });
});
