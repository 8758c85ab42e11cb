/** Files that the person names: each error is one sentence. */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Undefined also when something above it is a file. @throws Error when it can't be looked at */
export function attributesOf(name: string): fs.Stats | undefined {
  try {
    return fs.statSync(name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Error(`${name} can't be read: ${codeOf(error)}`, { cause: error });
  }
}

/** @returns the folder's real path. @throws Error when there is no such folder */
export function existingFolder(name: string): string {
  const found = attributesOf(name);
  if (found === undefined) throw new Error(`there is no folder ${name}`);
  if (!found.isDirectory()) throw new Error(`${name} is no folder`);
  return fs.realpathSync(name);
}

/** @throws Error when there is no such file */
export function existingFile(name: string): string {
  const found = attributesOf(name);
  if (found === undefined) throw new Error(`there is no file ${name}`);
  if (found.isDirectory()) throw new Error(`${name} is a folder, not a file`);
  return name;
}

/** Asked before the work begins. @throws Error when nothing can be written there */
export function checkWritable(name: string): void {
  if (attributesOf(name)?.isDirectory()) throw new Error(`${name} is a folder, not a file`);
  const folder = path.dirname(path.resolve(name));
  if (attributesOf(folder)?.isDirectory() !== true)
    throw new Error(`${name} can't be written: there is no folder ${folder}`);
  try {
    fs.accessSync(fs.existsSync(name) ? name : folder, fs.constants.W_OK);
  } catch (error) {
    throw new Error(`${name} can't be written: ${codeOf(error)}`, { cause: error });
  }
}

/** @throws Error when it can't be written, such as on a full disk */
export function writeOutput(name: string, content: string | Uint8Array): void {
  try {
    fs.writeFileSync(name, content);
  } catch (error) {
    throw new Error(`${name} can't be written: ${codeOf(error)}`, { cause: error });
  }
}

/** What the system says, without the name of the call and the path. */
export function codeOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^E[A-Z]+: ([^,]+),/u.exec(message)?.[1] ?? message;
}
