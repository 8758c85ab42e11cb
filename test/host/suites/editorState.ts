import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

/** Waits for something that the editor does in its own time. */
export async function until(description: string, condition: () => boolean, timeoutMs = 15_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s in vain: ${description}`);
    await delay(20);
  }
}

/** A folder of its own on the disk, outside the workspace. */
export async function temporaryFolder(
  files: Record<string, string>,
): Promise<{ uri: vscode.Uri; dispose(): Promise<void> }> {
  const folder = await fs.mkdtemp(path.join(await fs.realpath(os.tmpdir()), 'latent-lens-suite-'));
  for (const [name, text] of Object.entries(files)) {
    await fs.mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await fs.writeFile(path.join(folder, name), text);
  }
  return {
    uri: vscode.Uri.file(folder),
    dispose: async () => {
      await closeEditors();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

/** A memory of the workspace that a test starts empty. */
export function memento(): vscode.Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: (key: string, fallback?: unknown) => values.get(key) ?? fallback,
    update: async (key: string, value: unknown) => void values.set(key, value),
  } as vscode.Memento;
}

export const silentLog = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
} as unknown as vscode.LogOutputChannel;

/** Closes all editors, saved. */
export async function closeEditors(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (document.isDirty && !document.isUntitled) await document.save();
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Whether an editor shows this file. */
export function isShown(uri: vscode.Uri): boolean {
  return vscode.window.visibleTextEditors.some((editor) => editor.document.uri.toString() === uri.toString());
}

/** Replaces text of a document as typing would. */
export async function edit(uri: vscode.Uri, change: (edit: vscode.WorkspaceEdit) => void): Promise<void> {
  const workspaceEdit = new vscode.WorkspaceEdit();
  change(workspaceEdit);
  if (!(await vscode.workspace.applyEdit(workspaceEdit))) throw new Error(`${uri.toString()} could not be edited.`);
}
