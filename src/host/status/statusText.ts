import { runtimeWords, type EngineInfo } from '../../shared/engineInfo';
import type { IndexProgress } from '../../shared/indexing';
import type { SpaceState } from '../../shared/space';
import { byteSize, count, counted, duration } from '../../shared/plainWords';

export interface StatusFacts {
  state: SpaceState;
  /** False while the index is being opened: nothing is said of it then. */
  isKnown: boolean;
  engineStatus: 'stopped' | 'starting' | 'running' | 'restarting' | 'failed';
  engineDetail: string | undefined;
  engine: EngineInfo | undefined;
  problem: string | undefined;
  /** Which folders of the window can't be indexed at all. */
  leftOut: string | undefined;
}

export interface StatusWords {
  text: string;
  /** Markdown, without the links to commands. */
  tooltip: string;
  isError: boolean;
}

/** "412 of 1,708 files · 5,310 chunks · 6,900 tokens/s · 40 s left" */
export function progressWords(progress: IndexProgress): string {
  if (progress.phase === 'scanning') return `looking for changes · ${counted(progress.filesDone, 'file')}`;
  if (progress.phase === 'checking') return 'looking for mixed topics';
  if (progress.phase === 'mapping') return `drawing the map of ${counted(progress.chunks, 'chunk')}`;
  const parts = [
    `${count(progress.filesDone)} of ${counted(progress.filesTotal, 'file')}`,
    counted(progress.chunks, 'chunk'),
  ];
  if (progress.tokensPerSecond > 0) parts.push(`${count(progress.tokensPerSecond)} tokens/s`);
  if (progress.secondsLeft !== undefined) parts.push(`${duration(progress.secondsLeft)} left`);
  return parts.join(' · ');
}

export function statusWords(facts: StatusFacts): StatusWords {
  const { state, engineStatus } = facts;
  const failure =
    engineStatus === 'failed' ? (facts.engineDetail ?? 'The engine could not be started.') : facts.problem;
  const error = failure ?? (state.phase === 'error' ? (state.error ?? 'Indexing failed.') : undefined);
  if (error !== undefined) return { text: '$(warning) Latent Lens', tooltip: lines(facts, error), isError: true };
  if (engineStatus === 'restarting') {
    return {
      text: '$(sync~spin) Engine restarting',
      tooltip: lines(facts, 'The engine stopped and starts again by itself. What was stored is kept.'),
      isError: false,
    };
  }
  if (state.phase === 'indexing') {
    const { progress } = state;
    const percent =
      progress && progress.filesTotal > 0 ? ` ${Math.floor((100 * progress.filesDone) / progress.filesTotal)}%` : '';
    const left =
      progress?.secondsLeft !== undefined && progress.phase === 'embedding'
        ? ` · ${duration(progress.secondsLeft)} left`
        : '';
    return {
      text: `$(sync~spin) Indexing${percent}${left}`,
      tooltip: lines(facts, progress ? progressWords(progress) : 'Indexing'),
      isError: false,
    };
  }
  if (!facts.isKnown) {
    return { text: '$(sync~spin) Opening index', tooltip: lines(facts, 'The index is being opened.'), isError: false };
  }
  if (state.paused) {
    const indexed = `${counted(state.files, 'file')} and ${counted(state.chunks, 'chunk')} are in the index`;
    return {
      text: '$(debug-pause) Indexing paused',
      tooltip: lines(facts, `Indexing is paused. ${indexed}; what is missing or has changed follows when you resume.`),
      isError: false,
    };
  }
  if (state.phase === 'none') {
    return {
      text: '$(graph-scatter) Not indexed',
      tooltip: lines(facts, 'Nothing of this workspace is indexed yet.'),
      isError: false,
    };
  }
  const map = state.trust === undefined ? '' : ` · trust ${state.trust.toFixed(1)} of ${state.trustOf}`;
  const mixed = state.mixed > 0 ? ` · ${counted(state.mixed, 'mixed-topic chunk')}` : '';
  return {
    text: `$(graph-scatter) ${counted(state.chunks, 'chunk')}`,
    tooltip: lines(facts, `${counted(state.files, 'file')} · ${counted(state.chunks, 'chunk')}${mixed}${map}`),
    isError: false,
  };
}

function lines({ engine, state, leftOut }: StatusFacts, first: string): string {
  const paragraphs = ['**Latent Lens**', escapeMarkdown(first)];
  if (leftOut !== undefined) paragraphs.push(`$(info) ${escapeMarkdown(leftOut)}`);
  if (engine) {
    const speed =
      engine.tokensPerSecond === undefined ? 'not measured yet' : `${count(engine.tokensPerSecond)} tokens/s`;
    paragraphs.push(
      `${escapeMarkdown(engine.modelName)} · ${runtimeWords[engine.runtime]} · ${speed}`,
      ...engine.steppedDown.map((reason) => `$(info) ${escapeMarkdown(reason)}`),
    );
  }
  const errors = state.lastReport?.errors.length ?? 0;
  if (errors > 0) paragraphs.push(`$(warning) ${counted(errors, 'file')} could not be indexed; the report names them.`);
  return paragraphs.join('\n\n');
}

/** What `Show Engine Information` says, one line a fact. */
export function engineWords(info: EngineInfo): string {
  return [
    `Model: ${info.modelName}, ${info.dimensions} dimensions, at most ${info.maxTokens} word pieces a chunk`,
    `Runtime: ${runtimeWords[info.runtime]}`,
    `Speed: ${info.tokensPerSecond === undefined ? 'not measured yet' : `${count(info.tokensPerSecond)} tokens per second`}`,
    `Threads: ${info.threads}`,
    ...info.steppedDown.map((reason) => `Not used: ${reason}`),
    `Process: ${info.pid}, ${info.node}, ${byteSize(info.memoryBytes)}`,
    `Windows that share it: ${info.windows}`,
    `Version: ${info.version}`,
  ].join('\n');
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>$~]/g, '\\$&');
}
