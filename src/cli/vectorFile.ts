import * as fs from 'node:fs';
import * as os from 'node:os';
import { existingFile } from './files';

/** Read at a time: one call may not read 2 GB or more. */
const readBytes = 64 * 1024 * 1024;

/**
 * Raw little-endian float32, n x dimensions, L2-normalised here if they are not, as all similarities are cosines.
 * @returns in shared memory
 * @throws Error when the file is no whole number of vectors or holds a value that is no number
 */
export function readVectors(name: string, dimensions: number): Float32Array {
  const file = existingFile(name);
  const size = fs.statSync(file).size;
  if (size === 0) throw new Error(`${file} is empty`);
  if (size % (dimensions * 4) !== 0) {
    throw new Error(
      `${file} has ${size} bytes, which is no whole number of vectors of ${dimensions} float32 values (${dimensions * 4} bytes each)`,
    );
  }
  const bytes = new Uint8Array(new SharedArrayBuffer(size));
  const descriptor = fs.openSync(file, 'r');
  try {
    for (let at = 0; at < size;) {
      const read = fs.readSync(descriptor, bytes, at, Math.min(readBytes, size - at), at);
      if (read === 0) throw new Error(`${file} became shorter while it was read`);
      at += read;
    }
  } finally {
    fs.closeSync(descriptor);
  }
  if (os.endianness() === 'BE') Buffer.from(bytes.buffer).swap32();
  const vectors = new Float32Array(bytes.buffer);
  for (let start = 0; start < vectors.length; start += dimensions) {
    let squares = 0;
    for (let d = start; d < start + dimensions; d++) squares += vectors[d] * vectors[d];
    if (!Number.isFinite(squares))
      throw new Error(`vector ${start / dimensions + 1} of ${file} holds a value that is no number`);
    if (squares === 0 || Math.abs(squares - 1) < 1e-6) continue;
    const scale = 1 / Math.sqrt(squares);
    for (let d = start; d < start + dimensions; d++) vectors[d] *= scale;
  }
  return vectors;
}
