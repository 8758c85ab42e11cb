/** Answers of the host over the fixture: the same shapes that the engine gives. */
import type {
  ChunkDetail,
  MapColumns,
  Marker,
  MixedTopics,
  Neighbor,
  Place,
  SearchResults,
  SelectionDetail,
  SpaceReadings,
  SpaceState,
  Warning,
} from '../../src/shared/space';
import { qualityKinds, type QualityKind, type QualityWarning, type SplitEffect } from '../../src/shared/chunkQuality';
import type { PanelStatus } from '../../src/shared/hostWebview';
import { defaultLayoutSettings } from '../../src/shared/layoutMethods';
import { FixtureQuestions } from './fixtureQuestions';
import type { PanelFixture } from './panelFixture';

export const folderUri = 'file:///book';
const trustOf = 15;
/** Chunk ids differ from points, so that mixing them up shows. */
const firstChunkId = 5000;
/** Stands in the third cell of a notebook. */
export const notebookPoint = 300;
/** Words of a query that is near nothing, and of one whose nearest chunks are scattered. */
export const nearNothingWord = 'xylophone';
export const scatteredWord = 'everything';

export class FixtureSpace {
  readonly questions: FixtureQuestions;

  constructor(private readonly fixture: PanelFixture) {
    this.questions = new FixtureQuestions(fixture, this);
  }

  get size(): number {
    return this.fixture.chunks.length;
  }

  place(point: number): Place {
    const { path, start, end, startLine, endLine } = this.fixture.chunks[point];
    return {
      chunkId: firstChunkId + point,
      folderUri,
      path: this.fixture.paths[path],
      start,
      end,
      startLine,
      endLine,
      ...(point === notebookPoint ? { cell: 2 } : {}),
    };
  }

  /** Every 50th chunk with text enough mixes topics. */
  mixed(point: number): MixedTopics | undefined {
    const chunk = this.fixture.chunks[point];
    if (point % 50 !== 17 || chunk.text.length < 120) return undefined;
    const terms = (c: number): string[] => this.fixture.clusters[c]?.terms ?? ['rust', 'program'];
    const cut = chunk.text.indexOf(' ', 60) + 1;
    const cutLine = chunk.startLine + chunk.text.slice(0, cut).split('\n').length - 1;
    return {
      cut: chunk.start + cut,
      cutLine,
      before: terms(chunk.cluster).slice(0, 2),
      after: terms((chunk.cluster + 5) % this.fixture.clusters.length).slice(0, 2),
      percentile: 99.7 - (point % 29) / 10,
      gain: 1.6,
      flagged: true,
    };
  }

  /** @param count How many of the chunks are in the map yet. */
  map(revision: number, count = this.size): MapColumns {
    const chunks = this.fixture.chunks.slice(0, count);
    const group = (names: string[], of: (i: number) => number): { name: string; count: number }[] =>
      names.map((name, g) => ({ name, count: chunks.filter((_, i) => of(i) === g).length }));
    const types = ['Markdown', 'Rust'];
    const fileType = chunks.map((chunk) => (chunk.text.includes('```rust') ? 1 : 0));
    const cluster = Uint16Array.from(chunks, (chunk) => (chunk.cluster < 0 ? 65535 : chunk.cluster));
    const clusters = this.fixture.clusters.map(({ terms, x, y }, c) => ({
      ...{ id: 700 + c, hue: c, parent: -1, name: terms.slice(0, 2).join(', '), terms, x, y },
      count: chunks.filter((chunk) => chunk.cluster === c).length,
    }));
    return {
      revision,
      point: Uint32Array.from(chunks, (_, i) => i),
      coordinates: Float32Array.from(chunks.flatMap(({ x, y }) => [x, y])),
      folder: Uint16Array.from(chunks, (chunk) => chunk.folder),
      fileType: Uint16Array.from(fileType),
      cluster,
      falseNeighbors: Uint8Array.from(chunks, (chunk) => Math.max(0, 11 - chunk.trust)),
      trust: Uint8Array.from(chunks, (chunk) => chunk.trust),
      mixed: Uint8Array.from(chunks, (_, i) => (this.mixed(i) ? 1 : 0)),
      places: Uint16Array.from(chunks, (_, i) => (i % 97 === 5 ? 3 : 1)),
      folders: group(this.fixture.folders, (i) => chunks[i].folder),
      fileTypes: group(types, (i) => fileType[i]),
      clusters,
      clusterLevels: this.questions.levels(clusters, cluster, chunks.length),
      clusterLevel: 1,
    };
  }

  neighbor(point: number, similarity: number): Neighbor {
    const place = this.place(point);
    const percentile = Math.min(100, 100 - 40 * Math.exp(-9 * similarity));
    return {
      point,
      place,
      places: point % 97 === 5 ? 3 : 1,
      similarity,
      percentile,
      text: this.fixture.chunks[point].text,
    };
  }

  neighbors(point: number): Neighbor[] {
    const chunk = this.fixture.chunks[point];
    return chunk.neighbors.map((other, n) => ({
      ...this.neighbor(other, chunk.similarities[n]),
      ...(Math.abs(other - point) === 1 && this.fixture.chunks[other].path === chunk.path ? { overlaps: true } : {}),
    }));
  }

  detail(point: number): ChunkDetail | null {
    const chunk = this.fixture.chunks[point];
    if (!chunk) return null;
    const place = this.place(point);
    const twins =
      point % 97 === 5
        ? [1, 2].map((n) => ({ ...place, chunkId: 9000 + point + n, path: `second-edition/${n}/${place.path}` }))
        : [];
    return {
      point,
      place,
      places: [place, ...twins],
      context: [
        'The Rust Programming Language',
        place.path.replace(/^.*\/(ch\d+-\d+-)?|\.md$/g, '').replaceAll('-', ' '),
      ],
      text: chunk.text,
      tokens: Math.min(256, Math.round((chunk.end - chunk.start) / 4)),
      maxTokens: 256,
      trust: chunk.trust,
      trustOf,
      mixed: this.mixed(point),
      neighbors: this.neighbors(point),
    };
  }

  /** Chunks that hold the most of the query's words, then whatever comes first. */
  search(query: string): SearchResults {
    const words = query.toLowerCase().match(/[a-z]{3,}/g) ?? [];
    const scored = this.fixture.chunks
      .map((chunk, point) => ({ point, hits: words.filter((word) => chunk.text.toLowerCase().includes(word)).length }))
      .sort((a, b) => b.hits - a.hits || a.point - b.point)
      .slice(0, 12);
    const first = this.fixture.chunks[scored[0].point];
    return {
      query,
      hits: scored.map(({ point }, i) => ({ ...this.neighbor(point, 0.72 - i * 0.023), rank: i + 1 })),
      marker: this.markerOf(query, first.x + 0.02, first.y - 0.03),
      elapsedMs: 14.2,
      searched: this.size,
    };
  }

  private markerOf(query: string, x: number, y: number): Marker {
    if (query.includes(nearNothingWord)) return { ...marker(query, -1.06, 0), nearNothing: true };
    if (!query.includes(scatteredWord)) return marker(query, x, y);
    const stars = [0, 5, 9].map((c, i) => ({
      ...{ x: this.fixture.clusters[c].x + 0.05, y: this.fixture.clusters[c].y + 0.05 },
      weight: [0.5, 0.3, 0.1][i],
    }));
    return { ...marker(query, stars[0].x, stars[0].y), stars };
  }

  selection(point: number): SelectionDetail {
    const chunk = this.fixture.chunks[point];
    return {
      title: 'notes.md',
      text: chunk.text,
      tokens: 61,
      maxTokens: 256,
      parts: [],
      marker: marker('Selection', chunk.x + 0.015, chunk.y + 0.02),
      mixed: undefined,
      sentences: 3,
      neighbors: this.neighbors(point),
    };
  }

  warnings(): Warning[] {
    return this.fixture.chunks.flatMap((chunk, point) => {
      const mixed = this.mixed(point);
      return mixed ? [{ kind: 'mixed-topics' as const, point, place: this.place(point), mixed, text: chunk.text }] : [];
    });
  }

  /** Every 40th chunk has a fault of the kind. */
  faults(kind: QualityKind): QualityWarning[] {
    return this.fixture.chunks.flatMap(({ text }, point) =>
      point % 40 === qualityKinds.indexOf(kind)
        ? [{ kind, point, place: this.place(point), reason: `It shows ${kind}.`, percentile: 99 - point / 100, text }]
        : [],
    );
  }

  /** The halves of a flagged chunk lie beside its nearest and its farthest neighbor. */
  splitEffect(point: number): SplitEffect | null {
    const mixed = this.mixed(point);
    if (!mixed) return null;
    const neighbors = this.neighbors(point);
    const [first, last] = [this.fixture.chunks[neighbors[0].point], this.fixture.chunks[neighbors.at(-1)!.point]];
    return {
      point,
      cut: mixed.cut - this.place(point).start,
      similarity: 0.21,
      ranks: [
        { kind: 'heading', query: 'Which half is found', half: 'after', rankNow: 17, rankSplit: 1 },
        { kind: 'first-sentence', query: 'What stays as it is', half: 'before', rankNow: 2, rankSplit: 2 },
      ],
      before: { excerpt: 'before', tokens: 80, neighbors: neighbors.slice(0, 3), at: { x: first.x, y: first.y } },
      after: { excerpt: 'after', tokens: 90, neighbors: neighbors.slice(-3), at: { x: last.x + 0.3, y: last.y + 0.3 } },
    };
  }

  readings(): SpaceReadings {
    const histogram = Array.from({ length: 50 }, (_, i) =>
      Math.round(9000 * Math.exp(-(((i - 14) / 5) ** 2) / 2) + (i > 14 ? 300 * Math.exp(-(i - 14) / 8) : 0)),
    );
    return {
      files: this.fixture.paths.length,
      chunks: this.size + 26,
      points: this.size,
      tokens: 214_310,
      dimensions: 384,
      modelName: 'all-MiniLM-L6-v2',
      baseline: { median: 0.11, p95: 0.34, p99: 0.48, histogram },
      trust: 6.65,
      trustOf,
      mixed: this.warnings().length,
      falseNeighbors: 5.2,
      neighborRecall: 0.984,
      rankQuality: {
        ...{ k: [1, 2, 4, 8, 15, 30, 60, 120, 300], rnx: [0.31, 0.36, 0.4, 0.44, 0.47, 0.46, 0.42, 0.36, 0.24] },
        ...{ area: 0.412, rows: 1000, of: this.size },
        words:
          'The map keeps 41 % of what is near in the original space beyond chance, small neighborhoods counting most.',
      },
      layout: { ...defaultLayoutSettings('umap'), method: 'umap', elapsedMs: 1830 },
      storeBytes: 4_812_800,
      storePath: '/home/user/.config/Code/User/globalStorage/latent-lens/indexes/3f9c2a',
    };
  }

  state(phase: SpaceState['phase'], revision: number): SpaceState {
    const empty = phase === 'none';
    return {
      phase,
      paused: false,
      files: empty ? 0 : this.fixture.paths.length,
      chunks: empty ? 0 : this.size + 26,
      points: empty ? 0 : this.size,
      mixed: empty ? 0 : this.warnings().length,
      trust: empty ? undefined : 6.65,
      trustOf,
      mapRevision: revision,
      progress: undefined,
      error: undefined,
      skipped: { ignored: 214, binary: 31, 'too-large': 2 },
      lastReport: undefined,
    };
  }

  status(phase: SpaceState['phase'], revision: number): PanelStatus {
    return {
      folders: ['rust-book'],
      virtualFolders: [],
      state: this.state(phase, revision),
      engine: {
        version: '0.1.0',
        pid: 4711,
        runtime: 'native',
        steppedDown: [],
        threads: 2,
        tokensPerSecond: 6912,
        modelName: 'all-MiniLM-L6-v2',
        dimensions: 384,
        maxTokens: 256,
        node: '20.20.2',
        memoryBytes: 312e6,
        windows: 1,
      },
      estimate: undefined,
      problem: undefined,
    };
  }
}

/** One confident star. */
function marker(label: string, x: number, y: number): Marker {
  return { label, x, y, stars: [{ x, y, weight: 1 }], nearNothing: false };
}

/** A map of any size for measuring: Gaussian islands, always alike. */
export function syntheticMap(count: number, revision: number): MapColumns {
  let state = 11;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 1) / 4294967297;
  };
  const islands = Array.from({ length: 14 }, () => ({
    x: random() * 1.6 - 0.8,
    y: random() * 1.3 - 0.65,
    spread: 0.03 + random() * 0.09,
  }));
  const coordinates = new Float32Array(2 * count);
  const cluster = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const c = Math.floor(random() * islands.length);
    const { x, y, spread } = islands[c];
    const reach = spread * Math.sqrt(-2 * Math.log(random()));
    const angle = 2 * Math.PI * random();
    coordinates[2 * i] = x + reach * Math.cos(angle);
    coordinates[2 * i + 1] = y + reach * Math.sin(angle);
    cluster[i] = c;
  }
  const groups = islands.map((island, c) => ({
    ...{ id: c, hue: c, parent: -1 },
    name: `island ${c}, topic`,
    terms: [`island ${c}`, 'topic'],
    x: island.x,
    y: island.y,
    count: cluster.filter((other) => other === c).length,
  }));
  return {
    revision,
    point: Uint32Array.from({ length: count }, (_, i) => i),
    coordinates,
    folder: cluster,
    fileType: new Uint16Array(count),
    cluster,
    trust: new Uint8Array(count).fill(8),
    falseNeighbors: new Uint8Array(count).fill(3),
    mixed: new Uint8Array(count),
    places: new Uint16Array(count).fill(1),
    folders: groups,
    fileTypes: [{ name: 'Markdown', count }],
    clusters: groups,
    clusterLevels: [{ clusters: groups, of: cluster }],
    clusterLevel: 0,
  };
}
