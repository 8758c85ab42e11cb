import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DiskSource } from '../../../src/core/index/diskSource';
import { FolderWalk, type WalkOptions } from '../../../src/core/index/walk';
import { findFile } from '../../../src/core/index/walkDecision';
import type { LeftOut } from '../../../src/shared/fileExplanation';
import type { IndexSettings, SkippedCounts } from '../../../src/shared/indexing';
import { defaultIndexSettings } from '../../../src/shared/indexDefaults';

export const defaultSettings: IndexSettings = { ...defaultIndexSettings, maxFileSizeKb: 64 };

/** A folder with these files, removed by `remove`. */
export function temporaryFolder(files: Record<string, string | Uint8Array>): { root: string; remove: () => void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'latent-lens-walk-')));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export async function walked(
  root: string,
  settings: Partial<IndexSettings> = {},
  options: WalkOptions = {},
): Promise<{ paths: string[]; skipped: SkippedCounts; complete: boolean }> {
  const walk = new FolderWalk(root, { ...defaultSettings, ...settings }, options);
  const paths: string[] = [];
  for await (const file of walk) paths.push(file.path);
  return { paths, skipped: walk.skipped, complete: walk.complete };
}

/** Globs as the person's own setting has them. */
export function excluding(...globs: string[]): IndexSettings['exclude'] {
  return globs.map((glob) => ({ glob, setting: 'latentLens.index.exclude' }));
}

/** What is said of one file, by its name as by what is in it: its type, or why it is left out and where the rule met. */
export async function decided(
  root: string,
  path: string,
  settings: Partial<IndexSettings> = {},
): Promise<{ fileType: string } | (LeftOut & { at: string })> {
  const found = await findFile(root, { ...defaultSettings, ...settings }, path);
  if (!found.indexed) return { ...found.leftOut, at: found.at };
  const read = await new DiskSource(root, { ...defaultSettings, ...settings }).read(path);
  return read.read ? { fileType: read.fileType } : { ...read, at: path };
}
