import * as vscode from 'vscode';
import { defaultChunking, type ChunkingSettings } from '../../shared/chunking';
import type { FolderToOpen, RuntimeSettings } from '../../shared/hostEngine';
import type { ExcludeGlob } from '../../shared/indexing';
import { globsOfLanguage, type LanguageNames } from './languageFiles';

/** Settings that change which files are indexed, or how: the space is opened again when one of them changes. */
const indexSettings = [
  'latentLens.index.include',
  'latentLens.index.exclude',
  'latentLens.index.maxFileSizeKb',
  'latentLens.index.respectGitignore',
  'latentLens.chunking',
  'files.exclude',
  'search.exclude',
  'files.encoding',
  'files.associations',
];
const engineSettings = ['latentLens.engine.runtime', 'latentLens.engine.threads', 'latentLens.engine.nodePath'];

/** The workspace folders that lie on this machine's disk, each with its own settings. */
export function readFolders(): FolderToOpen[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === 'file')
    .map((folder) => ({
      folder: { uri: folder.uri.toString(), path: folder.uri.fsPath, name: folder.name },
      settings: readIndexSettings(folder.uri),
    }));
}

/** Folders whose files the editor fetches from somewhere else: the engine, a process of its own, can't read them. */
export function virtualFolders(): vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme !== 'file');
}

/** One sentence or two for people; undefined where every folder lies on a disk. */
export function virtualFoldersWords(): string | undefined {
  const folders = virtualFolders();
  if (folders.length === 0) return undefined;
  const names = folders.map(({ name, uri }) => `${name} (${uri.scheme})`).join(', ');
  const [is, it] = folders.length === 1 ? ['lies', 'it'] : ['lie', 'them'];
  return `${names} ${is} on no disk: Latent Lens reads files where they lie, so ${it} can't be indexed. Clone or copy the files to a folder on a disk and open that one.`;
}

export function readRuntimeSettings(): RuntimeSettings {
  const engine = vscode.workspace.getConfiguration('latentLens.engine');
  return {
    runtime: engine.get<RuntimeSettings['runtime']>('runtime', 'auto'),
    threads: engine.get<number>('threads', 0),
    nodePath: engine.get<string>('nodePath', '').trim(),
  };
}

/** Whether an index that exists follows the disk by itself. */
export function readKeepCurrent(): boolean {
  return vscode.workspace.getConfiguration('latentLens.index').get<boolean>('keepCurrent', true);
}

export function affectsIndex(event: vscode.ConfigurationChangeEvent): boolean {
  return indexSettings.some((setting) => event.affectsConfiguration(setting));
}

export function affectsEngine(event: vscode.ConfigurationChangeEvent): boolean {
  return engineSettings.some((setting) => event.affectsConfiguration(setting));
}

function readIndexSettings(folder: vscode.Uri): FolderToOpen['settings'] {
  const index = vscode.workspace.getConfiguration('latentLens.index', folder);
  const files = vscode.workspace.getConfiguration('files', folder);
  const search = vscode.workspace.getConfiguration('search', folder);
  const globs: Record<Exclude<ExcludeGlob['setting'], 'default'>, string[]> = {
    'files.exclude': switchedOn(files.get('exclude')),
    'search.exclude': switchedOn(search.get('exclude')),
    'latentLens.index.exclude': index.get<string[]>('exclude', []),
  };
  const exclude = Object.entries(globs).flatMap(([setting, patterns]) =>
    patterns.map((glob) => ({ glob, setting: setting as ExcludeGlob['setting'] })),
  );
  return {
    include: index.get<string[]>('include', []),
    exclude,
    maxFileSizeKb: index.get<number>('maxFileSizeKb', 1024),
    respectGitignore: index.get<boolean>('respectGitignore', true),
    encoding: files.get<string>('encoding', 'utf8'),
    encodings: languageEncodings(folder),
    chunking: readChunking(folder),
  };
}

/**
 * How documents of a folder are cut; without a folder, what holds for all. As it is written: the engine says which value
 * can't be used.
 */
export function readChunking(scope?: vscode.ConfigurationScope): ChunkingSettings {
  const chunking = vscode.workspace.getConfiguration('latentLens.chunking', scope);
  return {
    chunker: chunking.get('chunker', defaultChunking.chunker),
    size: chunking.get('size', defaultChunking.size),
    overlap: chunking.get('overlap', defaultChunking.overlap),
    separators: chunking.get('separators', defaultChunking.separators),
    language: chunking.get('language', defaultChunking.language),
  };
}

/** Globs that are `true`: those with a `when` clause hide a file beside its source, which is about the explorer alone. */
function switchedOn(globs: Record<string, unknown> | undefined): string[] {
  return Object.entries(globs ?? {})
    .filter(([, value]) => value === true)
    .map(([glob]) => glob);
}

/** `files.encoding` where it is set for single languages, by the names of their files. */
function languageEncodings(folder: vscode.Uri): { glob: string; encoding: string }[] {
  const files = vscode.workspace.getConfiguration('files', folder);
  const languages = files.inspect<string>('encoding')?.languageIds ?? [];
  if (languages.length === 0) return [];
  const contributed = vscode.extensions.all.flatMap(({ packageJSON }) => {
    const { contributes } = packageJSON as { contributes?: { languages?: LanguageNames[] } };
    return contributes?.languages ?? [];
  });
  const associations = files.get<Record<string, string>>('associations', {});
  return languages.flatMap((languageId) => {
    const scope = { uri: folder, languageId };
    const encoding = vscode.workspace.getConfiguration('files', scope).get<string>('encoding', 'utf8');
    return globsOfLanguage(languageId, contributed, associations).map((glob) => ({ glob, encoding }));
  });
}
