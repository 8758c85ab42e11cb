import * as vscode from 'vscode';
import type { Engine } from '../engine';
import type { SpaceController } from './spaceController';

/** The engine makes room for three seconds after each time that it is told. */
const tellEveryMs = 1_000;

/** Tells the engine that the person types while an index is under way, so that the editor has the processor first. */
export function followTyping(
  space: Pick<SpaceController, 'state'>,
  engine: Pick<Engine, 'request'>,
): vscode.Disposable {
  let toldMs = 0;
  return vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (space.state.phase !== 'indexing' || contentChanges.length === 0) return;
    // Output and log documents change by themselves.
    if (document !== vscode.window.activeTextEditor?.document) return;
    const nowMs = Date.now();
    if (nowMs - toldMs < tellEveryMs) return;
    toldMs = nowMs;
    // It is a courtesy: an engine that died meanwhile needs no courtesy.
    engine.request('typing', {}).catch(() => undefined);
  });
}
