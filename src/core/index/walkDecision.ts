import { lstat, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { LeftOut } from '../../shared/fileExplanation';
import type { IndexSettings } from '../../shared/indexing';
import type { SourceFile } from './documentSource';
import { IgnoreRules } from './ignoreRules';
import { brokenLink, notAFile, unreadable } from './walk';
import { WalkRules } from './walkRules';

export type PathDecision =
  | { indexed: true; file: SourceFile }
  /** `at` is the path that the rule met: the file itself or a directory above it. */
  | { indexed: false; at: string; leftOut: LeftOut };

/**
 * What `FolderWalk` would say of one file: by names, rules and size alone, nothing of it is read.
 *
 * @param path inside the folder, with forward slashes.
 */
export async function findFile(root: string, settings: IndexSettings, path: string): Promise<PathDecision> {
  const rules = new WalkRules(settings);
  let absolute = resolve(root);
  let inside = '';
  let ignores = await IgnoreRules.above(absolute, settings.respectGitignore);
  const names = path.split('/');
  for (const [i, name] of names.entries()) {
    ignores = await ignores.enter(absolute);
    absolute = join(absolute, name);
    inside = inside === '' ? name : `${inside}/${name}`;
    const isFile = i === names.length - 1;
    const leftOut = isFile ? rules.skipFile(inside, absolute, ignores) : rules.skipDirectory(inside, absolute, ignores);
    if (leftOut) return { indexed: false, at: inside, leftOut };
  }
  try {
    const attributes = await stat(absolute);
    const { size, mtimeMs } = attributes;
    const leftOut = attributes.isFile() ? rules.skipSize(size) : notAFile;
    if (leftOut) return { indexed: false, at: path, leftOut };
    return { indexed: true, file: { path, size, mtimeMs } };
  } catch (error) {
    const isLink = await lstat(absolute).then(
      (attributes) => attributes.isSymbolicLink(),
      () => false,
    );
    return { indexed: false, at: path, leftOut: isLink ? brokenLink(error) : unreadable(path, error) };
  }
}
