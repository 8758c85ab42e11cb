/** Answers to questions about the fixture's map: walks, words, centroids, numbers to color by. */
import type {
  CentroidDetail,
  ColorKind,
  GroupSeparation,
  Grouping,
  PointValues,
  SelectionLabel,
  SimilarityValues,
  TextMatches,
  Walk,
  WalkStep,
} from '../../src/shared/mapQuestions';
import type { ClusterLevel, MapCluster, Neighbor, Place, PointHonesty, SearchResults } from '../../src/shared/space';
import type { PanelFixture } from './panelFixture';

const noCluster = 65535;

/** What the questions ask of the space that holds them. */
interface FixtureChunks {
  readonly size: number;
  place(point: number): Place;
  neighbor(point: number, similarity: number): Neighbor;
  search(query: string): SearchResults;
}

export class FixtureQuestions {
  constructor(
    private readonly fixture: PanelFixture,
    private readonly space: FixtureChunks,
  ) {}

  honesty(point: number): PointHonesty {
    const { x, y, neighbors } = this.fixture.chunks[point];
    const near = this.nearestOnMap(x, y, 16).filter((other) => other !== point);
    const ranked = (other: number): PointHonesty['kept'][number] => ({
      ...{ point: other, x: this.fixture.chunks[other].x, y: this.fixture.chunks[other].y, similarity: 0.5 },
      ...{ trueRank: neighbors.indexOf(other) + 1 || 99, mapRank: near.indexOf(other) + 1 || 99 },
    });
    return {
      ...{ point, trustOf: 15, strangerBeyond: 50 },
      kept: neighbors.filter((other) => near.includes(other)).map(ranked),
      missing: neighbors.filter((other) => !near.includes(other)).map(ranked),
      strangers: near.filter((other) => !neighbors.includes(other)).map(ranked),
    };
  }

  /** Breadth first over the neighbors of the fixture. */
  walk(from: number, to: number): Walk {
    const before = new Map<number, number>([[from, from]]);
    const queue = [from];
    for (let next = queue.shift(); next !== undefined && !before.has(to); next = queue.shift()) {
      for (const other of this.fixture.chunks[next].neighbors) {
        if (before.has(other)) continue;
        before.set(other, next);
        queue.push(other);
      }
    }
    const path: number[] = [];
    for (let at = to; before.has(at); at = before.get(at)!) {
      path.unshift(at);
      if (at === from) break;
    }
    const steps = path.map((point, i): WalkStep => {
      const place = this.space.place(point);
      const excerpt = this.fixture.chunks[point].text;
      const words = i === 0 ? [] : ['ownership', 'move'];
      return {
        ...{ point, place, places: 1, excerpt, similarity: i === 0 ? undefined : 0.62 - i * 0.03 },
        ...{ percentile: i === 0 ? undefined : 99.2, keeps: words, gains: words.slice(1), loses: words.slice(0, 1) },
      };
    });
    return {
      ...{ steps, length: 1.2, direct: 0.14, directPercentile: 61.2 },
      searched: { points: this.space.size, neighbors: 8 },
      unreachable: steps.length === 0 ? 'No chain of true neighbors joins the two chunks.' : undefined,
    };
  }

  label(points: ArrayLike<number>): SelectionLabel {
    const cluster = this.fixture.clusters[Math.max(0, this.fixture.chunks[points[0]].cluster)];
    return {
      ...{ points: points.length, terms: cluster.terms, name: cluster.terms.slice(0, 2).join(', ') },
      read: { selection: points.length, rest: this.space.size - points.length },
    };
  }

  centroid(points: ArrayLike<number>): CentroidDetail {
    const members = Array.from(points, (point) => this.fixture.chunks[point]);
    const mean = (of: 'x' | 'y'): number => members.reduce((sum, chunk) => sum + chunk[of], 0) / members.length;
    const [x, y] = [mean('x'), mean('y')];
    const inside = new Set(Array.from(points));
    const near = this.nearestOnMap(x, y, 400);
    const list = (chosen: number[]): CentroidDetail['neighbors'] =>
      chosen.slice(0, 8).map((point, i) => this.space.neighbor(point, 0.7 - 0.02 * i));
    return {
      points: points.length,
      marker: { label: 'Centroid', x, y, stars: [{ x, y, weight: 1 }], nearNothing: false },
      spread: { mean: 0.61, least: 0.22, median: 0.63 },
      cohesionPercentile: 97.4,
      central: list(near.filter((point) => inside.has(point))),
      neighbors: list(near.filter((point) => !inside.has(point))),
    };
  }

  text(text: string): TextMatches {
    const wanted = text.toLowerCase();
    const found = this.fixture.chunks.flatMap((chunk, point) =>
      chunk.text.toLowerCase().includes(wanted) ? [point] : [],
    );
    return { text, points: Uint32Array.from(found), searched: this.space.size, of: this.space.size, elapsedMs: 3 };
  }

  within(query: string, points: ArrayLike<number>): SearchResults {
    const results = this.space.search(query);
    const hits = Array.from(points)
      .slice(0, 12)
      .map((point, i) => ({ ...this.space.neighbor(point, 0.66 - 0.02 * i), rank: i + 1 }));
    return { ...results, hits, searched: points.length };
  }

  similarity(points: ArrayLike<number> | undefined, query: string | undefined): SimilarityValues {
    const first = points ? this.fixture.chunks[points[0]] : this.fixture.chunks[0];
    const values = this.values(({ x, y }) => 0.9 * Math.exp(-2 * Math.hypot(x - first.x, y - first.y)) + 0.05);
    return { ...values, label: query ?? 'chunk', baseline: { median: 0.11, p95: 0.34, p99: 0.48 } };
  }

  /** Two folders fall together, the smaller of them too small for a hue of its own; file types don't. */
  separation(grouping: Grouping): GroupSeparation {
    const names = grouping === 'folder' ? this.fixture.folders : ['Markdown', 'Rust'];
    const [first, second] = this.togetherFolders;
    const sizeOf = (name: string): number =>
      this.fixture.chunks.filter((chunk) => this.fixture.folders[chunk.folder] === name).length;
    const together = {
      ...{ first, second, firstChunks: sizeOf(first), secondChunks: sizeOf(second) },
      ...{ ownShare: 0.51, chanceShare: 0.5, chanceLimit: 0.56, detectableShare: 0.59, pValue: 0.4 },
      ...{ unit: 'file' as const, terms: ['rust', 'program', 'code'] },
      words: `${first} and ${second} fall together here: of a chunk’s nearest chunks among both, other files alone, 51 % are of its own folder; 50 % is chance, and 59 % would have been noticed.`,
    };
    const isFolder = grouping === 'folder';
    return {
      ...{ grouping, groups: names.map((name) => ({ name, chunks: sizeOf(name) })), groupsLeftOut: 0 },
      ...{ points: this.space.size, of: this.space.size, neighbors: 15, elapsedMs: 240 },
      pairs: isFolder ? { together: 1, apart: 31, unclear: 4 } : { together: 0, apart: 1, unclear: 0 },
      together: isFolder ? [together] : [],
      advice: isFolder
        ? [
            'If they belong together, there is nothing to do: a search will find the right chunks of both.',
            'Try another embedding model: a general one may not know what tells these subjects apart. Compare the figures of both.',
          ]
        : [],
    };
  }

  /** The largest folder, and the one that is left for Other. */
  get togetherFolders(): readonly [string, string] {
    const size = (folder: number): number => this.fixture.chunks.filter((chunk) => chunk.folder === folder).length;
    const bySize = this.fixture.folders.map((_, folder) => folder).sort((a, b) => size(b) - size(a));
    return [this.fixture.folders[bySize[0]], this.fixture.folders[bySize.at(-1)!]];
  }

  /** Every 40th file is not in git. */
  numbers(kind: ColorKind): PointValues {
    return kind === 'tokens'
      ? this.values((chunk) => Math.min(256, Math.round((chunk.end - chunk.start) / 4)))
      : this.values((chunk) => (chunk.path % 40 === 7 ? NaN : 2 + ((chunk.path * 97) % 1900)));
  }

  /** Quarters of the plane, the fixture's clusters, and their halves. */
  levels(clusters: MapCluster[], of: Uint16Array, count: number): ClusterLevel[] {
    const quarterOf = clusters.map(({ x, y }) => (x < 0 ? 0 : 1) + (y < 0 ? 0 : 2));
    const quarters = [0, 1, 2, 3].map((quarter): MapCluster => {
      const members = clusters.filter((_, i) => quarterOf[i] === quarter);
      const terms = members.slice(0, 3).map(({ terms: words }) => words[0]);
      const largest = members.reduce((a, b) => (b.count > a.count ? b : a));
      return {
        ...{ id: 900 + quarter, hue: largest.hue, parent: -1, terms, name: terms.slice(0, 2).join(', ') },
        ...{ x: largest.x, y: largest.y, count: members.reduce((sum, cluster) => sum + cluster.count, 0) },
      };
    });
    const halves = clusters.flatMap((cluster, c): MapCluster[] =>
      [0, 1].map((half) => {
        const rows = this.rowsOfHalf(c, half, count);
        const { x, y } = this.fixture.chunks[rows[Math.floor(rows.length / 2)] ?? 0];
        return {
          ...{ id: 1000 + 2 * c + half, hue: cluster.hue, parent: c, count: rows.length, x, y },
          ...{ terms: cluster.terms.slice(1 + half), name: cluster.terms.slice(2 * half, 2 * half + 2).join(', ') },
        };
      }),
    );
    const halfOf = new Uint16Array(count).fill(noCluster);
    halves.forEach((_, h) => this.rowsOfHalf(h >> 1, h & 1, count).forEach((row) => (halfOf[row] = h)));
    return [
      { clusters: quarters, of: of.map((c) => (c === noCluster ? noCluster : quarterOf[c])) },
      { clusters: clusters.map((cluster, c) => ({ ...cluster, parent: quarterOf[c] })), of },
      { clusters: halves, of: halfOf },
    ];
  }

  private rowsOfHalf(cluster: number, half: number, count: number): number[] {
    const rows = this.fixture.chunks.slice(0, count).flatMap((chunk, row) => (chunk.cluster === cluster ? [row] : []));
    rows.sort((a, b) => this.fixture.chunks[a].x - this.fixture.chunks[b].x);
    const middle = Math.floor(rows.length / 2);
    return half === 0 ? rows.slice(0, middle) : rows.slice(middle);
  }

  private values(of: (chunk: PanelFixture['chunks'][number]) => number): PointValues {
    const values = Float32Array.from(this.fixture.chunks, of);
    const known = values.filter((value) => !Number.isNaN(value)).sort();
    return {
      point: Uint32Array.from(this.fixture.chunks, (_, point) => point),
      values,
      range: { min: known[0], median: known[known.length >> 1], max: known.at(-1)! },
    };
  }

  private nearestOnMap(x: number, y: number, count: number): number[] {
    const distance = (point: number): number => {
      const chunk = this.fixture.chunks[point];
      return (chunk.x - x) ** 2 + (chunk.y - y) ** 2;
    };
    return this.fixture.chunks
      .map((_, point) => point)
      .sort((a, b) => distance(a) - distance(b))
      .slice(0, count);
  }
}
