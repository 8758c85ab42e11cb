import * as fs from 'node:fs';
import * as path from 'node:path';
import { chunkIdOf } from '../../core/index/points';
import { explanationWords } from '../../shared/fileExplanation';
import type { CliArguments } from '../arguments';
import { withFolder, type FolderSession } from '../folderSession';
import { lineRange, neighborJson, printJson, printLine, printNeighbors } from '../output';
import { pathInFolder } from '../pathInFolder';
import { withoutControls } from '../terminalText';
import { UsageError } from '../usage';

/** The chunks nearest to the one that holds a line. */
export async function neighbors(args: CliArguments): Promise<void> {
  const given = args.positionals[1];
  const match = /^(.+):([1-9]\d*)$/u.exec(given);
  if (match === null) throw new UsageError(`"${given}" is no place such as docs/guide.md:12, with lines from 1`);
  const line = Number(match[2]) - 1;
  await withFolder(args, async (session) => {
    const { service, space, spaceId, name } = session;
    const [{ open }] = space.folderList;
    const file = pathInFolder(open.spec.path, match[1]);
    const chunks = open.index.file(file)?.chunks;
    if (chunks === undefined && !fs.existsSync(path.join(open.spec.path, file)))
      throw new Error(`there is no file ${file} in ${name}`);
    if (chunks === undefined) throw new Error(await whyNotIndexed(session, open.spec.uri, file));
    const chunk = chunks.find(({ startLine, endLine }) => startLine <= line && line <= endLine);
    if (chunk === undefined)
      throw new Error(`no chunk of ${file} holds line ${line + 1}: it is blank or lies behind the end`);
    const { signal } = new AbortController();
    const point = space.points.rowOfChunk(chunkIdOf(0, chunk.id));
    const detail =
      point === undefined ? null : await service.handlers.point({ spaceId, point, neighbors: args.limit }, signal);
    if (detail === null) throw new Error(`the chunk at ${file}:${line + 1} has no vector yet; index ${name} again`);
    if (args.json) {
      printJson({ path: file, ...lineRange(chunk), text: detail.text, neighbors: detail.neighbors.map(neighborJson) });
      return;
    }
    printLine(
      `${withoutControls(file)}:${chunk.startLine + 1}–${chunk.endLine + 1}, ${detail.tokens} of ${detail.maxTokens} word pieces`,
    );
    if (detail.neighbors.length === 0) printLine('It has no neighbor: the index holds no other text.');
    else printNeighbors(detail.neighbors);
  });
}

async function whyNotIndexed({ service, spaceId }: FolderSession, folderUri: string, file: string): Promise<string> {
  const explanation = await service.handlers.explainFile(
    { spaceId, folderUri, path: file },
    new AbortController().signal,
  );
  return explanationWords(explanation).join(' ');
}
