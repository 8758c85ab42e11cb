import * as vscode from 'vscode';
import type { FolderSpec } from '../../shared/indexing';

const kinds = { png: 'PNG picture', svg: 'SVG picture' } as const;

/** Writes a picture of the map where the person says; null when they change their mind. */
export async function savePicture(
  format: 'png' | 'svg',
  data: Uint8Array,
  folder: FolderSpec | undefined,
): Promise<{ name: string } | null> {
  const name = `${folder?.name ?? 'latent-map'}-map.${format}`;
  const target = await vscode.window.showSaveDialog({
    title: 'Save Picture of the Map',
    saveLabel: 'Save',
    defaultUri: folder && vscode.Uri.joinPath(vscode.Uri.parse(folder.uri), name),
    filters: { [kinds[format]]: [format] },
  });
  if (!target) return null;
  await vscode.workspace.fs.writeFile(target, data);
  return { name: target.path.slice(target.path.lastIndexOf('/') + 1) };
}
