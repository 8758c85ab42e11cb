import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { Minimatch } from 'minimatch';
import type { LeftOut } from '../../shared/fileExplanation';
import type { IndexSettings, SkippedCounts } from '../../shared/indexing';
import type { DocumentSource, ReadResult, SourceFile } from './documentSource';
import { extractionOf, fileDocuments } from './fileDocuments';
import { fileKindOf } from './fileKinds';
import { generatedSign } from './generatedContent';
import { readText, type ReadText } from './readText';
import { FolderWalk } from './walk';
import { findFile } from './walkDecision';

/** The documents of a folder on the disk, by the person's settings and ignore files. */
export class DiskSource implements DocumentSource {
  private readonly encodings: { matches: (path: string) => boolean; encoding: string }[];

  constructor(
    private readonly root: string,
    private readonly settings: IndexSettings,
  ) {
    const options = { dot: true, noext: true, nonegate: true, nocomment: true, matchBase: true, nocase: true };
    this.encodings = settings.encodings.map(({ glob, encoding }) => {
      const pattern = new Minimatch(glob, options);
      return { matches: (name: string) => pattern.match(name), encoding };
    });
  }

  /**
   * @param onSkipped told of every file or whole folder that is left out by its name, its size or a rule
   * @throws Error when the folder itself can't be read: a drive that is away must not empty its index.
   */
  async list(
    signal: AbortSignal,
    onSkipped?: (path: string, leftOut: LeftOut) => void,
  ): Promise<{ files: SourceFile[]; skipped: SkippedCounts }> {
    await readdir(this.root).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The folder ${path.basename(this.root)} can't be read (${reason}). Its index is kept as it was.`);
    });
    const walk = new FolderWalk(this.root, this.settings, { signal, onSkipped });
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
    return found.indexed ? [found.file] : [];
  }

  readingOf(file: string): string {
    const encoding = this.encodingOf(file);
    return [encoding === 'utf8' ? '' : encoding, extractionOf(file)].filter((part) => part !== '').join(' ');
  }

  async read(file: string): Promise<ReadResult> {
    const read = await this.readText(file);
    if ('leftOut' in read) return { read: false, ...read.leftOut };
    const { text, encoding } = read;
    const { kind, fileType, shape } = fileKindOf(file);
    // The person's own globs take generated files too.
    const judged = this.settings.include.length === 0 && shape === undefined;
    const generated = judged ? generatedSign(text, kind ?? 'plain', file) : undefined;
    if (generated) return { read: false, ...generated };
    const documents = fileDocuments(text, file);
    if (!Array.isArray(documents)) return { read: false, ...documents };
    return { read: true, hash: hashOf(text), fileType, encoding, documents };
  }

  /** The whole text of a file as it was when its chunks were cut; undefined when it is another one now. */
  async sourceText(file: string, hash: string): Promise<string | undefined> {
    const read = await this.readText(file);
    return 'text' in read && hashOf(read.text) === hash ? read.text : undefined;
  }

  private readText(file: string): Promise<ReadText> {
    const maxBytes = this.settings.maxFileSizeKb * 1024;
    return readText(path.join(this.root, file), { maxBytes, encoding: this.encodingOf(file) });
  }

  /** `files.encoding` for a file of this name. */
  private encodingOf(file: string): string {
    return this.encodings.findLast(({ matches }) => matches(file))?.encoding ?? this.settings.encoding;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
