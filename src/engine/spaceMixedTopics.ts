/** The mixed-topic detector over one space: what is screened while chunks are embedded, measured afterwards and flagged. */
import * as fs from 'node:fs';
import type { Document } from '../core/chunking/chunk';
import { plainTitle } from '../core/chunking/headingContext';
import { markdownBlocks } from '../core/chunking/markdownBlocks';
import type { Embedder } from '../core/embedding/embedding';
import type { ChunkInspector } from '../core/index/chunkEmbedding';
import type { Points } from '../core/index/points';
import { replaceFile } from '../core/index/replaceFile';
import type { StoredText } from '../core/index/store';
import type { MixedTopicVerdict } from '../core/topics/mixedTopics';
import {
  MixedTopicAssessment,
  termsOfCut,
  type AssessedChunk,
  type AssessmentState,
  type EmbedSentences,
} from '../core/topics/mixedTopicsAssessment';
import { TermBackground } from '../core/topics/distinguishingTerms';
import type { CutMeasure } from '../core/topics/mixedTopicsFeatures';
import { screenInspector, type ScreenRecord } from '../core/topics/mixedTopicsScreen';
import { sentenceSpans } from '../core/topics/mixedTopicsUnits';
import { damageOf, halfFromSentences, splitRanks, worstDamage } from '../core/topics/splitDamage';
import { queriesOf } from '../core/topics/splitQueries';
import type { MixedTopicsSetting } from '../shared/chunkQuality';
import type { MixedTopics, SplitDamage } from '../shared/space';

/** Chunks whose words say what is ordinary in the index: more change the terms of a cut no more. */
const backgroundTexts = 3000;

interface StoredAssessment {
  /** Of the embedder: measures of another model are not comparable. */
  fingerprint: string;
  state: AssessmentState;
  /** Of flagged chunks, by key. */
  damage: [key: string, damage: SplitDamage | null][];
}

export interface MixedTopicsOptions {
  textOf: (row: number) => StoredText | undefined;
  /** What people marked as fine: chunks of a folder with their cut in the text; the version grows when it changes. */
  fine: { version(): number; isFine(folder: number, text: string, cut: number): boolean };
  /** Where measures are kept between sessions. */
  file: string;
  dimensions: number;
  log: (message: string) => void;
}

export class SpaceMixedTopics {
  private assessment: MixedTopicAssessment | undefined;
  private damage = new Map<string, SplitDamage | null>();
  private ordinaryShare: number | null = null;
  private seenRevision = -1;
  private background: { revision: number; terms: TermBackground } | undefined;
  private flags: { revision: number; fineVersion: number; rows: Set<number>; fine: number } | undefined;

  constructor(
    private readonly points: Points,
    private readonly options: MixedTopicsOptions,
  ) {}

  /** Screens prose in the pass that embeds it; code is not judged. */
  get inspector(): ChunkInspector {
    return screenInspector(this.options.dimensions);
  }

  /** Takes back what was measured in an earlier session. */
  restore(embedderFingerprint: string): void {
    try {
      const stored = JSON.parse(fs.readFileSync(this.options.file, 'utf8')) as StoredAssessment;
      if (stored.fingerprint !== embedderFingerprint) return;
      this.assessment = MixedTopicAssessment.restore(stored.state, this.chunks());
      this.assessment.sensitivity = this.ordinaryShare ?? 'precision';
      this.damage = new Map(stored.damage);
      this.seenRevision = this.points.revision;
    } catch {
      // Not there or not readable: it is measured again with the next run.
      this.assessment = undefined;
    }
  }

  /**
   * Measures what is new and suspicious.
   * @returns whether it looked at anything new
   * @throws the signal's reason when aborted; what was known before stays
   */
  async assess(
    embedder: Embedder,
    signal: AbortSignal,
    onProgress?: (done: number, total: number) => void,
  ): Promise<boolean> {
    const { revision } = this.points;
    if (this.seenRevision === revision) return false;
    const { dimensions } = this.options;
    this.assessment = await MixedTopicAssessment.assess(
      this.chunks(),
      sentenceEmbedder(embedder, 'index'),
      { dimensions, signal, onProgress },
      this.assessment,
    );
    this.assessment.sensitivity = this.ordinaryShare ?? 'precision';
    this.seenRevision = revision;
    this.flags = undefined;
    await this.predictDamage(embedder, signal);
    this.save(embedder.fingerprint);
    return true;
  }

  /**
   * @param ordinaryShare flag chunks whose cut at most this share of ordinary chunks has; null for the default.
   * @throws the signal's reason when aborted
   */
  async setSensitivity(
    ordinaryShare: number | null,
    embedder: Embedder,
    signal: AbortSignal,
  ): Promise<MixedTopicsSetting> {
    this.ordinaryShare = ordinaryShare;
    this.flags = undefined;
    if (this.assessment !== undefined) {
      this.assessment.sensitivity = ordinaryShare ?? 'precision';
      await this.predictDamage(embedder, signal);
    }
    return this.setting();
  }

  setting(): MixedTopicsSetting {
    const { ordinaryShare, precision, prevalence } = this.assessment?.estimate() ?? {
      ordinaryShare: 0,
      precision: undefined,
      prevalence: 0,
    };
    return { asked: this.ordinaryShare, ordinaryShare, precision, prevalence, flagged: this.flaggedCount() };
  }

  /** Live rows that are flagged, those that cost most first, with the cut counted from the beginning of the text. */
  flagged(): { row: number; mixed: MixedTopics }[] {
    const cost = ({ damage }: MixedTopics): number => (damage === undefined ? -1 : damageOf(damage));
    return [...this.flaggedRows()]
      .flatMap((row) => {
        const mixed = this.of(row);
        return mixed === undefined ? [] : [{ row, mixed }];
      })
      .sort((a, b) => cost(b.mixed) - cost(a.mixed));
  }

  /**
   * Every live row with its best cut, measured now where the screen had let it pass; strongest first, those that can't be
   * judged (code, fewer than four sentences) last.
   */
  async everyCut(
    embedder: Embedder,
    signal: AbortSignal,
  ): Promise<{ row: number; mixed: MixedTopics | undefined; deviations: number | undefined }[]> {
    const all: { row: number; mixed: MixedTopics | undefined; deviations: number | undefined }[] = [];
    for (const row of this.points.liveRows()) {
      const point = this.points.point(row);
      const text = this.options.textOf(row)?.text;
      if (point === undefined || text === undefined) continue;
      let cut = this.assessment?.cutOf(point.key);
      if (cut === undefined && point.kind !== 'code' && this.assessment !== undefined) {
        const options = { dimensions: this.options.dimensions, signal };
        cut = (await this.assessment.judgeText(text, sentenceEmbedder(embedder, 'index'), options)).cut;
      }
      const known = this.of(row);
      const mixed = known ?? (cut === undefined ? undefined : this.describe(text, cut));
      all.push({ row, mixed, deviations: cut?.strength });
    }
    return all.sort((a, b) => (b.deviations ?? -Infinity) - (a.deviations ?? -Infinity));
  }

  flaggedCount(): number {
    return this.flaggedRows().size;
  }

  isFlagged(row: number): boolean {
    return this.flaggedRows().has(row);
  }

  /** The best cut of a point, counted from the beginning of its text; undefined when it was not suspicious or can't be cut. */
  of(row: number): MixedTopics | undefined {
    const point = this.points.point(row);
    const cut = point === undefined ? undefined : this.assessment?.cutOf(point.key);
    const text = cut === undefined ? undefined : this.options.textOf(row)?.text;
    if (point === undefined || cut === undefined || text === undefined) return undefined;
    // What somebody marked as fine is not flagged any more, whoever asks.
    const mixed = this.describe(text, { ...cut, flagged: cut.flagged && !this.isMarkedFine(row) });
    const damage = this.damage.get(point.key);
    return mixed === undefined || damage == null ? mixed : { ...mixed, damage };
  }

  /** Judges a text of the person's against this space. */
  async judgeText(
    text: string,
    embedder: Embedder,
    signal: AbortSignal,
  ): Promise<{ sentences: number; mixed: MixedTopics | undefined }> {
    if (this.assessment === undefined) return { sentences: sentenceSpans(text).length, mixed: undefined };
    const { sentences, cut } = await this.assessment.judgeText(text, sentenceEmbedder(embedder, 'query'), {
      dimensions: this.options.dimensions,
      signal,
    });
    return { sentences, mixed: cut === undefined ? undefined : this.describe(text, cut) };
  }

  removeStored(): void {
    fs.rmSync(this.options.file, { force: true });
  }

  /**
   * What the mix of each flagged chunk costs, from its sentences' vectors: flagged chunks are few, and their sentences were
   * embedded for the measure, but are not kept.
   */
  private async predictDamage(embedder: Embedder, signal: AbortSignal): Promise<void> {
    const embed = sentenceEmbedder(embedder, 'index');
    for (const row of this.flaggedRows()) {
      const point = this.points.point(row);
      const stored = this.options.textOf(row);
      const cut = point === undefined ? undefined : this.assessment?.cutOf(point.key)?.measure.cut;
      if (point === undefined || stored === undefined || cut === undefined || this.damage.has(point.key)) continue;
      const { text, context } = stored;
      const spans = sentenceSpans(text);
      const sentences = spans.map(({ start, end }) => text.slice(start, end));
      const queries = queriesOf(context, [text.slice(0, cut), text.slice(cut)]);
      const vectors = await embed([...sentences, ...queries.map((query) => query.text)], signal);
      const first = spans.filter(({ start }) => start < cut).length;
      const half = (from: number, until: number): Float32Array =>
        halfFromSentences(
          vectors.slice(from, until),
          sentences.slice(from, until).map(({ length }) => length),
        );
      const worst = worstDamage(
        splitRanks(
          queries.map((query, i) => ({ text: query.text, vector: vectors[sentences.length + i] })),
          this.points.vector(row),
          [half(0, first), half(first, sentences.length)],
          this.points.vectorRows,
          (other) => other !== row && this.points.isLive(other),
        ),
      );
      const { query, rankNow, rankSplit } = worst ?? {};
      const known = query !== undefined && rankNow !== undefined && rankSplit !== undefined;
      this.damage.set(point.key, known ? { query, rankNow, rankSplit } : null);
    }
  }

  /** Flagged, but marked as fine. */
  fineCount(): number {
    this.flaggedRows();
    return this.flags?.fine ?? 0;
  }

  private flaggedRows(): Set<number> {
    const { revision } = this.points;
    const fineVersion = this.options.fine.version();
    if (this.flags?.revision !== revision || this.flags.fineVersion !== fineVersion) {
      const all = (this.assessment?.flagged() ?? [])
        .map((key) => this.points.rowOfKey(key))
        .filter((row) => row !== undefined && this.points.isLive(row)) as number[];
      const rows = all.filter((row) => !this.isMarkedFine(row));
      this.flags = { revision, fineVersion, rows: new Set(rows), fine: all.length - rows.length };
    }
    return this.flags.rows;
  }

  /** Whether the chunk's cut was marked as fine, flagged or not. */
  isMarkedFine(row: number): boolean {
    const point = this.points.point(row);
    const cut = point === undefined ? undefined : this.assessment?.cutOf(point.key)?.measure.cut;
    const text = cut === undefined ? undefined : this.options.textOf(row)?.text;
    if (point === undefined || cut === undefined || text === undefined) return false;
    return point.places.some(({ folder }) => this.options.fine.isFine(folder, text, cut));
  }

  /** Undefined while the index is too small to say where a cut stands in it. */
  private describe(
    text: string,
    { measure, flagged, percentile, headed }: MixedTopicVerdict & { measure: CutMeasure },
  ): MixedTopics | undefined {
    if (percentile === undefined) return undefined;
    const { before, after } = termsOfCut(text, measure, this.termBackground());
    const cutLine = text.slice(0, measure.cut).split('\n').length - 1;
    const heading = flagged && headed ? { heading: headingAt(text, measure.cut) } : {};
    return { cut: measure.cut, cutLine, before, after, percentile, gain: measure.gain, flagged, ...heading };
  }

  private chunks(): AssessedChunk[] {
    return [...this.points.liveRows()].flatMap((row): AssessedChunk[] => {
      const point = this.points.point(row);
      const screen = point?.cut == null ? null : (JSON.parse(point.cut) as ScreenRecord | null);
      if (point === undefined || screen === null) return [];
      const { key, tokens, kind, places } = point;
      const { textOf } = this.options;
      // Texts are read only of the chunks that are measured.
      return [
        {
          key,
          tokens,
          screen,
          document: `${places[0].folder}/${places[0].file.path}`,
          kind: kind as Document['kind'],
          get text() {
            return textOf(row)?.text ?? '';
          },
        },
      ];
    });
  }

  private termBackground(): TermBackground {
    const { revision } = this.points;
    // A few edits don't change what is ordinary.
    if (this.background === undefined || Math.abs(this.background.revision - revision) > 200) {
      const terms = new TermBackground();
      const rows = this.points.liveRows();
      const step = Math.max(1, Math.floor(rows.length / backgroundTexts));
      for (let i = 0; i < rows.length; i += step) terms.add(this.options.textOf(rows[i])?.text ?? '');
      this.background = { revision, terms };
    }
    return this.background.terms;
  }

  private save(embedderFingerprint: string): void {
    if (this.assessment === undefined) return;
    const stored: StoredAssessment = {
      fingerprint: embedderFingerprint,
      state: this.assessment.toJSON(),
      damage: [...this.damage],
    };
    const { file } = this.options;
    try {
      replaceFile(file, JSON.stringify(stored));
    } catch (error) {
      this.options.log(
        `Measured mixed topics could not be saved and will be measured again: ${(error as Error).message}`,
      );
    }
  }
}

/** The words of the heading that begins at an offset. */
function headingAt(text: string, offset: number): string {
  return plainTitle(markdownBlocks(text.slice(offset))[0]?.title ?? '');
}

function sentenceEmbedder(embedder: Embedder, priority: 'query' | 'index'): EmbedSentences {
  return async (sentences, signal) => {
    const embedded = await embedder.embed(
      sentences.map((text) => ({ text })),
      { priority, signal },
    );
    return embedded.map(({ vector }) => vector);
  };
}
