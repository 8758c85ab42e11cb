import { markdownBlocks, type Block } from '../chunking/markdownBlocks';
import type { TextRange } from '../chunking/textLines';
import { blockSentences } from './sentences';

/** Fewer letters than this say no topic: the unit is joined to the next one. */
const minimalLetters = 20;

/**
 * What stands between a sentence and the one before it: nothing but blanks, or a change of the layout. `announced` is what
 * a colon announces, also beyond a listing that was left out, `aside-end` where a quoted note ends and the page's own text goes on.
 */
export type SeamKind = 'sentence' | 'paragraph' | 'item' | 'announced' | 'aside' | 'aside-end' | 'heading';

/** A sentence of a chunk that is judged, as an exact range of its text. */
export interface JudgedSentence extends TextRange {
  seam: SeamKind;
  /** The heading that it stands below: it begins with it, unless a listing lies between. */
  heading?: { start: number; level: number };
}

/**
 * The sentences of a chunk that are judged for mixed topics, ordered and without overlap.
 *
 * Prose only: code blocks, tables, captions, markup, rules and front matter are left out, as a listing between two paragraphs is
 * no change of topic. A heading belongs to the sentence after it, a fragment ("Note:", "Yes.") to a neighbor.
 */
export function sentenceSpans(text: string): JudgedSentence[] {
  const units: JudgedSentence[] = [];
  let run: JudgedSentence[] = [];
  let heading: { start: number; level: number } | undefined;
  let headingTouches = false;
  let previous: BlockLayout | undefined;
  const from = endOfOpenCode(text);
  for (const block of markdownBlocks(text.slice(from)).map((found) => shifted(found, from))) {
    if (block.kind === 'heading') {
      // Of headings without text between them the highest counts: the others are its own.
      const level = block.level ?? 1;
      if (heading === undefined || level <= heading.level) {
        heading = { start: block.start, level };
        headingTouches = true;
      }
    } else if (block.kind === 'paragraph' || block.kind === 'listItem') {
      const layout = { isAside: isQuoted(text, block), isItem: block.kind === 'listItem' };
      const sentences = isCaption(text.slice(block.start, block.end)) ? [] : sentencesOf(text, block, layout, previous);
      const first = sentences[0];
      if (first === undefined) continue;
      previous = layout;
      if (heading !== undefined) {
        if (headingTouches) first.start = heading.start;
        first.seam = 'heading';
        first.heading = heading;
      }
      heading = undefined;
      run.push(...sentences.filter(({ start, end }) => !isMarkupAlone(text.slice(start, end))));
    } else if (!isMarkupAlone(text.slice(block.start, block.end))) {
      headingTouches = false;
      units.push(...withoutFragments(text, run));
      run = [];
    }
  }
  units.push(...withoutFragments(text, run));
  return units.map((unit, i) =>
    i > 0 && unit.seam !== 'heading' && announces(text, units[i - 1]) ? { ...unit, seam: 'announced' } : unit,
  );
}

/**
 * All units of a document, prose or not, with what stands before each: headings, listings and tables, too. What follows a heading
 * is announced by it, as is a listing by the text before it.
 */
export function documentUnits(text: string): JudgedSentence[] {
  const units: JudgedSentence[] = [];
  let previous: BlockLayout | undefined;
  let afterHeading = false;
  for (const block of markdownBlocks(text)) {
    const isProse = block.kind === 'paragraph' || block.kind === 'listItem';
    const layout = { isAside: isQuoted(text, block), isItem: block.kind === 'listItem' };
    const found = sentencesOf(text, block, layout, previous);
    const first = found[0];
    if (first === undefined) continue;
    const announced = afterHeading || (units.length > 0 && announces(text, units[units.length - 1]));
    if (block.kind === 'heading' && !afterHeading) first.seam = 'heading';
    else if (announced || !isProse) first.seam = 'announced';
    // Whoever begins inside a listing begins with it: all its parts belong to what announced it.
    if (!isProse) for (const part of found.slice(1)) part.seam = 'announced';
    if (block.kind === 'heading') first.heading = { start: block.start, level: block.level ?? 1 };
    // Comments and rules that nobody reads don't part a heading from its text.
    if (!isMarkupAlone(text.slice(block.start, block.end))) afterHeading = block.kind === 'heading';
    if (isProse) previous = layout;
    units.push(...found);
  }
  return units;
}

interface BlockLayout {
  isAside: boolean;
  isItem: boolean;
}

function sentencesOf(
  text: string,
  block: Block,
  layout: BlockLayout,
  previous: BlockLayout | undefined,
): JudgedSentence[] {
  const ranges: TextRange[] = [];
  blockSentences(text, block, ranges);
  return ranges.map((range, i) => ({ ...range, seam: i === 0 ? seamBetween(previous, layout) : 'sentence' }));
}

function seamBetween(previous: BlockLayout | undefined, next: BlockLayout): SeamKind {
  if (previous !== undefined && previous.isAside !== next.isAside) return next.isAside ? 'aside' : 'aside-end';
  return next.isItem ? 'item' : 'paragraph';
}

function isQuoted(text: string, { start }: TextRange): boolean {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start + 1);
  return line.trimStart().startsWith('>');
}

/** One element alone, without a full stop: "<span>Filename: src/main.rs</span>" is no sentence. */
function isCaption(block: string): boolean {
  if (!block.endsWith('>')) return false;
  const element = /^<(\w+)(?!\w)[^<>]*>([^<>]*)<\/\1>$/.exec(block);
  return element !== null && !/[.!?…]\s*$/.test(element[2]);
}

function announces(text: string, { start, end }: TextRange): boolean {
  return /[:：][\s*_"'”’)\]]*$/.test(text.slice(start, end));
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

/** Joins fragments of one run of prose to the sentence after them, those at the end of a block to the one before. */
function withoutFragments(text: string, run: readonly JudgedSentence[]): JudgedSentence[] {
  const joined: JudgedSentence[] = [];
  const joinBackwards = (fragment: JudgedSentence): void => {
    const last = joined.at(-1);
    // What a heading parts is never joined.
    if (last === undefined || fragment.heading !== undefined) joined.push(fragment);
    else last.end = fragment.end;
  };
  let pending: JudgedSentence | undefined;
  for (const sentence of run) {
    // The end of a paragraph does not belong to the next one.
    const endsBlock = pending?.seam === 'sentence' && sentence.seam !== 'sentence';
    if (pending !== undefined && (endsBlock || sentence.seam === 'heading')) {
      joinBackwards(pending);
      pending = undefined;
    }
    const unit: JudgedSentence = { ...(pending ?? sentence), end: sentence.end };
    pending = undefined;
    if (letters(text.slice(unit.start, unit.end)) < minimalLetters) pending = unit;
    else joined.push(unit);
  }
  if (pending !== undefined) joinBackwards(pending);
  return joined;
}

/** Letters, those of ideographic scripts counted for what they say: three of an alphabet. */
function letters(text: string): number {
  const all = text.match(/\p{L}/gu)?.length ?? 0;
  const dense = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  return all + 2 * dense;
}
