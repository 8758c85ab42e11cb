/** Figures as people read them, in the words that every surface shares: editor, panel and command line. */

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** "1 file", "1,708 files". */
export function counted(value: number, noun: string, plural = pluralOf(noun)): string {
  return `${count(value)} ${Math.round(value) === 1 ? noun : plural}`;
}

function pluralOf(noun: string): string {
  return /(x|ch|sh|s)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

export function duration(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function byteSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A similarity with its place against the baseline; alone only in an index too small to have one. */
export function similarityWords(similarity: number, percentile: number | undefined): string {
  return percentile === undefined ? similarity.toFixed(2) : `${similarity.toFixed(2)} · ${percentileWords(percentile)}`;
}

/** "97th percentile"; the far end keeps a decimal, as that is where neighbors differ. */
export function percentileWords(percentile: number): string {
  if (percentile > 99 && percentile < 100) return `${(Math.floor(percentile * 10) / 10).toFixed(1)}th percentile`;
  const whole = Math.floor(percentile);
  const teen = whole % 100 >= 11 && whole % 100 <= 13;
  const ending = teen ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[whole % 10] ?? 'th');
  return `${whole}${ending} percentile`;
}

/** Why a chunk is flagged whatever the strength of its cut; goes on from "It" or "a chunk that". */
export function headedWords(heading: string): string {
  return `runs on under another heading, “${heading}”`;
}
