/** A range of a document in UTF-16 units; `end` is exclusive. */
export interface TextRange {
  start: number;
  end: number;
}

/**
 * Finds the text of a chunk in a document that may have changed since it was indexed: at its old offset, else at the
 * nearest exact occurrence. Undefined when the text is nowhere: a guess would open the wrong lines.
 *
 * Line ends may differ, as an editor writes one kind where the file mixes them.
 */
export function findText(documentText: string, text: string, expectedStart: number): TextRange | undefined {
  if (text === '') return undefined;
  const exact = nearestOccurrence(documentText, text, expectedStart);
  if (exact !== undefined) return { start: exact, end: exact + text.length };
  if (!documentText.includes('\r') && !text.includes('\r')) return undefined;

  const normalizedText = normalizeLineEnds(text);
  const start = nearestOccurrence(normalizeLineEnds(documentText), normalizedText, expectedStart);
  if (start === undefined) return undefined;
  return {
    start: offsetBeforeNormalizing(documentText, start),
    end: offsetBeforeNormalizing(documentText, start + normalizedText.length),
  };
}

function nearestOccurrence(documentText: string, text: string, expectedStart: number): number | undefined {
  const expected = Math.max(0, Math.min(expectedStart, documentText.length));
  const after = documentText.indexOf(text, expected);
  if (after === expected) return after;
  const before = expected === 0 ? -1 : documentText.lastIndexOf(text, expected - 1);
  if (after < 0 && before < 0) return undefined;
  if (after < 0) return before;
  if (before < 0) return after;
  return after - expected <= expected - before ? after : before;
}

function normalizeLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** The offset in `text` of a unit that lies at `normalizedOffset` once every line ends with one unit. */
function offsetBeforeNormalizing(text: string, normalizedOffset: number): number {
  let offset = 0;
  for (let seen = 0; seen < normalizedOffset; seen++) {
    offset += text[offset] === '\r' && text[offset + 1] === '\n' ? 2 : 1;
  }
  return offset;
}
