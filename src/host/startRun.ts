import * as fs from 'node:fs/promises';
import * as vscode from 'vscode';
import { messageOf } from './engine';
import type { MapPanel } from './panel/mapPanel';
import { indexForPerson } from './space/personIndexing';
import type { SpaceController } from './space/spaceController';

/** Lines of the report that `npm start` follows. */
export type StartReportLine =
  | { phase: 'indexing'; filesDone: number; filesTotal: number; chunks: number; secondsLeft?: number }
  | { phase: 'indexed'; files: number; chunks: number; points: number; seconds: number; runtime: string }
  | { phase: 'drawn'; points: number; renderer: string }
  | { phase: 'error'; message: string };

/**
 * What `npm start` asks for by `LATENT_LENS_START=1`: index the workspace, open the map, and say how it goes in the
 * file that `LATENT_LENS_START_REPORT` names, one JSON line a step. Does nothing in any other window.
 */
export function startRun(space: SpaceController, panel: MapPanel, environment = process.env): vscode.Disposable {
  if (environment['LATENT_LENS_START'] !== '1') return { dispose: () => undefined };
  const report = environment['LATENT_LENS_START_REPORT'];
  let writing: Promise<unknown> = Promise.resolve();
  const write = (line: StartReportLine): void => {
    if (report) writing = writing.then(() => fs.appendFile(report, `${JSON.stringify(line)}\n`)).catch(() => undefined);
  };

  const listeners = [
    panel.onDidDraw(({ points, renderer }) => write({ phase: 'drawn', points, renderer })),
    space.onDidChange(() => {
      const { progress } = space.state;
      if (!progress) return;
      const { filesDone, filesTotal, chunks, secondsLeft } = progress;
      write({ phase: 'indexing', filesDone, filesTotal, chunks, secondsLeft });
    }),
  ];
  const run = async (): Promise<void> => {
    const startedMs = Date.now();
    const indexed = await indexForPerson(space);
    if (!indexed) throw new Error('Nothing was indexed: no folder is open, or the question before it was answered no.');
    // The state of the space may still be on its way.
    const { points } = await space.request('readings', {});
    write({
      phase: 'indexed',
      files: indexed.files,
      chunks: indexed.chunks,
      points,
      seconds: (Date.now() - startedMs) / 1000,
      runtime: indexed.runtime,
    });
    panel.show();
  };
  run().catch((error: unknown) => {
    write({ phase: 'error', message: messageOf(error) });
    void vscode.window.showErrorMessage(messageOf(error));
  });
  return vscode.Disposable.from(...listeners);
}
