import type { LeftOut } from '../../shared/fileExplanation';
import type { FileDocument } from './documentSource';
import { fileKindOf } from './fileKinds';
import { htmlDocument } from './htmlText';
import { notebookCells } from './notebook';
import { rstDocument } from './rstText';

/** How text is taken out of files that are not text as they stand; grows when the same file could give another text. */
const extractionVersions = { notebook: 1, html: 1, rst: 1 } as const;

/** The documents that a file's text holds, or why there is none. */
export function fileDocuments(text: string, path: string): FileDocument[] | LeftOut {
  const { kind, shape } = fileKindOf(path);
  if (shape === 'notebook') return notebookCells(text);
  if (shape === undefined) return [{ text, kind: kind ?? 'plain' }];
  const document = shape === 'html' ? htmlDocument(text) : rstDocument(text);
  return document.text.trim() === '' ? { reason: 'no-text', detail: 'a reader sees no text of it' } : [document];
}

/** Names how text is taken out of a file of this name, empty where it is the file's own. */
export function extractionOf(path: string): string {
  const { shape } = fileKindOf(path);
  return shape === undefined ? '' : `${shape}-${extractionVersions[shape]}`;
}
