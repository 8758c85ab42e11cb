/** What answers the questions that people ask of a map: one entry a request, the work in files of their own. */
import type { Embedder } from '../core/embedding/embedding';
import type { MapQuestionMethods } from '../shared/mapQuestions';
import type { EngineHandlers } from './engineServer';
import { exportPoints } from './exportPoints';
import { groupSeparation } from './groupSeparation';
import { colorData, similarityTo } from './pointColors';
import { centroid, labelSelection, searchWithin } from './pointSelection';
import type { Space } from './space';
import { textSearch } from './textSearch';
import { walk } from './walk';

interface Asked {
  /** @throws Error when the window's space is not open */
  space(id: string): Space;
  embeddingHost(): Embedder;
}

export function mapQuestionHandlers(engine: Asked): Pick<EngineHandlers, keyof MapQuestionMethods> {
  return {
    walk: async ({ spaceId, from, to }) => walk(engine.space(spaceId), from, to),
    centroid: async ({ spaceId, points, neighbors }) => centroid(engine.space(spaceId), points, neighbors),
    searchWithin: async ({ spaceId, query, points, limit }, signal) =>
      searchWithin(engine.space(spaceId), engine.embeddingHost(), { query, points, limit, signal }),
    textSearch: async ({ spaceId, text }, signal) => textSearch(engine.space(spaceId), text, signal),
    labelSelection: async ({ spaceId, points }, signal) => labelSelection(engine.space(spaceId), points, signal),
    exportPoints: async ({ spaceId, points, file, vectors }, signal) =>
      exportPoints(engine.space(spaceId), { points, file, vectors, signal }),
    similarityTo: async ({ spaceId, points, query }, signal) =>
      similarityTo(engine.space(spaceId), engine.embeddingHost(), { points, query }, signal),
    colorData: async ({ spaceId, kind, trusted }, signal) => colorData(engine.space(spaceId), kind, trusted, signal),
    groupSeparation: async ({ spaceId, grouping }) => groupSeparation(engine.space(spaceId), grouping),
  };
}
