import { stopWords } from './distinguishingTermsStopWords';

/** How often terms occur in the index: what is ordinary here tells no halves apart. */
export class TermBackground {
  private readonly counts = new Map<string, number>();
  private total = 0;

  add(text: string): void {
    this.count(text, 1);
  }

  /** Undoes `add` of the same text. */
  remove(text: string): void {
    this.count(text, -1);
  }

  /** Share of all terms, with add-one smoothing so that an unseen term is rare and not impossible. */
  share(term: string): number {
    return ((this.counts.get(term) ?? 0) + 1) / (this.total + this.counts.size + 1);
  }

  get isEmpty(): boolean {
    return this.total <= 0;
  }

  private count(text: string, sign: 1 | -1): void {
    for (const { term } of wordsOf(text)) {
      const count = (this.counts.get(term) ?? 0) + sign;
      if (count > 0) this.counts.set(term, count);
      else this.counts.delete(term);
      this.total += sign;
    }
  }
}

/** Weight of the prior, in words: about a chunk's half. */
const priorWords = 100;
/** Ranks words that are rare in the index above those that merely stand on one side. */
const rarityWeight = 0.35;
/** Below this share rarer is no better: in a small index most words are rare, and the first mentioned is more likely the subject. */
const rareShare = 1 / 1500;

/** A passage, or its sentences with what each of them counts. */
type Passage = string | readonly { text: string; weight: number }[];

/**
 * Terms that tell two halves apart, best first for each: log-odds ratio with the index as informative Dirichlet
 * prior, divided by its standard deviation (Monroe, Colaresi and Quinn, "Fightin' Words", Political Analysis 2008),
 * and weighted by how rare the term is in the index. A mention counts by its sentence's weight and by how likely the word
 * names a thing.
 * Markdown syntax, links' addresses and stop words are left out, identifiers split into their words.
 */
export function distinguishingTerms(
  before: Passage,
  after: Passage,
  background: TermBackground = new TermBackground(),
  limit = 3,
): { before: string[]; after: string[] } {
  const left = countNames(before);
  const right = countNames(after);
  const vocabulary = new Set([...left.counts.keys(), ...right.counts.keys()]);
  const scored: { term: string; z: number; idf: number }[] = [];
  for (const term of vocabulary) {
    const share = background.isEmpty ? 1 / vocabulary.size : background.share(term);
    const prior = priorWords * Math.min(0.5, Math.max(share, rareShare));
    const inLeft = (left.counts.get(term) ?? 0) + prior;
    const inRight = (right.counts.get(term) ?? 0) + prior;
    const oddsLeft = Math.log(inLeft / (left.total + priorWords - inLeft));
    const oddsRight = Math.log(inRight / (right.total + priorWords - inRight));
    const z = (oddsLeft - oddsRight) / Math.sqrt(1 / inLeft + 1 / inRight);
    scored.push({ term, z, idf: background.isEmpty ? 0 : -Math.log(Math.max(share, rareShare)) });
  }
  const rank = (sign: 1 | -1, side: WordCounts, other: WordCounts): string[] =>
    scored
      .filter(({ term, z }) => side.counts.has(term) && (sign * z > 0 || !other.counts.has(term)))
      .map((entry) => ({ ...entry, rank: sign * entry.z * (1 + rarityWeight * entry.idf) }))
      // Equal terms keep the order of the text: the first mention is most often the subject.
      .sort((a, b) => b.rank - a.rank || side.first.get(a.term)! - side.first.get(b.term)!)
      .slice(0, limit)
      .map(({ term }) => side.surface(term));
  return { before: rank(1, left, right), after: rank(-1, right, left) };
}

/** Cosine of the word counts of two texts, stop words left out: 0 when they share no word. */
export function lexicalSimilarity(before: string, after: string): number {
  const left = countWords(wordsOf(before)).counts;
  const right = countWords(wordsOf(after)).counts;
  let dot = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (const [term, count] of left) {
    dot += count * (right.get(term) ?? 0);
    leftSquares += count * count;
  }
  for (const count of right.values()) rightSquares += count * count;
  return dot === 0 ? 0 : dot / Math.sqrt(leftSquares * rightSquares);
}

/** Counts by the weight of the sentence and by how likely each mention names a thing. */
function countNames(passage: Passage): WordCounts {
  const sentences = typeof passage === 'string' ? [{ text: passage, weight: 1 }] : passage;
  return countWords(
    sentences.flatMap(({ text, weight }) =>
      [...wordsOf(text)].map((word) => ({ ...word, weight: weight * nameWeight(word) })),
    ),
  );
}

/** English words after which an action or a quality comes more often than a thing. */
const beforeActions = new Set(
  'to it they we you he she who whoever that which will would can could may might should must not never do does did is are was were be been has have had very so too than when now then'.split(
    ' ',
  ),
);

/** Words of place and degree that are no stop words of the index, but no subject either. */
const seldomNames = new Set(
  'beside behind left along inside outside beyond toward upon faster slower earlier easier harder important correct expensive chosen nobody somebody third fourth fifth subject longer shorter'.split(
    ' ',
  ),
);

/** A rule of thumb for English: what follows "it" or "will" and what ends in -ly, -ed or -ing seldom names a subject. */
function nameWeight({ form, previous }: { form: string; previous: string }): number {
  if (seldomNames.has(form)) return 0.3;
  const place = beforeActions.has(previous) ? 0.55 : 1;
  return place * (/^[a-z]{3,}(?:ly|ed)$/.test(form) ? 0.55 : /^[a-z]{3,}ing$/.test(form) ? 0.8 : 1);
}

interface WordCounts {
  counts: Map<string, number>;
  /** Position of a term's first mention. */
  first: Map<string, number>;
  total: number;
  /** The form in which the term stands most often. */
  surface(term: string): string;
}

function countWords(words: Iterable<{ term: string; form: string; weight?: number }>): WordCounts {
  const counts = new Map<string, number>();
  const first = new Map<string, number>();
  const forms = new Map<string, Map<string, number>>();
  let total = 0;
  for (const { term, form, weight = 1 } of words) {
    if (!first.has(term)) first.set(term, first.size);
    counts.set(term, (counts.get(term) ?? 0) + weight);
    const ofTerm = forms.get(term) ?? new Map<string, number>();
    ofTerm.set(form, (ofTerm.get(form) ?? 0) + 1);
    forms.set(term, ofTerm);
    total += weight;
  }
  const surface = (term: string): string => {
    let best = term;
    let most = 0;
    for (const [form, count] of forms.get(term) ?? []) {
      if (count > most) {
        best = form;
        most = count;
      }
    }
    return best;
  };
  return { counts, first, total, surface };
}

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * Words of a text that may name a topic: `form` as it stands, in lower case; `term` with a plural's ending removed;
 * `previous` the word before it, whatever it is.
 */
export function* wordsOf(text: string): Generator<{ term: string; form: string; previous: string }> {
  let previous = '';
  for (const word of wordLike(withoutMarkup(text))) {
    for (const part of identifierParts(word)) {
      const form = part.toLowerCase();
      if (isTopical(form)) yield { term: singular(form), form, previous };
    }
    previous = word.toLowerCase();
  }
}

/** Scripts that write no space between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The dictionary of `Intl.Segmenter` where words have to be found, a tenth of its time elsewhere. */
function wordLike(text: string): string[] {
  if (!unspaced.test(text)) return text.match(/[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*(?:['’]\p{L}+)?/gu) ?? [];
  return Array.from(segmenter.segment(text))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment);
}

/** Drops what is syntax and not prose: tags, comments, addresses, link definitions, fences; keeps the texts of links. */
function withoutMarkup(text: string): string {
  return text
    .replace(/<!--.*?-->/gs, ' ')
    .replace(/<\/?[a-zA-Z][^<>]{0,500}>/g, ' ')
    .replace(/^[ \t]*\[[^\]\n]{1,200}\]:.*$/gm, ' ')
    .replace(/\]\([^()\n]{0,2000}\)|\]\[[^\]\n]{0,200}\]/g, '] ')
    .replace(/\b[a-z][a-z0-9+.-]{1,20}:\/\/\S+/gi, ' ')
    .replace(/^[ \t]*(?:`{3,}|~{3,}).*$/gm, ' ')
    .replace(/&[a-z]{2,8};|&#\d{1,6};/gi, ' ');
}

/** "parseHttpRequest_v2" → parse, Http, Request, v2. */
function identifierParts(word: string): string[] {
  return word
    .replace(/['’]\p{Ll}{1,2}$/u, '')
    .split(/[_.:]+|(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u)
    .filter((part) => part !== '');
}

function isTopical(form: string): boolean {
  if (!/\p{L}/u.test(form) || stopWords.has(form)) return false;
  // One letter of a syllabic or ideographic script is a word; in an alphabet two are hardly one.
  return form.length >= (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(form) ? 1 : 3);
}

function singular(form: string): string {
  if (/^[a-z]+ies$/.test(form) && form.length > 4) return `${form.slice(0, -3)}y`;
  if (/^[a-z]+(?:ches|shes|sses|xes)$/.test(form)) return form.slice(0, -2);
  if (/^[a-z]+[^siu]s$/.test(form) && form.length > 3) return form.slice(0, -1);
  return form;
}
