import * as vscode from 'vscode';

export interface FilePlace {
  folderUri: string;
  /** Path inside the folder, with forward slashes. */
  path: string;
}

/** Where a file lies in this window's folders on the disk; undefined outside them and for the folders themselves. */
export function pathInFolder(uri: vscode.Uri): FilePlace | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (uri.scheme !== 'file' || !folder) return undefined;
  const path = uri.path.slice(folder.uri.path.replace(/\/$/, '').length + 1);
  return path === '' ? undefined : { folderUri: folder.uri.toString(), path };
}
