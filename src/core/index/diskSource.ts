import { createHash } from 'node:crypto';
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

  async list(signal: AbortSignal): Promise<{ files: SourceFile[]; skipped: SkippedCounts }> {
    const walk = new FolderWalk(this.root, this.settings, { signal });
    const files: SourceFile[] = [];
    for await (const file of walk) files.push(file);
    return { files, skipped: { ...walk.skipped } };
  }

  async find(file: string): Promise<SourceFile | undefined> {
    const found = await findFile(this.root, this.settings, file);
    return found.indexed ? { path: file, size: found.size, mtimeMs: found.mtimeMs } : undefined;
  }

  async read(file: string): Promise<ReadResult> {
    const document = await readDocument(path.join(this.root, file), { maxBytes: this.settings.maxFileSizeKb * 1024 });
    if ('skipped' in document) return { read: false, reason: document.skipped };
    const { kind, fileType } = fileKindOf(file);
    const hash = createHash('sha256').update(document.text).digest('hex').slice(0, 32);
    return { read: true, text: document.text, hash, kind: kind ?? 'plain', fileType };
  }
}
