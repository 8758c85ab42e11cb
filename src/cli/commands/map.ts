import { counted } from '../../shared/plainWords';
import * as path from 'node:path';
import type { Space } from '../../engine/space';
import type { MapColumns } from '../../shared/space';
import type { CliArguments } from '../arguments';
import { checkWritable, writeOutput } from '../files';
import { withFolder } from '../folderSession';
import { mapSvg } from '../mapPicture';
import { renderPng } from '../renderPng';
import { printJson, printLine } from '../output';
import { UsageError } from '../usage';

/** The map as a picture, or as data with the place of every point. */
export async function map(args: CliArguments): Promise<void> {
  const { out } = args;
  if (out === undefined) throw new UsageError('--out FILE is missing');
  const kind = path.extname(out).toLowerCase();
  if (kind !== '.svg' && kind !== '.png' && kind !== '.json')
    throw new UsageError(`--out takes a file that ends in .svg, .png or .json, not "${out}"`);
  checkWritable(out);
  await withFolder(args, async ({ space, name }) => {
    await space.layout.finish();
    if (!space.map.hasCoordinates)
      throw new Error(`there is nothing to draw: ${name} holds no text that can be indexed`);
    const columns = space.map.columns(space.folderNames, (row) => space.mixed.isFlagged(row));
    if (kind === '.json') {
      writeOutput(out, `${JSON.stringify(mapData(space, columns))}\n`);
    } else {
      const svg = mapSvg(columns, name, space.map.meanTrust());
      writeOutput(out, kind === '.svg' ? svg : await renderPng(svg));
    }
    if (args.json) printJson({ out, points: columns.point.length });
    else printLine(`${counted(columns.point.length, 'point')} in ${out}`);
  });
}

/** Coordinates are map units: the longer side is about 2, y upwards. */
function mapData(space: Space, columns: MapColumns): Record<string, unknown> {
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
  return { layout: space.map.layout, clusters: columns.clusters, points };
}
