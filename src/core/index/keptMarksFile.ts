import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { keptMarksFile, noMarks, parseKeptMarks, type KeptCut, type KeptMarks } from '../../shared/keptMarks';

/** Larger is no list of marks. */
const mostBytes = 20e6;

/** The marks of one folder, read again when the file is another one. */
export class KeptMarksFile {
  private readonly file: string;
  private stamp = '';
  private marks = noMarks();
  private byPath = new Map<string, KeptCut[]>();
  /** One sentence, when the file can't be read: its marks then count for nothing. */
  problem: string | undefined;
  /** Grows whenever other marks were read. */
  version = 0;

  constructor(folder: string) {
    this.file = path.join(folder, keptMarksFile);
  }

  read(): KeptMarks {
    const stamp = this.stampNow();
    if (stamp === this.stamp) return this.marks;
    this.stamp = stamp;
    this.version++;
    this.problem = undefined;
    this.marks = noMarks();
    try {
      if (stamp !== '') this.marks = parseKeptMarks(fs.readFileSync(this.file, 'utf8'));
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.byPath = new Map();
    for (const cut of this.marks.cuts) this.byPath.set(cut.path, [...(this.byPath.get(cut.path) ?? []), cut]);
    return this.marks;
  }

  /** Cuts that are kept in a file, none for most. */
  cutsOf(file: string): readonly KeptCut[] {
    this.read();
    return this.byPath.get(file) ?? [];
  }

  private stampNow(): string {
    const stat = fs.statSync(this.file, { throwIfNoEntry: false });
    return stat?.isFile() && stat.size <= mostBytes ? `${stat.size} ${stat.mtimeMs} ${stat.ino}` : '';
  }
}

/** Begins the name of the cuts of a file, the last word of its chunker's. */
const namePrefix = 'cuts-';

/** Whether a file that was cut by this chunker was cut with other kept cuts than these. */
export function hasOtherCuts(chunker: string, cuts: readonly KeptCut[]): boolean {
  const last = chunker.split(' ').at(-1) ?? '';
  return (last.startsWith(namePrefix) ? last : '') !== nameOfCuts(cuts);
}

/** Empty for no cuts; the same for the same ones. */
export function nameOfCuts(cuts: readonly KeptCut[]): string {
  if (cuts.length === 0) return '';
  const places = cuts.map(({ before, after }) => `${before}\n${after}`).sort();
  return `${namePrefix}${createHash('sha256').update(places.join('\n\n')).digest('hex').slice(0, 12)}`;
}
