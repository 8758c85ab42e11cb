import * as v from 'valibot';
import type { LeftOut } from '../../shared/fileExplanation';
import { documentKindOfLanguage } from './fileKinds';
import type { FileDocument } from './documentSource';

const multiline = v.union([v.string(), v.array(v.string())]);
const cellSchema = v.object({
  cell_type: v.string(),
  source: v.optional(multiline, ''),
  metadata: v.optional(v.object({ vscode: v.optional(v.object({ languageId: v.optional(v.string()) })) })),
});
/** Of Jupyter's format 4, https://nbformat.readthedocs.io: older ones keep cells elsewhere, and VS Code reads none of them. */
const notebookSchema = v.object({
  nbformat: v.pipe(v.number(), v.minValue(4)),
  metadata: v.optional(
    v.object({
      language_info: v.optional(v.object({ name: v.optional(v.string()) })),
      kernelspec: v.optional(v.object({ language: v.optional(v.string()) })),
    }),
  ),
  cells: v.array(cellSchema),
});

/** Names of kernels' languages that differ from VS Code's ids of languages. */
const languageIds: Record<string, string> = {
  'c#': 'csharp',
  'f#': 'fsharp',
  'q#': 'qsharp',
  'c++': 'cpp',
  bash: 'shellscript',
};

/**
 * The cells of a notebook, each a document of its own, as VS Code shows them: outputs are left out, Markdown stays
 * Markdown, code is in the kernel's language. Cells without text are left out, the others keep their position.
 */
export function notebookCells(text: string): FileDocument[] | LeftOut {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { reason: 'no-text', detail: 'it is no notebook: its JSON is not valid' };
  }
  const parsed = v.safeParse(notebookSchema, content);
  if (!parsed.success) return { reason: 'no-text', detail: 'it is no notebook of Jupyter’s format 4' };
  const { cells, metadata } = parsed.output;
  const named = (metadata?.language_info?.name ?? metadata?.kernelspec?.language ?? 'python').toLowerCase();
  const kernelLanguage = languageIds[named] ?? named;
  const documents = cells
    // VS Code shows no others, and counts without them.
    .filter(({ cell_type: type }) => ['code', 'markdown', 'raw'].includes(type))
    .map(({ cell_type: type, source, metadata: own }, cell): FileDocument => {
      const cellText = joinLines(source);
      if (type === 'markdown') return { text: cellText, kind: 'markdown', cell };
      if (type === 'raw') return { text: cellText, kind: 'plain', cell };
      const languageId = own?.vscode?.languageId ?? kernelLanguage;
      return { text: cellText, kind: documentKindOfLanguage(languageId), languageId, cell };
    })
    .filter((document) => document.text.trim() !== '');
  return documents.length > 0 ? documents : { reason: 'no-text', detail: 'its cells are blank' };
}

/** A cell's lines mostly end with their line breaks; where one does not, VS Code puts one there. */
function joinLines(source: string | string[]): string {
  if (typeof source === 'string') return source;
  return source.map((line, i) => (i < source.length - 1 && !line.endsWith('\n') ? `${line}\n` : line)).join('');
}
