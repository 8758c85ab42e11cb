/** Answers about one space, each computed from the original vectors: neighbors, search, a selection, a chunk. */
import { nearest } from '../core/neighbors/blockedKnn';
import { pairBaseline, queryBaseline, type SimilarityBaseline } from '../core/neighbors/similarityBaseline';
import { seededRandom } from '../core/neighbors/seededRandom';
import type { Embedder } from '../core/embedding/embedding';
import { chunkIdOf, type PointPlace, type Points } from '../core/index/points';
import type { StoredText } from '../core/index/store';
import { splitSentences } from '../core/topics/sentences';
import type { Neighbor, Place } from '../shared/space';

/** Headings and first sentences that stand for queries: enough for a percentile, few enough to embed in a second or two. */
const queriesInBaseline = 96;
/** Text sent with a neighbor: what a list and a preview show. */
const excerptLength = 1200;

export interface QueryBaselineSample {
  /** queries x dimensions, row-major. */
  vectors: Float32Array;
  count: number;
  /** Points there were when it was drawn. */
  points: number;
}

export class SpaceQueries {
  private pairs: { revision: number; baseline: SimilarityBaseline | undefined } | undefined;
  private queries: { revision: number; baseline: SimilarityBaseline | undefined } | undefined;
  private sample: QueryBaselineSample | undefined;
  private sampling: Promise<void> | undefined;

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
    const { start, end, startLine, endLine, id } = chunk;
    return {
      chunkId: chunkIdOf(folder, id),
      folderUri: this.folderUri(folder),
      path: file.path,
      start,
      end,
      startLine,
      endLine,
    };
  }

  /** Similarity of random pairs of points. */
  pairBaseline(): SimilarityBaseline | undefined {
    const { revision } = this.points;
    if (this.pairs?.revision !== revision) {
      this.pairs = { revision, baseline: pairBaseline(this.points.liveVectors()) };
    }
    return this.pairs.baseline;
  }

  /** Similarity of queries and points: headings and first sentences of this very space serve as queries. */
  async queryBaseline(embedder: Embedder): Promise<SimilarityBaseline | undefined> {
    const { revision, liveCount } = this.points;
    const outgrown =
      this.sample === undefined || liveCount > 2 * this.sample.points || liveCount < this.sample.points / 2;
    if (outgrown) {
      this.sampling ??= this.drawSample(embedder).finally(() => (this.sampling = undefined));
      await this.sampling;
    }
    if (this.queries?.revision !== revision && this.sample !== undefined) {
      const { dimensions } = this.points;
      const queries = { vectors: this.sample.vectors, count: this.sample.count, dimensions };
      this.queries = { revision, baseline: queryBaseline(queries, this.points.liveVectors()) };
    }
    return this.queries?.baseline;
  }

  private async drawSample(embedder: Embedder): Promise<void> {
    const rows = this.points.rowsByKey();
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
    const embedded = await embedder.embed(requests, { priority: 'query' });
    const vectors = new Float32Array(embedded.length * embedder.dimensions);
    embedded.forEach(({ vector }, i) => vectors.set(vector, i * embedder.dimensions));
    this.sample = { vectors, count: embedded.length, points: this.points.liveCount };
    this.queries = undefined;
  }

  /**
   * The nearest points in the original space.
   * @param vector `dimensions` long, L2-normalised
   * @param except a row that is not its own neighbor
   */
  neighbors(
    vector: Float32Array,
    count: number,
    baseline: SimilarityBaseline | undefined,
    except?: number,
  ): Neighbor[] {
    const found = nearest(this.points.vectorRows, vector, count, (row) => row !== except && this.points.isLive(row));
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
