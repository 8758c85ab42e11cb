/** Opens the stored indexes of folders, one owner each, and knows where all of them lie. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { KeptMarksFile } from '../core/index/keptMarksFile';
import { FolderIndex } from '../core/index/folderIndex';
import type { SetAside } from '../core/index/store';
import type { FolderSpec, StoredIndex } from '../shared/indexing';
import { Lease, LeaseHeldError } from './lease';
import { cannotOpenNote } from './storeNotes';

const aboutFile = 'about.json';

/** What a folder's store is about, beside the store, so that a list of all indexes opens none of them. */
const aboutSchema = v.object({
  folderUri: v.string(),
  path: v.string(),
  files: v.number(),
  chunks: v.number(),
  modelName: v.string(),
});

export interface OpenFolder {
  spec: FolderSpec;
  index: FolderIndex;
  /** What people decided about single chunks. */
  marks: KeptMarksFile;
  /** Store folder: everything that Delete Index removes. */
  storeFolder: string;
  setAside: SetAside | undefined;
  /** How far runs over the whole folder have come: one that is 'started' is continued by itself, one that was stopped is not. */
  runState: RunState;
  /** The person's pause: nothing is embedded for this folder until it is resumed, also after a restart. */
  paused: boolean;
  /** Runs one update at a time, in order. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Writes the figures that the list of all indexes shows. */
  describe(): void;
}

export type RunState = 'none' | 'started' | 'stopped' | 'complete';

interface Held {
  open: OpenFolder;
  lease: Lease;
  users: number;
}

export interface ModelIdentity {
  fingerprint: string;
  name: string;
  dimensions: number;
}

export class FolderStores {
  private readonly held = new Map<string, Held>();

  /** @param storeFile where a folder's store lies when the person named it (command line); else below `root`. */
  constructor(
    private readonly root: string,
    private readonly model: ModelIdentity,
    private readonly storeFile?: string,
  ) {}

  /** @throws Error that says who holds the store, or that it can't be written */
  open(spec: FolderSpec): OpenFolder {
    const held = this.held.get(spec.uri);
    if (held !== undefined) {
      held.users++;
      return held.open;
    }
    const file = this.storeFile ?? path.join(this.folderOf(spec.uri), `${this.model.fingerprint}.db`);
    const storeFolder = path.dirname(file);
    let lease: Lease;
    try {
      fs.mkdirSync(storeFolder, { recursive: true });
      lease = Lease.acquire(`${file}.lease`);
    } catch (error) {
      if (error instanceof LeaseHeldError) {
        throw new Error(
          `The index of ${spec.name} is in use by another process (${error.owner?.pid ?? 'unknown'}). Nothing was changed; close that one and try again.`,
        );
      }
      throw new Error(
        `The index of ${spec.name} can't be opened: ${(error as Error).message}. Check that ${storeFolder} can be written.`,
      );
    }
    try {
      const identity = {
        folderUri: spec.uri,
        folderPath: spec.path,
        modelFingerprint: this.model.fingerprint,
        modelName: this.model.name,
        dimensions: this.model.dimensions,
      };
      const { index, setAside } = FolderIndex.open(file, identity);
      const { store } = index;
      const open: OpenFolder = {
        spec,
        index,
        marks: new KeptMarksFile(spec.path),
        storeFolder,
        setAside,
        get runState(): RunState {
          return (store.getMeta('run') ?? 'none') as RunState;
        },
        set runState(state) {
          store.setMeta('run', state);
        },
        get paused(): boolean {
          return store.getMeta('paused') === 'yes';
        },
        set paused(paused) {
          store.setMeta('paused', paused ? 'yes' : 'no');
        },
        exclusively: takeTurns(),
        describe: () => this.describe(spec, index, storeFolder),
      };
      this.held.set(spec.uri, { open, lease, users: 1 });
      return open;
    } catch (error) {
      lease.release();
      throw new Error(cannotOpenNote(spec.name, storeFolder, (error as Error).message));
    }
  }

  close(spec: FolderSpec): void {
    const held = this.held.get(spec.uri);
    if (held === undefined || --held.users > 0) return;
    this.held.delete(spec.uri);
    try {
      held.open.describe();
      held.open.index.store.close();
    } finally {
      held.lease.release();
    }
  }

  closeAll(): void {
    for (const held of [...this.held.values()]) {
      held.users = 1;
      this.close(held.open.spec);
    }
  }

  isOpen(folderUri: string): boolean {
    return this.held.has(folderUri);
  }

  /** Removes the stored index of a folder that is not open. @returns bytes freed */
  delete(folderUri: string): number {
    const folder = this.folderOf(folderUri);
    const bytes = bytesBelow(folder);
    fs.rmSync(folder, { recursive: true, force: true });
    return bytes;
  }

  list(): StoredIndex[] {
    const indexes = path.join(this.root, 'indexes');
    if (!fs.existsSync(indexes)) return [];
    for (const { open } of this.held.values()) open.describe();
    return fs.readdirSync(indexes).flatMap((name) => {
      const folder = path.join(indexes, name);
      const about = readAbout(path.join(folder, aboutFile));
      if (about === undefined) return [];
      return [{ ...about, bytes: bytesBelow(folder), folderExists: fs.existsSync(pathOf(about)) }];
    });
  }

  private folderOf(folderUri: string): string {
    return path.join(this.root, 'indexes', createHash('sha256').update(folderUri).digest('hex').slice(0, 24));
  }

  private describe(spec: FolderSpec, index: FolderIndex, storeFolder: string): void {
    if (this.storeFile !== undefined) return;
    const about = {
      folderUri: spec.uri,
      path: spec.path,
      files: index.fileCount,
      chunks: index.chunkCount,
      modelName: this.model.name,
    };
    fs.writeFileSync(path.join(storeFolder, aboutFile), `${JSON.stringify(about)}\n`);
  }
}

/** A queue of one: work begins when all that was given before has ended. */
function takeTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

function readAbout(file: string): v.InferOutput<typeof aboutSchema> | undefined {
  try {
    return v.parse(aboutSchema, JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function pathOf(about: { folderUri: string; path: string }): string {
  return about.folderUri.startsWith('file:') ? fileURLToPath(about.folderUri) : about.path;
}

function bytesBelow(folder: string): number {
  let bytes = 0;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile())
      bytes += fs.statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
