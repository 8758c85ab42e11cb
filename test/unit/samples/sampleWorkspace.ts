import fs from 'node:fs';
import path from 'node:path';

const samplesFolder = path.resolve(__dirname, '../../../samples');
const workspaceFolder = path.join(samplesFolder, 'workspace');

/** What the sample promises, as `samples/expectations.json` says it. Paths count from `samples/workspace`. */
export interface SampleExpectations {
  queries: { query: string; firstFile: string; sharesNoWord?: boolean }[];
  topics: string[];
  mixedTopics: { file: string; heading: string; secondPartBegins: string }[];
  coherent: { file: string; heading: string }[];
  nearDuplicates: { files: [string, string]; minimumSimilarity: number };
  twins: { heading: string; files: [string, string] };
  outlier: { file: string };
  skipped: { secret: string[] };
}

/** A heading with the text below it, up to the next heading. */
export interface Section {
  /** Headings from the outermost to the section's own. */
  headings: string[];
  text: string;
}

export function readExpectations(): SampleExpectations {
  return JSON.parse(fs.readFileSync(path.join(samplesFolder, 'expectations.json'), 'utf8')) as SampleExpectations;
}

/** Paths of all files of the sample workspace, with forward slashes, sorted. */
export function sampleFiles(): string[] {
  return fs
    .readdirSync(workspaceFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(workspaceFolder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();
}

export function readSample(file: string): string {
  return fs.readFileSync(path.join(workspaceFolder, file), 'utf8');
}

export function sampleSections(file: string): Section[] {
  const sections: Section[] = [];
  for (const line of readSample(file).split('\n')) {
    const heading = /^(#{1,6}) (.+)$/.exec(line);
    if (heading) {
      const outer = sections.at(-1)?.headings.slice(0, heading[1].length - 1) ?? [];
      sections.push({ headings: [...outer, heading[2]], text: '' });
    } else if (sections.length > 0) {
      sections.at(-1)!.text += `${line}\n`;
    }
  }
  return sections.map((section) => ({ ...section, text: section.text.trim() }));
}

export function sectionUnder(file: string, heading: string): Section {
  const found = sampleSections(file).filter((section) => section.headings.at(-1) === heading);
  if (found.length !== 1) throw new Error(`${file} has ${found.length} sections named "${heading}".`);
  return found[0];
}

export function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu) ?? [];
}

export function sentences(text: string): string[] {
  return text.split(/(?<=[.!?])\s+(?=\p{Lu})/u);
}
