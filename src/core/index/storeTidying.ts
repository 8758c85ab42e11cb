/**
 * Keeps a store small: drops the vectors that nobody has used for longest, and joins blocks that are small or full of
 * gaps. Vectors without a chunk are kept for text that may come back: as many as there are live ones, so that a branch
 * switched to and fro is embedded once.
 */
import {
  DamagedBlockError,
  entriesPerBlock,
  packIntegers,
  unpackBlock,
  unpackIntegers,
  type EmbeddingEntry,
  type PackedBlock,
} from './embeddingBlocks';
import type { StoreDatabase } from './storeDatabase';
import { insertBlocks } from './storeSchema';

const orphansKeptShare = 1;
const orphansKeptLeast = 2000;
/** Dropped in one transaction: a few milliseconds. */
const droppedAtOnce = 256;

interface BlockIds {
  first: number;
  ids: Int32Array;
}

/**
 * One transaction a step, so that others get their turn between them.
 * @param live ids of the embeddings that chunks have
 * @returns how many vectors were dropped
 */
export function* tidyStore(
  database: StoreDatabase,
  dimensions: number,
  live: ReadonlySet<number>,
): Generator<void, number> {
  const blocks = database
    .all<{ first: number; ids: Uint8Array }>('SELECT first, ids FROM blocks ORDER BY first')
    .map(({ first, ids }): BlockIds => ({ first, ids: unpackIntegers(ids) }));
  yield;
  const dropped = excessOrphans(database, blocks, live);
  for (let from = 0; from < dropped.length; from += droppedAtOnce) {
    yield;
    const some = dropped.slice(from, from + droppedAtOnce);
    database.transaction(() => {
      for (const id of some) database.run('DELETE FROM embeddings WHERE id = ?', [id]);
    });
  }
  const gone = new Set(dropped);
  for (const group of blocksToJoin(blocks, gone)) {
    yield;
    joinBlocks(database, dimensions, group, gone);
  }
  return dropped.length;
}

/** Notes which embeddings have no chunk (any more), and tells those that are too many, longest unused first. */
function excessOrphans(database: StoreDatabase, blocks: readonly BlockIds[], live: ReadonlySet<number>): number[] {
  const before = new Map<number, number>();
  let lastPass = 0;
  for (const { pass, ids } of database.all<{ pass: number; ids: Uint8Array }>('SELECT pass, ids FROM orphans')) {
    lastPass = Math.max(lastPass, pass);
    for (const id of unpackIntegers(ids)) before.set(id, pass);
  }
  const orphans: { id: number; pass: number }[] = [];
  for (const { ids } of blocks)
    for (const id of ids) if (!live.has(id)) orphans.push({ id, pass: before.get(id) ?? lastPass + 1 });
  orphans.sort((a, b) => a.pass - b.pass || a.id - b.id);
  const allowed = Math.max(orphansKeptLeast, Math.floor(live.size * orphansKeptShare));
  const excess = orphans.splice(0, Math.max(0, orphans.length - allowed));
  if (orphans.length !== before.size || orphans.some(({ id }) => !before.has(id))) {
    const byPass = new Map<number, number[]>();
    for (const { id, pass } of orphans) {
      const ids = byPass.get(pass);
      if (ids === undefined) byPass.set(pass, [id]);
      else ids.push(id);
    }
    database.transaction(() => {
      database.exec('DELETE FROM orphans');
      for (const [pass, some] of byPass)
        database.run('INSERT INTO orphans (pass, ids) VALUES (?, ?)', [pass, packIntegers(some)]);
    });
  }
  return excess.map(({ id }) => id);
}

/** Neighbors that fit into one block together, where that saves a block or drops what is gone. */
function* blocksToJoin(blocks: readonly BlockIds[], gone: ReadonlySet<number>): Generator<BlockIds[]> {
  let group: BlockIds[] = [];
  let kept = 0;
  let hasGaps = false;
  const isWorthwhile = (): boolean => group.length > 1 || hasGaps;
  for (const block of blocks) {
    const left = block.ids.reduce((sum, id) => sum + (gone.has(id) ? 0 : 1), 0);
    if (group.length > 0 && kept + left > entriesPerBlock) {
      if (isWorthwhile()) yield group;
      [group, kept, hasGaps] = [[], 0, false];
    }
    group.push(block);
    kept += left;
    hasGaps ||= left < block.ids.length;
  }
  if (isWorthwhile()) yield group;
}

function joinBlocks(
  database: StoreDatabase,
  dimensions: number,
  blocks: readonly BlockIds[],
  gone: ReadonlySet<number>,
): void {
  let entries: EmbeddingEntry[];
  try {
    entries = blocks.flatMap(({ first }) => {
      const packed = database.get<PackedBlock>('SELECT ids, entries, vectors FROM blocks WHERE first = ?', [first]);
      return packed === undefined ? [] : unpackBlock(packed, dimensions).filter(({ id }) => !gone.has(id));
    });
  } catch (error) {
    // Whoever opens the store next forgets a damaged block and embeds its texts again.
    if (error instanceof DamagedBlockError) return;
    throw error;
  }
  database.transaction(() => {
    for (const { first } of blocks) database.run('DELETE FROM blocks WHERE first = ?', [first]);
    insertBlocks(database, entries, dimensions);
  });
}
