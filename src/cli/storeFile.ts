import * as fs from 'node:fs';
import * as path from 'node:path';
import { attributesOf } from './files';

/** What the tables of an index are called in the file itself. */
const sign = 'CREATE TABLE embeddings';
const sqliteHeader = 'SQLite format 3\0';

/**
 * The store that the person named with `--store`. A file that is no index is refused here, as the store itself would
 * take it for a damaged index and set it aside, or write its tables into somebody else's database.
 * @throws Error that says that nothing was changed
 */
export function namedStore(name: string): string {
  const file = path.resolve(name);
  const folder = path.dirname(file);
  if (attributesOf(folder)?.isDirectory() === false)
    throw new Error(`--store ${name} can't be: ${folder} is no folder`);
  const found = attributesOf(file);
  if (found?.isDirectory()) throw new Error(`--store takes a file; ${name} is a folder`);
  if (found === undefined || found.size === 0) return file;
  const head = beginning(file, 16 * 1024);
  const isIndex =
    head.startsWith(sqliteHeader) &&
    // The tables of an index whose process was killed may still be in its log.
    (head.includes(sign) || beginning(`${file}-wal`, 1024 * 1024).includes(sign));
  if (!isIndex) throw new Error(`${name} is no index of Latent Lens; nothing was changed, choose another file`);
  return file;
}

function beginning(file: string, bytes: number): string {
  if (!fs.existsSync(file)) return '';
  const descriptor = fs.openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.toString('latin1', 0, fs.readSync(descriptor, buffer, 0, bytes, 0));
  } finally {
    fs.closeSync(descriptor);
  }
}
