import type { IndexReportDocument } from '../report/indexReportDocument';
import { ensureIndexed } from '../space/personIndexing';
import type { SpaceController } from '../space/spaceController';
import type { Command } from './command';

export class ShowIndexReportCommand implements Command {
  readonly id = 'latentLens.showIndexReport';

  constructor(
    private readonly space: SpaceController,
    private readonly report: IndexReportDocument,
  ) {}

  async execute(): Promise<void> {
    if (await ensureIndexed(this.space, 'report on')) await this.report.show();
  }
}
