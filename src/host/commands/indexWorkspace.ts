import * as vscode from 'vscode';
import type { IndexReport } from '../../shared/indexing';
import type { MapPanel } from '../panel/mapPanel';
import { indexForPerson } from '../space/personIndexing';
import type { SpaceController } from '../space/spaceController';
import { counted, duration } from '../../shared/plainWords';
import type { Command } from './command';

export class IndexWorkspaceCommand implements Command {
  readonly id = 'latentLens.indexWorkspace';

  constructor(
    private readonly space: SpaceController,
    private readonly panel: MapPanel,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  async execute(): Promise<IndexReport | undefined> {
    const report = await indexForPerson(this.space);
    if (report) this.tell(report);
    return report;
  }

  private tell(report: IndexReport): void {
    const skipped = Object.entries(report.skipped).map(([reason, files]) => `${files} ${reason}`);
    this.log.info(
      `Indexed ${counted(report.files, 'file')}, ${counted(report.chunks, 'chunk')}: ${report.embedded} embedded, ${report.reused} reused, ${duration(report.elapsedMs / 1000)}, ${report.runtime}. Left out: ${skipped.join(', ') || 'nothing'}.`,
    );
    for (const { path, message } of report.errors) this.log.warn(`${path}: ${message}`);
    if (report.cancelled || this.panel.isOpen) return;
    const errors =
      report.errors.length > 0
        ? ` ${counted(report.errors.length, 'file')} could not be read; the log names them.`
        : '';
    void vscode.window
      .showInformationMessage(
        `${counted(report.chunks, 'chunk')} of ${counted(report.files, 'file')} are indexed.${errors}`,
        'Open Latent Map',
      )
      .then((answer) => answer && this.panel.show());
  }
}
