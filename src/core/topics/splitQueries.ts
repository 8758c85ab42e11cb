/** Queries that belong to the halves of a chunk, from its own words: they tell what a split would change. */
import { plainTitle } from '../chunking/headingContext';
import { markdownBlocks } from '../chunking/markdownBlocks';
import { splitSentences } from './sentences';

/** A first sentence that serves as a query is no longer than this. */
const longestQuery = 300;

export interface HalfQuery {
  kind: 'heading' | 'first-sentence';
  text: string;
}

/** Headings of a chunk and its halves, and the first sentence of each half: what a person might ask for. */
export function queriesOf(context: readonly string[], halves: readonly string[]): HalfQuery[] {
  const parts = halves.map(headingAndText);
  const [first, ...rest] = parts.map(({ heading }) => heading);
  const headings = new Set([context.at(-1) ?? first, ...rest].flatMap((heading) => heading || []));
  const sentences = parts.map(({ text }) => firstSentence(text)).filter((text) => text !== '');
  return [
    ...Array.from(headings, (text): HalfQuery => ({ kind: 'heading', text })),
    ...sentences.map((text): HalfQuery => ({ kind: 'first-sentence', text })),
  ];
}

/** The headings that a text begins with: the last of them, and what stands below. */
function headingAndText(text: string): { heading: string | undefined; text: string } {
  const blocks = markdownBlocks(text);
  const below = blocks.findIndex(({ kind }) => kind !== 'heading');
  const title = (below < 0 ? blocks : blocks.slice(0, below)).at(-1)?.title;
  return { heading: title && plainTitle(title), text: below < 0 ? '' : text.slice(blocks[below].start) };
}

function firstSentence(text: string): string {
  const plain = text.replace(/^[#>*\s-]+/u, '');
  const [first] = splitSentences(plain);
  return first === undefined ? '' : plain.slice(first.start, first.end).slice(0, longestQuery);
}
