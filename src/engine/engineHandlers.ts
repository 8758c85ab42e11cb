/** What answers each request of a window: one entry a request, the work in files of their own. */
import * as os from 'node:os';
import * as path from 'node:path';
import { estimateFolders } from '../core/index/estimate';
import { defaultChunking } from '../shared/chunking';
import { chunksOfDocument } from './documentChunks';
import type { EngineRooms } from './engineRooms';
import type { EngineHandlers } from './engineServer';
import { mapQuestionHandlers } from './mapQuestions';
import { pointHonesty } from './pointHonesty';
import { relayout, stopLayout } from './relayout';
import { embedSelection } from './selection';
import { chunkDetail, excerpts, pointAt, search, spaceReadings } from './spaceAnswers';
import { chunkPlace } from './chunkPlace';
import { explainFile } from './fileExplanation';
import { qualityWarnings } from './spaceQuality';
import { spaceReport } from './spaceReport';
import { chunkerAt, judgeDocument } from './judgeDocument';
import { splitEffect } from './splitEffect';

/** An index makes room for so long after the person typed. */
const gentleAfterTypingMs = 3_000;

export function engineHandlers(engine: EngineRooms): EngineHandlers {
  return {
    info: () => Promise.resolve(engine.info()),
    estimate: async ({ folders }, signal) => {
      const embedding = engine.embeddingHost();
      return estimateFolders(
        folders.map(({ folder, settings }) => ({ path: folder.path, settings })),
        {
          counter: await engine.tokenizer(),
          tokensPerSecond: embedding.expectedTokensPerSecond,
          homeFolder: os.homedir(),
          signal,
        },
      );
    },
    openSpace: ({ folders, refresh }) => {
      const space = engine.openSpace(folders, refresh);
      return Promise.resolve({ spaceId: space.id, state: space.state() });
    },
    index: ({ spaceId, startedByPerson }, signal) => {
      const space = engine.space(spaceId);
      // A window that goes away does not stop the index; a person's cancel does.
      signal.addEventListener('abort', () => signal.reason === 'cancelled' && void space.indexing.stop());
      return space.index(startedByPerson);
    },
    stopIndexing: async ({ spaceId }) => {
      await engine.space(spaceId).indexing.stop();
      return null;
    },
    pauseIndexing: async ({ spaceId }) => {
      await engine.space(spaceId).indexing.pause();
      return null;
    },
    resumeIndexing: ({ spaceId }) => {
      engine.space(spaceId).indexing.resumePaused();
      return Promise.resolve(null);
    },
    openFiles: ({ spaceId, files }) => {
      engine.space(spaceId).indexing.useOpenFiles(new Map(files.map(({ folderUri, paths }) => [folderUri, paths])));
      return Promise.resolve(null);
    },
    typing: () => {
      engine.embeddingHost().beGentleFor(gentleAfterTypingMs);
      return Promise.resolve(null);
    },
    filesChanged: async ({ spaceId, folderUri, paths }) => ({
      embedded: await engine.space(spaceId).filesChanged(folderUri, paths),
    }),
    map: ({ spaceId }) => {
      const space = engine.space(spaceId);
      const columns = space.map.hasCoordinates
        ? space.map.columns(space.folderNames, (row) => space.mixed.isFlagged(row))
        : null;
      return Promise.resolve(columns);
    },
    readings: ({ spaceId }) =>
      spaceReadings(engine.space(spaceId), engine.model().manifest, path.join(engine.options.storageFolder, 'indexes')),
    point: ({ spaceId, point, neighbors }) =>
      Promise.resolve(chunkDetail(engine.space(spaceId), point, neighbors, engine.model().manifest.maxTokens)),
    excerpts: ({ spaceId, points }) => Promise.resolve(excerpts(engine.space(spaceId), points)),
    chunks: async (params) =>
      chunksOfDocument(params, {
        chunker: await chunkerAt(engine, params.settings, params.place),
        maxTokens: engine.model().manifest.maxTokens,
        space: params.place && engine.space(params.place.spaceId),
      }),
    pointAt: ({ spaceId, folderUri, path: file, offset, cell }) =>
      Promise.resolve(pointAt(engine.space(spaceId), folderUri, file, offset, cell)),
    place: ({ spaceId, chunkId }) => chunkPlace(engine.space(spaceId), chunkId),
    search: ({ spaceId, query, limit }, signal) =>
      search(engine.space(spaceId), engine.embeddingHost(), { query, limit, signal }),
    embedSelection: async ({ spaceId, title, text, languageId, neighbors }, signal) =>
      embedSelection(engine.space(spaceId), await engine.chunker(defaultChunking), engine.embeddingHost(), {
        title,
        text,
        languageId,
        neighbors,
        signal,
      }),
    warnings: ({ spaceId, folderUri, path: file }) => {
      const space = engine.space(spaceId);
      return Promise.resolve(space.warnings(folderUri, file));
    },
    quality: ({ spaceId, ...request }, signal) =>
      qualityWarnings(engine.space(spaceId), engine.embeddingHost(), request, signal),
    judgeDocument: ({ spaceId, ...request }, signal) => judgeDocument(engine, engine.space(spaceId), request, signal),
    setSensitivity: async ({ spaceId, ordinaryShare }, signal) => {
      const space = engine.space(spaceId);
      if (space.mixed.setting().asked === ordinaryShare) return space.mixed.setting();
      const setting = await space.mixed.setSensitivity(ordinaryShare, engine.embeddingHost(), signal);
      space.tellWarnings();
      return setting;
    },
    splitEffect: ({ spaceId, ...request }, signal) =>
      splitEffect(engine.space(spaceId), engine.embeddingHost(), request, signal),
    relayout: ({ spaceId, ...request }, signal) => relayout(engine.space(spaceId), request, signal),
    stopLayout: ({ spaceId }) => stopLayout(engine.space(spaceId)),
    pointHonesty: ({ spaceId, point }) => Promise.resolve(pointHonesty(engine.space(spaceId), point)),
    ...mapQuestionHandlers(engine),
    explainFile: ({ spaceId, folderUri, path: file }) => explainFile(engine.space(spaceId), folderUri, file),
    indexReport: ({ spaceId }, signal) => spaceReport(engine.space(spaceId), engine.info(), signal),
    storedIndexes: () => Promise.resolve(engine.folderStores().list()),
    deleteIndex: ({ folderUri }) => engine.deleteIndex(folderUri),
    // The server ends the process after it has answered.
    shutdown: () => Promise.resolve(null),
  };
}
