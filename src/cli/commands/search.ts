import type { CliArguments } from '../arguments';
import { withFolder } from '../folderSession';
import { neighborJson, printJson, printLine, printNeighbors } from '../output';

/** The chunks nearest to a query; percentiles are those of random pairs of queries and chunks. */
export async function search(args: CliArguments): Promise<void> {
  const query = args.positionals.slice(1).join(' ').trim();
  await withFolder(args, async ({ service, spaceId, name }) => {
    const { hits } = await service.handlers.search({ spaceId, query, limit: args.limit }, new AbortController().signal);
    if (args.json) printJson({ query, hits: hits.map((hit) => ({ rank: hit.rank, ...neighborJson(hit) })) });
    else if (hits.length === 0) printLine(`Nothing was found: ${name} holds no text that can be indexed.`);
    else printNeighbors(hits);
  });
}
