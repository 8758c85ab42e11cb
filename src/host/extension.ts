import * as vscode from 'vscode';
import { ChunkOverlay } from './chunks/chunkOverlay';
import type { Command } from './commands/command';
import { registerCommands } from './commands/command';
import { DeleteIndexCommand } from './commands/deleteIndex';
import { EmbedSelectionCommand } from './commands/embedSelection';
import { HideChunksCommand } from './commands/hideChunks';
import { IndexWorkspaceCommand } from './commands/indexWorkspace';
import { LowerSensitivityCommand } from './commands/lowerSensitivity';
import { MarkFineCommand } from './commands/markFine';
import { OpenMapCommand } from './commands/openMap';
import { OpenWalkthroughCommand } from './commands/openWalkthrough';
import { PauseIndexingCommand } from './commands/pauseIndexing';
import { RaiseSensitivityCommand } from './commands/raiseSensitivity';
import { RestartEngineCommand } from './commands/restartEngine';
import { ResumeIndexingCommand } from './commands/resumeIndexing';
import { RetryFailedFilesCommand } from './commands/retryFailedFiles';
import { SearchCommand } from './commands/search';
import { ShowChunksCommand } from './commands/showChunks';
import { ShowEngineInformationCommand } from './commands/showEngineInformation';
import { ShowIndexReportCommand } from './commands/showIndexReport';
import { ShowLogCommand } from './commands/showLog';
import { ShowOnMapCommand } from './commands/showOnMap';
import { ShowSplitEffectCommand } from './commands/showSplitEffect';
import { SplitChunkHereCommand } from './commands/splitChunkHere';
import { SplitInIndexCommand } from './commands/splitInIndex';
import { StopIndexingCommand } from './commands/stopIndexing';
import { WhyIndexedCommand } from './commands/whyIndexed';
import { EngineClient } from './engineClient';
import { EngineMonitor } from './engineMonitor';
import { MapPanel } from './panel/mapPanel';
import { ChunkOpener } from './places/chunkOpener';
import { PlaceTracker } from './places/placeTracker';
import { registerChunkActions } from './quality/chunkActions';
import { ChunkDiagnostics } from './quality/chunkDiagnostics';
import { CutDecorations } from './quality/cutDecorations';
import { KeptMarks } from './quality/keptMarks';
import { followSensitivity } from './quality/sensitivity';
import { SplitEffectDocument } from './quality/splitEffectDocument';
import { SplitEffects } from './quality/splitEffects';
import { registerSplitHover } from './quality/splitHover';
import { IndexReportDocument } from './report/indexReportDocument';
import { registerContextKeys } from './space/contextKeys';
import { affectsEngine, readFolders, readKeepCurrent, readRuntimeSettings } from './space/folderSettings';
import { followOpenFiles } from './space/openFiles';
import { SpaceController } from './space/spaceController';
import { followTyping } from './space/typing';
import { followWorkspace } from './space/workspaceWatcher';
import { startRun } from './startRun';
import { registerStatusBar } from './status/statusBar';

/** What tests inside the editor reach; no promise to other extensions. */
export interface LatentLensApi {
  readonly space: SpaceController;
  readonly panel: MapPanel;
  readonly engine: EngineClient;
  readonly chunks: ChunkOverlay;
  readonly diagnostics: ChunkDiagnostics;
  readonly cuts: CutDecorations;
  readonly commandIds: readonly string[];
}

let client: EngineClient | undefined;

export function activate(context: vscode.ExtensionContext): LatentLensApi {
  const log = vscode.window.createOutputChannel('Latent Lens', { log: true });
  const storageFolder = context.globalStorageUri.fsPath;
  const { version } = context.extension.packageJSON as { version: string };
  const engine = new EngineClient({
    assetsFolder: context.extensionUri.fsPath,
    storageFolder,
    version,
    settings: readRuntimeSettings,
    log: (level, message) => log[level](message),
  });
  client = engine;

  const monitor = new EngineMonitor(engine);
  const space = new SpaceController({
    engine,
    log,
    readFolders,
    keepCurrent: readKeepCurrent,
    memento: context.workspaceState,
    storageFolder,
  });
  const tracker = new PlaceTracker();
  const opener = new ChunkOpener(space, tracker);
  const help = vscode.Uri.joinPath(context.extensionUri, 'media', 'help', 'chunk-quality.md');
  const diagnostics = new ChunkDiagnostics(space, log, help);
  const marks = new KeptMarks(space);
  const effects = new SplitEffects(space);
  const effectDocument = new SplitEffectDocument();
  const cuts = new CutDecorations(context.extensionUri, diagnostics);
  const panel = new MapPanel({
    ...{ extensionUri: context.extensionUri, space, engine: monitor, opener, tracker, log },
    memento: context.workspaceState,
  });
  const report = new IndexReportDocument(space, log);
  const chunks = new ChunkOverlay(engine, space);
  const commands: Command[] = [
    new IndexWorkspaceCommand(space, panel, log),
    new PauseIndexingCommand(space),
    new ResumeIndexingCommand(space),
    new StopIndexingCommand(space),
    new WhyIndexedCommand(space),
    new ShowIndexReportCommand(space, report),
    new RetryFailedFilesCommand(space, report),
    new OpenMapCommand(panel),
    new EmbedSelectionCommand(space, panel),
    new ShowOnMapCommand(space, panel),
    new SearchCommand(space, opener, tracker, panel),
    new ShowChunksCommand(chunks),
    new HideChunksCommand(chunks),
    new SplitChunkHereCommand(diagnostics),
    new SplitInIndexCommand(marks),
    new MarkFineCommand(diagnostics, marks),
    new ShowSplitEffectCommand(diagnostics, effects, effectDocument),
    new LowerSensitivityCommand(space),
    new RaiseSensitivityCommand(space),
    new ShowEngineInformationCommand(engine, log),
    new RestartEngineCommand(engine, space),
    new DeleteIndexCommand(engine, space, storageFolder),
    new ShowLogCommand(log),
    new OpenWalkthroughCommand(context.extension.id),
  ];

  context.subscriptions.push(
    log,
    monitor,
    space,
    tracker,
    opener,
    diagnostics,
    effects,
    effectDocument,
    cuts,
    panel,
    report,
    chunks,
    registerCommands(commands, log),
    registerChunkActions(diagnostics),
    registerSplitHover(diagnostics, effects),
    followSensitivity(space, log),
    registerStatusBar(space, monitor),
    registerContextKeys(space),
    followOpenFiles(space),
    followTyping(space, engine),
    followWorkspace(space, { keepCurrent: readKeepCurrent, log }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      // A stopped engine starts with the settings of then.
      if (affectsEngine(event) && monitor.status !== 'stopped')
        void vscode.commands.executeCommand('latentLens.restartEngine');
    }),
    startRun(space, panel),
  );
  // Whoever opened a space that fails is told by its problem.
  space.openIfStored().catch(() => undefined);
  return { space, panel, engine, chunks, diagnostics, cuts, commandIds: commands.map((command) => command.id) };
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
}
