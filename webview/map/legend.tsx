import { coloringNames } from '../model/coloring';
import type { LegendGroup } from '../model/mapColoring';
import { usePanel } from '../model/panelContext';
import { theme } from '../theme/theme';
import { count } from '../../src/shared/plainWords';
import { NumberLegend } from './numberLegend';

/** What the colors mean: groups with their counts, which a click hides or shows, or the range of a number. */
export function Legend({ roomy }: { roomy: boolean }) {
  const panel = usePanel();
  const coloring = panel.coloring.value;
  if (!coloring) return null;
  const { colors, numbers } = panel;
  const open = panel.legendOpen.value ?? roomy;
  const name = coloringNames[colors.colorBy.value];
  return (
    <section class="legend" aria-label={`Legend: ${name}`}>
      <div class="legend-head">
        <button
          type="button"
          class="legend-title"
          aria-expanded={open}
          onClick={() => (panel.legendOpen.value = !open)}
          title={open ? 'Fold the legend' : 'Unfold the legend'}
        >
          <span class={`codicon codicon-chevron-${open ? 'down' : 'right'}`} aria-hidden="true" />
          {name}
        </button>
        {colors.isFiltered.value && (
          <button type="button" class="link" onClick={() => colors.showAll()}>
            Show all
          </button>
        )}
      </div>
      {open && coloring.numbers && <NumberLegend legend={coloring.numbers} />}
      {open && numbers.busy.value && <div class="legend-note dim">Reading…</div>}
      {open && !numbers.busy.value && numbers.missing.value && (
        <div class="legend-note dim">{numbers.missing.value}</div>
      )}
      {open && coloring.groups.length > 0 && (
        <ul class="legend-groups">
          {coloring.groups.map((group) => (
            <LegendRow key={group.key} group={group} />
          ))}
        </ul>
      )}
      {open && panel.trustShade.value && (
        <div class="legend-note dim">
          <span class="trust-ramp" aria-hidden="true" />
          Faint: few true neighbors are near
        </div>
      )}
    </section>
  );
}

function LegendRow({ group }: { group: LegendGroup }) {
  const panel = usePanel();
  const color = group.ring ? undefined : theme.value.slotColors[group.slot];
  const detail = group.detail ? `${group.name}: ${group.detail}` : group.name;
  return (
    <li class={group.hidden ? 'legend-row off' : 'legend-row'}>
      <button
        type="button"
        class="legend-toggle"
        aria-pressed={!group.hidden}
        title={`${detail}. Click to ${group.hidden ? 'show' : 'hide'}, Alt+click to show it alone.`}
        onClick={(event) => (event.altKey ? panel.colors.soloGroup(group.key) : panel.colors.toggleGroup(group.key))}
        onDblClick={() => panel.colors.soloGroup(group.key)}
      >
        <span
          class={group.ring ? 'swatch ring' : 'swatch'}
          style={color ? { background: color } : undefined}
          aria-hidden="true"
        />
        <span class="legend-name">{group.name}</span>
        <span class="legend-count">{count(group.count)}</span>
      </button>
      <button
        type="button"
        class="link legend-only"
        aria-label={`Only ${group.name}`}
        onClick={() => panel.colors.soloGroup(group.key)}
      >
        only
      </button>
    </li>
  );
}
