import * as fs from 'node:fs';
import * as path from 'node:path';
import type { CliArguments } from '../arguments';
import { withFolder } from '../folderSession';
import { mapSvg } from '../mapPicture';
import { renderPng } from '../renderPng';
import { count, printJson, printLine } from '../output';
import { UsageError } from '../usage';

/** The map as a picture, or as data with the place of every point. */
export async function map(args: CliArguments): Promise<void> {
  const { out } = args;
  if (out === undefined) throw new UsageError('--out FILE is missing');
  const kind = path.extname(out).toLowerCase();
  if (kind !== '.svg' && kind !== '.png' && kind !== '.json')
    throw new UsageError(`--out takes a file that ends in .svg, .png or .json, not "${out}"`);
  await withFolder(args, async ({ space }) => {
    await space.layout.finish();
    if (!space.map.hasCoordinates)
      throw new Error('there is nothing to draw: the folder has no text that could be indexed');
    const columns = space.map.columns(space.folderNames, (row) => space.mixed.isFlagged(row));
    if (kind === '.json') {
      const points = Array.from(columns.point, (row, i) => {
        const [place] = space.points.point(row)?.places ?? [];
        return {
          x: columns.coordinates[2 * i],
          y: columns.coordinates[2 * i + 1],
          path: place?.file.path,
          startLine: (place?.chunk.startLine ?? 0) + 1,
          endLine: (place?.chunk.endLine ?? 0) + 1,
          cluster: columns.clusters[columns.cluster[i]]?.name ?? null,
          trust: columns.trust[i] === 255 ? null : columns.trust[i],
          mixed: columns.mixed[i] === 1,
          places: columns.places[i],
        };
      });
      fs.writeFileSync(out, `${JSON.stringify({ layout: space.map.layout, clusters: columns.clusters, points })}\n`);
    } else {
      const svg = mapSvg(columns, path.basename(space.folderList[0].open.spec.path), space.map.meanTrust());
      if (kind === '.svg') fs.writeFileSync(out, svg);
      else fs.writeFileSync(out, await renderPng(svg));
    }
    if (args.json) printJson({ out, points: columns.point.length });
    else printLine(`${count(columns.point.length, 'point')} in ${out}`);
  });
}
