import { markdownBlocks, type Block } from '../chunking/markdownBlocks';
import { textLines, trimRange, type TextRange } from '../chunking/textLines';

/** Code longer than this is told apart at its blank lines. */
const longCode = 800;
/** A "sentence" longer than this that runs over lines has no sentences at all: its lines are the units. */
const longSentence = 600;

/**
 * Units of meaning of a text, as exact ranges: the sentences of paragraphs and list items; headings, table rows, HTML
 * lines and code blocks each as one (long code at its blank lines).
 *
 * Ranges are in UTF-16 units, ordered, free of overlap, without blank characters at their ends, and hold all text that is not blank.
 * A unit may have no letters at all (a horizontal rule): the caller decides what that is worth.
 *
 * Sentence boundaries are those of Unicode (UAX #29, through `Intl.Segmenter`), minus the false ones after
 * abbreviations, initials, enumerators, inside code spans and where no space follows.
 */
export function splitSentences(text: string): TextRange[] {
  const sentences: TextRange[] = [];
  for (const block of markdownBlocks(text)) blockSentences(text, block, sentences);
  return sentences;
}

/** The sentences of one block, appended to `into`. */
export function blockSentences(text: string, block: Pick<Block, 'kind' | 'start' | 'end'>, into: TextRange[]): void {
  if (block.kind === 'paragraph' || block.kind === 'listItem') {
    proseSentences(text, block.start, block.end, into);
  } else if (block.kind === 'code' && block.end - block.start > longCode) {
    for (const part of splitAtBlankLines(text, block.start, block.end)) into.push(part);
  } else {
    into.push({ start: block.start, end: block.end });
  }
}

/** Parts of a range that blank lines divide, trimmed. */
export function splitAtBlankLines(text: string, start: number, end: number): TextRange[] {
  const parts: TextRange[] = [];
  let from = start;
  for (const line of textLines(text, start, end)) {
    if (text.slice(line.start, line.end).trim() !== '') continue;
    const part = trimRange(text, from, line.start);
    if (part) parts.push(part);
    from = line.next;
  }
  const rest = trimRange(text, from, end);
  if (rest) parts.push(rest);
  return parts;
}

// The root rules know the terminators of all scripts; a locale would add nothing but its collation of "standard" breaks.
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Fewer lines than this may begin with capitals by chance. */
const fewestOwnLines = 4;

/**
 * Whether each line is a sentence of its own, as in transcripts and corpora that leave out full stops: every line begins
 * with a capital or a digit, and hardly any ends as sentences do or holds the end of one. Wrapped prose has lines that go on in lower case.
 */
function hasSentencesAsLines(lines: readonly string[]): boolean {
  const filled = lines.map((line) => line.trim()).filter((line) => line !== '');
  return (
    filled.length >= fewestOwnLines &&
    filled.every((line) => /^["'“(]?[\p{Lu}\p{N}]/u.test(line)) &&
    filled.filter((line) => /[.!?…:;,]["'”)]*$|[.!?] +["'“(]?\p{Lu}/u.test(line)).length <= filled.length / 4
  );
}

function proseSentences(text: string, start: number, end: number, into: TextRange[]): void {
  const source = text.slice(start, end);
  if (source.includes('\n') && hasSentencesAsLines(source.split('\n'))) {
    for (const line of textLines(text, start, end)) proseSentences(text, line.start, line.end, into);
    return;
  }
  // To UAX #29 a line break ends a sentence; in wrapped paragraphs it is a space. Same length, so offsets hold.
  const prose = /[\r\n]/.test(source) ? source.replace(/[\r\n]/g, ' ') : source;
  const boundaries = [0];
  const spans = codeSpans(prose);
  let span = 0;
  for (const boundary of unicodeBoundaries(prose)) {
    while (span < spans.length && spans[span].end <= boundary) span++;
    const insideCode = span < spans.length && spans[span].start < boundary;
    if (insideCode || !endsSentence(prose, boundaries.at(-1)!, boundary)) continue;
    boundaries.push(boundary);
  }
  boundaries.push(prose.length);
  for (let i = 1; i < boundaries.length; i++) {
    const sentence = trimRange(text, start + boundaries[i - 1], start + boundaries[i]);
    if (!sentence) continue;
    if (sentence.end - sentence.start <= longSentence) into.push(sentence);
    else
      for (const line of textLines(text, sentence.start, sentence.end)) {
        const part = trimRange(text, line.start, line.end);
        if (part) into.push(part);
      }
  }
}

/** What the segmenter is given at once: its time grows with the square of the text (Node 20, 120 KB take 3 seconds). */
const segmenterWindow = 2048;

/** Offsets inside of a text at which UAX #29 begins a new sentence. */
function* unicodeBoundaries(prose: string): Generator<number> {
  let from = 0;
  let size = segmenterWindow;
  while (from < prose.length) {
    const segments = segmenter.segment(prose.slice(from, from + size));
    let last = 0;
    for (const { index } of segments) {
      if (index > 0) yield from + index;
      last = index;
    }
    if (from + size >= prose.length) return;
    // The last segment may go on beyond the window: it begins the next one.
    if (last === 0) size *= 2;
    else {
      from += last;
      size = segmenterWindow;
    }
  }
}

/** Spans between equal runs of backticks. */
function codeSpans(prose: string): TextRange[] {
  const spans: TextRange[] = [];
  if (!prose.includes('`')) return spans;
  const runs = [...prose.matchAll(/`+/g)];
  // Next run of the same length, found from the end so that unpaired runs cost nothing.
  const nextOfLength = new Map<number, number>();
  const partner = new Array<number>(runs.length).fill(-1);
  for (let i = runs.length - 1; i >= 0; i--) {
    const length = runs[i][0].length;
    partner[i] = nextOfLength.get(length) ?? -1;
    nextOfLength.set(length, i);
  }
  for (let i = 0; i < runs.length; i++) {
    const closing = partner[i];
    if (closing < 0) continue;
    spans.push({ start: runs[i].index, end: runs[closing].index + runs[closing][0].length });
    i = closing;
  }
  return spans;
}

const wordCharacter = /[\p{L}\p{N}]/u;
/** How far back a boundary looks for the word before it. */
const reach = 24;
/** Longest end of a paragraph without a word that is not told apart. */
const wordlessTail = 200;

/** Judges a boundary of UAX #29 by what stands before and after it. */
function endsSentence(prose: string, sentenceStart: number, boundary: number): boolean {
  const before = prose.slice(Math.max(sentenceStart, boundary - reach), boundary);
  const trimmed = before.trimEnd();
  const spaced = trimmed.length < before.length;
  const ascii = /[.!?…]["'”’)\]*_»]*$/.test(trimmed);
  // "index.html?Page", "3.x", "…": ASCII terminators end a sentence only before a space. CJK ones need none.
  if (ascii && !spaced) return false;
  // Markers and dashes are no sentence: "1. First", "- Then", "...".
  const sentence = prose.slice(sentenceStart, boundary);
  if (sentence.length < reach && isMarker(sentence)) return false;
  // What is left of the paragraph has no word: it belongs to this sentence.
  if (boundary + wordlessTail >= prose.length && !wordCharacter.test(prose.slice(boundary))) return false;
  const after = prose.slice(boundary, boundary + reach).replace(/^[\s"'“‘„«»([*_>]+/, '');
  if (/[!?]["'”’)\]]*$/.test(trimmed) && /^\p{Ll}/u.test(after)) return false;
  if (!trimmed.endsWith('.')) return true;
  return !endsInAbbreviation(trimmed, after);
}

function isMarker(sentence: string): boolean {
  const trimmed = sentence.trim();
  return (
    !wordCharacter.test(trimmed) || /^[>\s]*\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,5})[.)]$/.test(trimmed)
  );
}

/** Never at the end of a sentence: something always follows. */
const titles = new Set(
  (
    'mr mrs ms dr prof st rev gen col sgt capt lt gov sen rep hon pres messrs mt ft fig figs no nos vol vols pp p ch sec eq eqs ref refs ' +
    'cf vs v viz approx ca al e.g i.e eg ie resp incl excl max min avg est dept univ art ed eds trans ' +
    'hr fr dres sr sra srta srs dra ud uds mme mlle mm av bd pág págs núm fam geb inkl zzgl vgl bzw ggf evtl sog ' +
    'z.b d.h u.a i.d.r o.ä s.o s.u bspw nr str tel abb tab kap art.nr dott sig sigg ing avv p.ex c.-à-d т.е т.д т.п г ул им'
  ).split(' '),
);

/** May end a sentence; a capital after them tells. */
const ambiguous = new Set(
  'etc usw u.s u.k u.n e.u a.m p.m inc ltd co corp jr bros ph.d m.d b.c a.d jan feb mar apr jun jul aug sep sept oct nov dec'.split(
    ' ',
  ),
);

const germanAfterOrdinal =
  /^(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhundert|Auflage)\b/;

function endsInAbbreviation(trimmed: string, after: string): boolean {
  const word = /(?:^|[\s("'“„«[*_/])((?:\p{L}[\p{L}\p{M}.-]*|\d{1,2}))\.$/u.exec(trimmed)?.[1];
  if (word === undefined) return false;
  if (/^\d/.test(word)) return germanAfterOrdinal.test(after);
  const lower = word.toLowerCase();
  if (titles.has(lower)) {
    // "…the answer is no. Then" ends; "No. 5" does not.
    if (lower === 'no' || lower === 'p' || lower === 'v') return /^\d/.test(after);
    return true;
  }
  // Initials: "J. Smith", "D. E. Knuth"; but "as with I." and "vitamin C." are rare enough to lose.
  if (/^\p{Lu}$/u.test(word)) return /^\p{Lu}/u.test(after) && word !== 'I';
  if (ambiguous.has(lower)) return /^(?:\p{Ll}|\d)/u.test(after);
  return false;
}
