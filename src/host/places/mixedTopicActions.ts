import * as vscode from 'vscode';
import { mixedTopicsCode, type MixedTopicDiagnostics } from './mixedTopicDiagnostics';

/**
 * The way from a mixed-topic warning to the map: a quick fix, as links of diagnostics may no longer run commands
 * (microsoft/vscode#329652).
 */
export function registerMixedTopicActions(diagnostics: MixedTopicDiagnostics): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    { scheme: 'file' },
    {
      provideCodeActions: (document, _range, context) =>
        context.diagnostics.flatMap((diagnostic) => {
          if (diagnostic.code !== mixedTopicsCode) return [];
          const point = diagnostics.pointOf(document, diagnostic);
          if (point === undefined) return [];
          const title = 'Show on Latent Map';
          const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
          action.command = { title, command: 'latentLens.showOnMap', arguments: [point] };
          action.diagnostics = [diagnostic];
          return [action];
        }),
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}
