import { indexReportText } from '../../shared/indexReportText';
import type { CliArguments } from '../arguments';
import { withFolder } from '../folderSession';
import { printJson, printLine } from '../output';
import { withoutControls } from '../terminalText';

/** What is in the index, what was left out and why, what failed, and what it costs. */
export async function report(args: CliArguments): Promise<void> {
  await withFolder(args, async ({ service, spaceId }) => {
    const found = await service.handlers.indexReport({ spaceId }, new AbortController().signal);
    if (args.json) printJson(found);
    else printLine(indexReportText(found).text.trimEnd().split('\n').map(plainLine).join('\n'));
  });
}

/** Without anything that a terminal would obey; columns and indents stay. */
function plainLine(line: string): string {
  return line.split(' ').map(withoutControls).join(' ');
}
