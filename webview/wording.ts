import { skipWords } from '../src/shared/skipWords';
import type { EngineInfo } from '../src/shared/engineInfo';
import type { SkippedCounts, SkipReason } from '../src/shared/indexing';
import type { Place } from '../src/shared/space';
import { count, counted } from '../src/shared/plainWords';

export function similarityText(similarity: number): string {
  // Rounding must not turn -0.004 into "-0.00".
  return (Math.round(similarity * 100) / 100 || 0).toFixed(2);
}

/** Never 100 % for what is only nearly so; a dash where there was nothing to compare with. */
export function percentileText(percentile: number | undefined): string {
  if (percentile === undefined) return '–';
  const rounded = percentile < 100 ? Math.min(percentile, 99.9) : 100;
  return `${rounded.toFixed(1)} %`;
}

export function durationText(seconds: number): string {
  if (seconds < 1) return 'under a second';
  if (seconds < 90) return counted(Math.round(seconds), 'second');
  if (seconds < 5400) return `${count(Math.round(seconds / 60))} minutes`;
  return `${(seconds / 3600).toFixed(1)} hours`;
}

export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function directory(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** One-based, as people read them: "lines 64–92"; in a notebook with its cell, "cell 3, line 1". */
export function linesText(place: Place): string {
  const first = place.startLine + 1;
  const last = place.endLine + 1;
  const lines = first === last ? `line ${first}` : `lines ${first}–${last}`;
  return place.cell === undefined ? lines : `cell ${place.cell + 1}, ${lines}`;
}

/** "deref.md:64"; in a notebook "analysis.ipynb · cell 3:1". */
export function placeText(place: Place): string {
  return positionText(fileName(place.path), place);
}

/** The same after a path as long as the caller wants it. */
export function positionText(path: string, { cell, startLine }: Place): string {
  return cell === undefined ? `${path}:${startLine + 1}` : `${path} · cell ${cell + 1}:${startLine + 1}`;
}

/** The first line that says something. */
export function firstLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line));
  // Tags, fences and includes say less than the first line of prose.
  const line = lines.find((candidate) => !/^(<|```|\{\{)/.test(candidate)) ?? lines[0] ?? text.trim();
  return line.replace(/^((#+|>|[-*+]) +)+/, '');
}

/** What the trust of one point means. */
export function trustText(trust: number, of: number): string {
  const share = trust / of;
  if (share >= 0.75) return 'Its surroundings on the map can be believed.';
  if (share >= 0.5) return 'Most of what truly is near it is near it on the map.';
  if (share >= 0.25) return 'The map shows only a part of what truly is near it.';
  return "Don't believe its surroundings on the map; the list below is exact.";
}

export function runtimeName(engine: EngineInfo): string {
  const names = {
    native: 'native',
    'native-other-node': 'native, own node',
    wasm: 'WASM',
    'wasm-single': 'WASM, one thread',
  } as const;
  return names[engine.runtime];
}

/** Reasons with their counts, most frequent first. */
export function skippedList(skipped: SkippedCounts): { reason: string; files: number }[] {
  return (Object.entries(skipped) as [SkipReason, number][])
    .filter(([, files]) => files > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([reason, files]) => ({ reason: skipWords[reason], files }));
}
