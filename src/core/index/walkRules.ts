import { Minimatch } from 'minimatch';
import type { DecidingRule, LeftOut } from '../../shared/fileExplanation';
import { keptMarksFile } from '../../shared/keptMarks';
import type { IndexSettings } from '../../shared/indexing';
import { fileKindOf } from './fileKinds';
import type { IgnoreRules } from './ignoreRules';
import { isSecretDirectory, isSecretFile } from './secretFiles';

/** A longer glob is a mistake or an attack: braces multiply. */
const longestGlob = 1000;

interface CompiledGlob {
  pattern: string;
  matches: (path: string) => boolean;
}

interface ExcludingGlob extends CompiledGlob {
  rule: DecidingRule;
}

/** Stores of version control. VS Code's own defaults exclude them; nobody wants to read them. */
const internalDirectories = new Set(['.git', '.svn', '.hg', '.jj', 'CVS']);

/** Decides by names and sizes, without reading: the order is that of `skipReasons`. */
export class WalkRules {
  private readonly exclude: ExcludingGlob[];
  private readonly include: CompiledGlob[];
  private readonly maxBytes: number;

  constructor(settings: IndexSettings) {
    this.exclude = settings.exclude.flatMap(({ glob, setting }) =>
      compile([glob], true).map((compiled) => ({
        ...compiled,
        rule:
          setting === 'default'
            ? { source: 'built-in' as const, description: `${glob} is left out by default` }
            : { source: 'setting' as const, setting, value: glob },
      })),
    );
    this.include = compile(settings.include, false);
    this.maxBytes = settings.maxFileSizeKb * 1024;
  }

  /** @param path inside the folder, with forward slashes; @param absolute the same on this machine. */
  skipDirectory(path: string, absolute: string, ignores: IgnoreRules): LeftOut | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (internalDirectories.has(name)) {
      return { reason: 'excluded', rule: { source: 'built-in', description: `${name} belongs to version control` } };
    }
    const skip = this.skipByRules(path, absolute, true, ignores);
    if (skip) return skip;
    if (!isSecretDirectory(name)) return undefined;
    return { reason: 'secret', rule: { source: 'built-in', description: `${name} holds keys or sign-ins` } };
  }

  skipFile(path: string, absolute: string, ignores: IgnoreRules): LeftOut | undefined {
    const skip = this.skipByRules(path, absolute, false, ignores);
    if (skip) return skip;
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (isSecretFile(name)) {
      return { reason: 'secret', rule: { source: 'built-in', description: `${name} is likely to hold secrets` } };
    }
    if (path === keptMarksFile) {
      return { reason: 'excluded', rule: { source: 'built-in', description: `${name} is Latent Lens’s own` } };
    }
    const { leftOut, fileType } = fileKindOf(path);
    if (this.include.length > 0) {
      if (!this.include.some((glob) => glob.matches(path))) {
        const value = this.include.map((glob) => glob.pattern).join(', ');
        return { reason: 'not-included', rule: { source: 'setting', setting: 'latentLens.index.include', value } };
      }
    } else if (leftOut === 'generated' || leftOut === 'minified') {
      return { reason: leftOut, rule: { source: 'built-in', description: `files named like ${name} are ${leftOut}` } };
    } else if (leftOut === 'data') {
      return { reason: 'not-included', rule: { source: 'built-in', description: `${fileType} files hold data` } };
    }
    const attributes = this.include.length > 0 ? undefined : ignores.generatedBy(absolute);
    if (attributes) return { reason: 'generated', rule: attributes };
    if (leftOut === 'binary') {
      return { reason: 'binary', rule: { source: 'built-in', description: `${fileType} files are not text` } };
    }
    return undefined;
  }

  skipSize(bytes: number): LeftOut | undefined {
    if (bytes <= this.maxBytes) return undefined;
    const limitKb = this.maxBytes / 1024;
    return {
      reason: 'too-large',
      rule: { source: 'setting', setting: 'latentLens.index.maxFileSizeKb', value: String(limitKb) },
      detail: `the file has ${kilobytes(bytes)}, the limit is ${kilobytes(this.maxBytes)}`,
    };
  }

  private skipByRules(path: string, absolute: string, isDirectory: boolean, ignores: IgnoreRules): LeftOut | undefined {
    const verdict = ignores.verdict(absolute, isDirectory);
    if (verdict.ignored) return { reason: 'ignored', rule: verdict.rule };
    const glob = this.exclude.find((each) => each.matches(path));
    return glob && { reason: 'excluded', rule: glob.rule };
  }
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024).toLocaleString('en-US')} KB`;
}

/**
 * Globs as VS Code reads them: a match of a folder takes all below it, names with a leading dot are not special.
 * @param fromAbove whether folders are asked before what is in them, so that what is below a match is never asked
 */
function compile(patterns: readonly string[], fromAbove: boolean): CompiledGlob[] {
  return patterns
    .filter((pattern) => pattern.trim() !== '' && pattern.length <= longestGlob)
    .map((pattern) => {
      const bare = pattern
        .trim()
        .replace(/^\.?\//, '')
        .replace(/\/(?:\*\*)?$/, '');
      // Most of them name a folder wherever it is, and thousands of paths are asked.
      const name = /^\*\*\/([^*?[\]{}!\\/]+)$/.exec(bare)?.[1];
      if (fromAbove && name !== undefined)
        return { pattern, matches: (path: string) => path === name || path.endsWith(`/${name}`) };
      const options = { dot: true, noext: true, nonegate: true, nocomment: true, braceExpandMax: 1000 };
      const own = new Minimatch(bare, options);
      if (fromAbove) return { pattern, matches: (path: string) => own.match(path) };
      const below = new Minimatch(`${bare}/**`, options);
      return { pattern, matches: (path: string) => own.match(path) || below.match(path) };
    });
}
