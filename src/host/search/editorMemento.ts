import * as vscode from 'vscode';

interface TextView {
  selections: readonly vscode.Selection[];
  visible: vscode.Range | undefined;
}

/** The editor that was open before a preview, so that taking the preview back gives it back as it was. */
export class EditorMemento {
  private constructor(
    private readonly tab: vscode.Tab | undefined,
    private readonly viewColumn: vscode.ViewColumn | undefined,
    private readonly view: TextView | undefined,
    private readonly tabsBefore: ReadonlySet<string>,
  ) {}

  static capture(): EditorMemento {
    const group = vscode.window.tabGroups.activeTabGroup;
    const editor = vscode.window.activeTextEditor;
    const view = editor && { selections: editor.selections, visible: editor.visibleRanges[0] };
    const tabsBefore = new Set(vscode.window.tabGroups.all.flatMap((each) => each.tabs.map(tabKey)));
    return new EditorMemento(group.activeTab, group.viewColumn, view, tabsBefore);
  }

  /** Where a preview replaces nothing but what is restored. */
  get column(): vscode.ViewColumn | undefined {
    return this.viewColumn;
  }

  /** Closes previews of `previewed` that were not open before, and shows the editor that was, where it was. */
  async restore(previewed: readonly vscode.Uri[]): Promise<void> {
    const uris = new Set(previewed.map((uri) => uri.toString()));
    const opened = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(
        (tab) =>
          tab.input instanceof vscode.TabInputText &&
          uris.has(tab.input.uri.toString()) &&
          !tab.isDirty &&
          !this.tabsBefore.has(tabKey(tab)),
      );
    await this.reopen();
    if (opened.length > 0) await vscode.window.tabGroups.close(opened, this.tab === undefined);
  }

  private async reopen(): Promise<void> {
    const input = this.tab?.input;
    const options: vscode.TextDocumentShowOptions = { viewColumn: this.viewColumn, preview: this.tab?.isPreview };
    if (input instanceof vscode.TabInputText) {
      const editor = await vscode.window.showTextDocument(input.uri, options);
      this.restoreView(editor);
    } else if (input instanceof vscode.TabInputTextDiff) {
      const title = this.tab?.label;
      await vscode.commands.executeCommand('vscode.diff', input.original, input.modified, title, options);
      const editor = vscode.window.activeTextEditor;
      if (editor) this.restoreView(editor);
    } else if (input instanceof vscode.TabInputNotebook) {
      const notebook = await vscode.workspace.openNotebookDocument(input.uri);
      await vscode.window.showNotebookDocument(notebook, { viewColumn: this.viewColumn, preview: options.preview });
    } else if (input instanceof vscode.TabInputCustom) {
      await vscode.commands.executeCommand('vscode.openWith', input.uri, input.viewType, options);
    }
    // Panels and terminals are no previews: nothing replaced them, and closing the preview shows them again.
  }

  private restoreView(editor: vscode.TextEditor): void {
    if (!this.view) return;
    editor.selections = this.view.selections;
    if (this.view.visible) editor.revealRange(this.view.visible, vscode.TextEditorRevealType.AtTop);
  }
}

function tabKey(tab: vscode.Tab): string {
  const uri = tab.input instanceof vscode.TabInputText ? tab.input.uri.toString() : tab.label;
  return `${tab.group.viewColumn} ${uri}`;
}
