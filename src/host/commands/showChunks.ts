import type { ChunkOverlay } from '../chunks/chunkOverlay';
import type { Command } from './command';

/** Shows in every editor where its document is cut into chunks. */
export class ShowChunksCommand implements Command {
  readonly id = 'latentLens.showChunks';

  constructor(private readonly overlay: ChunkOverlay) {}

  execute(): Promise<void> {
    return this.overlay.show();
  }
}
