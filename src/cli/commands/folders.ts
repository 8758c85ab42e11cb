import { counted } from '../../shared/plainWords';
import type { GroupSeparation } from '../../shared/mapQuestions';
import type { CliArguments } from '../arguments';
import { withFolder } from '../folderSession';
import { printJson, printLine, round } from '../output';
import { withoutControls } from '../terminalText';

/** Folders (or file types) that fall together: neighbors in the original space can't tell them apart. */
export async function folders(args: CliArguments): Promise<void> {
  await withFolder(args, async ({ service, space, spaceId, name }) => {
    await space.layout.finish();
    const { signal } = new AbortController();
    const grouping = args.by === 'type' ? 'fileType' : 'folder';
    const found = await service.handlers.groupSeparation({ spaceId, grouping }, signal);
    if (found === null) {
      if (args.json) printJson({ groups: [], pairs: { together: 0, apart: 0, unclear: 0 }, together: [], advice: [] });
      else printLine(`${name} holds no text that can be indexed.`);
    } else if (args.json) printJson(asJson(found));
    else print(found, args.by);
  });
}

function asJson({ elapsedMs: _, together, ...found }: GroupSeparation): Record<string, unknown> {
  const share = (value: number) => round(value, 4);
  return {
    ...found,
    together: together.map((pair) => ({
      ...pair,
      ownShare: share(pair.ownShare),
      chanceShare: share(pair.chanceShare),
      chanceLimit: share(pair.chanceLimit),
      detectableShare: share(pair.detectableShare),
      pValue: share(pair.pValue),
    })),
  };
}

function print(
  { groups, groupsLeftOut, points, of, pairs, together, advice }: GroupSeparation,
  by: 'folder' | 'type',
): void {
  for (const { words, terms } of together) {
    printLine(withoutControls(words));
    if (terms.length > 0) printLine(`    both speak of ${withoutControls(terms.join(', '))}`);
  }
  if (advice.length > 0) printLine('What to try:');
  for (const sentence of advice) printLine(`  - ${sentence}`);
  if (advice.length > 0) printLine();
  const compared = `${counted(groups.length, by === 'folder' ? 'folder' : 'file type')}${groupsLeftOut > 0 ? `, the largest of ${(groups.length + groupsLeftOut).toLocaleString('en-US')}` : ''}`;
  const looked =
    points < of ? `${counted(points, 'chunk')} of ${of.toLocaleString('en-US')}` : counted(points, 'chunk');
  const tested = pairs.together + pairs.apart + pairs.unclear;
  if (tested === 0) {
    printLine(
      `Nothing to compare in ${looked}: it takes two ${by === 'folder' ? 'folders' : 'file types'} of 20 chunks each.`,
    );
    return;
  }
  printLine(
    `${counted(tested, 'pair')} of ${compared}, ${looked}: ${pairs.together} together, ${pairs.apart} apart, ${pairs.unclear} with too little to tell.`,
  );
}
