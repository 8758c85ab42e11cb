import { stepSensitivity } from '../quality/sensitivity';
import type { SpaceController } from '../space/spaceController';
import type { Command } from './command';

export class RaiseSensitivityCommand implements Command {
  readonly id = 'latentLens.raiseSensitivity';

  constructor(private readonly space: SpaceController) {}

  execute(): Promise<void> {
    return stepSensitivity(this.space, 'raise');
  }
}
