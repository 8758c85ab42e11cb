/** Text of the workspace on a terminal: one line, as wide as told, and without anything that a terminal would obey. */

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Control characters (an escape sequence in a document must not reach the terminal) and marks that turn the order of letters. */
export function withoutControls(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** The first words in at most `cells` columns of a terminal, with an ellipsis when there are more. */
export function firstWords(text: string, cells: number): string {
  // A grapheme takes one cell at least, so no more than these can be shown.
  const line = withoutControls(text.slice(0, 40 * cells)).trim();
  let width = 0;
  let shown = '';
  for (const { segment } of graphemes.segment(line)) {
    const segmentWidth = wide.test(segment) ? 2 : 1;
    if (width + segmentWidth > cells) return `${cut(shown, cells - 1)}…`;
    width += segmentWidth;
    shown += segment;
  }
  return shown;
}

/** Without the last graphemes, down to `cells` columns, and no blank at the end. */
function cut(text: string, cells: number): string {
  const segments = [...graphemes.segment(text)].map(({ segment }) => segment);
  let width = segments.reduce((sum, segment) => sum + (wide.test(segment) ? 2 : 1), 0);
  while (width > cells && segments.length > 0) width -= wide.test(segments.pop() as string) ? 2 : 1;
  return segments.join('').trimEnd();
}
