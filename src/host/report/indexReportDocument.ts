import * as vscode from 'vscode';
import { isCancelled, messageOf } from '../engine';
import type { SpaceController } from '../space/spaceController';
import { counted } from '../../shared/plainWords';
import { indexReportText, type ReportLink, type ReportText } from '../../shared/indexReportText';

class ReportDocumentLink extends vscode.DocumentLink {
  constructor(readonly of: ReportLink) {
    super(new vscode.Range(of.line, of.start, of.line, of.end));
    this.tooltip = of.fileLine === undefined ? 'Open' : 'Open the rule';
  }
}

/** The index report as a read-only document: its files open by a click, what failed can be tried again from its first line. */
export class IndexReportDocument
  implements
    vscode.TextDocumentContentProvider,
    vscode.DocumentLinkProvider<ReportDocumentLink>,
    vscode.CodeLensProvider,
    vscode.Disposable
{
  private readonly changeEmitter = new vscode.EventEmitter<vscode.Uri>();
  private readonly disposables: vscode.Disposable[];
  private shown: ReportText = { text: '', links: [], errors: 0 };
  private wasIndexing = false;
  private readonly uri: vscode.Uri;
  readonly onDidChange = this.changeEmitter.event;

  constructor(
    private readonly space: SpaceController,
    private readonly log: vscode.LogOutputChannel,
    private readonly scheme = 'latent-lens-report',
  ) {
    this.uri = vscode.Uri.from({ scheme, path: '/Latent Lens Index Report' });
    this.disposables = [
      this.changeEmitter,
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.languages.registerDocumentLinkProvider({ scheme }, this),
      vscode.languages.registerCodeLensProvider({ scheme }, this),
      space.onDidChange(() => this.followRuns()),
    ];
  }

  /** Opens the report, or brings the one that is open up to date and to the front. */
  async show(): Promise<void> {
    await this.refresh();
    const document = await vscode.workspace.openTextDocument(this.uri);
    await vscode.languages.setTextDocumentLanguage(document, 'markdown');
    await vscode.window.showTextDocument(document, { preview: false });
  }

  async refresh(): Promise<void> {
    this.shown = indexReportText(await this.space.request('indexReport', {}));
    this.changeEmitter.fire(this.uri);
  }

  provideTextDocumentContent(): string {
    return this.shown.text;
  }

  provideDocumentLinks(): ReportDocumentLink[] {
    return this.shown.links.map((link) => new ReportDocumentLink(link));
  }

  /** What was left out may be a whole folder, which no editor opens: it is shown in the Explorer. */
  async resolveDocumentLink(link: ReportDocumentLink): Promise<ReportDocumentLink> {
    const { file, fileLine } = link.of;
    const uri = vscode.Uri.file(file);
    const stat = await Promise.resolve(vscode.workspace.fs.stat(uri)).catch(() => undefined);
    link.target =
      stat?.type === vscode.FileType.Directory
        ? vscode.Uri.parse(`command:revealInExplorer?${encodeURIComponent(JSON.stringify([uri]))}`)
        : uri.with({ fragment: fileLine === undefined ? '' : `L${fileLine}` });
    return link;
  }

  provideCodeLenses(): vscode.CodeLens[] {
    const { errors } = this.shown;
    const actions: vscode.Command[] = [{ title: '$(refresh) Refresh', command: 'latentLens.showIndexReport' }];
    if (errors > 0) {
      const title = `$(debug-restart) Retry ${counted(errors, 'failed file')}`;
      actions.push({ title, command: 'latentLens.retryFailedFiles' });
    }
    actions.push({
      title: '$(gear) Settings of the index',
      command: 'workbench.action.openSettings',
      arguments: ['latentLens.index'],
    });
    return actions.map((command) => new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command));
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** A report that is open is renewed when a run has ended. */
  private followRuns(): void {
    const isIndexing = this.space.state.phase === 'indexing';
    const ended = this.wasIndexing && !isIndexing;
    this.wasIndexing = isIndexing;
    if (!ended || !vscode.workspace.textDocuments.some((document) => document.uri.scheme === this.scheme)) return;
    this.refresh().catch((error: unknown) => {
      if (!isCancelled(error)) this.log.warn(`The index report was not renewed: ${messageOf(error)}`);
    });
  }
}
