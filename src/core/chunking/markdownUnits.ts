import { blockSentences, splitAtBlankLines } from '../topics/sentences';
import type { ChunkUnit, HeadingNode } from './chunkUnit';
import { plainTitle, type HeadingContexts } from './headingContext';
import { markdownBlocks, type Block } from './markdownBlocks';
import { fitRange, splitAtLines, type Splitter } from './rangeFitting';
import type { TextRange } from './textLines';
import type { TokenLedger } from './tokenLedger';
import type { ChunkLimits } from './optimalCuts';

const cutCosts = { item: 0.1, sentence: 0.3 };
/** Headings keep at least this part of the limit free for the text below them; longer ones are cut off from it. */
const leastTextShare = 0.4;

/**
 * Units of Markdown and of plain text: headings, and blocks that fit the limit; lists, tables and code in one piece
 * where they fit, else by item, row or blank line; paragraphs whole where they fit, else by sentence.
 */
export function markdownUnits(
  ledger: TokenLedger,
  contexts: HeadingContexts,
  limits: ChunkLimits,
  kind: 'markdown' | 'plain',
): ChunkUnit[] {
  const { text } = ledger;
  const units: ChunkUnit[] = [];
  let heading: HeadingNode | undefined;
  /** Word pieces of the headings right above, and of the context that a chunk beginning with them has. */
  let headingRun = 0;
  let runContext = 0;
  for (const group of blockGroups(markdownBlocks(text), kind)) {
    const [block] = group;
    const range = { start: block.start, end: group.at(-1)!.end };
    if (block.kind === 'heading') {
      const parent = enclosing(heading, block.level!);
      heading = { level: block.level!, title: plainTitle(block.title!), parent };
      if (headingRun === 0) runContext = contexts.of(parent).tokens;
    }
    const isHeading = block.kind === 'heading';
    const rest = limits.tokens - contexts.of(isHeading ? heading?.parent : heading).tokens;
    const first = limits.tokens - runContext - headingRun;
    const limit = {
      first: headingRun > 0 && first >= leastTextShare * limits.tokens ? Math.min(first, rest) : rest,
      rest,
      characters: limits.characters,
    };
    const parts = fitRange(ledger, range, limit, splittersFor(text, group));
    for (const part of parts) units.push({ ...part, heading, isHeading });
    headingRun = isHeading ? headingRun + ledger.count(range.start, range.end) : 0;
  }
  return units;
}

/** Blocks of one list or table together. Without Markdown's meaning a line with a hash mark is text. */
function blockGroups(blocks: readonly Block[], kind: 'markdown' | 'plain'): Block[][] {
  const groups: Block[][] = [];
  for (const block of blocks) {
    const previous = groups.at(-1)?.[0];
    if (previous && previous.group === block.group) groups.at(-1)!.push(block);
    else if (kind === 'plain' && block.kind === 'heading' && !block.underlined)
      groups.push([{ ...block, kind: 'paragraph' }]);
    else groups.push([block]);
  }
  return groups;
}

function enclosing(heading: HeadingNode | undefined, level: number): HeadingNode | undefined {
  let node = heading;
  while (node && node.level >= level) node = node.parent;
  return node;
}

function splittersFor(text: string, group: readonly Block[]): Splitter[] {
  const sentences = (kindOf: (range: TextRange) => Block['kind']): Splitter => ({
    split: (range) => {
      const parts: TextRange[] = [];
      blockSentences(text, { ...range, kind: kindOf(range) }, parts);
      return parts;
    },
    cutCost: () => cutCosts.sentence,
  });
  const blankLines: Splitter = {
    split: ({ start, end }) => splitAtBlankLines(text, start, end),
    cutCost: () => cutCosts.item,
  };
  if (group.length > 1) {
    const kinds = new Map(group.map((block) => [block.start, block.kind === 'tableRow' ? 'paragraph' : block.kind]));
    const blocks: Splitter = { split: () => [...group], cutCost: () => cutCosts.item };
    return [blocks, sentences(({ start }) => kinds.get(start)!), splitAtLines(text)];
  }
  const { kind } = group[0];
  const isProse = kind === 'paragraph' || kind === 'listItem';
  return [isProse ? sentences(() => kind) : blankLines, splitAtLines(text)];
}
