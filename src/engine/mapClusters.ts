/**
 * Clusters of one space by row, in levels. A new clustering takes over what people know of the one before: clusters that
 * kept most of their points keep their id, their name, their slot in the palette and their place in the list.
 */
import { noCluster, type ClusterHierarchy } from '../core/topics/clusters';
import type { LabelledCluster } from '../core/topics/clusterLabels';
import { matchClusters, type ClusterMatch } from '../core/topics/clusterMatching';
import { hueCount } from '../shared/palette';
import type { ClusterLevel, MapCluster } from '../shared/space';

/** Share of points in common from which a cluster keeps its name, and not only its color. */
const overlapForName = 0.5;

interface Level {
  /** By row. */
  of: Uint16Array;
  clusters: MapCluster[];
}

/** What a stored map holds of its clusters; arrays beside its keys. */
export interface StoredClusters {
  levels: { of: Uint16Array; clusters: MapCluster[] }[];
  main: number;
  nextId: number;
}

export class MapClusters {
  private levels: Level[] = [];
  private main = 0;
  private nextId = 1;

  /**
   * Takes in the clusters of a finished layout.
   * @param rows row of each point of the layout.
   * @param labels of each level.
   * @param capacity rows there are.
   */
  adopt(rows: Int32Array, hierarchy: ClusterHierarchy, labels: readonly LabelledCluster[][], capacity: number): void {
    const before = { levels: this.levels, main: this.main };
    const levels = hierarchy.levels.map((after, i): Level => {
      const known = before.levels[i - hierarchy.main + before.main];
      const labelled = labels[i] ?? [];
      const was = Uint16Array.from(rows, (row) => known?.of[row] ?? noCluster);
      const matches = known === undefined ? [] : matchClusters(was, after);
      const order = inKnownOrder(labelled.length, matches);
      const numbers = new Uint16Array(labelled.length);
      order.forEach((cluster, number) => (numbers[cluster] = number));
      const of = new Uint16Array(capacity).fill(noCluster);
      rows.forEach((row, point) => {
        if (after[point] !== noCluster) of[row] = numbers[after[point]];
      });
      const clusters = order.map((cluster) => this.identified(labelled[cluster], matches[cluster], known));
      tellApart(clusters);
      return { of, clusters };
    });
    this.levels = levels;
    this.main = hierarchy.main;
    this.tieLevels();
    this.giveHues();
  }

  /** A point that was placed belongs where its nearest point does. */
  put(row: number, nearestRow: number | undefined, capacity: number): void {
    this.grow(capacity);
    for (const { of } of this.levels) of[row] = nearestRow === undefined ? noCluster : (of[nearestRow] ?? noCluster);
  }

  /** For the points of a map: counts are of these. */
  columns(rows: readonly number[]): {
    cluster: Uint16Array;
    clusters: MapCluster[];
    clusterLevels: ClusterLevel[];
    clusterLevel: number;
  } {
    const clusterLevels = this.levels.map(({ of, clusters }): ClusterLevel => {
      const column = Uint16Array.from(rows, (row) => of[row] ?? noCluster);
      const counts = new Uint32Array(clusters.length);
      for (const cluster of column) if (cluster < counts.length) counts[cluster]++;
      return { of: column, clusters: clusters.map((cluster, i) => ({ ...cluster, count: counts[i] })) };
    });
    const main = clusterLevels[this.main];
    return {
      cluster: main?.of ?? new Uint16Array(rows.length).fill(noCluster),
      clusters: main?.clusters ?? [],
      clusterLevels,
      clusterLevel: this.main,
    };
  }

  /** Name of the cluster that colors a point. */
  nameOf(row: number): string | undefined {
    const level = this.levels[this.main];
    return level?.clusters[level.of[row]]?.name;
  }

  stored(rows: readonly number[]): StoredClusters {
    return {
      levels: this.levels.map(({ of, clusters }) => ({
        of: Uint16Array.from(rows, (row) => of[row] ?? noCluster),
        clusters,
      })),
      main: this.main,
      nextId: this.nextId,
    };
  }

  /** @param rows row of each stored point, undefined for one that is gone. */
  restore(stored: StoredClusters, rows: readonly (number | undefined)[], capacity: number): void {
    this.levels = stored.levels.map(({ of, clusters }) => {
      const byRow = new Uint16Array(capacity).fill(noCluster);
      rows.forEach((row, i) => {
        if (row !== undefined) byRow[row] = of[i];
      });
      return { of: byRow, clusters };
    });
    this.main = stored.main;
    this.nextId = stored.nextId;
  }

  private identified(label: LabelledCluster, match: ClusterMatch | undefined, known: Level | undefined): MapCluster {
    const before = match === undefined || match.before < 0 ? undefined : known?.clusters[match.before];
    const keepsName = before !== undefined && match!.overlap >= overlapForName;
    return {
      ...label,
      ...(keepsName ? { name: before.name, terms: before.terms } : {}),
      id: before?.id ?? this.nextId++,
      hue: before?.hue ?? -1,
      parent: -1,
    };
  }

  /** Each cluster lies in the one of the level before that holds its points. */
  private tieLevels(): void {
    for (let i = 1; i < this.levels.length; i++) {
      const { of, clusters } = this.levels[i];
      const outer = this.levels[i - 1].of;
      for (let row = 0; row < of.length; row++) if (of[row] !== noCluster) clusters[of[row]].parent = outer[row];
      for (const cluster of clusters) if (cluster.parent === noCluster) cluster.parent = -1;
    }
  }

  /** Slots of the palette: kept where they are real ones; free ones go to the largest clusters without. */
  private giveHues(): void {
    const main = this.levels[this.main]?.clusters ?? [];
    const taken = new Set<number>();
    const waiting: MapCluster[] = [];
    for (const cluster of main) {
      if (cluster.hue >= 0 && cluster.hue < hueCount && !taken.has(cluster.hue)) taken.add(cluster.hue);
      else waiting.push(cluster);
    }
    let slot = 0;
    for (const cluster of waiting.sort((a, b) => b.count - a.count)) {
      while (taken.has(slot)) slot++;
      cluster.hue = slot++;
    }
    for (let i = this.main + 1; i < this.levels.length; i++) {
      for (const cluster of this.levels[i].clusters) {
        cluster.hue = this.levels[i - 1].clusters[cluster.parent]?.hue ?? hueCount;
      }
    }
    for (let i = this.main - 1; i >= 0; i--) {
      this.levels[i].clusters.forEach((cluster, number) => {
        const parts = this.levels[i + 1].clusters.filter(({ parent }) => parent === number);
        const largest = parts.reduce<MapCluster | undefined>(
          (a, b) => (a === undefined || b.count > a.count ? b : a),
          undefined,
        );
        cluster.hue = largest?.hue ?? hueCount;
      });
    }
  }

  private grow(capacity: number): void {
    for (const level of this.levels) {
      if (level.of.length >= capacity) continue;
      const of = new Uint16Array(Math.max(capacity, 2 * level.of.length)).fill(noCluster);
      of.set(level.of);
      level.of = of;
    }
  }
}

/** Clusters that were there before in their order, then the new ones as they come: from the largest. */
function inKnownOrder(count: number, matches: readonly ClusterMatch[]): number[] {
  const place = (cluster: number) => {
    const before = matches[cluster]?.before ?? -1;
    return before < 0 ? Infinity : before;
  };
  return Array.from({ length: count }, (_, i) => i).sort((a, b) => {
    const [first, second] = [place(a), place(b)];
    return first === second ? a - b : first - second;
  });
}

/** A kept name may be what a new cluster would be called, too: the new one, later in the list, takes its next terms. */
function tellApart(clusters: readonly MapCluster[]): void {
  const taken = new Set<string>();
  for (const cluster of clusters) {
    const { terms } = cluster;
    for (let from = 1; taken.has(cluster.name) && from < terms.length; from++) {
      cluster.name = terms.slice(from, from + 2).join(', ');
    }
    taken.add(cluster.name);
  }
}
