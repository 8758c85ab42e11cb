import type { CliArguments } from '../arguments';
import { withFolder } from '../folderSession';
import { printJson, printLine } from '../output';
import { reportText } from '../reportText';

/** What is in the index, what was left out and why, what failed, and what it costs. */
export async function report(args: CliArguments): Promise<void> {
  await withFolder(args, async ({ service, spaceId }) => {
    const found = await service.handlers.indexReport({ spaceId }, new AbortController().signal);
    if (args.json) printJson(found);
    else printLine(reportText(found));
  });
}
