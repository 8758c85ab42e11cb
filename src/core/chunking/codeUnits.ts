import type { Node } from '@vscode/tree-sitter-wasm';
import { splitAtBlankLines } from '../topics/sentences';
import type { ChunkUnit } from './chunkUnit';
import { Definitions } from './definitions';
import type { ChunkLimits } from './optimalCuts';
import { fitRange, splitAtLines, type Splitter } from './rangeFitting';
import { indentOf, trimRange, type TextRange } from './textLines';
import type { TokenLedger } from './tokenLedger';

/** Cuts between the parts of a definition, by how deep they lie. */
const nestedCutCosts = [0.1, 0.2] as const;

/** Definitions inside of definitions that are told apart before lines are. */
const deepestDefinition = 6;

/**
 * Units of source code: definitions and statements where there is a syntax tree, those inside of them where they do not fit.
 * Without one, what blank lines divide, held together by indentation (a definition with blank lines in its body is one
 * unit where it fits), else the same one level deeper. Lines where nothing else is left.
 *
 * @param root the syntax tree of the whole text.
 */
export function codeUnits(ledger: TokenLedger, limits: ChunkLimits, root: Node | undefined): ChunkUnit[] {
  const { text } = ledger;
  const whole = trimRange(text, 0, text.length);
  if (!whole) return [];
  const byIndentation = (range: TextRange): TextRange[] => indentationGroups(text, range);
  const definitions = root && new Definitions(text, root);
  const splitters: Splitter[] = definitions
    ? Array.from({ length: deepestDefinition }, (_, level) => definitions.splitter(level))
    : [0, ...nestedCutCosts].map((cutCost) => ({ split: byIndentation, cutCost: () => cutCost }));
  const limit = { first: limits.tokens, rest: limits.tokens, characters: limits.characters };
  // Even a file that fits is told apart at its top level: the cuts weigh what belongs together.
  const [top, ...nested] = splitters;
  return top.split(whole).flatMap((range) =>
    fitRange(ledger, range, limit, [...nested, splitAtLines(text)]).map((part, i) => ({
      ...part,
      cutCost: i === 0 ? top.cutCost(range) : part.cutCost,
      heading: undefined,
      isHeading: false,
    })),
  );
}

/**
 * Parts that blank lines divide; one that is indented deeper than the least indented of them, or that only closes what
 * was opened before, belongs to the part above it. The beginning of the range doesn't count: it is the definition's own line.
 */
function indentationGroups(text: string, range: TextRange): TextRange[] {
  const parts = splitAtBlankLines(text, range.start, range.end);
  if (parts.length < 2) return parts;
  const indents = parts.map((part) => (closesOnly(text, part) ? Infinity : indentOf(text, part.start)));
  const least = Math.min(...depthsThatCount(indents));
  const groups: TextRange[] = [];
  parts.forEach((part, i) => {
    if (i === 0 || indents[i] <= least) groups.push({ ...part });
    else groups.at(-1)!.end = part.end;
  });
  return groups;
}

/** The first part may be the head of a definition whose body alone is to be divided. */
function depthsThatCount(indents: readonly number[]): number[] {
  const rest = indents.slice(1).filter((indent) => indent !== Infinity);
  return rest.length > 0 ? rest : [0];
}

const closing = /^(?:[)\]}]+[;,)]*|end|fi|done|esac|else|elif|except|finally|catch|rescue|ensure|when)\b/;
const closingMark = /^[)\]}]/;

function closesOnly(text: string, part: TextRange): boolean {
  const beginning = text.slice(part.start, Math.min(part.end, part.start + 16));
  return closingMark.test(beginning) || closing.test(beginning);
}
