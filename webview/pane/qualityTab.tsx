import { useRef } from 'preact/hooks';
import type { ChunkWarning } from '../../src/shared/chunkQuality';
import { usePanel } from '../model/panelContext';
import { listedKinds, mostListed, strength, type ListedKind, type QualityOrder } from '../model/qualityModel';
import { count, counted } from '../../src/shared/plainWords';
import { fileName, linesText } from '../wording';

const kindNames: Record<ListedKind, { name: string; one: string; what: string }> = {
  'mixed-topics': {
    name: 'Mixed topics',
    one: 'mixed-topic chunk',
    what: 'Each may mix two topics: its best cut stands out among the chunks here with as many sentences, or it runs on under another heading and its parts differ. Read both sides of the cut and judge.',
  },
  'cut-off': {
    name: 'Cut off',
    one: 'chunk that is cut off',
    what: 'Each ends or begins in mid-sentence, or begins with a word whose meaning stands in the chunk before.',
  },
  boilerplate: {
    name: 'Boilerplate',
    one: 'boilerplate chunk',
    what: 'Most of each stands in three files or more in the same words.',
  },
  'too-short': {
    name: 'Too short',
    one: 'chunk that is too short',
    what: 'Each has fewer than four words that could say what it is about.',
  },
  'too-long': {
    name: 'Too long',
    one: 'chunk that is too long',
    what: 'The model never sees the end of each, or it has more sentences than one vector can stand for.',
  },
  'heading-mismatch': {
    name: 'Heading mismatch',
    one: 'chunk that its heading does not describe',
    what: 'The heading of each is no nearer to it than to half of all other chunks.',
  },
};
const orderNames: Record<QualityOrder, string> = { cost: 'What it costs', strength: 'Strength', place: 'File' };

/** Warnings of chunks, by kind and folder, worst first. */
export function QualityTab() {
  const { quality } = usePanel();
  const warnings = quality.shown.value;
  return (
    <section class="nearest quality">
      <Filters />
      {quality.error.value !== undefined ? (
        <div class="notice" role="alert">
          <span class="codicon codicon-error error-icon" aria-hidden="true" />
          <div>{quality.error.value}</div>
        </div>
      ) : quality.loading.value ? (
        <div class="loading dim" role="status">
          <vscode-progress-ring aria-hidden="true" />
          Looking at all chunks…
        </div>
      ) : warnings.length === 0 ? (
        <Nothing />
      ) : (
        <WarningList warnings={warnings} />
      )}
    </section>
  );
}

function Filters() {
  const { quality } = usePanel();
  const folders = quality.folders.value;
  const chosen = quality.folder.value;
  return (
    <div class="quality-filters">
      <label>
        <span class="dim">Kind</span>
        <select
          aria-label="Kind of warning"
          value={quality.kind.value}
          onChange={(event) => {
            quality.folder.value = '';
            quality.kind.value = event.currentTarget.value as ListedKind;
          }}
        >
          {listedKinds.map((kind) => (
            <option key={kind} value={kind}>
              {kindNames[kind].name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="dim">Folder</span>
        <select
          aria-label="Folder"
          value={chosen}
          onChange={(event) => (quality.folder.value = event.currentTarget.value)}
        >
          <option value="">All</option>
          {folders.map(({ path, count: warnings }) => (
            <option key={path} value={path}>
              {path} ({count(warnings)})
            </option>
          ))}
          {chosen !== '' && !folders.some(({ path }) => path === chosen) && (
            <option value={chosen}>{chosen} (0)</option>
          )}
        </select>
      </label>
      <label>
        <span class="dim">Order</span>
        <select
          aria-label="Order"
          value={quality.order.value}
          onChange={(event) => (quality.order.value = event.currentTarget.value as QualityOrder)}
        >
          {Object.entries(orderNames).map(([order, name]) => (
            <option key={order} value={order}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function Nothing() {
  const panel = usePanel();
  const { kind, countBefore, folder } = panel.quality;
  const mixed = kind.value === 'mixed-topics';
  const before = mixed && folder.value === '' ? countBefore.value : undefined;
  return (
    <div class="empty-tab">
      <span class="codicon codicon-pass" aria-hidden="true" />
      <p class="empty-title">
        {panel.indexing.value && mixed ? 'Not judged yet' : `No ${kindNames[kind.value].one}`}
        {folder.value !== '' && ' in this folder'}
      </p>
      {before !== undefined && <p>{counted(before, 'was', 'were')} listed when this panel opened.</p>}
      <p class="dim">
        {mixed
          ? 'A chunk is listed here when a cut would split it into two clearly different parts: it then lies between both topics on the map and is found for neither.'
          : kindNames[kind.value].what}
      </p>
    </div>
  );
}

function WarningList({ warnings }: { warnings: readonly ChunkWarning[] }) {
  const panel = usePanel();
  const listRef = useRef<HTMLUListElement>(null);
  const kind = panel.quality.kind.value;
  const listed = warnings.slice(0, mostListed);
  const current = panel.selection.point.value;
  const currentIndex = listed.findIndex((warning) => warning.point === current);

  const pick = (warning: ChunkWarning): void => panel.selectPoint(warning.point, false);
  const open = (warning: ChunkWarning, preview: boolean): void => {
    const cut = warning.kind === 'mixed-topics' ? warning.mixed.cut - warning.place.start : 0;
    panel.open(warning.place, preview, Math.max(0, cut));
  };
  const goTo = (index: number): void => {
    const to = Math.min(listed.length - 1, Math.max(0, index));
    const warning = listed[to];
    if (!warning) return;
    pick(warning);
    const row = listRef.current?.querySelector<HTMLElement>(`[data-index="${to}"]`);
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const focused = listRef.current?.querySelector<HTMLElement>('[role="option"]:focus');
    const index = focused ? Number(focused.dataset.index) : currentIndex;
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -listed.length, End: listed.length }[event.key];
    if (step !== undefined) goTo(index + step);
    else if (event.key === 'Enter' && listed[index]) open(listed[index], true);
    else if (event.key === ' ' && listed[index]) pick(listed[index]);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div class="list-head">
        <h2>{counted(warnings.length, kindNames[kind].one, many(kindNames[kind].one))}</h2>
        <Before now={warnings.length} />
        <span class="list-actions">
          <button
            type="button"
            class="icon-button"
            aria-label="Previous warning"
            title="Previous warning"
            disabled={currentIndex === 0}
            onClick={() => goTo(currentIndex - 1)}
          >
            <span class="codicon codicon-arrow-up" aria-hidden="true" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label="Next warning"
            title="Next warning"
            disabled={currentIndex === listed.length - 1}
            onClick={() => goTo(currentIndex + 1)}
          >
            <span class="codicon codicon-arrow-down" aria-hidden="true" />
          </button>
        </span>
      </div>
      <p class="dim padded small">{kindNames[kind].what}</p>
      <ul
        class="chunk-list"
        role="listbox"
        aria-label={`${kindNames[kind].name}, ${orderNames[panel.quality.order.value].toLowerCase()} first`}
        ref={listRef}
        onKeyDown={onKeyDown}
      >
        {listed.map((warning, index) => (
          <li
            key={`${warning.place.chunkId}`}
            role="option"
            data-index={index}
            data-point={warning.point}
            class="warning-row"
            aria-selected={index === currentIndex}
            tabIndex={index === Math.max(0, currentIndex) ? 0 : -1}
            onClick={() => pick(warning)}
            onDblClick={() => open(warning, false)}
            title={warning.text.slice(0, 600)}
          >
            <WarningRow warning={warning} />
          </li>
        ))}
      </ul>
      {warnings.length > listed.length && (
        <p class="dim padded small">
          {count(warnings.length - listed.length)} more are not shown. Choose a folder to see its own.
        </p>
      )}
      <p class="dim padded small">
        Enter or a double click opens the chunk; the light bulb there has its fixes.
        {kind === 'mixed-topics' && ' The percentage says how many chunks with as many sentences have a weaker cut.'}
      </p>
    </>
  );
}

/** How many there were when the panel opened. */
function Before({ now }: { now: number }) {
  const { kind, folder, countBefore } = usePanel().quality;
  const before = countBefore.value;
  if (kind.value !== 'mixed-topics' || folder.value !== '' || before === undefined || before === now) return null;
  return <span class="dim">{count(before)} when this panel opened</span>;
}

function WarningRow({ warning }: { warning: ChunkWarning }) {
  const mixed = warning.kind === 'mixed-topics' ? warning.mixed : undefined;
  const damage = mixed?.damage && mixed.damage.rankSplit < mixed.damage.rankNow ? mixed.damage : undefined;
  return (
    <>
      <div class="warning-topics">
        <span class="codicon codicon-warning warning-icon" aria-hidden="true" />
        {warning.kind === 'mixed-topics' ? (
          <span class="ellipsis">
            {warning.mixed.before.slice(0, 2).join(', ') || 'first part'} <span class="dim">and</span>{' '}
            {warning.mixed.after.slice(0, 2).join(', ') || 'second part'}
          </span>
        ) : (
          <span class="ellipsis">{warning.reason}</span>
        )}
      </div>
      <div class="chunk-row-place dim">
        <span class="ellipsis">
          {fileName(warning.place.path)} · {linesText(warning.place)}
          {mixed && `, ${mixed.heading === undefined ? 'cut' : 'heading'} at ${mixed.cutLine + 1}`}
        </span>
        {mixed && (
          <span class="percentile" title="How many chunks of this index with as many sentences have a weaker cut">
            {Math.floor(strength(warning))} %
          </span>
        )}
      </div>
      {damage && (
        <div class="chunk-row-place dim small">
          <span class="ellipsis" title={`Query: ${damage.query}`}>
            split, about rank {count(damage.rankSplit)} in place of {count(damage.rankNow)} for “{damage.query}”
          </span>
        </div>
      )}
    </>
  );
}

/** "chunk that is cut off" and "chunks that are …" */
function many(one: string): string {
  if (!one.includes(' that ')) return `${one}s`;
  return one
    .replace(/^chunk that is /, 'chunks that are ')
    .replace(/^chunk that its heading/, 'chunks that their heading');
}
