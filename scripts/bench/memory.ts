import { EngineClient } from '../../src/host/engineClient';
import type { FolderToOpen } from '../../src/shared/hostEngine';

export interface MemoryBench {
  /** Resident bytes of an engine that has started and opened nothing. */
  idle: number;
  /** The same with the space open, its map sent and a chunk's neighbors listed; no session is open. */
  open: number;
}

/** What a stored index costs in the engine's own process, apart from the sessions that embed. */
export async function benchMemory(
  assetsFolder: string,
  storageFolder: string,
  folder: FolderToOpen,
): Promise<MemoryBench> {
  const client = new EngineClient({
    assetsFolder,
    storageFolder,
    version: 'bench',
    settings: () => ({ runtime: 'auto', threads: 0, nodePath: '' }),
    log: (level, message) => level !== 'info' && console.error(message),
    lingerMs: 500,
  });
  try {
    const { memoryBytes: idle } = await client.request('info', {});
    const { spaceId } = await client.request('openSpace', { folders: [folder] });
    // Waits for the refresh that opening begins.
    await client.request('index', { spaceId, startedByPerson: false });
    const map = await client.request('map', { spaceId });
    await client.request('point', { spaceId, point: map?.point[0] ?? 0, neighbors: 30 });
    await client.request('readings', { spaceId });
    const { memoryBytes: open } = await client.request('info', {});
    return { idle, open };
  } finally {
    await client.dispose();
  }
}
