import * as vscode from 'vscode';
import type { ExportedPoints, MapAnswers, MapRequest } from '../../shared/mapQuestions';
import type { PlaceTracker } from '../places/placeTracker';
import type { SpaceController } from '../space/spaceController';

const neighborsOfCentroid = 15;
const hitsWithin = 50;

export interface MapRequestOptions {
  space: Pick<SpaceController, 'request' | 'folders'>;
  tracker: Pick<PlaceTracker, 'show'>;
}

/** Asks the engine what the panel wants to know of a map, with what a panel is not trusted to say: limits, files, trust. */
export async function askOfMap(
  request: MapRequest,
  { space, tracker }: MapRequestOptions,
): Promise<MapAnswers[MapRequest['method']]> {
  switch (request.method) {
    case 'walk': {
      const walk = await space.request('walk', { from: request.from, to: request.to });
      if (walk) tracker.show(walk.steps.map(({ place, excerpt }) => ({ place, text: excerpt })));
      return walk;
    }
    case 'centroid': {
      const detail = await space.request('centroid', { points: request.points, neighbors: neighborsOfCentroid });
      if (detail) tracker.show([...detail.central, ...detail.neighbors]);
      return detail;
    }
    case 'searchWithin': {
      const { query, points } = request;
      const results = await space.request('searchWithin', { query, points, limit: hitsWithin });
      tracker.show(results.hits);
      return results;
    }
    case 'textSearch':
      return space.request('textSearch', { text: request.text });
    case 'labelSelection':
      return space.request('labelSelection', { points: request.points });
    case 'exportPoints':
      return exportPoints(request, space);
    case 'similarityTo':
      return space.request('similarityTo', { points: request.points, query: request.query });
    case 'colorData':
      return space.request('colorData', { kind: request.kind, trusted: vscode.workspace.isTrusted });
    case 'groupSeparation':
      return space.request('groupSeparation', { grouping: request.grouping });
  }
}

/** The person says where to; the engine writes the file, so that vectors go nowhere else. Null when they change their mind. */
async function exportPoints(
  { points, vectors }: Extract<MapRequest, { method: 'exportPoints' }>,
  space: MapRequestOptions['space'],
): Promise<ExportedPoints | null> {
  const folder = space.folders[0]?.folder;
  const name = `${folder?.name ?? 'latent-map'}${points === null ? '' : '-selection'}.jsonl`;
  const target = await vscode.window.showSaveDialog({
    title: vectors ? 'Export Chunks With Vectors' : 'Export Chunks',
    saveLabel: 'Export',
    defaultUri: folder && vscode.Uri.joinPath(vscode.Uri.parse(folder.uri), name),
    filters: { 'JSON lines': ['jsonl'] },
  });
  if (!target) return null;
  if (target.scheme !== 'file')
    throw new Error(
      'Chunks can be exported to a file of this machine alone. Nothing was written; choose another place.',
    );
  return space.request('exportPoints', { points, file: target.fsPath, vectors });
}
