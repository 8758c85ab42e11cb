import { effect, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { MapColumns } from '../../src/shared/space';
import type { MapColoring } from '../model/mapColoring';
import { usePanel } from '../model/panelContext';
import type { Panel } from '../model/panel';
import { theme } from '../theme/theme';
import { count } from '../../src/shared/plainWords';
import { HoverCard } from './hoverCard';
import { LabelOverlay } from './labelOverlay';
import { Legend } from './legend';
import { MapController } from './mapController';
import { MapTable } from '../table/mapTable';
import { listenToMap } from './mapInput';

/** The map with what lies over it: labels, legend, zoom, the hover card. */
export function MapView() {
  const panel = usePanel();
  const hostRef = useRef<HTMLDivElement>(null);
  const labelsRef = useRef<HTMLDivElement>(null);
  const cardRef = useRef<HTMLDivElement>(null);
  const controllerRef = useRef<MapController | undefined>(undefined);
  const hovered = useSignal<number | undefined>(undefined);
  const roomy = useSignal(true);

  useEffect(() => {
    const host = hostRef.current!;
    const labels = new LabelOverlay(labelsRef.current!);
    let saving: ReturnType<typeof setTimeout> | undefined;
    // Saved once the view rests: the state is written through to the window at every change.
    const saveView = (): void => {
      clearTimeout(saving);
      saving = setTimeout(() => (panel.view.value = controller.autoFit ? undefined : { ...controller.camera }), 250);
    };
    const controller = new MapController(host, {
      onFrame: () => {
        labels.update(controller);
        placeCard(cardRef.current, hovered.peek(), controller);
      },
      onViewChange: () => saveView(),
      onDrawn: (points, renderer) => panel.host.post({ type: 'drawn', points, renderer }),
    });
    controllerRef.current = controller;
    panel.picture = () => {
      const picture = controller.picture;
      return picture && { ...picture, labels: labels.labels };
    };
    panel.renderer.value = controller.rendererKind;
    if (panel.view.value) controller.setView(panel.view.value);
    let shownMap: MapColumns | null | undefined;
    let shownColoring: MapColoring | undefined;
    const stops = [
      // One effect for what belongs together: the order of several is not defined, and colors are of one map.
      effect(() => {
        const map = panel.map.value;
        const coloring = panel.coloring.value;
        const emphasis = panel.emphasis.value;
        if (map !== shownMap) {
          shownMap = map;
          shownColoring = undefined;
          controller.setMap(map ?? undefined);
          labels.setMap(map);
          hovered.value = undefined;
        }
        if (coloring && coloring !== shownColoring) {
          shownColoring = coloring;
          labels.setVisible(coloring.visible);
          controller.setColoring(coloring);
        }
        controller.setEmphasis(emphasis);
      }),
      effect(() => controller.setPalette(theme.value.palette)),
      effect(() => controller.setTrustShade(panel.trustShade.value)),
      effect(
        () =>
          void host.classList.toggle('selecting', panel.tool.value !== 'pan' || panel.set.walkFrom.value !== undefined),
      ),
      effect(() => controller.setHovered(hovered.value)),
      listenToMap(host, controller, {
        onHover: (row) => {
          hovered.value = row;
          host.classList.toggle('over-point', row !== undefined);
        },
        onPick: (row, add) => pickRow(panel, row, add),
        onArea: (polygon, kind, add) => panel.selectRows(controller.rowsIn(polygon), kind, { add }),
        tool: () => panel.tool.peek(),
        onArrow: (row) => goToRow(panel, row),
        onOpen: (row) => openRow(panel, row),
        onClear: () => clearAll(panel),
        selectedRow: () => currentRow(panel),
      }),
    ];
    let revealed = '';
    // What was selected outside (a list, the editor, a search) is brought into view; what was picked on the map is already.
    stops.push(
      effect(() => {
        const { selected, focused, stars } = panel.emphasis.value;
        const row = focused ?? selected;
        const place = row ?? (stars.length > 1 ? undefined : stars[0]);
        const name = typeof place === 'object' ? `${place.x} ${place.y}` : String(place ?? '');
        if (place !== undefined && name !== revealed) controller.reveal(place);
        revealed = name;
      }),
    );
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      roomy.value = width >= 460 && height >= 380;
      controller.resize(width, height);
    });
    observer.observe(host);
    return () => {
      panel.picture = undefined;
      clearTimeout(saving);
      observer.disconnect();
      for (const stop of stops) stop();
      controller.dispose();
    };
  }, [panel]);

  // The card has another size for every point and once its text is here.
  useLayoutEffect(() => {
    if (controllerRef.current) placeCard(cardRef.current, hovered.value, controllerRef.current);
  });

  const map = panel.map.value;
  void panel.excerpts.version.value;
  const zoom = (factor: number): void => {
    const controller = controllerRef.current;
    controller?.zoomBy(factor, { x: controller.size.width / 2, y: controller.size.height / 2 }, true);
  };
  const row = hovered.value;
  return (
    <div class={panel.table.value ? 'map as-table' : 'map'}>
      <div
        class="map-surface"
        ref={hostRef}
        tabIndex={0}
        role="application"
        aria-roledescription="map"
        aria-label={`Latent map of ${count(map?.point.length ?? 0)} chunks. Arrow keys go from point to point, Enter opens the chunk, Escape clears the selection.`}
      >
        <div class="map-labels" ref={labelsRef} aria-hidden="true" />
        {map && row !== undefined && row < map.point.length && <HoverCard map={map} row={row} cardRef={cardRef} />}
      </div>
      {panel.set.walkFrom.value !== undefined && (
        <div class="map-hint" role="status">
          Pick the chunk where the walk ends. Escape stops.
        </div>
      )}
      <Legend roomy={roomy.value} />
      <div class="zoom" role="group" aria-label="Zoom">
        <button type="button" aria-label="Zoom in" title="Zoom in (+)" onClick={() => zoom(1.6)}>
          <span class="codicon codicon-add" aria-hidden="true" />
        </button>
        <button type="button" aria-label="Zoom out" title="Zoom out (-)" onClick={() => zoom(1 / 1.6)}>
          <span class="codicon codicon-remove" aria-hidden="true" />
        </button>
        <button
          type="button"
          aria-label="Show the whole map"
          title="Show the whole map (0)"
          onClick={() => controllerRef.current?.fit(true)}
        >
          <span class="codicon codicon-screen-full" aria-hidden="true" />
        </button>
      </div>
      {panel.table.value && <MapTable />}
    </div>
  );
}

/** Keeps the card beside its point and inside the map. */
function placeCard(card: HTMLElement | null, row: number | undefined, controller: MapController): void {
  if (!card || row === undefined) return;
  const { x, y } = controller.screenOf(row);
  const { width, height } = controller.size;
  const gap = controller.pointRadius + 10;
  const right = x + gap + card.offsetWidth <= width - 8;
  const left = right ? x + gap : Math.max(8, x - gap - card.offsetWidth);
  const top = Math.min(Math.max(8, y - 12), Math.max(8, height - card.offsetHeight - 8));
  card.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

function pickRow(panel: Panel, row: number | undefined, add: boolean): void {
  const point = row === undefined ? undefined : panel.map.value?.point[row];
  const from = panel.set.walkFrom.value;
  if (point === undefined) {
    // A click that missed must not throw a set away that is being gathered.
    if (!add) panel.clearSelection();
  } else if (from !== undefined && from !== point) void panel.set.walkBetween(from, point);
  else if (add) panel.togglePoint(point);
  else panel.selectPoint(point, true);
}

/** Where the keys are: at the end of a walk that is being picked, or at what is selected. */
function currentRow(panel: Panel): number | undefined {
  const { selected, focused } = panel.emphasis.peek();
  return panel.set.walkFrom.peek() === undefined ? selected : (focused ?? selected);
}

/** An arrow key goes to a row: it is selected, or only marked while the end of a walk is picked. */
function goToRow(panel: Panel, row: number): void {
  if (panel.set.walkFrom.peek() === undefined) pickRow(panel, row, false);
  else panel.selection.focused.value = panel.map.peek()?.point[row];
}

function openRow(panel: Panel, row: number): void {
  const point = panel.map.value?.point[row];
  if (point === undefined) return;
  if (panel.set.walkFrom.peek() === undefined) panel.openPoint(point);
  else pickRow(panel, row, false);
}

function clearAll(panel: Panel): void {
  if (panel.set.walkFrom.value !== undefined) panel.set.walkFrom.value = undefined;
  else if (panel.selection.focused.value !== undefined) panel.selection.focused.value = undefined;
  else if (panel.selection.selected.value.kind !== 'none') panel.clearSelection();
  else panel.clearSearch();
}
