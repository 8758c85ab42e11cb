import { coloringNames, type LegendGroup } from '../model/coloring';
import { usePanel } from '../model/panelContext';
import { theme } from '../theme/theme';
import { count } from '../wording';

/** Groups of the map with their counts: a click hides or shows one, "only" shows it alone. */
export function Legend({ roomy }: { roomy: boolean }) {
  const panel = usePanel();
  const coloring = panel.coloring.value;
  if (!coloring) return null;
  const open = panel.legendOpen.value ?? roomy;
  const name = coloringNames[panel.colorBy.value];
  const filtered = coloring.groups.some((group) => group.hidden);
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
        {filtered && (
          <button type="button" class="link" onClick={() => (panel.hidden.value = new Set())}>
            Show all
          </button>
        )}
      </div>
      {open && (
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
  const color = group.ring ? undefined : (theme.value.groupColors[group.slot] ?? undefined);
  const detail = group.detail ? `${group.name}: ${group.detail}` : group.name;
  return (
    <li class={group.hidden ? 'legend-row off' : 'legend-row'}>
      <button
        type="button"
        class="legend-toggle"
        aria-pressed={!group.hidden}
        title={`${detail}. Click to ${group.hidden ? 'show' : 'hide'}, Alt+click to show it alone.`}
        onClick={(event) => (event.altKey ? panel.soloGroup(group.key) : panel.toggleGroup(group.key))}
        onDblClick={() => panel.soloGroup(group.key)}
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
        onClick={() => panel.soloGroup(group.key)}
      >
        only
      </button>
    </li>
  );
}
