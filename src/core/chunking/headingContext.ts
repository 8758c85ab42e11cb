import { embeddedText, type TokenCounter } from './chunk';
import type { HeadingNode } from './chunkUnit';

export interface HeadingContext {
  /** Outermost first. */
  titles: string[];
  /** Word pieces that it adds to an embedded text. */
  tokens: number;
}

const none: HeadingContext = { titles: [], tokens: 0 };

/**
 * The headings above a chunk as they are embedded with it. Where they take too much of the model's limit, those in
 * the middle go first, then the outermost; a single one is cut at a word.
 */
export class HeadingContexts {
  private readonly known = new Map<HeadingNode, HeadingContext>();

  constructor(
    private readonly counter: TokenCounter,
    private readonly maxTokens: number,
  ) {}

  of(heading: HeadingNode | undefined): HeadingContext {
    if (!heading) return none;
    let context = this.known.get(heading);
    if (!context) {
      context = this.shorten(path(heading));
      this.known.set(heading, context);
    }
    return context;
  }

  private shorten(titles: string[]): HeadingContext {
    let tokens = this.count(titles);
    while (tokens > this.maxTokens && titles.length > 1) {
      titles.splice(titles.length > 2 ? 1 : 0, 1);
      tokens = this.count(titles);
    }
    if (tokens > this.maxTokens) {
      titles = this.cutTitle(titles[0]);
      tokens = this.count(titles);
    }
    return titles.length === 0 ? none : { titles, tokens };
  }

  /** The longest beginning of the title in whole words, by bisection; nothing when even the first word is too long. */
  private cutTitle(title: string): string[] {
    const words = title.split(' ');
    let low = 0;
    let high = words.length - 1;
    const cut = (count: number): string => `${words.slice(0, count).join(' ')} …`;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.count([cut(middle)]) <= this.maxTokens) low = middle;
      else high = middle - 1;
    }
    return low === 0 ? [] : [cut(low)];
  }

  private count(titles: string[]): number {
    return titles.length === 0 ? 0 : this.counter.countTokens(embeddedText(titles, ''));
  }
}

function path(heading: HeadingNode): string[] {
  const titles: string[] = [];
  for (let node: HeadingNode | undefined = heading; node; node = node.parent) {
    if (node.title !== '') titles.unshift(node.title);
  }
  return titles;
}

/** Longest title that is looked at; the rest of it would not fit into any context. */
const longestTitle = 400;

/** A heading as people read it: without link targets, tags, marks of emphasis and anchors. */
export function plainTitle(title: string): string {
  return title
    .slice(0, longestTitle)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/<[^<>]*>/g, '')
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/\s*\{#[^{}]*\}\s*$/, '')
    .replace(/\*\*|__|`/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
