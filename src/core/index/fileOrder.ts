/** In which order the files of a run are taken. */
import { createHash } from 'node:crypto';
import type { SourceFile } from './documentSource';

/**
 * An order in which the first files stand for the whole: after any share of the run about that share of every folder is
 * done (proportional stratified sampling, each folder at a step and an offset of its own). The same every time.
 */
export function spreadOrder(files: readonly SourceFile[]): SourceFile[] {
  const byFolder = new Map<string, SourceFile[]>();
  for (const file of files) {
    const folder = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
    const siblings = byFolder.get(folder);
    if (siblings === undefined) byFolder.set(folder, [file]);
    else siblings.push(file);
  }
  const ranked: { file: SourceFile; rank: number }[] = [];
  for (const [folder, siblings] of byFolder) {
    const offset = uniform(folder);
    siblings
      .map((file) => ({ file, hash: uniform(file.path) }))
      .sort((a, b) => a.hash - b.hash || (a.file.path < b.file.path ? -1 : 1))
      .forEach(({ file }, i) => ranked.push({ file, rank: (i + offset) / siblings.length }));
  }
  ranked.sort((a, b) => a.rank - b.rank || (a.file.path < b.file.path ? -1 : 1));
  return ranked.map(({ file }) => file);
}

/** The files in their order, but those that are wanted at once before all others; what is wanted is asked again for each. */
export function* wantedFirst(files: readonly SourceFile[], wanted: () => Iterable<string>): Generator<SourceFile> {
  const waiting = new Map(files.map((file) => [file.path, file]));
  for (const file of files) {
    for (const path of wanted()) {
      const next = waiting.get(path);
      if (next === undefined) continue;
      waiting.delete(path);
      yield next;
    }
    if (waiting.delete(file.path)) yield file;
  }
}

/** A number from 0 to 1 (not 1 itself), by the text alone. */
function uniform(text: string): number {
  return createHash('md5').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}
