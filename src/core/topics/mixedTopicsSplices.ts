import { seededRandom } from '../neighbors/seededRandom';
import { measureCut, minimalSentences, type CutMeasure } from './mixedTopicsFeatures';
import type { JudgedSentence } from './mixedTopicsUnits';

/** A chunk whose sentences are embedded: raw material of splices. */
export interface SentenceSample {
  document: string;
  text: string;
  spans: readonly JudgedSentence[];
  /** spans x dimensions, row-major, L2-normalised. */
  vectors: Float32Array;
}

/** Smallest and largest share of the shorter part. */
const shares = { least: 0.1, most: 0.5 };
/** Every so manieth splice joins chunks of one document, where it has several: mixes are often of neighboring subjects. */
const siblingEvery = 3;

/**
 * Texts that mix two topics, made of this index's own sentences: the end of one chunk joined to the beginning of another
 * one, of another document or (every third) of the same, as long as its ordinary chunks are.
 *
 * @returns up to `count` measures, fewer or none when the samples don't suffice (one document alone).
 */
export function measureSplices(
  samples: readonly SentenceSample[],
  options: { dimensions: number; center?: Float32Array; count: number; seed: number },
): CutMeasure[] {
  const { dimensions, center, count, seed } = options;
  const usable = samples.filter(({ spans }) => spans.length >= minimalSentences);
  if (new Set(usable.map(({ document }) => document)).size < 2) return [];
  const perDocument = new Map<string, number>();
  for (const { document } of usable) perDocument.set(document, (perDocument.get(document) ?? 0) + 1);
  const siblings = usable.filter(({ document }) => perDocument.get(document)! > 1);
  const random = seededRandom(seed);
  const measures: CutMeasure[] = [];
  for (let attempt = 0; attempt < 12 * count && measures.length < count; attempt++) {
    let first = usable[random.below(usable.length)];
    const sentences = usable[random.below(usable.length)].spans.length;
    const share = shares.least + (shares.most - shares.least) * random.next();
    const minor = Math.max(1, Math.round(share * sentences));
    const fromFirst = random.next() < 0.5 ? minor : sentences - minor;
    const fromSecond = sentences - fromFirst;
    const asSibling = measures.length % siblingEvery === siblingEvery - 1 && siblings.length > 0;
    if (asSibling) first = siblings[random.below(siblings.length)];
    const partners = asSibling ? usable.filter(({ document }) => document === first.document) : usable;
    const second = partners[random.below(partners.length)];
    if (first === second || (!asSibling && first.document === second.document)) continue;
    if (first.spans.length < fromFirst || second.spans.length < fromSecond) continue;
    const splice = join(first, first.spans.length - fromFirst, second, fromSecond, dimensions);
    const measure = measureCut(splice.text, splice.spans, splice.vectors, dimensions, center);
    if (measure === undefined) continue;
    delete measure.speaksFor;
    measures.push(measure);
  }
  return measures;
}

/** Sentences of `first` from number `from` on, followed by the first `until` sentences of `second`. */
function join(
  first: SentenceSample,
  from: number,
  second: SentenceSample,
  until: number,
  dimensions: number,
): Omit<SentenceSample, 'document'> {
  const own = first.spans.slice(from).map((span) => ({ span, text: first.text }));
  // Where texts are put together a paragraph begins, if not more.
  const others = second.spans.slice(0, until).map((span, i) => ({
    span: i === 0 && span.seam !== 'heading' ? { ...span, seam: 'paragraph' as const } : span,
    text: second.text,
  }));
  const pieces: string[] = [];
  const spans: JudgedSentence[] = [];
  let start = 0;
  for (const { span, text } of [...own, ...others]) {
    const piece = text.slice(span.start, span.end);
    spans.push({ ...span, start, end: start + piece.length });
    pieces.push(piece);
    start += piece.length + 1;
  }
  const vectors = new Float32Array(pieces.length * dimensions);
  vectors.set(first.vectors.subarray(from * dimensions, first.spans.length * dimensions), 0);
  vectors.set(second.vectors.subarray(0, until * dimensions), (first.spans.length - from) * dimensions);
  return { text: pieces.join('\n'), spans, vectors };
}
