import ignore, { type Ignore } from 'ignore';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** Where a rule stands, for people: a file and a line. */
export interface IgnoreRule {
  /** Absolute path of the ignore file. */
  file: string;
  /** One-based. */
  line: number;
  pattern: string;
}

export type IgnoreVerdict = { ignored: true; rule: IgnoreRule } | { ignored: false };

/** git compares names as the file system does. */
const ignoreCase = process.platform === 'win32' || process.platform === 'darwin';

/** The rules of one ignore file and those above it. Immutable: every directory that has a file of its own adds one. */
export class IgnoreRules {
  private constructor(
    private readonly above: IgnoreRules | undefined,
    /** Absolute path of the directory that the patterns are relative to. */
    private readonly base: string,
    private readonly file: string,
    private readonly patterns: readonly { pattern: string; mark: string }[],
    private readonly matcher: Ignore,
  ) {}

  /** Adds the ignore file of a directory, if there is one. */
  static async read(above: IgnoreRules | undefined, base: string, file: string): Promise<IgnoreRules | undefined> {
    let content: string;
    try {
      content = await readFile(file, 'utf8');
    } catch {
      return above;
    }
    const patterns = content
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .map((pattern, i) => ({ pattern, mark: String(i + 1) }))
      .filter(({ pattern }) => pattern !== '' && !pattern.startsWith('#'));
    return new IgnoreRules(above, base, file, patterns, ignore({ ignoreCase }).add(patterns));
  }

  /**
   * The verdict of git: the last matching pattern of the nearest ignore file decides. The directories above the path
   * must have been asked before, as nothing below an ignored one is looked at.
   */
  verdict(path: string, isDirectory: boolean): IgnoreVerdict {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- walks up the list
    for (let rules: IgnoreRules | undefined = this; rules; rules = rules.above) {
      const { ignored, unignored, rule } = rules.matcher.test(rules.pathInside(path, isDirectory));
      if (ignored) {
        return {
          ignored: true,
          rule: { file: rules.file, line: Number(rule?.mark ?? 0), pattern: rule?.pattern ?? '' },
        };
      }
      if (unignored) return { ignored: false };
    }
    return { ignored: false };
  }

  /**
   * The rules for what is below a directory that is not ignored. A file near it may have brought it back against a rule
   * farther up; the matcher of that one takes everything below the directory for ignored, unless it's told.
   */
  below(directory: string): IgnoreRules {
    const above = this.above?.below(directory);
    const inside = this.pathInside(directory, true);
    if (!inside.startsWith('..') && inside !== '/' && this.matcher.test(inside).ignored) {
      const patterns = [...this.patterns, { pattern: `!/${escapePattern(inside)}`, mark: '0' }];
      return new IgnoreRules(above, this.base, this.file, patterns, ignore({ ignoreCase }).add(patterns));
    }
    return above === this.above ? this : new IgnoreRules(above, this.base, this.file, this.patterns, this.matcher);
  }

  private pathInside(path: string, isDirectory: boolean): string {
    const inside = relative(this.base, path);
    return (sep === '/' ? inside : inside.split(sep).join('/')) + (isDirectory ? '/' : '');
  }
}

function escapePattern(path: string): string {
  return path.replace(/[\\*?[\]!# ]/g, '\\$&');
}

/**
 * Rules from above a folder: the `info/exclude` of its repository and the `.gitignore` files between the
 * repository's root and the folder. None of them when they ignore the folder itself: the person opened it.
 */
export async function rulesAbove(folder: string): Promise<IgnoreRules | undefined> {
  const repository = await findRepository(folder);
  if (!repository) return undefined;
  const exclude = join(repository.commonDirectory, 'info', 'exclude');
  const onlyExclude = await IgnoreRules.read(undefined, repository.root, exclude);
  let rules = onlyExclude;
  let directory = repository.root;
  for (const name of relative(repository.root, folder)
    .split(sep)
    .filter((part) => part !== '')) {
    rules = await IgnoreRules.read(rules, directory, join(directory, '.gitignore'));
    directory = join(directory, name);
    if (rules?.verdict(directory, true).ignored) return undefined;
    rules = rules?.below(directory);
  }
  return rules;
}

async function findRepository(folder: string): Promise<{ root: string; commonDirectory: string } | undefined> {
  for (let directory = resolve(folder); ; directory = dirname(directory)) {
    const commonDirectory = await commonDirectoryOf(join(directory, '.git'));
    if (commonDirectory) return { root: directory, commonDirectory };
    if (dirname(directory) === directory) return undefined;
  }
}

/** `.git` is a directory, or in worktrees and submodules a file that tells where it is. */
async function commonDirectoryOf(dotGit: string): Promise<string | undefined> {
  try {
    if ((await stat(dotGit)).isDirectory()) return dotGit;
    const gitDirectory = /^gitdir: (.+)$/m.exec(await readFile(dotGit, 'utf8'))?.[1]?.trim();
    if (!gitDirectory) return undefined;
    const absolute = resolve(dirname(dotGit), gitDirectory);
    const common = await readFile(join(absolute, 'commondir'), 'utf8').catch(() => '.');
    return resolve(absolute, common.trim());
  } catch {
    return undefined;
  }
}
