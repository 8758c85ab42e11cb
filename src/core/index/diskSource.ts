import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import type { IndexSettings, SkippedCounts } from '../../shared/space';
import type { DocumentSource, ReadResult, SourceFile } from './documentSource';
import { fileKindOf } from './fileKinds';
import { readDocument } from './readDocument';
import { FolderWalk } from './walk';
import { findFile } from './walkDecision';

/** The documents of a folder on the disk, by the person's settings and ignore files. */
export class DiskSource implements DocumentSource {
  constructor(
    private readonly root: string,
    private readonly settings: IndexSettings,
  ) {}

  /** @throws Error when the folder itself can't be read: a drive that is away must not empty its index. */
  async list(signal: AbortSignal): Promise<{ files: SourceFile[]; skipped: SkippedCounts }> {
    await readdir(this.root).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The folder ${path.basename(this.root)} can't be read (${reason}). Its index is kept as it was.`);
    });
    const walk = new FolderWalk(this.root, this.settings, { signal });
    const files: SourceFile[] = [];
    for await (const file of walk) files.push(file);
    return { files, skipped: { ...walk.skipped } };
  }

  async find(name: string, signal: AbortSignal): Promise<SourceFile[]> {
    const attributes = await stat(path.join(this.root, name)).catch(() => undefined);
    if (attributes?.isDirectory()) {
      // A folder that was moved here comes as one event; only the walk knows the rules of what lies in it.
      const { files } = await this.list(signal);
      return files.filter((file) => file.path.startsWith(`${name}/`));
    }
    const found = await findFile(this.root, this.settings, name);
    return found.indexed ? [{ path: name, size: found.size, mtimeMs: found.mtimeMs }] : [];
  }

  readingOf(): string {
    return '';
  }

  async read(file: string): Promise<ReadResult> {
    const document = await readDocument(path.join(this.root, file), { maxBytes: this.settings.maxFileSizeKb * 1024 });
    if ('skipped' in document) return { read: false, reason: document.skipped };
    const { kind, fileType } = fileKindOf(file);
    const { text } = document;
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
    return { read: true, hash, fileType, documents: [{ text, kind: kind ?? 'plain' }] };
  }
}
