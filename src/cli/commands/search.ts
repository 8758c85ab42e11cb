import type { CliArguments } from '../arguments';
import { withFolder } from '../folderSession';
import { neighborJson, printJson, printNeighbors } from '../output';
import { UsageError } from '../usage';

/** The chunks nearest to a query; percentiles are those of random pairs of queries and chunks. */
export async function search(args: CliArguments): Promise<void> {
  const query = args.positionals.slice(1).join(' ').trim();
  if (query === '') throw new UsageError('a query is missing');
  await withFolder(args, async ({ service, spaceId }) => {
    const { hits } = await service.handlers.search({ spaceId, query, limit: args.limit }, new AbortController().signal);
    if (args.json) printJson({ query, hits: hits.map((hit) => ({ rank: hit.rank, ...neighborJson(hit) })) });
    else printNeighbors(hits);
  });
}
