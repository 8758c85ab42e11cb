import type { Document } from '../chunking/chunk';
import { distinguishingTerms, type TermBackground } from './distinguishingTerms';
import {
  MixedTopicModel,
  type MixedTopicEstimate,
  type MixedTopicSensitivity,
  type MixedTopicVerdict,
  type WeightedMeasure,
} from './mixedTopics';
import { centerOf, measureCut, minimalSentences, type CutMeasure } from './mixedTopicsFeatures';
import {
  chooseCandidates,
  needsNewPlan,
  planScreen,
  screenStrength,
  type ScreenPlan,
  type ScreenRecord,
} from './mixedTopicsScreen';
import { measureSplices, type SentenceSample } from './mixedTopicsSplices';
import { sentenceSpans } from './mixedTopicsUnits';

/** A chunk that may be judged. */
export interface AssessedChunk {
  /** Key of its vector: the same key is the same text. */
  key: string;
  document: string;
  kind: Document['kind'];
  text: string;
  tokens: number;
  /** From the pass that embedded the chunk, see `screenChunk`; null where it had nothing to judge. */
  screen: ScreenRecord | null;
}

/** Vectors of texts, L2-normalised, in their order; identical texts cost one embedding. */
export type EmbedSentences = (sentences: readonly string[], signal?: AbortSignal) => Promise<Float32Array[]>;

export interface AssessmentOptions {
  dimensions: number;
  seed?: number;
  signal?: AbortSignal;
  /** Called after every batch, with the texts that were measured by then. */
  onProgress?: (done: number, total: number) => void;
}

/** For the store: plain JSON. */
export interface AssessmentState {
  version: 3;
  plan: ScreenPlan;
  center: number[];
  splices: CutMeasure[];
  /** By key; null where no cut is allowed. */
  measures: [key: string, measure: CutMeasure | null][];
}

/** Chunks whose sentences are embedded in one call. */
const batchSize = 32;
const splicesToMake = 400;

/**
 * The best cuts of an index's chunks and what is ordinary among them.
 *
 * Screening costs nothing (span vectors of the chunk's own pass). Sentences are then embedded for the chunks that the
 * screen finds suspicious and for a random sample that says what is ordinary; together at most 38 % of the tokens of
 * the chunks, or 20,000 if that is more. What was measured once is never measured again while the plan holds: who is
 * measured depends on a chunk's own key and screen, not on the order in which chunks came.
 */
export class MixedTopicAssessment {
  /** When a chunk is flagged; measures don't depend on it. */
  sensitivity: MixedTopicSensitivity = 'precision';
  private readonly model: MixedTopicModel;

  private constructor(
    private readonly plan: ScreenPlan,
    private readonly center: Float32Array,
    private readonly splices: readonly CutMeasure[],
    private readonly measures: ReadonlyMap<string, CutMeasure | null>,
    ordinary: readonly WeightedMeasure[],
  ) {
    this.model = MixedTopicModel.fit(ordinary, splices);
  }

  /**
   * Judges the chunks of an index, using what `previous` knows of them.
   * @throws the signal's reason when aborted, or what `embed` throws; `previous` is untouched then.
   */
  static async assess(
    chunks: readonly AssessedChunk[],
    embed: EmbedSentences,
    options: AssessmentOptions,
    previous?: MixedTopicAssessment,
  ): Promise<MixedTopicAssessment> {
    const judged = judgeable(chunks);
    const kept = previous && !needsNewPlan(previous.plan, judged.length) ? previous : undefined;
    const plan = kept?.plan ?? planScreen(judged, options.seed ?? 1);
    const { calibration, candidates } = chooseCandidates(judged, plan);
    const byKey = new Map(judged.map((chunk) => [chunk.key, chunk]));
    const measures = new Map<string, CutMeasure | null>();
    for (const key of [...calibration, ...candidates]) {
      const known = kept?.measures.get(key);
      if (known !== undefined) measures.set(key, known);
    }
    const total = new Set([...calibration, ...candidates]).size;

    let center = kept?.center;
    let splices = kept?.splices;
    if (center === undefined || splices === undefined) {
      // The sample comes first: what its sentences have in common is taken from every vector before it is compared.
      const samples: SentenceSample[] = [];
      for (const batch of batches([...calibration], batchSize)) {
        options.signal?.throwIfAborted();
        samples.push(
          ...(await embedSamples(
            batch.map((key) => byKey.get(key)!),
            embed,
            options,
          )),
        );
        options.onProgress?.(samples.length, total);
      }
      center = centerOf(
        samples.map(({ vectors }) => vectors),
        options.dimensions,
      );
      splices = measureSplices(samples, {
        dimensions: options.dimensions,
        center,
        count: splicesToMake,
        seed: options.seed ?? 1,
      });
      const keys = [...calibration];
      for (const [i, sample] of samples.entries()) {
        measures.set(keys[i], measureSample(sample, options.dimensions, center));
      }
    }
    const missing = [...new Set([...calibration, ...candidates])].filter((key) => !measures.has(key));
    for (const batch of batches(missing, batchSize)) {
      options.signal?.throwIfAborted();
      const samples = await embedSamples(
        batch.map((key) => byKey.get(key)!),
        embed,
        options,
      );
      for (const [i, sample] of samples.entries()) {
        measures.set(batch[i], measureSample(sample, options.dimensions, center));
      }
      options.onProgress?.(measures.size, total);
    }
    return new MixedTopicAssessment(
      plan,
      center,
      splices,
      measures,
      weigh(judged, plan, calibration, candidates, measures),
    );
  }

  /** Reads what `toJSON` wrote; chunks are those of the index now. @throws when it is of another version. */
  static restore(state: AssessmentState, chunks: readonly AssessedChunk[]): MixedTopicAssessment {
    if (state.version !== 3) throw new Error(`Mixed topics of version ${String(state.version)} can't be read.`);
    const judged = judgeable(chunks);
    const { calibration, candidates } = chooseCandidates(judged, state.plan);
    const measures = new Map(state.measures);
    const ordinary = weigh(judged, state.plan, calibration, candidates, measures);
    return new MixedTopicAssessment(state.plan, Float32Array.from(state.center), state.splices, measures, ordinary);
  }

  toJSON(): AssessmentState {
    return {
      version: 3,
      plan: this.plan,
      center: [...this.center],
      splices: [...this.splices],
      measures: [...this.measures],
    };
  }

  /** False while the index is too small to say what is ordinary in it. */
  get canJudge(): boolean {
    return this.model.canJudge;
  }

  get measured(): number {
    return this.measures.size;
  }

  /** The best cut of a chunk, undefined for chunks that were not suspicious enough to be measured or can't be cut. */
  cutOf(key: string): (MixedTopicVerdict & { measure: CutMeasure }) | undefined {
    const measure = this.measures.get(key);
    return measure ? this.verdictOn(measure) : undefined;
  }

  private verdictOn(measure: CutMeasure): MixedTopicVerdict & { measure: CutMeasure } {
    const verdict = this.model.judge(measure, this.sensitivity);
    const { heading } = measure;
    if (!verdict.headed || heading === undefined || heading.cut === measure.cut) return { ...verdict, measure };
    const atHeading = { ...measure, cut: heading.cut };
    // What the sentences speak for was measured at another cut.
    delete atHeading.speaksFor;
    return { ...verdict, measure: atHeading };
  }

  /** What the setting means among the chunks of this index. */
  estimate(): MixedTopicEstimate {
    const counts = [...this.measures.values()].flatMap((measure) => (measure ? [measure.sentences] : []));
    counts.sort((a, b) => a - b);
    return this.model.estimate(counts[counts.length >> 1] ?? minimalSentences, this.sensitivity);
  }

  /** Keys of flagged chunks, strongest first. */
  flagged(): string[] {
    return [...this.measures.keys()]
      .map((key) => ({ key, cut: this.cutOf(key) }))
      .filter(({ cut }) => cut?.flagged === true)
      .sort((a, b) => b.cut!.strength - a.cut!.strength)
      .map(({ key }) => key);
  }

  /** Judges any text against this index: a selection, or a chunk that was not measured. */
  async judgeText(
    text: string,
    embed: EmbedSentences,
    options: AssessmentOptions,
  ): Promise<{ sentences: number; cut: (MixedTopicVerdict & { measure: CutMeasure }) | undefined }> {
    const spans = sentenceSpans(text);
    if (spans.length < minimalSentences) return { sentences: spans.length, cut: undefined };
    const [sample] = await embedSamples([{ text, document: '' }], embed, options);
    const measure = measureSample(sample, options.dimensions, this.center);
    return {
      sentences: spans.length,
      cut: measure ? this.verdictOn(measure) : undefined,
    };
  }
}

/** Terms that tell the parts before and after a cut apart, best first; those of sentences that speak for their part before others. */
export function termsOfCut(
  text: string,
  { cut, speaksFor }: Pick<CutMeasure, 'cut' | 'speaksFor'>,
  background: TermBackground,
): { before: string[]; after: string[] } {
  const spans = sentenceSpans(text);
  const sentences = spans.map(({ start, end }, i) => {
    const isFirst = i === 0 || (start >= cut && spans[i - 1].start < cut);
    return { start, text: text.slice(start, end), weight: weightOf(speaksFor?.[i]) * (isFirst ? leadWeight : 1) };
  });
  return distinguishingTerms(
    sentences.filter(({ start }) => start < cut),
    sentences.filter(({ start }) => start >= cut),
    background,
  );
}

/** The first sentence of a part most often names its subject. */
const leadWeight = 1.4;
/** Usual value of a sentence that is about its part's subject. */
const usualSpeaksFor = 0.15;

/** A sentence that says nothing of its part's subject counts half as much as a usual one, none more than one and a half times. */
function weightOf(speaksFor = usualSpeaksFor): number {
  return Math.min(1.5, Math.max(0.5, speaksFor / usualSpeaksFor));
}

/** Chunks with something to judge, one for each key. Code is never judged: what a mix of topics is there was not measured. */
function judgeable(chunks: readonly AssessedChunk[]): (AssessedChunk & { screen: ScreenRecord })[] {
  const byKey = new Map<string, AssessedChunk & { screen: ScreenRecord }>();
  for (const chunk of chunks) {
    if (chunk.kind !== 'code' && isScreened(chunk) && !byKey.has(chunk.key)) byKey.set(chunk.key, chunk);
  }
  return [...byKey.values()];
}

/** The chunk itself, no copy of it: a copy would read its text from the store. */
function isScreened(chunk: AssessedChunk): chunk is AssessedChunk & { screen: ScreenRecord } {
  return chunk.screen !== null;
}

async function embedSamples(
  chunks: readonly { text: string; document: string }[],
  embed: EmbedSentences,
  { dimensions, signal }: AssessmentOptions,
): Promise<SentenceSample[]> {
  const samples = chunks.map(({ text, document }) => ({ text, document, spans: sentenceSpans(text) }));
  const sentences = samples.flatMap(({ text, spans }) => spans.map(({ start, end }) => text.slice(start, end)));
  const embedded = await embed(sentences, signal);
  let next = 0;
  return samples.map((sample) => {
    const vectors = new Float32Array(sample.spans.length * dimensions);
    for (let i = 0; i < sample.spans.length; i++) vectors.set(embedded[next++], i * dimensions);
    return { ...sample, vectors };
  });
}

function measureSample(sample: SentenceSample, dimensions: number, center: Float32Array): CutMeasure | null {
  return measureCut(sample.text, sample.spans, sample.vectors, dimensions, center) ?? null;
}

/** Suspicious chunks were all measured and stand for themselves; the random sample stands for all others. */
function weigh(
  judged: readonly (AssessedChunk & { screen: ScreenRecord })[],
  plan: ScreenPlan,
  calibration: ReadonlySet<string>,
  candidates: ReadonlySet<string>,
  measures: ReadonlyMap<string, CutMeasure | null>,
): WeightedMeasure[] {
  const sampledRest = [...calibration].filter((key) => !candidates.has(key) && measures.get(key)).length;
  const rest = judged.filter(({ screen }) => screenStrength(screen, plan) < plan.cutoff).length;
  return judged.flatMap(({ key }) => {
    const measure = measures.get(key);
    if (!measure) return [];
    if (candidates.has(key)) return [{ measure, weight: 1 }];
    return calibration.has(key) ? [{ measure, weight: Math.max(1, rest / sampledRest) }] : [];
  });
}

function* batches<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}
