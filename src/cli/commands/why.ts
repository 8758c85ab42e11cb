import { explanationWords } from '../../shared/fileExplanation';
import type { CliArguments } from '../arguments';
import { withStoredFolder } from '../folderSession';
import { printJson, printLine } from '../output';
import { pathInFolder } from '../pathInFolder';
import { withoutControls } from '../terminalText';

/** Says whether a file is indexed and which rule decided; embeds nothing. */
export async function why(args: CliArguments): Promise<void> {
  await withStoredFolder(args, async ({ service, space, spaceId }) => {
    const { spec } = space.folderList[0].open;
    const { signal } = new AbortController();
    const file = pathInFolder(spec.path, args.positionals[1]);
    const explanation = await service.handlers.explainFile({ spaceId, folderUri: spec.uri, path: file }, signal);
    if (args.json) printJson(explanation);
    else for (const sentence of explanationWords(explanation)) printLine(withoutControls(sentence));
  });
}
