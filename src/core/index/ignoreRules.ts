import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { DecidingRule } from '../../shared/fileExplanation';
import { bytesOf, parseGitPattern, type GitPattern } from './gitPattern';
import { findRepository, readGitIgnoreSettings, repositoryAt, type GitIgnoreSettings } from './gitRepository';

/** An ignore file of Latent Lens' own: as `.gitignore`, but it counts first and always. */
export const ownIgnoreFile = '.latentlensignore';
const gitIgnoreFile = '.gitignore';
const attributesFile = '.gitattributes';

export type IgnoreVerdict =
  { ignored: true; rule: Extract<DecidingRule, { source: 'ignore-file' }> } | { ignored: false };

/** A larger file is no ignore file. */
const largestIgnoreFile = 4 * 1024 * 1024;

interface IgnoreFile {
  /** Absolute, and as people call it. */
  file: string;
  name: string;
  /** The folder that the patterns are relative to, absolute, with forward slashes and one at the end. */
  base: string;
  /** In the order of the lines, which count from 1. */
  patterns: readonly { line: number; text: string; pattern: GitPattern }[];
  /** Asked next: the file farther up. */
  above: IgnoreFile | undefined;
}

interface Context {
  /** The folder that is indexed, absolute. */
  root: string;
  respectGitignore: boolean;
  git: GitIgnoreSettings;
}

/**
 * What ignore files say of the entries of one directory. Immutable: each directory has its own, made from that of the
 * directory above.
 *
 * Git's files count as they do for git: the nearest `.gitignore` first, up to the root of the repository, then its
 * `info/exclude`, then the person's global file; a repository inside of another begins anew. A `.latentlensignore` counts
 * before all of them, as ripgrep's `.ignore` does: it can bring back what git ignores, a folder at a time.
 */
export class IgnoreRules {
  private constructor(
    private readonly context: Context,
    private readonly own: IgnoreFile | undefined,
    private readonly git: IgnoreFile | undefined,
    /** `.gitattributes` that name generated files. */
    private readonly attributes: IgnoreFile | undefined,
  ) {}

  /** The rules from above a folder, between the root of its repository and itself. The folder's own are not among them. */
  static async above(folder: string, respectGitignore: boolean): Promise<IgnoreRules> {
    const root = resolve(folder);
    const repository = await findRepository(root);
    const git = repository ? await readGitIgnoreSettings(repository) : { excludesFile: '', ignoreCase: caseByPlatform };
    let rules = new IgnoreRules({ root, respectGitignore, git }, undefined, undefined, undefined);
    if (!repository) return rules;
    rules = await rules.enterRepository(repository.root, repository.commonDirectory);
    let directory = repository.root;
    for (const name of relative(repository.root, root)
      .split(sep)
      .filter((part) => part !== '')) {
      rules = await rules.addFiles(directory);
      directory = join(directory, name);
    }
    return rules;
  }

  /**
   * The rules for the entries of a directory whose own verdict was asked above.
   * @param names the entries, where they are known: spares looking for files that are not there
   */
  async enter(directory: string, names?: ReadonlySet<string>): Promise<IgnoreRules> {
    const { root, respectGitignore } = this.context;
    const mayHoldRepository = respectGitignore && directory !== root && (names?.has('.git') ?? true);
    const repository = mayHoldRepository ? await repositoryAt(directory) : undefined;
    const rules = repository ? await this.enterRepository(directory, repository.commonDirectory) : this;
    return rules.addFiles(directory, names);
  }

  /** @param path absolute; the directories above it must not be ignored, as nothing below an ignored one is looked at. */
  verdict(path: string, isDirectory: boolean): IgnoreVerdict {
    const { own, git } = this;
    if (!own && !git) return { ignored: false };
    const bytes = bytesOf(slashed(path));
    const name = bytes.slice(bytes.lastIndexOf('/') + 1);
    return verdictOf(own, bytes, name, isDirectory) ?? verdictOf(git, bytes, name, isDirectory) ?? { ignored: false };
  }

  /** The line of a `.gitattributes` that calls a file `linguist-generated`, as GitHub reads it. */
  generatedBy(path: string): Extract<DecidingRule, { source: 'ignore-file' }> | undefined {
    if (!this.attributes) return undefined;
    const bytes = bytesOf(slashed(path));
    const verdict = verdictOf(this.attributes, bytes, bytes.slice(bytes.lastIndexOf('/') + 1), false);
    return verdict?.ignored ? verdict.rule : undefined;
  }

  /** What git's files said above ends here: `info/exclude` and the global file are asked after all files of the repository. */
  private async enterRepository(root: string, commonDirectory: string): Promise<IgnoreRules> {
    if (!this.context.respectGitignore) return this;
    const { excludesFile } = this.context.git;
    const global = await this.read(excludesFile, root, undefined);
    const git = await this.read(join(commonDirectory, 'info', 'exclude'), root, global);
    return new IgnoreRules(this.context, this.own, git, undefined);
  }

  private async addFiles(directory: string, names?: ReadonlySet<string>): Promise<IgnoreRules> {
    const may = (name: string): boolean => names?.has(name) ?? true;
    const own = may(ownIgnoreFile) ? await this.read(join(directory, ownIgnoreFile), directory, this.own) : this.own;
    const respected = this.context.respectGitignore && may(gitIgnoreFile);
    const git = respected ? await this.read(join(directory, gitIgnoreFile), directory, this.git) : this.git;
    const { attributes: above } = this;
    const attributes = may(attributesFile) ? await this.read(join(directory, attributesFile), directory, above) : above;
    if (own === this.own && git === this.git && attributes === above) return this;
    return new IgnoreRules(this.context, own, git, attributes);
  }

  /** The file before those above it; these alone when there is none. */
  private async read(path: string, directory: string, above: IgnoreFile | undefined): Promise<IgnoreFile | undefined> {
    const content = await readIgnoreFile(path);
    if (content === undefined) return above;
    const lines = content.replace(/^\uFEFF/, '').split('\n');
    const patterns = lines.flatMap((line, i) => {
      const text = line.endsWith('\r') ? line.slice(0, -1) : line;
      const rule = path.endsWith(attributesFile) ? generatedPattern(text) : text;
      const pattern = rule === undefined ? undefined : parseGitPattern(rule, this.context.git.ignoreCase);
      return pattern ? [{ line: i + 1, text, pattern }] : [];
    });
    if (patterns.length === 0) return above;
    const base = bytesOf(slashed(directory));
    return {
      file: path,
      name: nameOf(path, this.context.root),
      base: base.endsWith('/') ? base : `${base}/`,
      patterns,
      above,
    };
  }
}

/** The pattern of a line of attributes, negated where it says that files are not generated; undefined where it says neither. */
function generatedPattern(line: string): string | undefined {
  const [, quoted, bare, attributes] = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"#!]\S*))((?:\s+\S+)*)\s*$/.exec(line) ?? [];
  const said = attributes
    ?.split(/\s+/)
    .filter((attribute) => /^[-!]?linguist-generated(?:=|$)/.test(attribute))
    .at(-1);
  const pattern = quoted ?? bare;
  if (said === undefined || pattern === undefined || pattern.endsWith('/')) return undefined;
  return /^[-!]|=(?:false|0|no)$/i.test(said) ? `!${pattern}` : pattern;
}

const caseByPlatform = process.platform === 'win32' || process.platform === 'darwin';

function verdictOf(
  nearest: IgnoreFile | undefined,
  path: string,
  name: string,
  isDirectory: boolean,
): IgnoreVerdict | undefined {
  for (let file = nearest; file; file = file.above) {
    if (!path.startsWith(file.base)) continue;
    const inside = path.slice(file.base.length);
    for (let i = file.patterns.length - 1; i >= 0; i--) {
      const { line, text, pattern } = file.patterns[i];
      if ((pattern.directoriesOnly && !isDirectory) || !pattern.matches(inside, name)) continue;
      if (pattern.negative) return { ignored: false };
      return {
        ignored: true,
        rule: { source: 'ignore-file', file: file.file, name: file.name, line, pattern: text.trim() },
      };
    }
  }
  return undefined;
}

/** @returns undefined when there is none. git follows no links to ignore files of a working tree, and so do we. */
async function readIgnoreFile(path: string): Promise<string | undefined> {
  const inTree = [gitIgnoreFile, ownIgnoreFile, attributesFile].includes(basename(path));
  try {
    const handle = await open(path, constants.O_RDONLY | (inTree ? (constants.O_NOFOLLOW ?? 0) : 0));
    try {
      const attributes = await handle.stat();
      if (!attributes.isFile() || attributes.size > largestIgnoreFile) return undefined;
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

/** From the folder that is indexed, or from the home folder for the person's own file. */
function nameOf(path: string, root: string): string {
  const ofRepository = [gitIgnoreFile, ownIgnoreFile, attributesFile, 'exclude'].includes(basename(path));
  const home = homedir();
  if (!ofRepository && path.startsWith(home + sep)) return `~/${slashed(path.slice(home.length + 1))}`;
  return slashed(ofRepository ? relative(root, path) : path);
}

function slashed(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}
