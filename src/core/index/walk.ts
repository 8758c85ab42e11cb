import type { Dirent } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { LeftOut } from '../../shared/fileExplanation';
import type { IndexSettings, SkippedCounts } from '../../shared/space';
import { fileKindOf } from './fileKinds';
import { IgnoreRules, rulesAbove } from './ignoreRules';
import { looksBinary } from './readDocument';
import { WalkRules } from './walkRules';

export interface WalkedFile {
  /** Path inside the folder, with forward slashes. */
  path: string;
  size: number;
  mtimeMs: number;
}

export interface WalkOptions {
  signal?: AbortSignal;
  /** Files after which the walk stops, `complete` being false then. */
  limit?: number;
}

interface Directory {
  /** Inside the folder, empty for the folder itself. */
  path: string;
  absolute: string;
  ignores: IgnoreRules | undefined;
}

/** Files whose attributes are asked for at once. */
const filesAtOnce = 32;
/** What is read of a file whose name says nothing. */
const headBytes = 1024;

/**
 * Walks the files of one folder that are to be indexed, directories in the order of their names. Every file or whole
 * directory that is left out is counted once under its reason; nothing below an ignored directory is looked at.
 *
 * Links to files and to directories elsewhere are followed once, after everything that is really here.
 *
 * @throws the signal's reason when aborted. A directory that can't be read is counted, not thrown.
 */
export class FolderWalk implements AsyncIterable<WalkedFile> {
  /** Counts so far. */
  readonly skipped: SkippedCounts = {};
  /** False when the walk stopped at its limit. */
  complete = true;
  private readonly root: string;
  private readonly rules: WalkRules;
  private readonly linkTargets: string[] = [];

  constructor(
    root: string,
    private readonly settings: IndexSettings,
    private readonly options: WalkOptions = {},
  ) {
    this.root = resolve(root);
    this.rules = new WalkRules(settings);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WalkedFile> {
    const limit = this.options.limit ?? Infinity;
    let count = 0;
    const links: Directory[] = [];
    const ignores = this.settings.respectGitignore ? await rulesAbove(this.root) : undefined;
    const pending: Directory[] = [{ path: '', absolute: this.root, ignores }];
    while (pending.length > 0 || links.length > 0) {
      const directory = pending.pop() ?? (await this.followLink(links.shift()!));
      if (!directory) continue;
      this.options.signal?.throwIfAborted();
      const entered = await this.enter(directory);
      const { files, directories } = await this.list(entered, links);
      for (let i = directories.length - 1; i >= 0; i--) pending.push(directories[i]);
      for (let i = 0; i < files.length; i += filesAtOnce) {
        this.options.signal?.throwIfAborted();
        const found = await Promise.all(files.slice(i, i + filesAtOnce).map((path) => this.look(path)));
        for (const file of found) {
          if (!file) continue;
          if (count >= limit) {
            this.complete = false;
            return;
          }
          count++;
          yield file;
        }
      }
    }
  }

  /** Adds the directory's own ignore file to the rules. */
  private async enter(directory: Directory): Promise<Directory> {
    if (!this.settings.respectGitignore) return directory;
    const { absolute, ignores } = directory;
    return { ...directory, ignores: await IgnoreRules.read(ignores, absolute, join(absolute, '.gitignore')) };
  }

  private async list(directory: Directory, links: Directory[]): Promise<{ files: string[]; directories: Directory[] }> {
    const files: string[] = [];
    const directories: Directory[] = [];
    let entries: Dirent[];
    try {
      entries = await readdir(directory.absolute, { withFileTypes: true });
    } catch {
      this.count({ reason: 'unreadable' });
      return { files, directories };
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = directory.path === '' ? entry.name : `${directory.path}/${entry.name}`;
      const absolute = join(directory.absolute, entry.name);
      if (entry.isDirectory()) {
        const skip = this.rules.skipDirectory(path, absolute, directory.ignores);
        if (skip) this.count(skip);
        else directories.push({ path, absolute, ignores: directory.ignores?.below(absolute) });
      } else if (entry.isSymbolicLink()) {
        await this.sortLink({ path, absolute, ignores: directory.ignores }, files, links);
      } else if (entry.isFile()) {
        const skip = this.rules.skipFile(path, absolute, directory.ignores);
        if (skip) this.count(skip);
        else files.push(path);
      }
    }
    return { files, directories };
  }

  private async sortLink(link: Directory, files: string[], links: Directory[]): Promise<void> {
    // To git a link is a file, whatever it points to.
    const ignored = this.rules.skipFile(link.path, link.absolute, link.ignores);
    if (ignored?.reason === 'ignored' || ignored?.reason === 'excluded') {
      this.count(ignored);
      return;
    }
    try {
      const isDirectory = (await stat(link.absolute)).isDirectory();
      const skip = isDirectory ? this.rules.skipDirectory(link.path, link.absolute, link.ignores) : ignored;
      if (skip) this.count(skip);
      else if (isDirectory) links.push(link);
      else files.push(link.path);
    } catch (error) {
      const loops = (error as NodeJS.ErrnoException).code === 'ELOOP';
      this.count({ reason: loops ? 'symlink-loop' : 'unreadable' });
    }
  }

  /** A link into the folder, above it, or to where another one led would show the same files again. */
  private async followLink(link: Directory): Promise<Directory | undefined> {
    try {
      const target = await realpath(link.absolute);
      const known = [await realpath(this.root), ...this.linkTargets];
      if (known.some((other) => isInside(target, other) || isInside(other, target))) {
        this.count({ reason: 'symlink-loop' });
        return undefined;
      }
      this.linkTargets.push(target);
      return link;
    } catch {
      this.count({ reason: 'unreadable' });
      return undefined;
    }
  }

  /** Size, and the first bytes where the name doesn't say whether it is text. */
  private async look(path: string): Promise<WalkedFile | undefined> {
    const absolute = join(this.root, path);
    try {
      const attributes = await stat(absolute);
      const { size, mtimeMs } = attributes;
      const skip: LeftOut | undefined = attributes.isFile() ? this.rules.skipSize(size) : { reason: 'unreadable' };
      if (skip) {
        this.count(skip);
        return undefined;
      }
      if (!fileKindOf(path).known && size > 0 && (await beginsBinary(absolute))) {
        this.count({ reason: 'binary' });
        return undefined;
      }
      return { path, size, mtimeMs };
    } catch {
      this.count({ reason: 'unreadable' });
      return undefined;
    }
  }

  private count({ reason }: LeftOut): void {
    this.skipped[reason] = (this.skipped[reason] ?? 0) + 1;
  }
}

function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

async function beginsBinary(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return looksBinary(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}
