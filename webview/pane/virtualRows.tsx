import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface VirtualRowsProps {
  count: number;
  /** CSS pixels; every row has this height. */
  rowHeight: number;
  label: string;
  /** The row that has the focus or would get it by Tab. */
  current: number;
  row: (index: number) => ComponentChildren;
  onKey: (event: KeyboardEvent, index: number) => boolean;
  /** The keys went to a row. */
  onMove: (index: number) => void;
}

const overscan = 6;
const pageRows = 8;

/** A list box of any length: only the rows in sight are in the page; the tab around it scrolls. */
export function VirtualRows({ count, rowHeight, label, current, row, onKey, onMove }: VirtualRowsProps) {
  const listRef = useRef<HTMLUListElement>(null);
  const first = useSignal(0);
  const shown = useSignal(30);
  const focusWanted = useRef(false);

  useLayoutEffect(() => {
    const list = listRef.current!;
    const scroller = list.closest<HTMLElement>('.tab-panel')!;
    const update = (): void => {
      const above = scroller.getBoundingClientRect().top - list.getBoundingClientRect().top;
      first.value = Math.max(0, Math.floor(above / rowHeight) - overscan);
      shown.value = Math.ceil(scroller.clientHeight / rowHeight) + 2 * overscan;
    };
    update();
    scroller.addEventListener('scroll', update, { passive: true });
    const observer = new ResizeObserver(update);
    observer.observe(scroller);
    observer.observe(list);
    return () => {
      scroller.removeEventListener('scroll', update);
      observer.disconnect();
    };
  }, [count, rowHeight, first, shown]);

  useLayoutEffect(() => {
    if (!focusWanted.current) return;
    const target = listRef.current?.querySelector<HTMLElement>(`[data-index="${current}"]`);
    if (!target) return;
    focusWanted.current = false;
    target.focus({ preventScroll: true });
  });

  const goTo = (index: number): void => {
    const list = listRef.current!;
    const scroller = list.closest<HTMLElement>('.tab-panel')!;
    const top = list.getBoundingClientRect().top - scroller.getBoundingClientRect().top + index * rowHeight;
    if (top < 0) scroller.scrollTop += top;
    else if (top + rowHeight > scroller.clientHeight) scroller.scrollTop += top + rowHeight - scroller.clientHeight;
    focusWanted.current = true;
    onMove(index);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const focused = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
    const index = focused ? Number(focused.dataset.index) : current;
    const step = {
      ...{ ArrowDown: 1, ArrowUp: -1, PageDown: pageRows, PageUp: -pageRows },
      ...{ Home: -count, End: count },
    }[event.key];
    if (step !== undefined && !event.altKey) goTo(Math.min(count - 1, Math.max(0, index + step)));
    else if (!onKey(event, index)) return;
    event.preventDefault();
  };

  const from = Math.min(first.value, Math.max(0, count - 1));
  const to = Math.min(count, from + shown.value);
  const indices = Array.from({ length: to - from }, (_, i) => from + i);
  return (
    <ul
      class="chunk-list virtual"
      role="listbox"
      aria-label={label}
      ref={listRef}
      style={{ height: `${count * rowHeight}px` }}
      onKeyDown={onKeyDown}
    >
      {indices.map((index) => (
        <li
          key={index}
          role="option"
          class="virtual-row"
          data-index={index}
          aria-posinset={index + 1}
          aria-setsize={count}
          aria-selected={index === current}
          tabIndex={index === Math.max(0, current) || (index === from && (current < from || current >= to)) ? 0 : -1}
          style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
        >
          {row(index)}
        </li>
      ))}
    </ul>
  );
}
