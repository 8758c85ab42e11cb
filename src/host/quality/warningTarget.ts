import * as vscode from 'vscode';
import type { ChunkWarning } from '../../shared/chunkQuality';
import { placeAt, placeOfWhole, type FineMark } from '../../shared/keptMarks';
import { pathInFolder } from '../space/pathInFolder';
import type { ChunkDiagnostics, FlaggedPassage } from './chunkDiagnostics';

/** A warning as commands are given it: by content, as points and offsets change while the index does. */
export interface WarningTarget {
  kind: ChunkWarning['kind'];
  folderUri: string;
  path: string;
  /** The chunk's text. */
  text: string;
  /** Where the second part begins in the text; undefined for kinds without a cut. */
  cut: number | undefined;
  /** -1 when the chunk is not in the index as it stands. */
  point: number;
}

/** @returns undefined outside the folders of the window: nothing is kept of what lies there */
export function targetOf(document: vscode.TextDocument, { warning }: FlaggedPassage): WarningTarget | undefined {
  const file = pathInFolder(document.uri);
  if (file === undefined) return undefined;
  return { kind: warning.kind, ...file, text: warning.text, cut: textCut(warning), point: warning.point };
}

export function isTarget(value: unknown): value is WarningTarget {
  const target = value as Partial<Record<keyof WarningTarget, unknown>> | null | undefined;
  return typeof target === 'object' && typeof target?.text === 'string' && typeof target.folderUri === 'string';
}

/** The warning that a command is about: the one it was given, else the one at the cursor. Says what is missing. */
export function targetFor(argument: unknown, diagnostics: ChunkDiagnostics): WarningTarget | undefined {
  if (isTarget(argument)) return argument;
  const editor = vscode.window.activeTextEditor;
  const passage = editor && passageAt(editor, diagnostics);
  const target = editor && passage && targetOf(editor.document, passage);
  if (target === undefined) void vscode.window.showInformationMessage('No warning of Latent Lens is at the cursor.');
  return target;
}

export function fineMarkOf({ kind, path, text, cut }: WarningTarget): FineMark {
  return { kind, path, ...(cut === undefined ? placeOfWhole(text) : placeAt(text, cut)) };
}

function passageAt(
  { document, selection }: vscode.TextEditor,
  diagnostics: ChunkDiagnostics,
): FlaggedPassage | undefined {
  const offset = document.offsetAt(selection.active);
  const passages = diagnostics.passagesOf(document);
  return (
    passages.find((passage) => diagnostics.rangeOf(document, passage).contains(selection.active)) ??
    passages.find(({ range }) => range.start <= offset && offset <= range.end)
  );
}

function textCut(warning: ChunkWarning): number | undefined {
  if (warning.kind !== 'mixed-topics') return undefined;
  return warning.mixed.textCut ?? warning.mixed.cut - warning.place.start;
}
