import { useRef } from 'preact/hooks';
import type { NumberLegend as Legend } from '../model/mapColoring';
import { usePanel } from '../model/panelContext';
import { theme } from '../theme/theme';
import { count } from '../../src/shared/plainWords';

/** The ramp with how often each part of it comes up, ticks with units, and two handles for the part that is shown. */
export function NumberLegend({ legend }: { legend: Legend }) {
  const panel = usePanel();
  const trackRef = useRef<HTMLDivElement>(null);
  const { scale, histogram, range } = legend;
  const most = Math.max(...histogram, 1);
  const low = range ? clamp(scale.toShare(range.low)) : 0;
  const high = range ? clamp(scale.toShare(range.high)) : 1;
  const { rampColors } = theme.value;
  const label = panel.numbers.label.value;

  const set = (end: 'low' | 'high', share: number): void => {
    const snapped = Math.round(clamp(share) / scale.step) * scale.step;
    const next = { low, high, [end]: clamp(snapped) };
    if (next.low > next.high) next[end] = end === 'low' ? next.high : next.low;
    const all = next.low <= 0 && next.high >= 1;
    panel.colors.range.value = all ? undefined : { low: scale.fromShare(next.low), high: scale.fromShare(next.high) };
  };
  const shareAt = (event: PointerEvent): number => {
    const box = trackRef.current!.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  };
  const handle = (end: 'low' | 'high', share: number) => (
    <div
      class="range-handle"
      role="slider"
      tabIndex={0}
      aria-label={end === 'low' ? `Least ${scale.title}` : `Most ${scale.title}`}
      aria-valuemin={scale.low}
      aria-valuemax={scale.high}
      aria-valuenow={Number(scale.fromShare(share).toFixed(2))}
      aria-valuetext={scale.text(scale.fromShare(share))}
      style={{ left: `${share * 100}%` }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.stopPropagation();
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) set(end, shareAt(event));
      }}
      onKeyDown={(event) => {
        const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 }[event.key];
        if (step !== undefined) set(end, share + step * scale.step);
        else if (event.key === 'Home') set(end, 0);
        else if (event.key === 'End') set(end, 1);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
  return (
    <div class="number-legend" title={scale.help}>
      <div class="number-title">
        {scale.title}
        {label !== undefined && <span class="dim"> to {label}</span>}
      </div>
      <div class="number-histogram" aria-hidden="true">
        {histogram.map((rows, bin) => {
          const share = (bin + 0.5) / histogram.length;
          const step = Math.min(rampColors.length - 1, Math.floor(share * rampColors.length));
          return (
            <span
              key={bin}
              class={share < low || share > high ? 'out' : ''}
              style={{
                height: `${rows === 0 ? 0 : Math.max(6, 100 * Math.sqrt(rows / most))}%`,
                background: rampColors[step],
              }}
              title={`${count(rows)} points`}
            />
          );
        })}
      </div>
      <div
        class="number-track"
        ref={trackRef}
        style={{ background: `linear-gradient(90deg, ${rampColors.join(', ')})` }}
        onPointerDown={(event) => {
          const share = shareAt(event);
          set(Math.abs(share - low) < Math.abs(share - high) ? 'low' : 'high', share);
        }}
      >
        <span class="number-out" style={{ left: 0, width: `${low * 100}%` }} />
        <span class="number-out" style={{ right: 0, width: `${(1 - high) * 100}%` }} />
        {handle('low', low)}
        {handle('high', high)}
      </div>
      <div class="number-ticks dim" aria-hidden="true">
        {scale.ticks.map((tick, i) => (
          <span
            key={tick}
            class={i === 0 ? 'first' : i === scale.ticks.length - 1 ? 'last' : ''}
            style={{ left: `${clamp(scale.toShare(tick)) * 100}%` }}
          >
            {scale.text(tick)}
          </span>
        ))}
      </div>
      {range && (
        <div class="dim number-range">
          Shown: {scale.text(scale.fromShare(low))} to {scale.text(scale.fromShare(high))}
        </div>
      )}
    </div>
  );
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
