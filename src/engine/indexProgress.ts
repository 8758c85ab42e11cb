import type { UpdateProgress } from '../core/index/indexer';
import type { IndexProgress } from '../shared/indexing';

/** What is told from the first moment on: a window that opens a half-built index must not take it for a whole one. */
export function firstProgress(chunks: number, startedByPerson: boolean): IndexProgress {
  return {
    phase: 'scanning',
    filesDone: 0,
    filesTotal: 0,
    chunks,
    tokensPerSecond: 0,
    secondsLeft: undefined,
    startedByPerson,
  };
}

/** How far a run is, with an estimate of what is left. */
export function progressOf(update: UpdateProgress, tokensPerSecond: number, startedByPerson: boolean): IndexProgress {
  const { phase, filesDone, filesTotal, bytesDone, bytesTotal, chunks, embeddedTokens } = update;
  // Bytes stand for work: files that were unchanged cost nothing, so only what is embedded sets the rate.
  const tokensLeft = bytesDone > 0 ? (embeddedTokens / bytesDone) * (bytesTotal - bytesDone) : undefined;
  const secondsLeft =
    tokensLeft !== undefined && tokensPerSecond > 0 && embeddedTokens > 0 ? tokensLeft / tokensPerSecond : undefined;
  return { phase, filesDone, filesTotal, chunks, tokensPerSecond, secondsLeft, startedByPerson };
}
