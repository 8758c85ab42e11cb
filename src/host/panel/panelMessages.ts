import * as vscode from 'vscode';
import type { PanelAnswers, PanelRequest, WebviewToHost } from '../../shared/hostWebview';
import { parseWebviewMessage } from '../../shared/hostWebview';
import type { HostToWebview } from '../../shared/hostWebview';
import { isCancelled, messageOf } from '../engine';
import type { ChunkOpener } from '../places/chunkOpener';
import type { PlaceTracker } from '../places/placeTracker';
import type { SpaceController } from '../space/spaceController';
import { askOfMap } from './mapRequests';
import { savePicture } from './savePicture';

export const neighborsShown = 15;
export const searchLimit = 50;

export interface PanelMessageOptions {
  space: Pick<SpaceController, 'request' | 'folders'>;
  opener: Pick<ChunkOpener, 'open'>;
  tracker: Pick<PlaceTracker, 'show'>;
  log: Pick<vscode.LogOutputChannel, 'warn'>;
  post: (message: HostToWebview) => void;
  /** The group in which chunks open, so that the map stays in sight. */
  editorColumn: () => vscode.ViewColumn;
  onReady: () => void;
  onDrawn: (points: number, renderer: 'webgl2' | 'canvas2d') => void;
  onClearSelection: () => void;
  onResults: (results: PanelAnswers['search']) => void;
  onRetry: () => void;
  onState: (state: string) => void;
}

/** Messages that stand for a command of ours. */
const commandOf = {
  startIndexing: 'latentLens.indexWorkspace',
  stopIndexing: 'latentLens.stopIndexing',
  pauseIndexing: 'latentLens.pauseIndexing',
  resumeIndexing: 'latentLens.resumeIndexing',
  showLog: 'latentLens.showLog',
  showEngineInformation: 'latentLens.showEngineInformation',
  deleteIndex: 'latentLens.deleteIndex',
} as const;

/** Acts on what the panel says. The panel is not trusted: what does not parse is dropped, and files open by chunk id alone. */
export class PanelMessages {
  constructor(private readonly options: PanelMessageOptions) {}

  /** Never rejects: failures are told to the panel or the person. */
  async receive(raw: unknown): Promise<void> {
    let message: WebviewToHost;
    try {
      message = parseWebviewMessage(raw);
    } catch (error) {
      this.options.log.warn(`A message that the panel never sends was dropped: ${messageOf(error)}`);
      return;
    }
    try {
      await this.act(message);
    } catch (error) {
      if (!isCancelled(error)) void vscode.window.showErrorMessage(messageOf(error));
    }
  }

  private async act(message: WebviewToHost): Promise<void> {
    const { options } = this;
    switch (message.type) {
      case 'ready':
        return options.onReady();
      case 'drawn':
        return options.onDrawn(message.points, message.renderer);
      case 'clearSelection':
        return options.onClearSelection();
      case 'retry':
        return options.onRetry();
      case 'saveState':
        return options.onState(message.state);
      case 'request':
        return this.answer(message.id, message.request);
      case 'open':
        await options.opener.open(message.chunkId, {
          offset: message.offset,
          preview: message.preview,
          viewColumn: options.editorColumn(),
        });
        return;
      case 'openSettings':
        await vscode.commands.executeCommand('workbench.action.openSettings', 'latentLens');
        return;
      case 'startIndexing':
      case 'stopIndexing':
      case 'pauseIndexing':
      case 'resumeIndexing':
      case 'showLog':
      case 'showEngineInformation':
      case 'deleteIndex':
        await vscode.commands.executeCommand(commandOf[message.type]);
        return;
    }
  }

  private async answer(id: number, request: PanelRequest): Promise<void> {
    try {
      const value = await this.ask(request);
      this.options.post({ type: 'response', id, ok: true, value });
    } catch (error) {
      this.options.post({ type: 'response', id, ok: false, message: messageOf(error) });
    }
  }

  private async ask(request: PanelRequest): Promise<PanelAnswers[PanelRequest['method']]> {
    const { space, tracker } = this.options;
    switch (request.method) {
      case 'point': {
        const detail = await space.request('point', { point: request.point, neighbors: neighborsShown });
        if (detail)
          tracker.show([detail, ...detail.places.map((place) => ({ place, text: detail.text })), ...detail.neighbors]);
        return detail;
      }
      case 'excerpts':
        return space.request('excerpts', { points: request.points });
      case 'search': {
        const results = await space.request('search', { query: request.query, limit: searchLimit });
        tracker.show(results.hits);
        this.options.onResults(results);
        return results;
      }
      case 'pointAt':
        return space.request('pointAt', { folderUri: request.folderUri, path: request.path, offset: request.offset });
      case 'readings':
        return space.request('readings', {});
      case 'relayout': {
        const { method: _, layout, ...settings } = request;
        return space.request('relayout', { method: layout, ...settings });
      }
      case 'stopLayout':
        return space.request('stopLayout', {});
      case 'quality': {
        const warnings = await space.request('quality', { kinds: request.kinds });
        tracker.show(warnings);
        return warnings;
      }
      case 'splitEffect': {
        const effect = await space.request('splitEffect', { point: request.point });
        if (effect) tracker.show([...effect.before.neighbors, ...effect.after.neighbors]);
        return effect;
      }
      case 'pointHonesty':
        return space.request('pointHonesty', { point: request.point });
      case 'savePicture':
        return savePicture(request.format, request.data, space.folders[0]?.folder);
      default:
        return askOfMap(request, { space, tracker });
    }
  }
}
