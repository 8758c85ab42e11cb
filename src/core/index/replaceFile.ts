import * as fs from 'node:fs';
import * as path from 'node:path';

/** Writes a file as a whole: whoever reads it gets what was there before or what is there now, never a part. */
export function replaceFile(file: string, content: string | Uint8Array): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.draft`;
  try {
    fs.writeFileSync(draft, content);
    fs.renameSync(draft, file);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  }
}
