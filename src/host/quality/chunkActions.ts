import * as vscode from 'vscode';
import type { ChunkDiagnostics, FlaggedPassage } from './chunkDiagnostics';
import { splitHere, type SplitEdit } from './splitHere';
import { codeOf, titleOf } from './warningText';
import { targetOf } from './warningTarget';

const splitTitles: Record<SplitEdit['kind'], (title: string) => string> = {
  heading: (title) => `Split here: insert the heading “${title}”`,
  'blank-line': () => 'Split here: insert a blank line',
  comment: (title) => `Split here: insert a blank line and the comment “${title}”`,
};

/** Quick fixes of our warnings. Those that change text say all that they insert, and are one undo step. */
export function registerChunkActions(diagnostics: ChunkDiagnostics): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    [{ scheme: 'file' }, { scheme: 'untitled' }],
    {
      provideCodeActions: (document, _range, context) =>
        context.diagnostics.flatMap((diagnostic) => {
          if (codeOf(diagnostic) === undefined) return [];
          const passage = diagnostics.passageOf(document, diagnostic);
          return passage === undefined ? [] : actionsFor(document, diagnostic, passage);
        }),
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

function actionsFor(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  passage: FlaggedPassage,
): vscode.CodeAction[] {
  const { warning, cut } = passage;
  const action = (title: string, command: string, argument?: unknown): vscode.CodeAction => {
    const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    made.command = { title, command, arguments: argument === undefined ? [] : [argument] };
    made.diagnostics = [diagnostic];
    return made;
  };
  const target = targetOf(document, passage);
  const actions: vscode.CodeAction[] = [];
  const isMixed = warning.kind === 'mixed-topics' && cut !== undefined;
  // Where a heading stands already, none is inserted.
  const heading = isMixed ? warning.mixed.heading : undefined;
  if (isMixed && heading === undefined && !warning.place.extracted) {
    const title = titleOf(warning.mixed.after);
    const split = splitHere(document.getText(), cut, title, document.languageId);
    if (split) {
      const made = new vscode.CodeAction(splitTitles[split.kind](title), vscode.CodeActionKind.QuickFix);
      made.edit = splitEdit(document, split);
      made.diagnostics = [diagnostic];
      actions.push(made);
    }
  }
  if (target) {
    if (isMixed) actions.push(action('Split the chunk in the index only', 'latentLens.splitInIndex', target));
    if (isMixed && target.point >= 0)
      actions.push(action('Show what splitting would change', 'latentLens.showSplitEffect', target));
    actions.push(action('Mark as fine', 'latentLens.markFine', target));
  }
  if (warning.point >= 0) actions.push(action('Show on Latent Map', 'latentLens.showOnMap', warning.point));
  if (heading !== undefined) {
    actions.push(action('Change how documents are chunked', 'workbench.action.openSettings', 'latentLens.chunking'));
  } else if (isMixed) {
    actions.push(action('Lower the sensitivity: flag fewer chunks', 'latentLens.lowerSensitivity'));
    actions.push(action('Raise the sensitivity: flag more chunks', 'latentLens.raiseSensitivity'));
  }
  return actions;
}

/** One edit, the title selected to be renamed. */
export function splitEdit(
  document: vscode.TextDocument,
  { start, end, before, title, after }: SplitEdit,
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  if (title === '') {
    edit.set(document.uri, [vscode.TextEdit.replace(range, before + after)]);
    return edit;
  }
  // The editor would otherwise indent the lines like the one that they are put into.
  const snippet = new vscode.SnippetString()
    .appendText(before)
    .appendPlaceholder((placeholder) => placeholder.appendText(title))
    .appendText(after);
  const snippetEdit = new vscode.SnippetTextEdit(range, snippet);
  snippetEdit.keepWhitespace = true;
  edit.set(document.uri, [snippetEdit]);
  return edit;
}
