import { markdownBlocks, type Block } from '../chunking/markdownBlocks';
import type { TextRange } from '../chunking/textLines';
import { blockSentences } from './sentences';

/** Fewer letters than this say no topic: the unit is joined to the next one. */
const minimalLetters = 20;

/**
 * The sentences of a chunk that are judged for mixed topics, as exact ranges of its text, ordered and without overlap.
 *
 * Prose only: code blocks, tables, markup, rules and front matter are left out, as a listing between two paragraphs is
 * no change of topic. A heading belongs to the sentence after it, a fragment ("Note:", "Yes.") to a neighbor.
 */
export function sentenceSpans(text: string): TextRange[] {
  const units: TextRange[] = [];
  let run: TextRange[] = [];
  let heading: number | undefined;
  const from = endOfOpenCode(text);
  for (const block of markdownBlocks(text.slice(from)).map((found) => shifted(found, from))) {
    if (block.kind === 'heading') {
      heading ??= block.start;
    } else if (block.kind === 'paragraph' || block.kind === 'listItem') {
      const sentences: TextRange[] = [];
      blockSentences(text, block, sentences);
      const first = sentences[0];
      if (first === undefined) continue;
      if (heading !== undefined) first.start = heading;
      heading = undefined;
      run.push(...sentences.filter((sentence) => !isMarkupAlone(text.slice(sentence.start, sentence.end))));
    } else if (!isMarkupAlone(text.slice(block.start, block.end))) {
      heading = undefined;
      units.push(...withoutFragments(text, run));
      run = [];
    }
  }
  units.push(...withoutFragments(text, run));
  return units;
}

/**
 * Where the rest of a code block ends that a chunk begins in, 0 when it begins outside: an odd number of fences, the
 * first of which names no language, as only a fence that opens may.
 */
function endOfOpenCode(text: string): number {
  const fences = [...text.matchAll(/^[ \t>]*(?:`{3,}|~{3,})([^\n]*)(?:\n|$)/gm)];
  const first = fences[0];
  if (first === undefined || fences.length % 2 === 0 || first[1].trim() !== '') return 0;
  return first.index + first[0].length;
}

function shifted(block: Block, by: number): Block {
  return by === 0 ? block : { ...block, start: block.start + by, end: block.end + by };
}

/** Anchors, comments and link definitions: no reader sees them. */
function isMarkupAlone(text: string): boolean {
  const visible = text
    .replace(/<!--.*?-->/gs, '')
    .replace(/<[a-zA-Z/][^<>]{0,500}>/g, '')
    .replace(/^[ \t>]*\[[^\]\n]{1,200}\]:.*$/gm, '');
  return !/\p{L}/u.test(visible);
}

/** Joins fragments of one run of prose to the sentence after them, the last one to the sentence before it. */
function withoutFragments(text: string, run: readonly TextRange[]): TextRange[] {
  const joined: TextRange[] = [];
  let pending: number | undefined;
  for (const { start, end } of run) {
    const from: number = pending ?? start;
    pending = undefined;
    if (letters(text.slice(from, end)) < minimalLetters) pending = from;
    else joined.push({ start: from, end });
  }
  const end = run.at(-1)?.end;
  if (pending === undefined || end === undefined) return joined;
  const last = joined.at(-1);
  if (last) last.end = end;
  else joined.push({ start: pending, end });
  return joined;
}

/** Letters, those of ideographic scripts counted for what they say: three of an alphabet. */
function letters(text: string): number {
  const all = text.match(/\p{L}/gu)?.length ?? 0;
  const dense = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  return all + 2 * dense;
}
