/** Answers about one space, each computed from the original vectors: neighbors, search, a selection, a chunk. */
import { nearest } from '../core/neighbors/blockedKnn';
import { pairBaseline, queryBaseline, type SimilarityBaseline } from '../core/neighbors/similarityBaseline';
import { seededRandom } from '../core/neighbors/seededRandom';
import type { Embedder, EmbeddingPriority } from '../core/embedding/embedding';
import { chunkIdOf, type PointPlace, type Points } from '../core/index/points';
import type { StoredText } from '../core/index/store';
import { Turns } from '../core/index/turns';
import { splitSentences } from '../core/topics/sentences';
import type { Neighbor, Place } from '../shared/space';

/** Headings and first sentences that stand for queries: enough for a percentile, few enough to embed in a second or two. */
const queriesInBaseline = 96;
/** Text sent with a neighbor: what a list and a preview show. */
const excerptLength = 1200;

/** Share of the points that may come and go before a baseline over all of them is drawn anew. */
const turnoverShare = 0.05;
/** How long a search waits for its percentiles where no queries were drawn yet, as while a first index runs; after that it is answered without them. */
const firstSampleMs = 300;

export interface QueryBaselineSample {
  /** queries x dimensions, row-major. */
  vectors: Float32Array;
  count: number;
  /** Points there were when it was drawn. */
  points: number;
}

export class SpaceQueries {
  private pairs: { turnover: number; baseline: SimilarityBaseline | undefined } | undefined;
  private queries: { turnover: number; baseline: SimilarityBaseline | undefined } | undefined;
  private sample: QueryBaselineSample | undefined;
  private sampling: Promise<void> | undefined;
  private comparing: Promise<void> | undefined;

  constructor(
    private readonly points: Points,
    private readonly textOf: (row: number) => StoredText | undefined,
    private readonly folderUri: (folder: number) => string,
  ) {}

  get querySample(): QueryBaselineSample | undefined {
    return this.sample;
  }

  /** Takes over the sample that was stored with the map, so that opening a folder embeds nothing. */
  restoreQuerySample(sample: QueryBaselineSample): void {
    this.sample = sample;
  }

  place({ folder, file, chunk }: PointPlace): Place {
    const { start, end, startLine, endLine, id, origin } = chunk;
    return {
      chunkId: chunkIdOf(folder, id),
      folderUri: this.folderUri(folder),
      path: file.path,
      start,
      end,
      startLine,
      endLine,
      ...(origin?.cell !== undefined && { cell: origin.cell }),
      ...(origin?.map !== undefined && { extracted: true as const }),
    };
  }

  /** Similarity of random pairs of points. */
  pairBaseline(): SimilarityBaseline | undefined {
    if (this.pairs === undefined || this.isOutgrown(this.pairs)) {
      const rows = this.points.liveRows();
      const baseline = pairBaseline(this.points.vectorRows, { rows });
      this.pairs = { turnover: this.points.turnover, baseline };
    }
    return this.pairs.baseline;
  }

  /**
   * Draws the queries that a search is compared with where there are none that fit the points of now. After an index
   * nobody has to ask first, so that the first search has its percentiles.
   */
  drawQueries(embedder: Embedder, priority: EmbeddingPriority = 'index'): Promise<void> {
    const { liveCount } = this.points;
    const { sample } = this;
    if (sample !== undefined && liveCount <= 2 * sample.points && liveCount >= sample.points / 2)
      return Promise.resolve();
    return (this.sampling ??= this.drawSample(embedder, priority).finally(() => (this.sampling = undefined)));
  }

  /** Similarity of queries and points: headings and first sentences of this very space serve as queries. */
  async queryBaseline(embedder: Embedder): Promise<SimilarityBaseline | undefined> {
    // A sample that is there holds until the next one is drawn, in the background.
    if (this.sample === undefined) await atMost(firstSampleMs, this.drawQueries(embedder, 'query'));
    else this.drawQueries(embedder).catch(() => undefined);
    if (this.sample !== undefined && (this.queries === undefined || this.isOutgrown(this.queries))) {
      // While an index grows, this is drawn anew for almost every search: none waits for it but the first.
      this.comparing ??= this.compareSample(this.sample).finally(() => (this.comparing = undefined));
      if (this.queries === undefined) await this.comparing;
    }
    return this.queries?.baseline;
  }

  private async compareSample(sample: QueryBaselineSample): Promise<void> {
    const { dimensions, turnover, vectorRows } = this.points;
    const queries = { vectors: sample.vectors, count: sample.count, dimensions };
    const turns = new Turns();
    const options = { rows: this.points.liveRows(), breathe: () => turns.breathe() };
    const baseline = await queryBaseline(queries, vectorRows, options);
    // Another sample may have been drawn meanwhile: then it is compared next.
    if (this.sample === sample) this.queries = { turnover, baseline };
  }

  private isOutgrown({ turnover }: { turnover: number }): boolean {
    return this.points.turnover - turnover > turnoverShare * this.points.liveCount;
  }

  /**
   * Some live rows in the order of their keys, the same for the same texts: keys are hashes, so those below a limit are
   * a fair sample, and a hundred thousand of them need not be sorted.
   */
  private rowsToDrawFrom(): number[] {
    const keyOf = (row: number): string => this.points.point(row)?.key ?? '';
    const share = (16 * queriesInBaseline) / this.points.liveCount;
    const limit =
      share < 1
        ? Math.floor(share * 2 ** 32)
            .toString(16)
            .padStart(8, '0')
        : undefined;
    const rows = [...this.points.liveRows()].filter((row) => limit === undefined || keyOf(row) < limit);
    return rows.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  private async drawSample(embedder: Embedder, priority: EmbeddingPriority): Promise<void> {
    const rows = this.rowsToDrawFrom();
    const random = seededRandom(7);
    const texts = new Set<string>();
    for (let tries = 0; tries < 6 * queriesInBaseline && texts.size < queriesInBaseline && rows.length > 0; tries++) {
      const stored = this.textOf(rows[random.below(rows.length)]);
      if (stored === undefined) continue;
      const heading = stored.context.at(-1);
      const query = heading !== undefined && tries % 2 === 0 ? heading : firstSentence(stored.text);
      if (query !== '') texts.add(query);
    }
    const requests = [...texts].map((text) => ({ text }));
    const embedded = await embedder.embed(requests, { priority });
    const vectors = new Float32Array(embedded.length * embedder.dimensions);
    embedded.forEach(({ vector }, i) => vectors.set(vector, i * embedder.dimensions));
    this.sample = { vectors, count: embedded.length, points: this.points.liveCount };
    this.queries = undefined;
  }

  /**
   * The nearest points in the original space.
   * @param vector `dimensions` long, L2-normalised
   * @param accept leaves points out that answer false
   */
  neighbors(
    vector: Float32Array,
    count: number,
    baseline: SimilarityBaseline | undefined,
    accept: (row: number) => boolean = () => true,
  ): Neighbor[] {
    const found = nearest(this.points.vectorRows, vector, count, (row) => this.points.isLive(row) && accept(row));
    return Array.from(found.indices, (row, i): Neighbor | undefined => {
      const point = this.points.point(row);
      if (point === undefined) return undefined;
      const similarity = found.similarities[i];
      return {
        point: row,
        place: this.place(point.places[0]),
        places: point.places.length,
        similarity,
        percentile: baseline?.percentileOf(similarity),
        text: (this.textOf(row)?.text ?? '').slice(0, excerptLength),
      };
    }).filter((neighbor) => neighbor !== undefined);
  }
}

function firstSentence(text: string): string {
  const plain = text.replace(/^[#>*\s-]+/u, '');
  const [first] = splitSentences(plain);
  return first === undefined ? '' : plain.slice(first.start, first.end).slice(0, 300);
}

/** Resolves with the work or after a time; the work goes on. @throws what the work throws in that time */
async function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  work.catch(() => undefined);
  await Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
