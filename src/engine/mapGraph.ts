/**
 * The true neighbors that a layout was made from: what ways and groups are read from, and what the next layout need not
 * compare again. In a file of its own beside the map, written once a layout and read when it is first needed.
 */
import * as fs from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Points } from '../core/index/points';
import { replaceFile } from '../core/index/replaceFile';
import type { KnnGraph } from '../core/neighbors/knnGraph';

/** Exact neighbors of the points of a layout: positions in `graph` stand for these rows. */
export interface MapGraph {
  /** Row of each point of the graph, -1 for one that is gone. */
  rows: Int32Array;
  /** Position of each row, -1 for rows that came later. */
  position: Int32Array;
  graph: KnnGraph;
}

const storedVersion = 1;

interface StoredGraph {
  version: typeof storedVersion;
  /** Vector keys, in the order of the graph. */
  keys: string[];
  graph: KnnGraph;
}

export class KnownNeighbors {
  private known: MapGraph | undefined;
  /** Where a graph lies that was not read yet. */
  private unread: string | undefined;
  private isStored = true;

  constructor(private readonly points: Points) {}

  /** Undefined before the first layout. */
  get current(): MapGraph | undefined {
    if (this.unread !== undefined) this.known = this.read(this.unread);
    this.unread = undefined;
    return this.known;
  }

  adopt(rows: Int32Array, graph: KnnGraph): void {
    this.unread = undefined;
    this.isStored = false;
    this.known = mapGraph(rows, graph, this.points.rows);
  }

  restore(file: string): void {
    this.unread = neighborsFile(file);
  }

  /** Writes the graph beside a stored map, unless it lies there already. */
  save(file: string): void {
    if (this.isStored || this.known === undefined) return;
    const { rows, graph } = this.known;
    const keys = Array.from(rows, (row) => this.points.point(row)?.key ?? '');
    replaceFile(neighborsFile(file), serialize({ version: storedVersion, keys, graph } satisfies StoredGraph));
    this.isStored = true;
  }

  private read(file: string): MapGraph | undefined {
    try {
      const { version, keys, graph } = deserialize(fs.readFileSync(file)) as StoredGraph;
      if (version !== storedVersion || keys.length !== graph.count) return undefined;
      if (graph.indices.length !== graph.count * graph.k) return undefined;
      const rows = Int32Array.from(keys, (key) => this.points.rowOfKey(key) ?? -1);
      return mapGraph(rows, graph, this.points.rows);
    } catch {
      // It can be computed again: the next layout does.
      return undefined;
    }
  }
}

/** The neighbors that belong to a stored map. */
export function neighborsFile(mapFile: string): string {
  return `${mapFile}.neighbors`;
}

function mapGraph(rows: Int32Array, graph: KnnGraph, capacity: number): MapGraph {
  const position = new Int32Array(capacity).fill(-1);
  rows.forEach((row, i) => {
    if (row >= 0) position[row] = i;
  });
  return { rows, position, graph };
}
