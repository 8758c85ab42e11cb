import { DiskSource } from '../core/index/diskSource';
import { chunkIdOf } from '../core/index/points';
import type { LeftOut } from '../shared/fileExplanation';
import type { EngineInfo } from '../shared/engineInfo';
import { skipReasons } from '../shared/indexing';
import type { FolderReport, ReportGroup, SkippedGroup, SpaceReport } from '../shared/spaceReport';
import { nameOf, tokensOf } from './fileExplanation';
import type { Space } from './space';

/** Paths that a report names for each reason. */
const examplesEach = 5;

/**
 * What the index of a space holds, what was left out and why, what failed. Walks the folders again, so that rules are
 * those of now, and reads no file: what was found in files is known from when they were read.
 *
 * @throws Error when a folder can't be read, the signal's reason when aborted
 */
export async function spaceReport(space: Space, engine: EngineInfo, signal: AbortSignal): Promise<SpaceReport> {
  const startMs = performance.now();
  const folders: FolderReport[] = [];
  for (let i = 0; i < space.folderList.length; i++) folders.push(await folderReport(space, i, signal));
  const run = space.indexing.lastReport;
  return {
    folders,
    points: space.points.liveCount,
    modelName: engine.modelName,
    dimensions: engine.dimensions,
    maxTokens: engine.maxTokens,
    runtime: engine.runtime,
    threads: engine.threads,
    tokensPerSecond: engine.tokensPerSecond,
    memoryBytes: engine.memoryBytes,
    lastRun: run && {
      embedded: run.embedded,
      reused: run.reused,
      tokens: run.tokens,
      elapsedMs: run.elapsedMs,
      cancelled: run.cancelled,
    },
    elapsedMs: performance.now() - startMs,
  };
}

async function folderReport(space: Space, position: number, signal: AbortSignal): Promise<FolderReport> {
  const { open, settings } = space.folderList[position];
  const skipped = new SkippedByReason();
  await new DiskSource(open.spec.path, settings).list(signal, (path, leftOut) => skipped.add(path, leftOut));
  for (const { path, ...leftOut } of open.index.skipped.entries()) skipped.add(path, leftOut);

  const byFolder = new Map<string, ReportGroup>();
  const byType = new Map<string, ReportGroup>();
  const total: ReportGroup = { name: '', files: 0, chunks: 0, tokens: 0 };
  let chunksOverLimit = 0;
  for (const file of open.index.files) {
    const slash = file.path.indexOf('/');
    const tokens = tokensOf(space.points, position, file);
    for (const group of [
      total,
      groupNamed(byFolder, slash < 0 ? '' : file.path.slice(0, slash)),
      groupNamed(byType, file.fileType),
    ]) {
      group.files++;
      group.chunks += file.chunks.length;
      group.tokens += tokens;
    }
    for (const { id } of file.chunks) {
      const row = space.points.rowOfChunk(chunkIdOf(position, id));
      if (row !== undefined && (space.points.point(row)?.parts ?? 1) > 1) chunksOverLimit++;
    }
  }
  const errors = (space.indexing.lastReport?.errors ?? []).filter(({ path }) => {
    const prefix = nameOf(space, position, '');
    return path.startsWith(prefix);
  });
  const { store } = open.index;
  return {
    folderUri: open.spec.uri,
    name: open.spec.name,
    path: open.spec.path,
    files: total.files,
    chunks: total.chunks,
    tokens: total.tokens,
    chunksOverLimit,
    byFolder: largestFirst(byFolder),
    byType: largestFirst(byType),
    skipped: skipped.groups(),
    errors: errors.map(({ path, message }) => ({ path: path.slice(nameOf(space, position, '').length), message })),
    storeBytes: store.bytes(),
    storeFile: store.file,
  };
}

function groupNamed(groups: Map<string, ReportGroup>, name: string): ReportGroup {
  const group = groups.get(name) ?? { name, files: 0, chunks: 0, tokens: 0 };
  groups.set(name, group);
  return group;
}

function largestFirst(groups: ReadonlyMap<string, ReportGroup>): ReportGroup[] {
  return [...groups.values()].sort((a, b) => b.chunks - a.chunks || (a.name < b.name ? -1 : 1));
}

class SkippedByReason {
  private readonly byReason = new Map<LeftOut['reason'], SkippedGroup>();

  add(path: string, leftOut: LeftOut): void {
    const { reason } = leftOut;
    const group = this.byReason.get(reason) ?? { reason, count: 0, examples: [] };
    this.byReason.set(reason, group);
    group.count++;
    if (group.examples.length < examplesEach) group.examples.push({ path, ...leftOut });
  }

  /** In the order of the checks. */
  groups(): SkippedGroup[] {
    return skipReasons.flatMap((reason) => this.byReason.get(reason) ?? []);
  }
}
