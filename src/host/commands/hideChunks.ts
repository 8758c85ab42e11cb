import type { ChunkOverlay } from '../chunks/chunkOverlay';
import type { Command } from './command';

export class HideChunksCommand implements Command {
  readonly id = 'latentLens.hideChunks';

  constructor(private readonly overlay: ChunkOverlay) {}

  execute(): Promise<void> {
    return this.overlay.hide();
  }
}
