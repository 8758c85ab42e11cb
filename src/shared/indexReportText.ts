/** The index report as a document: Markdown that reads well as it stands, in an editor and at a terminal, and where its links lead. */
import { ruleWords, type DecidingRule, type LeftOut } from './fileExplanation';
import { skipWords } from './skipWords';
import type { FolderReport, ReportGroup, SpaceReport } from './spaceReport';
import { byteSize, count, counted, duration } from './plainWords';
import { runtimeWords } from './engineInfo';

/** A stretch of one line that opens a file. */
export interface ReportLink {
  line: number;
  start: number;
  end: number;
  /** Absolute path on this machine. */
  file: string;
  /** Line of that file, counted from 1. */
  fileLine?: number;
}

export interface ReportText {
  text: string;
  links: ReportLink[];
  /** Files that can be tried again. */
  errors: number;
}

/** Rows of a table beyond these are told as a sum: a report is read, not scrolled. */
const mostRows = 30;

export function indexReportText(report: SpaceReport): ReportText {
  const writer = new ReportWriter();
  const { folders } = report;
  const sum = (of: (folder: FolderReport) => number): number =>
    folders.reduce((total, folder) => total + of(folder), 0);
  const chunks = sum((folder) => folder.chunks);
  writer.line(`# Index report: ${folders.map(({ name }) => name).join(', ')}`);
  writer.line();
  writer.line(
    `${counted(
      sum(({ files }) => files),
      'file',
    )}, ${counted(chunks, 'chunk')}, ${counted(
      sum(({ tokens }) => tokens),
      'token',
    )}.`,
  );
  const twins = chunks - report.points;
  if (twins > 0) {
    const share = Math.round((100 * twins) / chunks);
    const [repeat, have] = twins === 1 ? ['repeats', 'has'] : ['repeat', 'have'];
    writer.line(
      `${counted(twins, 'chunk')} (${share} %) ${repeat} another one word for word and ${have} no vector of ${twins === 1 ? 'its' : 'their'} own.`,
    );
  }
  writer.line();
  for (const folder of folders) writeFolder(writer, folder, folders.length > 1, report.maxTokens);
  writeCost(
    writer,
    report,
    sum(({ storeBytes }) => storeBytes),
  );
  return { text: writer.text, links: writer.links, errors: sum(({ errors }) => errors.length) };
}

function writeFolder(writer: ReportWriter, folder: FolderReport, several: boolean, maxTokens: number): void {
  const heading = several ? '###' : '##';
  const pathOf = (path: string): string => `${folder.path.replace(/[\\/]$/, '')}/${path}`;
  if (several) {
    writer.line(`## ${folder.name}`);
    writer.line();
    writer.line(`${counted(folder.files, 'file')}, ${counted(folder.chunks, 'chunk')}. ${folder.path}`);
    writer.line();
  }
  if (folder.errors.length > 0) {
    writer.line(`${heading} Could not be indexed`);
    writer.line();
    for (const { path, message } of folder.errors)
      writer.line('- ', { text: path, file: pathOf(path) }, `: ${message}`);
    writer.line();
  }
  writer.table(`${heading} By folder`, 'Folder', folder.byFolder, '(the folder itself)');
  writer.table(`${heading} By type`, 'Type', folder.byType, '(none)');
  writer.line(`${heading} Left out`);
  writer.line();
  if (folder.skipped.length === 0) writer.line('Nothing.');
  for (const { reason, count: found, examples } of folder.skipped) {
    writer.line(`- ${count(found)} ${skipWords[reason]}`);
    for (const { path, ...leftOut } of examples) {
      writer.line('  - ', { text: path, file: pathOf(path) }, ...whyParts(leftOut));
    }
    if (found > examples.length && examples.length > 0) writer.line(`  - and ${count(found - examples.length)} more`);
  }
  writer.line();
  if (folder.chunksOverLimit > 0) {
    writer.line(
      `${counted(folder.chunksOverLimit, 'chunk')} are longer than the ${maxTokens} tokens that the model takes at once: each is embedded in parts.`,
    );
    writer.line();
  }
}

function whyParts({ rule, detail }: LeftOut): Part[] {
  const words = ruleWords(rule) ?? detail;
  if (words === undefined) return [];
  if (rule?.source !== 'ignore-file') return [`: ${words}`];
  const name = ignoreFileWords(rule);
  return [': ', { text: name, file: rule.file, fileLine: rule.line }, words.slice(name.length)];
}

/** The part of the rule's words that names the place in the ignore file. */
function ignoreFileWords(rule: DecidingRule & { source: 'ignore-file' }): string {
  return `line ${rule.line} of ${rule.name}`;
}

function writeCost(writer: ReportWriter, report: SpaceReport, storeBytes: number): void {
  const { modelName, dimensions, maxTokens, runtime, threads, tokensPerSecond, memoryBytes, lastRun } = report;
  writer.line('## Cost');
  writer.line();
  const speed = tokensPerSecond === undefined ? 'not measured yet' : `${count(tokensPerSecond)} tokens/s`;
  writer.line(`- Model: ${modelName}, ${dimensions} dimensions, at most ${maxTokens} tokens a chunk`);
  writer.line(`- Runtime: ${runtimeWords[runtime]}, ${counted(threads, 'thread')}, ${speed}`);
  writer.line(`- Memory of the engine: ${byteSize(memoryBytes)}`);
  writer.line(`- On the disk: ${byteSize(storeBytes)}`);
  for (const { storeFile } of report.folders) writer.line('  - ', storeFile);
  if (lastRun !== undefined) {
    const { embedded, reused, tokens, elapsedMs, cancelled } = lastRun;
    writer.line(
      `- Last run${cancelled ? ' (interrupted)' : ''}: ${counted(embedded, 'text')} embedded (${counted(tokens, 'token')}), ${counted(reused, 'chunk')} had a vector already, ${duration(elapsedMs / 1000)}`,
    );
  }
}

type Part = string | { text: string; file: string; fileLine?: number };

class ReportWriter {
  readonly links: ReportLink[] = [];
  private readonly lines: string[] = [];

  get text(): string {
    return `${this.lines.join('\n').trimEnd()}\n`;
  }

  line(...parts: Part[]): void {
    let text = '';
    for (const part of parts) {
      // A file's name may hold a line feed; the report's lines are its own.
      const words = (typeof part === 'string' ? part : part.text).replace(/[\r\n]+/g, ' ');
      if (typeof part !== 'string') {
        const { file, fileLine } = part;
        this.links.push({
          line: this.lines.length,
          start: text.length,
          end: text.length + words.length,
          file,
          fileLine,
        });
      }
      text += words;
    }
    this.lines.push(text);
  }

  /** A table whose columns are aligned as it stands. */
  table(heading: string, first: string, groups: readonly ReportGroup[], unnamed: string): void {
    if (groups.length === 0) return;
    const figures = (group: Omit<ReportGroup, 'name'>): string[] => [
      count(group.files),
      count(group.chunks),
      count(group.tokens),
    ];
    const rows = groups.slice(0, mostRows).map((group) => [group.name || unnamed, ...figures(group)]);
    const rest = groups.slice(mostRows);
    if (rest.length > 0) {
      const sum = (of: (group: ReportGroup) => number): number => rest.reduce((total, group) => total + of(group), 0);
      const others = { files: sum(({ files }) => files), chunks: sum((g) => g.chunks), tokens: sum((g) => g.tokens) };
      rows.push([`${count(rest.length)} others`, ...figures(others)]);
    }
    const all = [[first, 'Files', 'Chunks', 'Tokens'], ...rows];
    const widths = all[0].map((_, column) => Math.max(3, ...all.map((row) => row[column].length)));
    const write = (cells: readonly string[]): void => {
      const padded = cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
      this.line(`| ${padded.join(' | ')} |`);
    };
    this.line(heading);
    this.line();
    write(all[0]);
    this.line(
      `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`,
    );
    for (const row of rows) write(row.map((cell) => cell.replaceAll('|', '\\|')));
    this.line();
  }
}
