/**
 * What people decided about single chunks of a folder, kept in `.latentlens.json` at its root: warnings that are fine, and cuts
 * that the index keeps without a change to the file. Both are kept by content, so they survive edits elsewhere and can be
 * committed for the team; the command line honors them too.
 */
import * as v from 'valibot';

export const keptMarksFile = '.latentlens.json';

/** A place between two texts, told by what stands on both sides of it. Blanks don't count when it is looked for. */
export interface KeptPlace {
  before: string;
  after: string;
}

export interface FineMark extends KeptPlace {
  /** Kind of the warning. Of mixed topics the place is the cut; of other kinds it is the beginning and the end of the chunk. */
  kind: string;
  /** Where it was when it was marked, for people: text that moved is found all the same. */
  path: string;
}

export interface KeptCut extends KeptPlace {
  path: string;
}

export interface KeptMarks {
  fine: FineMark[];
  cuts: KeptCut[];
}

/** Characters on either side that tell a place: enough to be there once, few enough to survive edits. */
const sideLength = 60;
const mostMarks = 20_000;

const text = v.pipe(v.string(), v.maxLength(1000));
const place = { path: text, before: text, after: text };
const schema = v.object({
  version: v.literal(1),
  fine: v.optional(v.pipe(v.array(v.object({ kind: text, ...place })), v.maxLength(mostMarks)), []),
  cuts: v.optional(v.pipe(v.array(v.object(place)), v.maxLength(mostMarks)), []),
});

export function noMarks(): KeptMarks {
  return { fine: [], cuts: [] };
}

/** @throws Error that says what is wrong with the file, which then counts for nothing and is not to be overwritten */
export function parseKeptMarks(content: string): KeptMarks {
  try {
    const { fine, cuts } = v.parse(schema, JSON.parse(content));
    return { fine, cuts };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${keptMarksFile} can't be read (${reason}). It is left as it is; correct or delete it.`, {
      cause: error,
    });
  }
}

/** For the file: sorted, so that a team's changes merge. */
export function formatKeptMarks({ fine, cuts }: KeptMarks): string {
  const order = (a: KeptCut, b: KeptCut): number =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : a.before < b.before ? -1 : a.before > b.before ? 1 : 0;
  return `${JSON.stringify({ version: 1, fine: [...fine].sort(order), cuts: [...cuts].sort(order) }, null, 2)}\n`;
}

/** @param at offset into `content` at which the second side begins */
export function placeAt(content: string, at: number): KeptPlace {
  const side = (part: string): string => part.replace(/\s+/g, ' ').trim();
  return {
    before: side(content.slice(Math.max(0, at - 4 * sideLength), at))
      .slice(-sideLength)
      .trim(),
    after: side(content.slice(at, at + 4 * sideLength))
      .slice(0, sideLength)
      .trim(),
  };
}

/** A chunk as a whole: its first and last characters. */
export function placeOfWhole(content: string): KeptPlace {
  return { before: placeAt(content, 0).after, after: placeAt(content, content.length).before };
}

export function isSamePlace(a: KeptPlace, b: KeptPlace): boolean {
  const sides = [
    [a.before, b.before, 'end'],
    [a.after, b.after, 'start'],
  ] as const;
  return sides.every(([one, other, from]) => {
    const [x, y] = [squeezed(one), squeezed(other)];
    if (x === '' || y === '') return x === y;
    const length = Math.min(x.length, y.length);
    return from === 'end' ? x.slice(-length) === y.slice(-length) : x.slice(0, length) === y.slice(0, length);
  });
}

/** Whether this warning was marked as fine. @param cut offset into the chunk's text; undefined for kinds without one. */
export function isMarkedFine(marks: KeptMarks, kind: string, chunkText: string, cut: number | undefined): boolean {
  if (marks.fine.length === 0) return false;
  const at = cut === undefined ? placeOfWhole(chunkText) : placeAt(chunkText, cut);
  return marks.fine.some((mark) => mark.kind === kind && isSamePlace(mark, at));
}

/** Offsets into `content` at which kept cuts lie, ascending; a place that is no longer there has none. */
export function findCuts(content: string, cuts: readonly KeptPlace[]): number[] {
  if (cuts.length === 0) return [];
  const offsets: number[] = [];
  let letters = '';
  for (const { 0: run, index } of content.matchAll(/\S+/g)) {
    letters += run;
    for (let i = 0; i < run.length; i++) offsets.push(index + i);
  }
  const found = new Set<number>();
  for (const { before, after } of cuts) {
    const [first, second] = [squeezed(before), squeezed(after)];
    if (first === '' || second === '') continue;
    for (let at = letters.indexOf(first + second); at >= 0; at = letters.indexOf(first + second, at + 1))
      found.add(offsets[at + first.length]);
  }
  return [...found].sort((a, b) => a - b);
}

function squeezed(part: string): string {
  return part.replace(/\s+/g, '');
}
