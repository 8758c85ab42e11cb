import type { CliArguments } from '../arguments';
import { withFolder } from '../folderSession';
import { count, firstWords, lineRange, printJson, printLine, round } from '../output';

/** Chunks that mix two topics, strongest first. */
export async function check(args: CliArguments): Promise<void> {
  await withFolder(args, async ({ space }) => {
    const warnings = space.warnings();
    if (args.json) {
      printJson({
        chunks: space.points.liveCount,
        warnings: warnings.map(({ place, mixed, text }) => ({
          path: place.path,
          ...lineRange(place),
          cutLine: mixed.cutLine + 1,
          strength: round(mixed.percentile, 1),
          before: mixed.before,
          after: mixed.after,
          text,
        })),
      });
      return;
    }
    for (const { place, mixed, text } of warnings) {
      printLine(
        `${place.path}:${mixed.cutLine + 1}  mixes "${mixed.before.join(', ')}" and "${mixed.after.join(', ')}"`,
      );
      printLine(
        `    stronger than ${mixed.percentile.toFixed(0)} % of the chunks of its length · lines ${place.startLine + 1}–${place.endLine + 1} · ${firstWords(text, 60)}`,
      );
    }
    printLine(
      `${count(warnings.length, 'chunk')} of ${space.points.liveCount.toLocaleString('en-US')} ${warnings.length === 1 ? 'mixes' : 'mix'} topics.`,
    );
  });
}
