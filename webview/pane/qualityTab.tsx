import { useRef } from 'preact/hooks';
import type { Warning } from '../../src/shared/space';
import { usePanel } from '../model/panelContext';
import { counted } from '../../src/shared/plainWords';
import { fileName, linesText } from '../wording';

/** Chunks that mix topics, strongest first. */
export function QualityTab() {
  const panel = usePanel();
  const listRef = useRef<HTMLUListElement>(null);
  const warnings = panel.warnings.value;
  const current = panel.selection.point.value;
  const currentIndex = warnings.findIndex((warning) => warning.point === current);

  if (warnings.length === 0) {
    return (
      <div class="empty-tab">
        <span class="codicon codicon-pass" aria-hidden="true" />
        <p class="empty-title">{panel.indexing.value ? 'Not judged yet' : 'No mixed-topic chunks'}</p>
        <p class="dim">
          A chunk is listed here when a cut would split it into two clearly different parts: it then lies between both
          topics on the map and is found for neither.
        </p>
      </div>
    );
  }

  const pick = (warning: Warning): void => panel.selectPoint(warning.point, false);
  const open = (warning: Warning, preview: boolean): void =>
    panel.open(warning.place, preview, Math.max(0, warning.mixed.cut - warning.place.start));
  const goTo = (index: number): void => {
    const warning = warnings[Math.min(warnings.length - 1, Math.max(0, index))];
    if (!warning) return;
    pick(warning);
    const row = listRef.current?.querySelector<HTMLElement>(`[data-index="${warnings.indexOf(warning)}"]`);
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const focused = listRef.current?.querySelector<HTMLElement>('[role="option"]:focus');
    const index = focused ? Number(focused.dataset.index) : currentIndex;
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -warnings.length, End: warnings.length }[event.key];
    if (step !== undefined) goTo(index + step);
    else if (event.key === 'Enter' && warnings[index]) open(warnings[index], true);
    else if (event.key === ' ' && warnings[index]) pick(warnings[index]);
    else return;
    event.preventDefault();
  };

  return (
    <section class="nearest">
      <div class="list-head">
        <h2>{counted(warnings.length, 'mixed-topic chunk')}</h2>
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
            disabled={currentIndex === warnings.length - 1}
            onClick={() => goTo(currentIndex + 1)}
          >
            <span class="codicon codicon-arrow-down" aria-hidden="true" />
          </button>
        </span>
      </div>
      <p class="dim small">
        Each may mix two topics: its best cut stands out among the chunks here with as many sentences. About 1 to 3 in
        100 ordinary chunks are listed too, so read both sides of the cut and judge.
      </p>
      <ul
        class="chunk-list"
        role="listbox"
        aria-label="Mixed-topic chunks, strongest first"
        ref={listRef}
        onKeyDown={onKeyDown}
      >
        {warnings.map((warning, index) => (
          <li
            key={warning.place.chunkId}
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
            <div class="warning-topics">
              <span class="codicon codicon-warning warning-icon" aria-hidden="true" />
              <span class="ellipsis">
                {warning.mixed.before.slice(0, 2).join(', ') || 'first part'} <span class="dim">and</span>{' '}
                {warning.mixed.after.slice(0, 2).join(', ') || 'second part'}
              </span>
            </div>
            <div class="chunk-row-place dim">
              <span class="ellipsis">
                {fileName(warning.place.path)} · {linesText(warning.place)}, cut at {warning.mixed.cutLine + 1}
              </span>
              <span class="percentile" title="How many chunks of this index with as many sentences have a weaker cut">
                {Math.floor(warning.mixed.percentile)} %
              </span>
            </div>
          </li>
        ))}
      </ul>
      <p class="dim padded small">
        Enter or a double click opens the chunk at its cut. The percentage says how many chunks with as many sentences
        have a weaker cut.
      </p>
    </section>
  );
}
