import * as vscode from 'vscode';
import type { DocumentChunks } from '../../shared/chunking';
import { chunkHover, chunkLabel } from './chunkLabels';

export type ChunkMark =
  'rule' | 'ruleBelow' | 'seam' | 'shade' | 'shadeLines' | 'overlap' | 'label' | 'overLimit' | 'part';

const color = (id: string): vscode.ThemeColor => new vscode.ThemeColor(`latentLens.${id}`);

/** How each mark looks. All colors are the theme's; nothing is drawn in the overview ruler. */
export function createChunkDecorations(): Record<ChunkMark, vscode.TextEditorDecorationType> {
  const create = (options: vscode.DecorationRenderOptions): vscode.TextEditorDecorationType =>
    vscode.window.createTextEditorDecorationType({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      ...options,
    });
  const rule = { isWholeLine: true, borderStyle: 'solid', borderColor: color('chunkBorder') };
  const label = { margin: '0 0 0 3ch', fontStyle: 'normal' };
  return {
    rule: create({ ...rule, borderWidth: '1px 0 0 0' }),
    ruleBelow: create({ ...rule, borderWidth: '0 0 1px 0' }),
    // Where a chunk begins inside a line.
    seam: create({ borderStyle: 'solid', borderWidth: '0 0 0 2px', borderColor: color('chunkBorder') }),
    shade: create({ backgroundColor: color('chunkBackground') }),
    shadeLines: create({ isWholeLine: true, backgroundColor: color('chunkBackground') }),
    overlap: create({ backgroundColor: color('chunkOverlapBackground') }),
    label: create({ after: { ...label, color: color('chunkLabelForeground') } }),
    overLimit: create({ after: { ...label, color: new vscode.ThemeColor('editorWarning.foreground') } }),
    part: create({
      borderStyle: 'dotted',
      borderWidth: '0 0 0 2px',
      borderColor: new vscode.ThemeColor('editorWarning.foreground'),
    }),
  };
}

export type ChunkMarks = Record<ChunkMark, vscode.DecorationOptions[]>;

export const noMarks = (): ChunkMarks => ({
  rule: [],
  ruleBelow: [],
  seam: [],
  shade: [],
  shadeLines: [],
  overlap: [],
  label: [],
  overLimit: [],
  part: [],
});

/** Where each mark goes: a rule above every chunk, every other one shaded, its label behind the line that it begins on. */
export function chunkMarks(document: vscode.TextDocument, result: DocumentChunks): ChunkMarks {
  const marks = noMarks();
  /** Labels by line: small chunks may begin on the same one. */
  const labels = new Map<number, { texts: string[]; hovers: string[]; isOver: boolean }>();
  let reached = 0;
  result.chunks.forEach((chunk, i) => {
    const start = document.positionAt(chunk.start);
    const end = document.positionAt(chunk.end);
    const overlaps = i > 0 && chunk.start < reached;
    const line = document.lineAt(start.line);
    if (start.character <= line.firstNonWhitespaceCharacterIndex) {
      // A rule stands above each row of a wrapped line; the blank line before it has one row.
      const above = start.line > 0 ? document.lineAt(start.line - 1) : undefined;
      if (above?.isEmptyOrWhitespace) marks.ruleBelow.push({ range: above.range });
      else if (above) marks.rule.push({ range: line.range });
    } else marks.seam.push({ range: new vscode.Range(start, start.translate(0, 1)) });
    if (i % 2 === 0)
      marks[fillsLines(document, start, end) ? 'shadeLines' : 'shade'].push({ range: new vscode.Range(start, end) });
    if (overlaps) {
      const until = document.positionAt(Math.min(reached, chunk.end));
      marks.overlap.push({ range: new vscode.Range(start, until) });
    }
    for (const part of chunk.parts.slice(1)) {
      const at = document.positionAt(part);
      marks.part.push({ range: new vscode.Range(at, at.translate(0, 1)) });
    }
    const known = labels.get(start.line) ?? { texts: [], hovers: [], isOver: false };
    known.texts.push(chunkLabel(chunk, i, overlaps));
    known.hovers.push(chunkHover(chunk, i, result));
    known.isOver ||= chunk.parts.length > 0;
    labels.set(start.line, known);
    reached = Math.max(reached, chunk.end);
  });
  for (const [line, { texts, hovers, isOver }] of labels) {
    const { range } = document.lineAt(line);
    marks[isOver ? 'overLimit' : 'label'].push({
      range,
      hoverMessage: hovers,
      renderOptions: { after: { contentText: texts.join(' | ') } },
    });
  }
  return marks;
}

/** Whether nothing else stands on the lines of a range. */
function fillsLines(document: vscode.TextDocument, start: vscode.Position, end: vscode.Position): boolean {
  const last = document.lineAt(end.line).text;
  return (
    start.character <= document.lineAt(start.line).firstNonWhitespaceCharacterIndex &&
    last.slice(end.character).trim() === ''
  );
}
