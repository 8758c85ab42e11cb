import { useRef } from 'preact/hooks';
import type { Neighbor } from '../../src/shared/space';
import { counted } from '../../src/shared/plainWords';
import { firstLine, percentileText, placeText, similarityText } from '../wording';

interface ChunkListProps {
  label: string;
  items: readonly Neighbor[];
  /** Which pairs the percentile compares with. */
  pairs: string;
  /** The point of the current row. */
  current: number | undefined;
  ranked?: boolean;
  onPick(neighbor: Neighbor): void;
  /** Opens in the editor. */
  onOpen(neighbor: Neighbor, preview: boolean): void;
  /** Goes to the chunk in the panel, where picking doesn't do so already. */
  onShow?: (neighbor: Neighbor) => void;
}

/** Nearest chunks or search hits: one list for the eyes, the keyboard and screen readers. */
export function ChunkList({ label, items, pairs, current, ranked, onPick, onOpen, onShow }: ChunkListProps) {
  const listRef = useRef<HTMLUListElement>(null);
  const best = Math.max(...items.map((item) => item.similarity), 1e-6);
  const currentIndex = items.findIndex((item) => item.point === current);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -items.length, End: items.length }[
      event.key
    ];
    const focused = listRef.current?.querySelector<HTMLElement>('[role="option"]:focus');
    const index = focused ? Number(focused.dataset.index) : currentIndex;
    const item = items[index];
    if (step !== undefined) {
      const next = Math.min(items.length - 1, Math.max(0, index + step));
      listRef.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus();
      onPick(items[next]);
    } else if (event.key === 'Enter' && item) onOpen(item, true);
    else if (event.key === ' ' && item) (onShow ?? onPick)(item);
    else if (event.key === 'ArrowRight' && item && onShow) onShow(item);
    else return;
    event.preventDefault();
  };

  return (
    <ul class="chunk-list" role="listbox" aria-label={label} ref={listRef} onKeyDown={onKeyDown}>
      {items.map((item, index) => (
        <li
          key={item.point}
          role="option"
          data-index={index}
          data-point={item.point}
          class="chunk-row"
          aria-selected={index === currentIndex}
          tabIndex={index === (currentIndex < 0 ? 0 : currentIndex) ? 0 : -1}
          title={item.text.slice(0, 600)}
          onClick={() => onPick(item)}
          onDblClick={() => onOpen(item, false)}
        >
          <div class="chunk-row-measure">
            <span class="similarity">
              {ranked && (
                <span class="rank dim">
                  <span class="spoken">Rank </span>
                  {index + 1}
                </span>
              )}
              <span>
                <span class="spoken">{ranked ? ', ' : ''}similarity </span>
                {similarityText(item.similarity)}
                <span class="spoken">: </span>
              </span>
            </span>
            <span class="bar" aria-hidden="true">
              <span
                class="bar-fill"
                style={{ width: `${Math.max(3, (Math.max(item.similarity, 0) / best) * 100)}%` }}
              />
            </span>
          </div>
          <div class="chunk-row-text">{firstLine(item.text)}</div>
          <div class="chunk-row-place dim">
            <span class="ellipsis">
              <span class="spoken">, in </span>
              {placeText(item.place)}
              {item.places > 1 && ` · ${counted(item.places, 'place')}`}
              {item.overlaps && (
                <span title="Both hold a part of the same text, so it is no surprise that they are near">
                  {' '}
                  · overlaps this chunk
                </span>
              )}
            </span>
            <span class="percentile">
              <span class="spoken">, nearer than </span>
              {percentileText(item.percentile)}
              <span class="spoken"> of {pairs}</span>
            </span>
          </div>
          {onShow && (
            <span
              class="row-action codicon codicon-arrow-right"
              title="Show the nearest chunks of this one (→)"
              aria-hidden="true"
              onClick={(event) => {
                event.stopPropagation();
                onShow(item);
              }}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
