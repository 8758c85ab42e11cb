import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { LeftOut } from '../../shared/fileExplanation';
import type { IndexSettings, SkippedCounts } from '../../shared/indexing';
import type { SourceFile } from './documentSource';
import { IgnoreRules } from './ignoreRules';
import { WalkRules } from './walkRules';

export interface WalkOptions {
  signal?: AbortSignal;
  /** Files after which the walk stops, `complete` being false then. */
  limit?: number;
  /** Told of every file or whole directory that is left out. */
  onSkipped?: (path: string, leftOut: LeftOut) => void;
}

interface Directory {
  /** Inside the folder, empty for the folder itself. */
  path: string;
  absolute: string;
  /** What was said of the directory's own name. */
  ignores: IgnoreRules;
}

interface Listing {
  files: SourceFile[];
  directories: Directory[];
  links: Directory[];
  skipped: { path: string; leftOut: LeftOut }[];
}

/** Files whose attributes are asked for at once. */
const filesAtOnce = 64;
/** Directories that are read ahead of the one whose files are given out. */
const directoriesAhead = 8;

/**
 * Walks the files of one folder that are to be indexed, directories in the order of their names, by names, rules and
 * sizes alone: no file is read. Every file or whole directory that is left out is counted once under its reason; nothing
 * below an ignored directory is looked at.
 *
 * Links to files and to directories elsewhere are followed once, after everything that is really here.
 *
 * @throws the signal's reason when aborted. A directory that can't be read is counted, not thrown.
 */
export class FolderWalk implements AsyncIterable<SourceFile> {
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

  async *[Symbol.asyncIterator](): AsyncGenerator<SourceFile> {
    const limit = this.options.limit ?? Infinity;
    let count = 0;
    const links: Directory[] = [];
    const ignores = await IgnoreRules.above(this.root, this.settings.respectGitignore);
    const pending: Directory[] = [{ path: '', absolute: this.root, ignores }];
    const ahead = new Map<Directory, Promise<Listing>>();
    const listing = (directory: Directory): Promise<Listing> => {
      const known = ahead.get(directory) ?? this.list(directory);
      ahead.set(directory, known);
      return known;
    };
    while (pending.length > 0 || links.length > 0) {
      this.options.signal?.throwIfAborted();
      const directory = pending.pop() ?? (await this.followLink(links.shift()!));
      if (!directory) continue;
      const reading = listing(directory);
      for (const next of pending.slice(-directoriesAhead)) void listing(next);
      const found = await reading;
      ahead.delete(directory);
      for (const { path, leftOut } of found.skipped) this.skip(path, leftOut);
      links.push(...found.links);
      for (let i = found.directories.length - 1; i >= 0; i--) pending.push(found.directories[i]);
      for (const file of found.files) {
        if (count >= limit) {
          this.complete = false;
          return;
        }
        count++;
        yield file;
      }
    }
  }

  /** Never rejects, so that what was read ahead may be left where it is. */
  private async list(directory: Directory): Promise<Listing> {
    const listing: Listing = { files: [], directories: [], links: [], skipped: [] };
    let entries: Dirent[];
    try {
      entries = await readdir(directory.absolute, { withFileTypes: true });
    } catch (error) {
      listing.skipped.push({ path: directory.path, leftOut: { reason: 'unreadable', detail: messageOf(error) } });
      return listing;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const ignores = await directory.ignores.enter(directory.absolute, new Set(entries.map(({ name }) => name)));
    const files: string[] = [];
    for (const entry of entries) {
      const path = directory.path === '' ? entry.name : `${directory.path}/${entry.name}`;
      const absolute = join(directory.absolute, entry.name);
      if (entry.isDirectory()) {
        const leftOut = this.rules.skipDirectory(path, absolute, ignores);
        if (leftOut) listing.skipped.push({ path, leftOut });
        else listing.directories.push({ path, absolute, ignores });
      } else if (entry.isSymbolicLink()) {
        await this.sortLink({ path, absolute, ignores }, files, listing);
      } else if (entry.isFile()) {
        const leftOut = this.rules.skipFile(path, absolute, ignores);
        if (leftOut) listing.skipped.push({ path, leftOut });
        else files.push(path);
      }
    }
    for (let i = 0; i < files.length && !this.options.signal?.aborted; i += filesAtOnce)
      await Promise.all(files.slice(i, i + filesAtOnce).map((path) => this.look(path, listing)));
    // They arrive as the disk answers.
    listing.files.sort((a, b) => (a.path < b.path ? -1 : 1));
    return listing;
  }

  private async sortLink(link: Directory, files: string[], { links, skipped }: Listing): Promise<void> {
    // To git a link is a file, whatever it points to.
    const ignored = this.rules.skipFile(link.path, link.absolute, link.ignores);
    if (ignored?.reason === 'ignored' || ignored?.reason === 'excluded') {
      skipped.push({ path: link.path, leftOut: ignored });
      return;
    }
    try {
      const isDirectory = (await stat(link.absolute)).isDirectory();
      const leftOut = isDirectory ? this.rules.skipDirectory(link.path, link.absolute, link.ignores) : ignored;
      if (leftOut) skipped.push({ path: link.path, leftOut });
      else if (isDirectory) links.push(link);
      else files.push(link.path);
    } catch (error) {
      skipped.push({ path: link.path, leftOut: brokenLink(error) });
    }
  }

  /** A link into the folder, above it, or to where another one led would show the same files again. */
  private async followLink(link: Directory): Promise<Directory | undefined> {
    try {
      const target = await realpath(link.absolute);
      const known = [await realpath(this.root), ...this.linkTargets];
      const shown = known.find((other) => isInside(target, other) || isInside(other, target));
      if (shown !== undefined) {
        this.skip(link.path, { reason: 'symlink-loop', detail: `it leads to ${target}, which is looked at already` });
        return undefined;
      }
      this.linkTargets.push(target);
      return link;
    } catch (error) {
      this.skip(link.path, brokenLink(error));
      return undefined;
    }
  }

  private async look(path: string, { files, skipped }: Listing): Promise<void> {
    try {
      const attributes = await stat(join(this.root, path));
      const { size, mtimeMs } = attributes;
      const leftOut = attributes.isFile() ? this.rules.skipSize(size) : notAFile;
      if (leftOut) skipped.push({ path, leftOut });
      else files.push({ path, size, mtimeMs });
    } catch (error) {
      skipped.push({ path, leftOut: unreadable(path, error) });
    }
  }

  private skip(path: string, leftOut: LeftOut): void {
    this.skipped[leftOut.reason] = (this.skipped[leftOut.reason] ?? 0) + 1;
    this.options.onSkipped?.(path, leftOut);
  }
}

export const notAFile: LeftOut = { reason: 'unreadable', detail: 'it is neither a file nor a folder' };

/** Why a file that is listed can't be looked at. */
export function unreadable(path: string, error: unknown): LeftOut {
  // Node gives names as text: of one that is no UTF-8 only the replacement is left, and no file has that name.
  const detail = path.includes('\ufffd') ? 'its name is not valid UTF-8' : messageOf(error);
  return { reason: 'unreadable', detail };
}

export function brokenLink(error: unknown): LeftOut {
  if ((error as NodeJS.ErrnoException).code === 'ELOOP')
    return { reason: 'symlink-loop', detail: 'it leads to itself' };
  return { reason: 'unreadable', detail: 'it is a link that leads nowhere' };
}

/** What the system says, without the name of the call and the path. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^E[A-Z]+: ([^,]+),/.exec(message)?.[1] ?? message;
}

function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}
