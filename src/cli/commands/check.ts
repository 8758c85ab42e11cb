import type { CliArguments } from '../arguments';
import { withFolder } from '../folderSession';
import { count, lineRange, printExcerpt, printJson, printLine, round } from '../output';
import { withoutControls } from '../terminalText';

/** Chunks that mix two topics, strongest first. */
export async function check(args: CliArguments): Promise<void> {
  await withFolder(args, ({ space, name }) => {
    const warnings = space.warnings();
    const chunks = space.points.chunkCount;
    if (args.json) {
      printJson({
        chunks,
        warnings: warnings.map(({ place, mixed, text }) => ({
          path: place.path,
          ...lineRange(place),
          cutLine: mixed.cutLine + 1,
          // UTF-16 units into `text`: there the second part begins, as a line may hold both.
          cutOffset: mixed.textCut ?? mixed.cut - place.start,
          strength: round(mixed.percentile, 1),
          before: mixed.before,
          after: mixed.after,
          text,
        })),
      });
      return Promise.resolve();
    }
    for (const { place, mixed, text } of warnings) {
      const [first, second] = [mixed.before, mixed.after].map((terms) => withoutControls(terms.join(', ')));
      printLine(`${withoutControls(place.path)}:${mixed.cutLine + 1}  ${first} | ${second}`);
      printExcerpt(`cut before: ${text.slice(mixed.textCut ?? mixed.cut - place.start)}`, 4);
      printLine(
        `    lines ${place.startLine + 1}–${place.endLine + 1}, stronger than ${Math.min(99, Math.floor(mixed.percentile))} % of chunks of its length`,
      );
    }
    if (chunks === 0) printLine(`${name} holds no text that can be indexed.`);
    else
      printLine(
        `${warnings.length === 0 ? 'None' : warnings.length.toLocaleString('en-US')} of ${count(chunks, 'chunk')} ${warnings.length === 0 ? 'seems to mix' : 'may mix'} topics.`,
      );
    return Promise.resolve();
  });
}
