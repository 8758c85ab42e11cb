/** Faults of a chunk other than mixed topics, each found from its text alone and told in one sentence. */
import { wordsOf } from './distinguishingTerms';
import { sentenceSpans } from './mixedTopicsUnits';

/** A fault and how grave it is: larger is worse, comparable within one kind. */
export interface ChunkFault {
  reason: string;
  measure: number;
}

/** What closes prose: an end of a sentence, a colon before what follows, brackets, quotes and markup after it. */
const closed = /[.!?…:;。！？][\s"'”’)\]}>*_`|~]*$|```\s*$|~~~\s*$|\|\s*$|<\/?[a-z][^<>]*>\s*$/iu;
/** A line that is no prose: headings, list items, tables, code, link definitions, comments. */
const noProse = /^\s*(?:#{1,6} |[-*+] |\d+[.)] |\||>|<|\[[^\]]+\]:|```|~~~| {4}|\t)/;
/** Pronouns that name what the text before them was about, followed by a verb. */
const subjectBefore =
  /^(?:it|they|he|she|this|that|these|those)\s+(?:is|are|was|were|has|have|had|does|do|did|can|could|may|might|must|should|will|would|also|means|allows|makes|lets|gives|takes|happens|works|behaves|causes|ensures|helps)\b/i;

/**
 * A chunk that ends in mid-sentence (and the next one goes on with it), or whose first sentence speaks of something that only the
 * previous chunk names.
 *
 * @param previous and next: the chunks beside it in the same document, where they touch it.
 */
export function cutOff(text: string, previous: string | undefined, next: string | undefined): ChunkFault | undefined {
  const lastLine = text.trimEnd().split('\n').at(-1) ?? '';
  const goesOn = next !== undefined && /^\s*\p{Ll}/u.test(next);
  if (goesOn && !noProse.test(lastLine) && !closed.test(text.trimEnd()) && /\p{L}/u.test(lastLine)) {
    return { reason: `It ends in mid-sentence, after “${lastWords(text)}”.`, measure: 2 };
  }
  if (previous === undefined) return undefined;
  const beginning = text.trimStart();
  const continues = /^\p{Ll}/u.test(beginning) && /\p{L}[\p{L},]*\s*$/u.test(previous) && !noProse.test(beginning);
  if (continues) return { reason: `It begins in mid-sentence, with “${firstWords(text)}”.`, measure: 2 };
  if (subjectBefore.test(beginning)) {
    return { reason: `It begins with “${firstWords(text)}”: what that is stands in the chunk before it.`, measure: 1 };
  }
  return undefined;
}

/** Words that may name a topic: fewer than this say nothing that could be searched for. */
const fewestWords = 4;

/** A chunk with next to nothing to say: its vector is that of a few words. */
export function tooShort(text: string, context: readonly string[]): ChunkFault | undefined {
  const words = new Set(Array.from(wordsOf([...context, text].join('\n')), ({ term }) => term)).size;
  if (words >= fewestWords) return undefined;
  const said = words === 0 ? 'no word' : words === 1 ? 'one word' : `${words} words`;
  return { reason: `It has ${said} that could say what it is about.`, measure: fewestWords - words };
}

/** A chunk whose end the model never sees, or that runs on for so many sentences that one vector can't stand for them. */
export function tooLong(text: string, tokens: number, maxTokens: number): ChunkFault | undefined {
  if (tokens > maxTokens) {
    return {
      reason: `It has ${tokens} word pieces, the model sees ${maxTokens}: what lies behind is not in its vector.`,
      measure: tokens / maxTokens,
    };
  }
  const sentences = sentenceSpans(text).length;
  if (sentences <= mostSentences) return undefined;
  return {
    reason: `It has ${sentences} sentences: one vector hardly stands for so many.`,
    measure: sentences / mostSentences,
  };
}

const mostSentences = 24;

/** Passages shorter than this repeat by chance: "See also", "Example". */
const leastPassage = 40;
/** In so many files a passage is no coincidence. */
const filesOfBoilerplate = 3;
/** A chunk is boilerplate when this share of its letters is. */
const boilerplateShare = 0.6;

/** Passages of an index (paragraphs, digits and blanks evened out) and the files that they stand in. */
export class RepeatedPassages {
  private readonly files = new Map<string, Set<string>>();

  add(text: string, file: string): void {
    for (const passage of passagesOf(text)) {
      const files = this.files.get(passage);
      // More than enough is not counted, so that a license in 10,000 files costs no memory.
      if (files === undefined) this.files.set(passage, new Set([file]));
      else if (files.size < 1000) files.add(file);
    }
  }

  judge(text: string): ChunkFault | undefined {
    let [repeated, all, most] = [0, 0, 0];
    for (const passage of passagesOf(text)) {
      all += passage.length;
      const files = this.files.get(passage)?.size ?? 0;
      if (files < filesOfBoilerplate) continue;
      repeated += passage.length;
      most = Math.max(most, files);
    }
    if (all === 0 || repeated < boilerplateShare * all) return undefined;
    const share = repeated === all ? 'All of it' : `${Math.round((100 * repeated) / all)} % of it`;
    return { reason: `${share} stands in ${most} files in the same words.`, measure: most };
  }
}

function* passagesOf(text: string): Generator<string> {
  // Listings repeat by nature: what is said about them counts.
  for (const part of text.replace(/^[ \t>]*(`{3,}|~{3,})[\s\S]*?(?:^[ \t>]*\1|$(?![\s\S]))/gm, '').split(/\n\s*\n/)) {
    const passage = part.toLowerCase().replace(/\d+/g, '0').replace(/\s+/g, ' ').trim();
    if ((passage.match(/\p{L}/gu)?.length ?? 0) >= leastPassage) yield passage;
  }
}

function firstWords(text: string): string {
  return `${text.trim().split(/\s+/).slice(0, 4).join(' ')} …`;
}

function lastWords(text: string): string {
  return `… ${text.trim().split(/\s+/).slice(-4).join(' ')}`;
}
