/** What a person is told when a stored index is not as it was left: what happened, what was kept, what to do. */
import type { SetAside } from '../core/index/store';

/** Paths that are named; of more, the number is told. */
const pathsNamed = 5;

export function setAsideNote(folderName: string, { reason, asidePath }: SetAside): string {
  const what = reason === 'newer' ? 'was written by a newer version' : 'is damaged';
  return `The index of ${folderName} ${what}. It is kept as ${asidePath}; a new one takes its place. Index the folder again to fill it.`;
}

/** @param paths files whose part of the store can't be read, at least one */
export function damagedFilesNote(folderName: string, paths: readonly string[]): string {
  const named = paths.slice(0, pathsNamed).join(', ');
  const others = paths.length > pathsNamed ? ` and ${(paths.length - pathsNamed).toLocaleString('en-US')} more` : '';
  const files = paths.length === 1 ? '1 file was' : `${paths.length.toLocaleString('en-US')} files were`;
  return `A part of the index of ${folderName} can't be read: ${files} taken out of it (${named}${others}). All other files are kept. The next run embeds them again; if this comes back, check the disk.`;
}

/** @param problem a sentence, as the store says it */
export function cannotOpenNote(folderName: string, storeFolder: string, problem: string): string {
  return `The index of ${folderName} can't be opened: ${problem.replace(/\.$/, '')}. What was stored is kept; check that there is space on the disk and that ${storeFolder} can be written.`;
}
