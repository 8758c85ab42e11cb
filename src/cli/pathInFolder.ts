import * as fs from 'node:fs';
import * as path from 'node:path';

/** The path inside the folder, whether it was given from there or from where the person stands. */
export function pathInFolder(folder: string, given: string): string {
  const absolute = path.resolve(given);
  const inner = fs.existsSync(absolute) ? path.relative(folder, fs.realpathSync(absolute)) : given;
  const outside = inner === '..' || inner.startsWith(`..${path.sep}`) || path.isAbsolute(inner);
  return path
    .normalize(outside ? given : inner)
    .split(path.sep)
    .join('/');
}
