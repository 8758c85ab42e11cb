import type { Node } from '@vscode/tree-sitter-wasm';
import type { Splitter } from './rangeFitting';
import { trimRange, type TextRange } from './textLines';

/** What belongs to the definition right below it. */
const attached = /comment|attribute|decorator|annotation/;
/** Cutting between two lines that stand together costs as much as cutting one level deeper. */
const cutCost = { definition: 0, line: 0.1, perLevel: 0.1, most: 0.3 };

/**
 * Cuts code between its definitions and statements, by its syntax tree: a range comes apart where the children of the
 * innermost node around it begin a line. Comments and attributes stay with what they stand above, closing marks with what they close.
 *
 * It knows no language: that definitions and statements begin on lines of their own holds in all of them.
 * @param level how many definitions lie around the range.
 */
export function definitionSplitter(text: string, root: Node, level: number): Splitter {
  return {
    split: (range) => partsOf(text, root, range),
    cutCost: (part) => {
      const alone = text.slice(part.start, part.end).includes('\n') || followsBlankLine(text, part.start);
      return Math.min(cutCost.most, level * cutCost.perLevel + (alone ? cutCost.definition : cutCost.line));
    },
  };
}

function partsOf(text: string, root: Node, range: TextRange): TextRange[] {
  let node = root.descendantForIndex(range.start, range.end - 1) ?? root;
  for (;;) {
    const children = node.children.filter(
      (child): child is Node => child !== null && child.startIndex < range.end && child.endIndex > range.start,
    );
    const starts = partStarts(text, children, range);
    if (starts.length > 0) {
      return [range.start, ...starts].flatMap((start, i) => trimRange(text, start, starts[i] ?? range.end) ?? []);
    }
    // The whole range may be a single child: "export class …", or the body of one.
    const largest = children.reduce<Node | undefined>(
      (best, child) => (best && best.endIndex - best.startIndex >= child.endIndex - child.startIndex ? best : child),
      undefined,
    );
    if (!largest) return [range];
    node = largest;
  }
}

/** Where the children begin that open a part, the first one left out. */
function partStarts(text: string, children: readonly Node[], range: TextRange): number[] {
  const starts: number[] = [];
  /** Beginning of the comments and attributes that wait for what they belong to. */
  let waiting = -1;
  let waitingEnd = -1;
  for (const child of children) {
    const { startIndex: start } = child;
    if (!child.isNamed || start <= range.start || !beginsLine(text, start)) {
      if (start <= range.start && attached.test(child.type)) [waiting, waitingEnd] = [range.start, child.endIndex];
      continue;
    }
    const joins = waiting >= 0 && !/\n[ \t\r]*\n/.test(text.slice(waitingEnd, start));
    if (!joins) starts.push(start);
    if (attached.test(child.type)) {
      if (!joins) waiting = start;
      waitingEnd = child.endIndex;
    } else waiting = -1;
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
