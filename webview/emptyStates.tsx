import type { ComponentChildren } from 'preact';
import type { PanelStatus } from '../src/shared/hostWebview';
import type { IndexEstimate, IndexProgress } from '../src/shared/indexing';
import { Constellation } from './constellation';
import { usePanel } from './model/panelContext';
import { byteSize, count, counted } from '../src/shared/plainWords';
import { durationText, skippedList } from './wording';

/** What stands in the place of the map while there is none. */
export function EmptyState({ status }: { status: PanelStatus | undefined }) {
  if (!status) return <Frame lit={0} title="Opening the space…" />;
  const { state, problem, estimate, folders } = status;
  if (problem) return <Problem problem={problem} />;
  if (state.phase === 'error') {
    return <Problem problem={{ message: state.error ?? 'The index could not be opened.', action: 'retry' }} />;
  }
  if (folders.length === 0 && status.virtualFolders.length > 0) {
    return (
      <Frame lit={0} title="Nothing here lies on a disk">
        <p class="dim">
          {status.virtualFolders.join(', ')}{' '}
          {status.virtualFolders.length === 1 ? 'is a virtual folder' : 'are virtual folders'}: the editor fetches its
          files from somewhere else. Latent Lens reads files where they lie. Clone or copy them to a folder of this
          machine, or of the machine that you work on remotely, and open that one.
        </p>
      </Frame>
    );
  }
  if (folders.length === 0) {
    return (
      <Frame lit={0} title="No folder is open">
        <p class="dim">
          Open a folder or a workspace. Latent Lens then shows how its texts lie to each other in meaning.
        </p>
      </Frame>
    );
  }
  if (state.phase === 'indexing') return <Indexing progress={state.progress} />;
  if (state.paused) return <Paused chunks={state.chunks} />;
  if (state.chunks > 0) {
    return (
      <Frame lit={1} title="Drawing the map…">
        <p class="dim">{counted(state.chunks, 'chunk')} are indexed. The map appears in a moment.</p>
      </Frame>
    );
  }
  if (state.phase === 'ready') return <NothingToIndex status={status} />;
  if (estimate === undefined || estimate === 'counting') {
    return (
      <Frame lit={0} title="Counting files…">
        <p class="dim">Looking at what there is to index in {folders.join(', ')}. Nothing is read by the model yet.</p>
      </Frame>
    );
  }
  return <BeforeFirstIndex folders={folders} estimate={estimate} />;
}

function Frame({ lit, title, children }: { lit: number; title: string; children?: ComponentChildren }) {
  return (
    <main class="empty-state">
      <Constellation lit={lit} />
      <h1>{title}</h1>
      {children}
    </main>
  );
}

function Paused({ chunks }: { chunks: number }) {
  const panel = usePanel();
  return (
    <Frame lit={0.5} title="Indexing is paused">
      <p class="dim">
        {counted(chunks, 'chunk')} {chunks === 1 ? 'is' : 'are'} in the index. It goes on where it was when you resume.
      </p>
      <vscode-button class="primary" onClick={() => panel.host.post({ type: 'resumeIndexing' })}>
        Resume Indexing
      </vscode-button>
    </Frame>
  );
}

function BeforeFirstIndex({ folders, estimate }: { folders: readonly string[]; estimate: IndexEstimate }) {
  const panel = usePanel();
  if (estimate.files === 0) {
    return (
      <Frame lit={0} title="Nothing to index here">
        <p class="dim">No file of {folders.join(', ')} holds text that would be indexed.</p>
        <Skipped estimate={estimate} />
        <button type="button" class="link" onClick={() => panel.host.post({ type: 'openSettings' })}>
          Open settings
        </button>
      </Frame>
    );
  }
  const atLeast = estimate.complete ? '' : 'more than ';
  return (
    <Frame lit={0} title={`See the latent space of ${folders.length === 1 ? folders[0] : `${folders.length} folders`}`}>
      <p class="dim">Every text is read once by a small language model on this machine. Nothing leaves it.</p>
      <dl class="estimate">
        <div>
          <dd>
            {atLeast}
            {count(estimate.files)}
          </dd>
          <dt class="dim">{estimate.files === 1 ? 'file' : 'files'}</dt>
        </div>
        <div>
          <dd>
            {atLeast}
            {byteSize(estimate.bytes)}
          </dd>
          <dt class="dim">of text</dt>
        </div>
        <div>
          <dd>about {durationText(estimate.seconds)}</dd>
          <dt class="dim">once, then only changes</dt>
        </div>
      </dl>
      {estimate.unusual && (
        <p class="unusual">
          <span class="codicon codicon-warning warning-icon" aria-hidden="true" />
          {estimate.unusual === 'home' ? 'This is your home directory.' : 'This is an unusually large folder.'} You may
          want to open a smaller folder, or leave out parts in settings.
        </p>
      )}
      <vscode-button class="primary" onClick={() => panel.host.post({ type: 'startIndexing' })}>
        Index Workspace
      </vscode-button>
      <Skipped estimate={estimate} />
    </Frame>
  );
}

function Skipped({ estimate }: { estimate: IndexEstimate }) {
  const list = skippedList(estimate.skipped);
  if (list.length === 0) return null;
  const total = list.reduce((sum, { files }) => sum + files, 0);
  return (
    <details class="skipped dim">
      <summary>{counted(total, 'file')} left out</summary>
      <ul>
        {list.map(({ reason, files }) => (
          <li key={reason}>
            <span class="skipped-count">{count(files)}</span> {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

function NothingToIndex({ status }: { status: PanelStatus }) {
  const panel = usePanel();
  return (
    <Frame lit={0} title="The index is empty">
      <p class="dim">
        No file of {status.folders.join(', ')} held text to embed. It fills by itself when texts are saved.
      </p>
      <button type="button" class="link" onClick={() => panel.host.post({ type: 'openSettings' })}>
        Open settings
      </button>
    </Frame>
  );
}

function Indexing({ progress }: { progress: IndexProgress | undefined }) {
  const share = progress && progress.filesTotal > 0 ? progress.filesDone / progress.filesTotal : 0;
  const title =
    !progress || progress.phase === 'scanning'
      ? 'Reading files…'
      : progress.phase === 'mapping'
        ? 'Drawing the map…'
        : 'Embedding chunks…';
  return (
    <Frame lit={progress?.phase === 'mapping' ? 1 : share} title={title}>
      {progress && progress.phase === 'embedding' && (
        <p class="dim">
          {count(progress.chunks)} chunks of {count(progress.filesDone)} files so far. The map appears after the first
          few hundred and grows.
        </p>
      )}
    </Frame>
  );
}

function Problem({ problem }: { problem: NonNullable<PanelStatus['problem']> }) {
  const panel = usePanel();
  return (
    <main class="empty-state">
      <span class="codicon codicon-error big-error" aria-hidden="true" />
      <h1>Something went wrong</h1>
      <p role="alert">{problem.message}</p>
      <div class="actions">
        {problem.action !== 'show-log' && (
          <vscode-button onClick={() => panel.host.post({ type: 'retry' })}>Retry</vscode-button>
        )}
        <vscode-button secondary onClick={() => panel.host.post({ type: 'showLog' })}>
          Show Log
        </vscode-button>
      </div>
    </main>
  );
}
