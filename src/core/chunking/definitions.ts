import type { Node } from '@vscode/tree-sitter-wasm';
import type { Splitter } from './rangeFitting';
import { trimRange, type TextRange } from './textLines';

/** What belongs to the definition right below it. */
const attached = /comment|attribute|decorator|annotation/;
/** Cutting between two lines that stand together costs as much as cutting one level deeper. */
const cutCost = { definition: 0, line: 0.1, perLevel: 0.1, most: 0.3 };

/** A node's place in the text; reading it from the tree is dear. */
interface Part extends TextRange {
  type: string;
  isNamed: boolean;
  node: Node;
}

/**
 * Cuts code between its definitions and statements, by its syntax tree: a range comes apart where the children of the
 * innermost node around it begin a line. Comments and attributes stay with what they stand above, closing marks with what they close.
 *
 * It knows no language: that definitions and statements begin on lines of their own holds in all of them.
 */
export class Definitions {
  private readonly known = new Map<number, Part[]>();

  constructor(
    private readonly text: string,
    private readonly root: Node,
  ) {}

  /** @param level how many definitions lie around the range. */
  splitter(level: number): Splitter {
    return {
      split: (range) => this.partsOf(range),
      cutCost: (part) => {
        const stands = this.text.slice(part.start, part.end).includes('\n') || followsBlankLine(this.text, part.start);
        return Math.min(cutCost.most, level * cutCost.perLevel + (stands ? cutCost.definition : cutCost.line));
      },
    };
  }

  private partsOf(range: TextRange): TextRange[] {
    let node = this.root.descendantForIndex(range.start, range.end - 1) ?? this.root;
    for (;;) {
      const children = this.childrenIn(node, range);
      const starts = partStarts(this.text, children, range);
      if (starts.length > 0)
        return [range.start, ...starts].flatMap(
          (start, i) => trimRange(this.text, start, starts[i] ?? range.end) ?? [],
        );
      // The whole range may be a single child: "export class …", or the body of one.
      const largest = children.reduce<Part | undefined>(
        (best, child) => (best && best.end - best.start >= child.end - child.start ? best : child),
        undefined,
      );
      if (!largest) return [range];
      node = largest.node;
    }
  }

  /** Children that share text with the range. */
  private childrenIn(node: Node, { start, end }: TextRange): Part[] {
    let children = this.known.get(node.id);
    if (!children) {
      children = node.children.flatMap((child): Part[] =>
        child === null
          ? []
          : [{ start: child.startIndex, end: child.endIndex, type: child.type, isNamed: child.isNamed, node: child }],
      );
      this.known.set(node.id, children);
    }
    let low = 0;
    let high = children.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (children[middle].end > start) high = middle;
      else low = middle + 1;
    }
    const found: Part[] = [];
    for (let i = low; i < children.length && children[i].start < end; i++) found.push(children[i]);
    return found;
  }
}

/** Where the children begin that open a part, the first one left out. */
function partStarts(text: string, children: readonly Part[], range: TextRange): number[] {
  const starts: number[] = [];
  /** End of the comments and attributes that wait for what they belong to; -1 for none. */
  let waitingEnd = -1;
  for (const { start, end, type, isNamed } of children) {
    const isAttached = attached.test(type);
    if (start <= range.start) {
      if (isAttached) waitingEnd = end;
      continue;
    }
    if (!isNamed || !beginsLine(text, start)) continue;
    const joins = waitingEnd >= 0 && !/\n[ \t\r]*\n/.test(text.slice(waitingEnd, start));
    if (!joins) starts.push(start);
    waitingEnd = isAttached ? end : -1;
  }
  return starts;
}

function beginsLine(text: string, offset: number): boolean {
  let at = offset - 1;
  while (at >= 0 && (text[at] === ' ' || text[at] === '\t')) at--;
  return at < 0 || text[at] === '\n' || text[at] === '\r';
}

function followsBlankLine(text: string, offset: number): boolean {
  return /\n[ \t\r]*\n[ \t]*$/.test(text.slice(Math.max(0, offset - 200), offset));
}
