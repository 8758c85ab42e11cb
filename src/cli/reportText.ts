/** The index report as people read it at a terminal; the editor's has links besides. */
import { ruleWords } from '../shared/fileExplanation';
import { skipWords } from '../shared/skipWords';
import type { FolderReport, ReportGroup, SpaceReport } from '../shared/spaceReport';
import { count } from './output';
import { withoutControls } from './terminalText';

interface Table {
  /** Columns after the first are figures unless `words` says so. */
  head: string[];
  rows: string[][];
  words?: boolean;
}

interface ReportSection {
  title: string;
  lines: string[];
  table?: Table;
}

const groupsShown = 30;
const errorsShown = 50;

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** All that the report says, in the order in which people ask for it. */
function reportSections(report: SpaceReport): ReportSection[] {
  const several = report.folders.length > 1;
  return [summary(report), ...report.folders.flatMap((folder) => folderSections(folder, several)), engine(report)];
}

function summary({ folders, points, maxTokens, lastRun }: SpaceReport): ReportSection {
  const sum = (of: (folder: FolderReport) => number): number =>
    folders.reduce((total, folder) => total + of(folder), 0);
  const chunks = sum((folder) => folder.chunks);
  const over = sum((folder) => folder.chunksOverLimit);
  const lines = [
    `${count(
      sum(({ files }) => files),
      'file',
    )}, ${count(chunks, 'chunk')}, ${count(
      sum(({ tokens }) => tokens),
      'word piece',
    )}.`,
    chunks === points
      ? 'No two chunks have the same text.'
      : `${count(points, 'distinct text')}: ${count(chunks - points, 'chunk')} repeated word for word elsewhere, embedded once.`,
  ];
  if (over > 0)
    lines.push(
      `${count(over, 'chunk')} longer than the ${maxTokens} word pieces that the model takes at once, embedded in parts.`,
    );
  const failed = sum(({ errors }) => errors.length);
  if (failed > 0) lines.push(`${count(failed, 'file')} could not be indexed: see below.`);
  if (lastRun !== undefined) {
    const how = lastRun.cancelled ? ', stopped before its end' : '';
    const text = `Last run: ${count(lastRun.embedded, 'text')} embedded, ${count(lastRun.reused, 'chunk')} reused, ${seconds(lastRun.elapsedMs)}${how}.`;
    lines.push(text);
  }
  return { title: 'Index', lines };
}

function folderSections(folder: FolderReport, several: boolean): ReportSection[] {
  const name = several ? `${folder.name}: ` : '';
  const sections: ReportSection[] = [
    groupSection(`${name}by folder`, 'folder', folder.byFolder, '(in the root)'),
    groupSection(`${name}by type`, 'type', folder.byType, ''),
  ];
  const rows = folder.skipped.flatMap(({ reason, count, examples }) =>
    examples.map(({ path, rule, detail }, i) => [
      i === 0 ? `${whole.format(count)} ${skipWords[reason]}` : '',
      path,
      ruleWords(rule) ?? detail ?? '',
    ]),
  );
  const table = rows.length > 0 ? { head: ['left out', 'such as', 'because of'], rows, words: true } : undefined;
  sections.push({ title: `${name}left out`, lines: table ? [] : ['Nothing was left out.'], table });
  if (folder.errors.length > 0) {
    const lines = folder.errors.slice(0, errorsShown).map(({ path, message }) => `${path}: ${message}`);
    const more = folder.errors.length - lines.length;
    if (more > 0) lines.push(`and ${whole.format(more)} more`);
    sections.push({ title: `${name}failed`, lines });
  }
  const perChunk = folder.chunks > 0 ? `, ${bytes(folder.storeBytes / folder.chunks)} a chunk` : '';
  sections.push({
    title: `${name}on the disk`,
    lines: [`${bytes(folder.storeBytes)}${perChunk}: ${folder.storeFile}`],
  });
  return sections;
}

function groupSection(title: string, column: string, groups: readonly ReportGroup[], unnamed: string): ReportSection {
  const rows = groups.map(({ name, files, chunks, tokens }) => [
    name === '' ? unnamed : name,
    ...[files, chunks, tokens].map((value) => whole.format(value)),
  ]);
  const more = rows.length - groupsShown;
  const lines = more > 0 ? [`The largest ${groupsShown} of ${whole.format(rows.length)}.`] : [];
  const head = [column, 'files', 'chunks', 'word pieces'];
  return { title, lines, table: rows.length > 0 ? { head, rows: rows.slice(0, groupsShown) } : undefined };
}

function engine(report: SpaceReport): ReportSection {
  const { modelName, dimensions, maxTokens, runtime, threads, tokensPerSecond, memoryBytes } = report;
  const rate = tokensPerSecond === undefined ? '' : `, ${whole.format(tokensPerSecond)} word pieces a second`;
  return {
    title: 'Engine',
    lines: [
      `${modelName}: ${dimensions} dimensions, ${maxTokens} word pieces at once.`,
      `Runtime ${runtime}, ${count(threads, 'session')}${rate}.`,
      `${bytes(memoryBytes)} of memory.`,
    ],
  };
}

/** @returns lines of plain text with aligned columns */
export function reportText(report: SpaceReport): string {
  return reportSections(report)
    .map(({ title, lines, table }) => {
      const rows = table ? alignedRows(table) : [];
      return [
        title.charAt(0).toUpperCase() + title.slice(1),
        ...[...lines.map(withoutControls), ...rows].map((line) => `  ${line}`),
      ].join('\n');
    })
    .join('\n\n');
}

function alignedRows({ head, rows, words }: Table): string[] {
  const cells = [head, ...rows].map((row) => row.map(withoutControls));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) =>
    row
      .map((cell, column) => (column === 0 || words ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}

function seconds(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(1)} s`;
}

function bytes(value: number): string {
  if (value < 1000) return `${Math.round(value)} B`;
  if (value < 1e6) return `${(value / 1e3).toFixed(1)} kB`;
  return `${(value / 1e6).toFixed(1)} MB`;
}
