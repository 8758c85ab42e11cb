import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

const archive = path.resolve(__dirname, '../../../shared/data/workspace-rustbook.tar.gz');

/** Unpacks the Rust book below a folder; undefined where the archive is not beside the checkout. */
export function unpackRustBook(into: string): string | undefined {
  if (!fs.existsSync(archive)) return undefined;
  fs.mkdirSync(into, { recursive: true });
  execFileSync('tar', ['xzf', archive, '-C', into]);
  return path.join(into, 'workspace-rustbook');
}
