import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { LeftOut } from '../../shared/fileExplanation';
import type { IndexSettings } from '../../shared/space';
import { fileKindOf, type FileKind } from './fileKinds';
import { IgnoreRules, rulesAbove } from './ignoreRules';
import { readDocument } from './readDocument';
import { WalkRules } from './walkRules';

export type PathDecision =
  | { indexed: true; kind: NonNullable<FileKind['kind']>; fileType: string; size: number; mtimeMs: number }
  /** `at` is the path that the rule met: the file itself or a directory above it. */
  | ({ indexed: false; at: string; message?: string } & LeftOut);

/**
 * Whether one file is indexed, and if not, which rule decided: what `FolderWalk` would say of it, plus what only its
 * content tells. For single files that changed, and for "Why is this file not indexed?".
 *
 * @param path inside the folder, with forward slashes.
 */
export async function decidePath(root: string, settings: IndexSettings, path: string): Promise<PathDecision> {
  const found = await findFile(root, settings, path);
  if (!found.indexed) return found;
  const document = await readDocument(join(root, path), { maxBytes: settings.maxFileSizeKb * 1024 });
  if ('skipped' in document) return { indexed: false, at: path, reason: document.skipped, message: document.message };
  return found;
}

/** The same by names, rules and size alone: nothing of the file is read. */
export async function findFile(root: string, settings: IndexSettings, path: string): Promise<PathDecision> {
  const rules = new WalkRules(settings);
  let absolute = resolve(root);
  let inside = '';
  let ignores = settings.respectGitignore ? await rulesAbove(absolute) : undefined;
  const names = path.split('/');
  for (const [i, name] of names.entries()) {
    if (settings.respectGitignore) ignores = await IgnoreRules.read(ignores, absolute, join(absolute, '.gitignore'));
    absolute = join(absolute, name);
    inside = inside === '' ? name : `${inside}/${name}`;
    const skip =
      i === names.length - 1
        ? rules.skipFile(inside, absolute, ignores)
        : rules.skipDirectory(inside, absolute, ignores);
    if (skip) return { indexed: false, at: inside, ...skip };
    ignores = ignores?.below(absolute);
  }
  try {
    const attributes = await stat(absolute);
    const { size, mtimeMs } = attributes;
    const skip: LeftOut | undefined = attributes.isFile() ? rules.skipSize(size) : { reason: 'unreadable' };
    if (skip) return { indexed: false, at: path, ...skip };
    const { kind, fileType } = fileKindOf(path);
    return { indexed: true, kind: kind ?? 'plain', fileType, size, mtimeMs };
  } catch (error) {
    return {
      indexed: false,
      at: path,
      reason: 'unreadable',
      message: error instanceof Error ? error.message : String(error),
    };
  }
}
