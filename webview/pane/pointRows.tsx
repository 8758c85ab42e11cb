import { useMemo } from 'preact/hooks';
import { usePanel } from '../model/panelContext';
import { theme } from '../theme/theme';
import { counted } from '../../src/shared/plainWords';
import { firstLine, placeText } from '../wording';
import { VirtualRows } from './virtualRows';

const rowHeight = 46;

interface PointRowsProps {
  label: string;
  points: ArrayLike<number>;
}

/** Chunks by point, of any number: a click marks one on the map, Enter opens it, the right arrow goes to it. */
export function PointRows({ label, points }: PointRowsProps) {
  const panel = usePanel();
  const { focused } = panel.selection;
  const indexOf = useMemo(() => {
    const indices = new Map<number, number>();
    for (let i = 0; i < points.length; i++) indices.set(points[i], i);
    return indices;
  }, [points]);
  const current = focused.value === undefined ? -1 : (indexOf.get(focused.value) ?? -1);
  const focus = (index: number): void => void (focused.value = points[index]);
  return (
    <VirtualRows
      count={points.length}
      rowHeight={rowHeight}
      label={label}
      current={current}
      row={(index) => <PointRow point={points[index]} onFocus={() => focus(index)} />}
      onMove={focus}
      onKey={(event, index) => {
        const point = points[index] as number | undefined;
        if (point === undefined) return false;
        const place = panel.excerpts.get(point)?.place;
        if (event.key === 'Enter' && place) panel.open(place, true);
        else if (event.key === ' ' || (event.key === 'ArrowRight' && !event.altKey)) panel.selectPoint(point, true);
        else return false;
        return true;
      }}
    />
  );
}

function PointRow({ point, onFocus }: { point: number; onFocus: () => void }) {
  const panel = usePanel();
  void panel.excerpts.version.value;
  const excerpt = panel.excerpts.get(point);
  const row = panel.rowOfPoint.value.get(point);
  const coloring = panel.coloring.value;
  const slot = row === undefined ? undefined : coloring?.slot[row];
  const color = slot === undefined ? undefined : theme.value.slotColors[slot];
  return (
    <div
      class="point-row"
      data-point={point}
      title={excerpt?.excerpt}
      onClick={onFocus}
      onDblClick={() => excerpt && panel.open(excerpt.place, false)}
    >
      <span class="swatch" style={color ? { background: color } : undefined} aria-hidden="true" />
      <span class="chunk-row-text">{excerpt ? firstLine(excerpt.excerpt) : '…'}</span>
      <span class="point-row-place dim ellipsis">
        {excerpt && (
          <>
            <span class="spoken">, in </span>
            {placeText(excerpt.place)}
            {excerpt.places > 1 && ` · ${counted(excerpt.places, 'place')}`}
          </>
        )}
      </span>
      <span
        class="row-action codicon codicon-arrow-right"
        title="Show this chunk and its nearest (→)"
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          panel.selectPoint(point, true);
        }}
      />
    </div>
  );
}
