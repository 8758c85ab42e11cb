import type { MapPanel } from '../panel/mapPanel';
import type { Command } from './command';

export class OpenMapCommand implements Command {
  readonly id = 'latentLens.openMap';

  constructor(private readonly panel: MapPanel) {}

  async execute(): Promise<void> {
    this.panel.show();
  }
}
