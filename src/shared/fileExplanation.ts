/** Why a file is indexed or not: what the engine found, and how it is said to people, in the editor as on a terminal. */
import { skipWords } from './skipWords';
import type { SkipReason } from './indexing';

/** The settings that can leave a file out, by the names under which people change them. */
export type DecidingSetting =
  | 'files.exclude'
  | 'search.exclude'
  | 'latentLens.index.exclude'
  | 'latentLens.index.include'
  | 'latentLens.index.maxFileSizeKb';

/** What left a file out, in the words of the person's own rules. */
export type DecidingRule =
  /** A line of an ignore file: `file` is absolute, `name` is what people call it, `line` counts from 1. */
  | { source: 'ignore-file'; file: string; name: string; line: number; pattern: string }
  | { source: 'setting'; setting: DecidingSetting; value: string }
  | { source: 'built-in'; description: string };

export interface LeftOut {
  reason: SkipReason;
  rule?: DecidingRule;
  /** What was seen or tried, one sentence without its full stop: "byte 512 is zero", "3.2 MB, the limit is 1.0 MB". */
  detail?: string;
}

/** What the index holds of a file. */
export interface IndexedFileFacts {
  /** "Markdown", "Rust", "Notebook". */
  fileType: string;
  chunks: number;
  /** Word pieces of its chunks as they were embedded, headings above them and special tokens included. */
  tokens: number;
  /** When its chunks were stored, in milliseconds since 1970; undefined for a file of an older index. */
  indexedMs: number | undefined;
}

export interface FileExplanation {
  folderUri: string;
  /** Path inside the folder, with forward slashes. */
  path: string;
  /**
   * indexed: in the index as it is on the disk. outdated: in the index, but the file has changed since.
   * leaving: in the index, but a rule of now leaves it out. waiting: nothing leaves it out, but it is not in the index.
   */
  state: 'indexed' | 'outdated' | 'leaving' | 'waiting' | 'left-out';
  /** Present for what the index holds. */
  facts?: IndexedFileFacts;
  /** How it is read, for a file that nothing leaves out: "UTF-8", "UTF-16 LE", "windows1252". */
  encoding?: string;
  /** How it is cut: Markdown, code or plain text; several for a notebook. */
  kinds?: string[];
  /** Why it is left out, for `left-out` and `leaving`. */
  leftOut?: LeftOut;
  /** The path that the rule met: the file itself or a folder above it. */
  at?: string;
  /** What failed when it was last to be indexed, for `waiting`. */
  error?: string;
}

/** The rule as a clause: "by line 3 of .gitignore (*.log)". Undefined where the reason says it all. */
export function ruleWords(rule: DecidingRule | undefined): string | undefined {
  if (rule === undefined) return undefined;
  if (rule.source === 'ignore-file') return `line ${rule.line} of ${rule.name}: ${rule.pattern}`;
  if (rule.source === 'built-in') return rule.description;
  if (rule.setting === 'latentLens.index.include') return `no pattern of ${rule.setting} takes it: ${rule.value}`;
  return `setting ${rule.setting}: ${rule.value}`;
}

const wholeNumber = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

function counted(value: number, one: string): string {
  return `${wholeNumber.format(value)} ${one}${value === 1 ? '' : 's'}`;
}

/** One short paragraph in plain words, a sentence each. The first says whether the file is indexed. */
export function explanationWords(explanation: FileExplanation, nowMs = Date.now()): string[] {
  const { path, state, facts, encoding, kinds, leftOut, error } = explanation;
  const words: string[] = [];
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (state === 'left-out') words.push(`${name} is not indexed: ${reasonWords(explanation)}.`);
  else if (state === 'waiting') {
    words.push(`${name} is not in the index yet, though no rule leaves it out.`);
    words.push(error === undefined ? 'The next run of Index Workspace takes it.' : `The last try failed: ${error}`);
  } else if (state === 'leaving') {
    words.push(`${name} is still in the index, but the next run leaves it out: ${reasonWords(explanation)}.`);
  } else words.push(`${name} is indexed${state === 'outdated' ? ', but has changed since' : ''}.`);
  if (leftOut?.rule !== undefined && leftOut.detail !== undefined) words.push(`${capitalized(leftOut.detail)}.`);
  if (facts !== undefined) {
    const since = facts.indexedMs === undefined ? '' : `, stored ${agoWords(nowMs - facts.indexedMs)}`;
    words.push(
      `${facts.fileType}: ${counted(facts.chunks, 'chunk')} of ${counted(facts.tokens, 'word piece')} in all${since}.`,
    );
  }
  if (encoding !== undefined && kinds !== undefined && kinds.length > 0)
    words.push(`It is read as ${encoding} and cut as ${kinds.join(' and ')}.`);
  return words;
}

function reasonWords({ leftOut, at, path }: FileExplanation): string {
  if (leftOut === undefined) return 'the reason is not known';
  const rule = ruleWords(leftOut.rule) ?? leftOut.detail;
  const where = at !== undefined && at !== path ? ` (met by the folder ${at})` : '';
  return `${skipWords[leftOut.reason]}${rule === undefined ? '' : ` – ${rule}`}${where}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function agoWords(elapsedMs: number): string {
  const minutes = Math.round(elapsedMs / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 90) return `${counted(minutes, 'minute')} ago`;
  if (minutes < 2880) return `${counted(Math.round(minutes / 60), 'hour')} ago`;
  return `${counted(Math.round(minutes / 1440), 'day')} ago`;
}
