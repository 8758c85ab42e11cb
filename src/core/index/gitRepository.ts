import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** A working tree of git. */
export interface GitRepository {
  /** Root of the working tree. */
  root: string;
  /** Where `info/exclude` and `config` are, also for worktrees and submodules. */
  commonDirectory: string;
}

export interface GitIgnoreSettings {
  /** The person's own ignore file, `core.excludesFile` or its default place. */
  excludesFile: string;
  /** Whether names are compared without case, `core.ignoreCase`. */
  ignoreCase: boolean;
}

/** The repository that a folder lies in; undefined outside of any. */
export async function findRepository(folder: string): Promise<GitRepository | undefined> {
  for (let directory = resolve(folder); ; directory = dirname(directory)) {
    const repository = await repositoryAt(directory);
    if (repository) return repository;
    if (dirname(directory) === directory) return undefined;
  }
}

/** The repository whose root this directory is: `.git` is a directory, or in worktrees and submodules a file that names one. */
export async function repositoryAt(root: string): Promise<GitRepository | undefined> {
  const dotGit = join(root, '.git');
  try {
    if ((await stat(dotGit)).isDirectory()) {
      // An empty `.git` is none to git either.
      await stat(join(dotGit, 'HEAD'));
      return { root, commonDirectory: dotGit };
    }
    const gitDirectory = /^gitdir: (.+)$/m.exec(await readFile(dotGit, 'utf8'))?.[1]?.trim();
    if (!gitDirectory) return undefined;
    const absolute = resolve(root, gitDirectory);
    const common = await readFile(join(absolute, 'commondir'), 'utf8').catch(() => '.');
    return { root, commonDirectory: resolve(absolute, common.trim()) };
  } catch {
    return undefined;
  }
}

/** What git's configuration says about ignoring: the system's, the person's, then the repository's own, the last one counts. */
export async function readGitIgnoreSettings(
  repository: GitRepository,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<GitIgnoreSettings> {
  const home = environment['HOME'] ?? homedir();
  const ownFolder = environment['XDG_CONFIG_HOME'] ? environment['XDG_CONFIG_HOME'] : join(home, '.config');
  const files = [
    ...(environment['GIT_CONFIG_NOSYSTEM'] ? [] : [environment['GIT_CONFIG_SYSTEM'] ?? '/etc/gitconfig']),
    ...(environment['GIT_CONFIG_GLOBAL'] === undefined
      ? [join(ownFolder, 'git', 'config'), join(home, '.gitconfig')]
      : [environment['GIT_CONFIG_GLOBAL']]),
    join(repository.commonDirectory, 'config'),
  ];
  const settings: GitIgnoreSettings = {
    excludesFile: join(ownFolder, 'git', 'ignore'),
    ignoreCase: process.platform === 'win32' || process.platform === 'darwin',
  };
  for (const file of files) await applyConfiguration(file, home, repository.root, settings, 0);
  return settings;
}

/** `include.path` nests at most so deep; git's own limit is 10. */
const deepestInclude = 10;

async function applyConfiguration(
  file: string,
  home: string,
  root: string,
  settings: GitIgnoreSettings,
  depth: number,
): Promise<void> {
  const content = await readFile(file, 'utf8').catch(() => '');
  for (const { key, value } of parseGitConfiguration(content)) {
    if (key === 'core.excludesfile' && value !== '') settings.excludesFile = expand(value, home, root);
    if (key === 'core.ignorecase') settings.ignoreCase = /^(?:true|yes|on|1)?$/i.test(value);
    if (key === 'include.path' && value !== '' && depth < deepestInclude)
      await applyConfiguration(expand(value, home, dirname(file)), home, root, settings, depth + 1);
  }
}

function expand(path: string, home: string, base: string): string {
  if (path === '~' || path.startsWith('~/')) return join(home, path.slice(1));
  return isAbsolute(path) ? path : resolve(base, path);
}

/**
 * Sections and keys of git's configuration format, in lower case but for subsections (`git-config(1)`, "Syntax"). A key
 * without a value is an empty one, which means true.
 */
export function parseGitConfiguration(content: string): { key: string; value: string }[] {
  const entries: { key: string; value: string }[] = [];
  let section = '';
  // A backslash at the end of a line goes on in the next one.
  for (const line of content.replace(/\\\r?\n/g, '').split(/\r?\n/)) {
    const header = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (header) section = header[1].toLowerCase() + (header[2] === undefined ? '' : `.${header[2]}`);
    const rest = header ? line.slice(header[0].length) : line;
    const entry = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*))?$/.exec(rest);
    if (entry) entries.push({ key: `${section}.${entry[1].toLowerCase()}`, value: parseValue(entry[2] ?? '') });
  }
  return entries;
}

const escapes: Record<string, string> = { n: '\n', t: '\t', b: '\b' };

/** Without quotes, escapes and a comment at the end. */
function parseValue(text: string): string {
  let value = '';
  let quoted = false;
  let kept = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text[i];
    if (unit === '"') quoted = !quoted;
    else if (!quoted && (unit === '#' || unit === ';')) break;
    else if (unit === '\\' && i + 1 < text.length) value += escapes[text[++i]] ?? text[i];
    else value += unit;
    if (quoted || !/\s/.test(unit)) kept = value.length;
  }
  return value.slice(0, kept);
}
