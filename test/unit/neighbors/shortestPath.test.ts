import assert from 'node:assert/strict';
import { blockedKnn } from '../../../src/core/neighbors/blockedKnn';
import { shortestPath } from '../../../src/core/neighbors/shortestPath';
import { plantedVectors } from './plantedVectors';

describe('The shortest path over neighbors', () => {
  const data = plantedVectors(60, 8, 3, 1.2, 4);
  const graph = blockedKnn(data, 5);

  /** All distances by Floyd and Warshall, over the same edges. */
  function allDistances(): Float64Array {
    const { count, k, indices, similarities } = graph;
    const distance = new Float64Array(count * count).fill(Infinity);
    for (let node = 0; node < count; node++) {
      distance[node * count + node] = 0;
      for (let rank = 0; rank < k; rank++) {
        const other = indices[node * k + rank];
        const length = Math.max(1e-4, 1 - similarities[node * k + rank]);
        distance[node * count + other] = Math.min(distance[node * count + other], length);
        distance[other * count + node] = distance[node * count + other];
      }
    }
    for (let via = 0; via < count; via++)
      for (let a = 0; a < count; a++)
        for (let b = 0; b < count; b++) {
          const through = distance[a * count + via] + distance[via * count + b];
          if (through < distance[a * count + b]) distance[a * count + b] = through;
        }
    return distance;
  }

  it('is as short as any, from end to end over edges of the graph', () => {
    const distance = allDistances();
    for (let to = 0; to < graph.count; to++) {
      const path = shortestPath(graph, 7, to, { neighbors: 5 });
      assert.equal(path === undefined, distance[7 * graph.count + to] === Infinity);
      if (path === undefined) continue;
      assert.ok(Math.abs(path.length - distance[7 * graph.count + to]) < 1e-6);
      assert.deepEqual([path.nodes[0], path.nodes.at(-1)], [7, to]);
      path.nodes.slice(1).forEach((node, i) => {
        const row = (of: number) => [...graph.indices.subarray(of * graph.k, (of + 1) * graph.k)];
        assert.ok(row(node).includes(path.nodes[i]) || row(path.nodes[i]).includes(node));
      });
    }
  });

  it('is none between parts that share nothing, and goes around what is left out', () => {
    const apart = { count: 4, k: 1, indices: Int32Array.of(1, 0, 3, 2), similarities: new Float32Array(4).fill(0.9) };
    assert.equal(shortestPath(apart, 0, 3, { neighbors: 1 }), undefined);
    assert.deepEqual(shortestPath(apart, 2, 3, { neighbors: 1 })?.nodes, [2, 3]);
    const direct = shortestPath(graph, 0, 3, { neighbors: 5 });
    const middle = direct?.nodes.slice(1, -1) ?? [];
    assert.ok(middle.length > 0);
    const around = shortestPath(graph, 0, 3, { neighbors: 5, accept: (node) => !middle.includes(node) });
    assert.ok(around === undefined || around.length >= direct!.length);
    assert.ok(!(around?.nodes ?? []).some((node) => middle.includes(node)));
  });
});
