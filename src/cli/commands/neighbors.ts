import * as fs from 'node:fs';
import * as path from 'node:path';
import type { CliArguments } from '../arguments';
import { withFolder } from '../folderSession';
import { lineRange, neighborJson, printJson, printLine, printNeighbors } from '../output';
import { UsageError } from '../usage';

/** The chunks nearest to the one that holds a line. */
export async function neighbors(args: CliArguments): Promise<void> {
  const match = /^(.+):(\d+)$/u.exec(args.positionals[1] ?? '');
  if (match === null) throw new UsageError('a place is missing, such as docs/guide.md:12');
  const line = Number(match[2]) - 1;
  await withFolder(args, async ({ service, space, spaceId }) => {
    const [{ open }] = space.folderList;
    const file = pathInFolder(open.spec.path, match[1]);
    const chunks = open.index.file(file)?.chunks;
    if (chunks === undefined)
      throw new Error(`${file} is not in the index; see what was skipped with: latent-lens index`);
    const chunk = chunks.find(({ startLine, endLine }) => startLine <= line && line <= endLine);
    if (chunk === undefined)
      throw new Error(`no chunk of ${file} holds line ${line + 1}: it is blank or lies behind the end`);
    const { signal } = new AbortController();
    const point = await service.handlers.pointAt(
      { spaceId, folderUri: open.spec.uri, path: file, offset: chunk.start },
      signal,
    );
    const detail =
      point === null ? null : await service.handlers.point({ spaceId, point, neighbors: args.limit }, signal);
    if (detail === null) throw new Error(`the chunk at ${file}:${line + 1} has no vector yet`);
    if (args.json) {
      printJson({ path: file, ...lineRange(chunk), text: detail.text, neighbors: detail.neighbors.map(neighborJson) });
      return;
    }
    printLine(
      `${file}:${chunk.startLine + 1}–${chunk.endLine + 1}, ${detail.tokens} of ${detail.maxTokens} word pieces`,
    );
    printNeighbors(detail.neighbors);
  });
}

/** The path inside the folder, whether it was given from there or from where the person stands. */
function pathInFolder(folder: string, given: string): string {
  const absolute = path.resolve(given);
  const inner = fs.existsSync(absolute) ? path.relative(folder, fs.realpathSync(absolute)) : given;
  return (inner.startsWith('..') ? given : inner).split(path.sep).join('/');
}
