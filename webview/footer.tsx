import type { IndexProgress } from '../src/shared/indexing';
import { usePanel } from './model/panelContext';
import { count, counted } from '../src/shared/plainWords';
import { durationText, runtimeName } from './wording';

/** The truth in one line; while indexing the same line holds the progress. */
export function Footer() {
  const panel = usePanel();
  const status = panel.status.value;
  if (!status) return <footer class="footer" />;
  const { state, engine, problem } = status;
  if (state.progress && state.phase === 'indexing') return <ProgressLine progress={state.progress} />;
  const map = panel.map.value;
  const coloring = panel.coloring.value;
  const hidden = coloring ? coloring.visible.reduce((sum, visible) => sum + 1 - visible, 0) : 0;
  return (
    <footer class="footer">
      {problem && map && (
        <span class="footer-problem" role="alert">
          <span class="codicon codicon-error error-icon" aria-hidden="true" />
          <span class="ellipsis" title={problem.message}>
            {problem.message}
          </span>
          {problem.action && (
            <button
              type="button"
              class="link"
              onClick={() => panel.host.post({ type: problem.action === 'retry' ? 'retry' : 'showLog' })}
            >
              {problem.action === 'retry' ? 'Retry' : 'Show log'}
            </button>
          )}
        </span>
      )}
      {state.paused && (
        <span class="fact">
          Indexing paused{' '}
          <button type="button" class="link" onClick={() => panel.host.post({ type: 'resumeIndexing' })}>
            Resume
          </button>
        </span>
      )}
      {panel.problem.value !== undefined && (
        <span class="footer-problem" role="alert">
          <span class="codicon codicon-error error-icon" aria-hidden="true" />
          <span class="ellipsis" title={panel.problem.value}>
            {panel.problem.value}
          </span>
          <button type="button" class="link" onClick={() => (panel.problem.value = undefined)}>
            Close
          </button>
        </span>
      )}
      {state.chunks > 0 && (
        <span class="fact">
          <b>{count(state.chunks)}</b> {state.chunks === 1 ? 'chunk' : 'chunks'} · <b>{count(state.files)}</b>{' '}
          {state.files === 1 ? 'file' : 'files'}
        </span>
      )}
      {map && hidden > 0 && (
        <span class="fact">
          <b>{count(map.point.length - hidden)}</b> of {counted(map.point.length, 'point')} shown
        </span>
      )}
      {map && state.trust !== undefined && (
        <span
          class="fact"
          title={`On average, this many of a chunk's ${state.trustOf} true neighbors are among its ${state.trustOf} nearest points on the map.`}
        >
          <b>
            {state.trust.toFixed(state.trust < 10 ? 1 : 0)} of {state.trustOf}
          </b>{' '}
          true neighbors<span class="wide-only"> are among the nearest {state.trustOf} here</span>
        </span>
      )}
      {map && state.mixed > 0 && (
        <button type="button" class="link plain" onClick={() => (panel.tab.value = 'quality')}>
          <b>{count(state.mixed)}</b> mixed-topic
        </button>
      )}
      <span class="footer-end">
        {panel.renderer.value === 'canvas2d' && map && (
          <span class="ellipsis" title="WebGL2 is not available here. The picture is the same.">
            Drawn without WebGL, more slowly
          </span>
        )}
        {panel.renderer.value === undefined && map && <span>This window can't draw the map; the lists work</span>}
        {engine && (
          <span class="ellipsis engine">
            {engine.modelName} · {runtimeName(engine)}
            {engine.tokensPerSecond !== undefined && ` · ${count(engine.tokensPerSecond)} tokens/s`}
          </span>
        )}
      </span>
    </footer>
  );
}

function ProgressLine({ progress }: { progress: IndexProgress }) {
  const panel = usePanel();
  const { filesDone, filesTotal, phase } = progress;
  const doing = {
    scanning: 'Reading files',
    embedding: progress.startedByPerson ? 'Indexing' : 'Updating',
    mapping: 'Drawing the map',
    checking: 'Looking for mixed topics',
  }[phase];
  return (
    <footer class="footer indexing">
      <span
        class="progress"
        role="progressbar"
        aria-label={doing}
        aria-valuemin={0}
        aria-valuemax={filesTotal > 0 ? filesTotal : undefined}
        aria-valuenow={phase === 'embedding' ? filesDone : undefined}
      >
        <span
          class={phase === 'embedding' ? 'progress-fill' : 'progress-fill endless'}
          style={{ width: phase === 'embedding' ? `${(100 * filesDone) / Math.max(1, filesTotal)}%` : '' }}
        />
      </span>
      <span class="fact">
        {doing}
        {filesTotal > 0 && (
          <>
            {' '}
            <b>{count(filesDone)}</b> of {counted(filesTotal, 'file')}
          </>
        )}
      </span>
      {progress.chunks > 0 && (
        <span class="fact">
          <b>{count(progress.chunks)}</b> chunks
        </span>
      )}
      {progress.tokensPerSecond > 0 && <span class="fact">{count(progress.tokensPerSecond)} tokens/s</span>}
      {progress.secondsLeft !== undefined && <span class="fact">{durationText(progress.secondsLeft)} left</span>}
      <span class="footer-end">
        <button
          type="button"
          class="link"
          title="Goes on when you resume, also after a restart"
          onClick={() => panel.host.post({ type: 'pauseIndexing' })}
        >
          Pause
        </button>
        <button type="button" class="link" onClick={() => panel.host.post({ type: 'stopIndexing' })}>
          Stop
        </button>
      </span>
    </footer>
  );
}
