import type * as vscode from 'vscode';
import type { ChunkWarning, QualityKind } from '../../shared/chunkQuality';
import { headedWords } from '../../shared/plainWords';
import type { MixedTopics } from '../../shared/space';

export const diagnosticSource = 'Latent Lens';

export const kindNames: Record<ChunkWarning['kind'], string> = {
  'mixed-topics': 'Mixed topics',
  'cut-off': 'Cut off',
  boilerplate: 'Boilerplate',
  'too-short': 'Too short',
  'too-long': 'Too long',
  'heading-mismatch': 'Heading mismatch',
};

/** The last part of each kind's setting. */
export const kindSettings: Record<QualityKind, string> = {
  'cut-off': 'cutOff',
  boilerplate: 'boilerplate',
  'too-short': 'tooShort',
  'too-long': 'tooLong',
  'heading-mismatch': 'headingMismatch',
};

/** One line for the Problems view. */
export function messageFor(warning: ChunkWarning): string {
  if (warning.kind === 'mixed-topics') return mixedMessage(warning.mixed);
  return `${kindNames[warning.kind]}: ${warning.reason.charAt(0).toLowerCase()}${warning.reason.slice(1)}`;
}

/** Both topics in words, and why the chunk is flagged: its heading, or how strong the cut is among the chunks of this index. */
function mixedMessage(mixed: MixedTopics): string {
  const before = mixed.before.slice(0, 3).join(', ');
  const after = mixed.after.slice(0, 3).join(', ');
  const topics = before && after ? `about ${before}; from here on about ${after}` : 'which changes its topic here';
  return `This chunk may mix two topics: ${topics}. ${mixed.heading === undefined ? strengthWords(mixed) : `It ${headedWords(shortened(mixed.heading))}.`}`;
}

/** A heading as part of a sentence. */
function shortened(heading: string): string {
  const letters = [...heading];
  return letters.length > 80 ? `${letters.slice(0, 79).join('').trimEnd()}…` : heading;
}

/** A rank in this index, not a probability. */
export function strengthWords({ percentile }: MixedTopics): string {
  const others =
    percentile < 100
      ? `${Math.floor(percentile)}% of this index's chunks with as many sentences`
      : 'any other chunk of this index with as many sentences';
  return `The break is stronger than in ${others}.`;
}

/** "Bicycle, bike": a heading for the second part that is there to be renamed. */
export function titleOf(terms: readonly string[]): string {
  const words = terms.slice(0, 2).join(', ').replace(/\s+/g, ' ').trim();
  return words === '' ? 'New section' : words.charAt(0).toUpperCase() + words.slice(1);
}

/** The code of one of our diagnostics; the editor hands out copies. */
export function codeOf({ source, code }: vscode.Diagnostic): string | undefined {
  if (source !== diagnosticSource || code === undefined) return undefined;
  return String(typeof code === 'object' ? code.value : code);
}

export function firstSentenceLength(line: string): number {
  const end = /[.!?]["'\u201d\u2019)]*(?=\s)/.exec(line);
  return end ? end.index + end[0].length : line.trimEnd().length;
}
