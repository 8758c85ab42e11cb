/** Writes points as JSON lines: text, place, cluster and coordinates, with vectors where the person asked for them. */
import { createWriteStream, type WriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { finished } from 'node:stream/promises';
import type { ExportedPoints, PointList } from '../shared/mapQuestions';
import type { Space } from './space';

/** Decimals of a vector's values: half a unit of the last is what Float32 can tell near 1. */
const vectorScale = 1e7;
/** The engine's thread is free for others after each so many lines. */
const linesPerTurn = 50;

export interface ExportRequest {
  /** All points when null. */
  points: PointList | null;
  /** What the person chose; replaced as a whole, so that a failure leaves what was there. */
  file: string;
  vectors: boolean;
  signal: AbortSignal;
}

/** @throws Error when the file can't be written; what lay there before is kept. */
export async function exportPoints(space: Space, request: ExportRequest): Promise<ExportedPoints> {
  const { file, signal } = request;
  const partial = `${file}.${process.pid}.part`;
  try {
    const stream = createWriteStream(partial, { flags: 'wx', mode: 0o600 });
    const written = await writeLines(space, request, stream);
    signal.throwIfAborted();
    await fs.rename(partial, file);
    return { ...written, name: path.basename(file) };
  } catch (error) {
    await fs.rm(partial, { force: true });
    if (signal.aborted) throw error;
    throw new Error(
      `The chunks could not be written to ${path.basename(file)}: ${(error as Error).message}. Nothing was changed; choose another place.`,
      { cause: error },
    );
  }
}

async function writeLines(
  space: Space,
  { points, vectors, signal }: ExportRequest,
  stream: WriteStream,
): Promise<{ lines: number; bytes: number }> {
  const closed = finished(stream);
  // Told by the write that waits; a failure between two of them must not end the engine.
  closed.catch(() => undefined);
  let lines = 0;
  try {
    for (const row of points ?? space.points.liveRows()) {
      const line = lineOf(space, row, vectors);
      if (line === undefined) continue;
      lines++;
      const fits = stream.write(`${JSON.stringify(line)}\n`);
      if (!fits) await Promise.race([new Promise<void>((resolve) => stream.once('drain', () => resolve())), closed]);
      else if (lines % linesPerTurn === 0) await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
  } finally {
    stream.end();
    await closed;
  }
  return { lines, bytes: stream.bytesWritten };
}

/** Lines count from 1, as people and compilers count them; coordinates are map units, null for a point off the map. */
function lineOf(space: Space, row: number, withVector: boolean): Record<string, unknown> | undefined {
  const point = space.points.point(row);
  const stored = space.textOf(row);
  if (point === undefined || stored === undefined || point.places.length === 0) return undefined;
  const at = space.map.coordinate(row);
  const places = point.places.map(({ folder, file, chunk }) => ({
    folder: space.folderNames[folder],
    path: file.path,
    startLine: chunk.startLine + 1,
    endLine: chunk.endLine + 1,
    start: chunk.start,
    end: chunk.end,
  }));
  return {
    text: stored.text,
    context: stored.context,
    ...places[0],
    ...(places.length > 1 ? { otherPlaces: places.slice(1) } : {}),
    tokens: point.tokens,
    cluster: space.map.clusters.nameOf(row) ?? null,
    x: at?.x ?? null,
    y: at?.y ?? null,
    ...(withVector
      ? { vector: Array.from(space.points.vector(row), (value) => Math.round(value * vectorScale) / vectorScale) }
      : {}),
  };
}
