import { useSignal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { usePanel } from '../model/panelContext';
import { theme } from '../theme/theme';
import { count } from '../../src/shared/plainWords';
import { firstLine, placeText } from '../wording';
import { tableColumns, tableRows, type TableColumn, type TableSort } from './tableModel';

const rowHeight = 26;
const overscan = 8;

/** The map as a table, for screen readers and for whoever would rather read: sorted by any column, any number of rows. */
export function MapTable() {
  const panel = usePanel();
  const map = panel.map.value;
  const coloring = panel.coloring.value;
  const { bright } = panel.emphasis.value;
  const numbers = panel.numbers.values.value;
  const sort = useSignal<TableSort | undefined>(undefined);
  const current = useSignal(0);
  const columns = useMemo(
    () => (map && coloring ? tableColumns(map, coloring, numbers) : []),
    [map, coloring, numbers],
  );
  const rows = useMemo(
    () => (coloring ? tableRows(coloring, bright, columns, sort.value) : new Uint32Array()),
    [coloring, bright, columns, sort.value],
  );
  if (!map || !coloring) return null;
  const shown =
    rows.length === map.point.length ? count(rows.length) : `${count(rows.length)} of ${count(map.point.length)}`;
  return (
    <div class="map-table">
      <div class="table-head">
        <span>{shown} chunks</span>
        <button type="button" class="link" onClick={() => (panel.table.value = false)}>
          Show the map
        </button>
      </div>
      <Grid rows={rows} columns={columns} sort={sort.value} onSort={(next) => (sort.value = next)} current={current} />
    </div>
  );
}

interface GridProps {
  rows: Uint32Array;
  columns: readonly TableColumn[];
  sort: TableSort | undefined;
  onSort: (sort: TableSort | undefined) => void;
  current: { value: number };
}

function Grid({ rows, columns, sort, onSort, current }: GridProps) {
  const panel = usePanel();
  const scrollerRef = useRef<HTMLDivElement>(null);
  const first = useSignal(0);
  const inSight = useSignal(40);
  const focusWanted = useRef(false);
  const at = Math.min(current.value, Math.max(0, rows.length - 1));

  useLayoutEffect(() => {
    const scroller = scrollerRef.current!;
    const update = (): void => {
      first.value = Math.max(0, Math.floor(scroller.scrollTop / rowHeight) - overscan);
      inSight.value = Math.ceil(scroller.clientHeight / rowHeight) + 2 * overscan;
    };
    update();
    scroller.addEventListener('scroll', update, { passive: true });
    const observer = new ResizeObserver(update);
    observer.observe(scroller);
    return () => {
      scroller.removeEventListener('scroll', update);
      observer.disconnect();
    };
  }, [first, inSight]);

  useLayoutEffect(() => {
    if (!focusWanted.current) return;
    const row = scrollerRef.current?.querySelector<HTMLElement>(`[data-row="${at}"]`);
    if (!row) return;
    focusWanted.current = false;
    row.focus({ preventScroll: true });
  });

  const pointOf = (index: number): number | undefined => panel.map.value?.point[rows[index]];
  const goTo = (index: number): void => {
    const scroller = scrollerRef.current!;
    const top = (index + 1) * rowHeight;
    if (top - rowHeight < scroller.scrollTop) scroller.scrollTop = top - rowHeight;
    else if (top + rowHeight > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = top + rowHeight - scroller.clientHeight;
    }
    focusWanted.current = true;
    current.value = index;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.target as HTMLElement).matches('[data-row]') || event.altKey) return;
    const page = Math.max(1, inSight.value - 2 * overscan - 2);
    const step = {
      ...{ ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page },
      ...{ Home: -rows.length, End: rows.length },
    }[event.key];
    const point = pointOf(at);
    if (step !== undefined) goTo(Math.min(rows.length - 1, Math.max(0, at + step)));
    else if (event.key === 'Enter' && point !== undefined) panel.openPoint(point);
    else if (event.key === ' ' && point !== undefined) panel.selectPoint(point, true);
    else return;
    event.preventDefault();
  };
  const sortBy = ({ key, descendsFirst }: TableColumn): void => {
    if (sort?.key !== key) onSort({ key, descending: descendsFirst });
    else onSort(sort.descending === descendsFirst ? { key, descending: !descendsFirst } : undefined);
  };
  const to = Math.min(rows.length, first.value + inSight.value);
  const indices = Array.from({ length: Math.max(0, to - first.value) }, (_, i) => first.value + i);
  return (
    <div class="table-scroller" ref={scrollerRef} onKeyDown={onKeyDown}>
      <div
        role="grid"
        class="grid"
        aria-label="Chunks of the map"
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 2}
        style={{ height: `${(rows.length + 1) * rowHeight}px`, '--columns': columns.length }}
      >
        <div role="row" class="grid-row grid-head" aria-rowindex={1}>
          <span role="columnheader">Chunk</span>
          <span role="columnheader">Place</span>
          {columns.map((column) => (
            <span
              role="columnheader"
              key={column.key}
              class={column.isNumber ? 'number' : ''}
              aria-sort={sort?.key === column.key ? (sort.descending ? 'descending' : 'ascending') : 'none'}
            >
              <button type="button" title={`${column.help}. Click to sort.`} onClick={() => sortBy(column)}>
                <span class="ellipsis">{column.name}</span>
                {sort?.key === column.key && (
                  <span class={`codicon codicon-arrow-${sort.descending ? 'down' : 'up'}`} aria-hidden="true" />
                )}
              </button>
            </span>
          ))}
        </div>
        {indices.map((index) => (
          <GridRow
            key={index}
            index={index}
            row={rows[index]}
            columns={columns}
            isCurrent={index === at}
            onPick={() => (current.value = index)}
          />
        ))}
      </div>
    </div>
  );
}

interface GridRowProps {
  index: number;
  row: number;
  columns: readonly TableColumn[];
  isCurrent: boolean;
  onPick: () => void;
}

function GridRow({ index, row, columns, isCurrent, onPick }: GridRowProps) {
  const panel = usePanel();
  void panel.excerpts.version.value;
  const point = panel.map.value!.point[row];
  const excerpt = panel.excerpts.get(point);
  const slot = panel.coloring.value?.slot[row] ?? 0;
  return (
    <div
      role="row"
      class="grid-row"
      data-row={index}
      data-point={point}
      aria-rowindex={index + 2}
      aria-selected={panel.selection.point.value === point}
      tabIndex={isCurrent ? 0 : -1}
      style={{ top: `${(index + 1) * rowHeight}px` }}
      title={excerpt?.excerpt}
      onClick={() => {
        onPick();
        panel.selectPoint(point, true);
      }}
      onDblClick={() => panel.openPoint(point)}
    >
      <span role="gridcell" class="grid-text">
        <span class="swatch" style={{ background: theme.value.slotColors[slot] }} aria-hidden="true" />
        <span class="ellipsis">{excerpt ? firstLine(excerpt.excerpt) : '…'}</span>
      </span>
      <span role="gridcell" class="dim ellipsis">
        {excerpt ? placeText(excerpt.place) : ''}
      </span>
      {columns.map((column) => (
        <span role="gridcell" key={column.key} class={column.isNumber ? 'number ellipsis' : 'ellipsis'}>
          {column.text(row)}
        </span>
      ))}
    </div>
  );
}
