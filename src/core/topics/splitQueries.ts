/** Queries that belong to the halves of a chunk, from its own words: they tell what a split would change. */
import { splitSentences } from './sentences';

/** A first sentence that serves as a query is no longer than this. */
const longestQuery = 300;

/** The heading above a chunk and the first sentence of each half: what a person might ask for. */
export function queriesOf(
  context: readonly string[],
  halves: readonly string[],
): { kind: 'heading' | 'first-sentence'; text: string }[] {
  const heading = context.at(-1) ?? /^#{1,6} +(.+)$/m.exec(halves[0].slice(0, longestQuery))?.[1];
  const queries = heading === undefined ? [] : [{ kind: 'heading' as const, text: heading.trim() }];
  return [
    ...queries,
    ...halves.flatMap((half) => {
      const text = firstSentence(half);
      return text === '' ? [] : [{ kind: 'first-sentence' as const, text }];
    }),
  ];
}

/** Without the heading above it, which is a query of its own. */
function firstSentence(text: string): string {
  const plain = text.replace(/^(?:\s*#{1,6} .*\n)+/u, '').replace(/^[#>*\s-]+/u, '');
  const [first] = splitSentences(plain);
  return first === undefined ? '' : plain.slice(first.start, first.end).slice(0, longestQuery);
}
