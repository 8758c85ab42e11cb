import { stepSensitivity } from '../quality/sensitivity';
import type { SpaceController } from '../space/spaceController';
import type { Command } from './command';

export class LowerSensitivityCommand implements Command {
  readonly id = 'latentLens.lowerSensitivity';

  constructor(private readonly space: SpaceController) {}

  execute(): Promise<void> {
    return stepSensitivity(this.space, 'lower');
  }
}
