/** Splices and plain texts from segmented documents: what the mixed-topic detector is fitted and measured on. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { seededRandom, type SeededRandom } from '../../src/core/neighbors/seededRandom';

/** Documents as lists of segments, segments as lists of sentences. */
export type SegmentedDocument = string[][];

/** Reads files of one sentence a line with lines of `=` between segments; folders are read whole, in order of name. */
export function readSegmented(folder: string): SegmentedDocument[] {
  return readdirSync(folder)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .flatMap((name) => {
      const full = path.join(folder, name);
      if (statSync(full).isDirectory()) return readSegmented(full);
      if (!name.endsWith('.ref')) return [];
      const segments = readFileSync(full, 'utf8')
        .split(/^=+\s*$/m)
        .map((segment) =>
          segment
            .split('\n')
            .map((line) => line.trim())
            .filter((line) => line !== ''),
        );
      return [segments.filter((segment) => segment.length > 0)];
    });
}

/** Abstracts of a JSON Lines file of `text` in lower case, sentences ending in " . "; each a document of one segment. */
export function readAbstracts(file: string): SegmentedDocument[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text: string }).text)
    .map((text) => [text.split(/(?<= \.) +/).filter((sentence) => /[a-z]{3}/.test(sentence))])
    .filter(([sentences]) => sentences.length > 0);
}

export type SpliceKind = 'plain' | 'distant' | 'sibling';

export interface SplicedText {
  kind: SpliceKind;
  sentences: string[];
  /** Sentences before the seam; 0 for plain text. */
  seam: number;
  /** Share that was aimed at for the shorter part; 0 for plain text. */
  share: number;
}

export const minorityShares = [0.1, 0.2, 0.3, 0.5] as const;

/**
 * `count` plain texts from inside one segment, and as many for each kind of splice (sibling: another segment of the
 * same document), a quarter for each share; 4 to 24 sentences, windows at random places, the shorter part first or last.
 */
export function spliceTexts(
  documents: readonly SegmentedDocument[],
  options: { count: number; seed: number; siblings: boolean },
): SplicedText[] {
  const random = seededRandom(options.seed);
  const texts: SplicedText[] = [];
  while (texts.length < options.count) {
    const window = pickWindow(documents, randomLength(random), random);
    if (window) texts.push({ kind: 'plain', sentences: window.sentences, seam: 0, share: 0 });
  }
  const kinds: SpliceKind[] = options.siblings ? ['distant', 'sibling'] : ['distant'];
  for (const kind of kinds) {
    for (const share of minorityShares) {
      let made = 0;
      while (made < options.count / 4) {
        const sentences = randomLength(random);
        const minor = Math.max(1, Math.round(share * sentences));
        const major = pickWindow(documents, sentences - minor, random);
        if (!major) continue;
        const other =
          kind === 'sibling' ? pickSibling(documents, major, minor, random) : pickWindow(documents, minor, random);
        if (!other || (kind === 'distant' && other.document === major.document)) continue;
        const isMinorFirst = random.next() < 0.5;
        const parts = isMinorFirst ? [other.sentences, major.sentences] : [major.sentences, other.sentences];
        texts.push({ kind, sentences: parts.flat(), seam: parts[0].length, share });
        made++;
      }
    }
  }
  return texts;
}

interface Window {
  document: number;
  segment: number;
  sentences: string[];
}

function randomLength(random: SeededRandom): number {
  return 4 + random.below(21);
}

function pickWindow(documents: readonly SegmentedDocument[], length: number, random: SeededRandom): Window | undefined {
  for (let attempt = 0; attempt < 200; attempt++) {
    const document = random.below(documents.length);
    const segment = random.below(documents[document].length);
    const window = windowOf(documents, document, segment, length, random);
    if (window) return window;
  }
  return undefined;
}

function pickSibling(
  documents: readonly SegmentedDocument[],
  of: Window,
  length: number,
  random: SeededRandom,
): Window | undefined {
  const others = documents[of.document]
    .map((_, i) => i)
    .filter((i) => i !== of.segment && documents[of.document][i].length >= length);
  if (others.length === 0) return undefined;
  return windowOf(documents, of.document, others[random.below(others.length)], length, random);
}

function windowOf(
  documents: readonly SegmentedDocument[],
  document: number,
  segment: number,
  length: number,
  random: SeededRandom,
): Window | undefined {
  const source = documents[document][segment];
  if (source.length < length) return undefined;
  const start = random.below(source.length - length + 1);
  return { document, segment, sentences: source.slice(start, start + length) };
}
