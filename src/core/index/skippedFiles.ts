import * as v from 'valibot';
import { skipReasons } from '../../shared/indexing';
import type { LeftOut } from '../../shared/fileExplanation';
import type { SourceFile } from './documentSource';

/** Files that were read and left out for what is in them, remembered so that they are not read again while they are the same. */
interface SkippedFile {
  size: number;
  mtimeMs: number;
  /** How it was read, see `DocumentSource.readingOf`. */
  reading: string;
  leftOut: LeftOut;
}

/** Kept in one value of the store; more than these are read again. */
const mostRemembered = 50_000;
const metaKey = 'skippedFiles';

const storedSchema = v.array(
  v.object({
    path: v.string(),
    size: v.number(),
    mtimeMs: v.number(),
    reading: v.string(),
    reason: v.picklist(skipReasons),
    detail: v.optional(v.string()),
  }),
);

/** What of the store is needed. */
interface MetaStore {
  getMeta(key: string): string | undefined;
  setMeta(key: string, value: string): void;
}

export class SkippedFiles {
  private readonly files = new Map<string, SkippedFile>();
  private changed = false;

  constructor(private readonly store: MetaStore) {
    for (const { path, size, mtimeMs, reading, ...leftOut } of readStored(store.getMeta(metaKey)))
      this.files.set(path, { size, mtimeMs, reading, leftOut });
  }

  /** Why the file was left out when it was read as it is now; undefined when it must be read. */
  known({ path, size, mtimeMs }: SourceFile, reading: string): LeftOut | undefined {
    const known = this.files.get(path);
    const same = known?.size === size && known.mtimeMs === mtimeMs && known.reading === reading;
    return same ? known.leftOut : undefined;
  }

  note({ path, size, mtimeMs }: SourceFile, reading: string, leftOut: LeftOut): void {
    // What can't be read may be readable the next time, though nothing about it has changed.
    if (leftOut.reason === 'unreadable' || (!this.files.has(path) && this.files.size >= mostRemembered)) return;
    this.files.set(path, { size, mtimeMs, reading, leftOut });
    this.changed = true;
  }

  forget(path: string): void {
    if (this.files.delete(path)) this.changed = true;
  }

  /** Forgets the files that are not there any more. */
  keepOnly(present: ReadonlySet<string>): void {
    for (const path of [...this.files.keys()]) if (!present.has(path)) this.forget(path);
  }

  *entries(): Generator<{ path: string } & LeftOut> {
    for (const [path, { leftOut }] of this.files) yield { path, ...leftOut };
  }

  /** Writes what changed since the last time. */
  save(): void {
    if (!this.changed) return;
    const stored = [...this.files].map(
      ([
        path,
        {
          size,
          mtimeMs,
          reading,
          leftOut: { reason, detail },
        },
      ]) => ({
        path,
        size,
        mtimeMs,
        reading,
        reason,
        detail,
      }),
    );
    this.store.setMeta(metaKey, JSON.stringify(stored));
    this.changed = false;
  }
}

/** A list that can't be read costs a look at these files, nothing else. */
function readStored(text: string | undefined): v.InferOutput<typeof storedSchema> {
  if (text === undefined) return [];
  try {
    return v.parse(storedSchema, JSON.parse(text));
  } catch {
    return [];
  }
}
