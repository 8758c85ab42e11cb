import { AreaGesture } from './areaGesture';
import type { Polygon } from './areaSelection';
import type { MapController } from './mapController';

export interface MapInputEvents {
  /** The pointer is over a row, or over none. */
  onHover(row: number | undefined): void;
  /** A click on a row, or beside all of them; `add` with Ctrl, Cmd or Shift. */
  onPick(row: number | undefined, add: boolean): void;
  /** An area was drawn; `add` with Ctrl or Cmd. */
  onArea(polygon: Polygon, kind: 'rectangle' | 'lasso', add: boolean): void;
  /** What a drag without a key does. */
  tool(): 'pan' | 'rectangle' | 'lasso';
  /** An arrow key goes to a row. */
  onArrow(row: number): void;
  onOpen(row: number): void;
  /** Escape. */
  onClear(): void;
  /** Where arrow keys start from. */
  selectedRow(): number | undefined;
}

const dragThreshold = 4;
const arrows: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Pointer, wheel and keys on the map. Returns what removes the listeners. */
export function listenToMap(host: HTMLElement, controller: MapController, events: MapInputEvents): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let pressed: { x: number; y: number } | undefined;
  let dragging = false;
  let area: AreaGesture | undefined;
  const listening = new AbortController();
  const { signal } = listening;

  const at = (event: MouseEvent): { x: number; y: number } => {
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onMap = (event: Event): boolean => event.target === host || event.target instanceof HTMLCanvasElement;

  host.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0 || !onMap(event)) return;
      host.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, at(event));
      pressed = at(event);
      dragging = pointers.size > 1;
    },
    { signal },
  );
  host.addEventListener(
    'pointermove',
    (event) => {
      const place = at(event);
      const before = pointers.get(event.pointerId);
      if (!before) {
        if (event.pointerType !== 'touch') events.onHover(onMap(event) ? controller.pick(place.x, place.y) : undefined);
        return;
      }
      if (pointers.size === 2) {
        endArea();
        pinch(event.pointerId, before, place);
      } else {
        if (area) area.to(place);
        else if (!dragging && pressed && Math.hypot(place.x - pressed.x, place.y - pressed.y) > dragThreshold) {
          dragging = true;
          events.onHover(undefined);
          const kind = event.shiftKey ? 'rectangle' : event.altKey ? 'lasso' : events.tool();
          if (kind === 'pan') {
            host.classList.add('dragging');
            controller.pan(place.x - pressed.x, place.y - pressed.y);
          } else {
            area = new AreaGesture(host, kind, pressed);
            area.to(place);
          }
        } else if (dragging) {
          controller.pan(place.x - before.x, place.y - before.y);
        }
      }
      pointers.set(event.pointerId, place);
    },
    { signal },
  );

  function pinch(id: number, before: { x: number; y: number }, now: { x: number; y: number }): void {
    const other = [...pointers].find(([pointer]) => pointer !== id)?.[1];
    if (!other) return;
    const factor =
      Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
    controller.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    controller.zoomBy(factor, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }, false);
  }

  function endArea(): { polygon: Polygon; kind: 'rectangle' | 'lasso' } | undefined {
    const ended = area;
    area = undefined;
    return ended && { polygon: ended.end(), kind: ended.kind };
  }

  const release = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    if (pointers.size > 0) return;
    const drawn = endArea();
    if (drawn && event.type === 'pointerup') {
      host.focus({ preventScroll: true });
      events.onArea(drawn.polygon, drawn.kind, event.ctrlKey || event.metaKey);
    } else if (!dragging && pressed && event.type === 'pointerup') {
      const place = at(event);
      host.focus({ preventScroll: true });
      const row = controller.pick(place.x, place.y, event.pointerType === 'touch' ? 22 : 12);
      events.onPick(row, event.ctrlKey || event.metaKey || event.shiftKey);
    }
    dragging = false;
    pressed = undefined;
    host.classList.remove('dragging');
  };
  host.addEventListener('pointerup', release, { signal });
  host.addEventListener('pointercancel', release, { signal });
  host.addEventListener('pointerleave', () => events.onHover(undefined), { signal });
  host.addEventListener(
    'dblclick',
    (event) => {
      if (!onMap(event)) return;
      const place = at(event);
      const row = controller.pick(place.x, place.y);
      if (row === undefined) {
        controller.fit(true);
      } else {
        events.onOpen(row);
      }
    },
    { signal },
  );
  host.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 18 : event.deltaY;
      // A pinch on a touchpad arrives as a wheel with Ctrl and small steps.
      const factor = Math.exp(-Math.max(-240, Math.min(240, pixels)) * (event.ctrlKey ? 0.012 : 0.0018));
      controller.zoomBy(factor, at(event), false);
    },
    { signal, passive: false },
  );
  host.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Escape' && endArea()) {
        pressed = undefined;
        return;
      }
      if (event.target !== host || event.ctrlKey || event.metaKey || event.altKey) return;
      const middle = { x: controller.size.width / 2, y: controller.size.height / 2 };
      const arrow = arrows[event.key];
      if (arrow && event.shiftKey) {
        controller.pan(-arrow[0] * 60, -arrow[1] * 60);
      } else if (arrow) {
        const row = controller.neighborTowards(events.selectedRow(), ...arrow);
        if (row !== undefined) {
          controller.reveal(row);
          events.onArrow(row);
        }
      } else if (event.key === '+' || event.key === '=') controller.zoomBy(1.4, middle, true);
      else if (event.key === '-') controller.zoomBy(1 / 1.4, middle, true);
      else if (event.key === '0' || event.key === 'Home') controller.fit(true);
      else if (event.key === 'Enter') {
        const row = events.selectedRow();
        if (row !== undefined) events.onOpen(row);
      } else if (event.key === 'Escape') events.onClear();
      else return;
      event.preventDefault();
    },
    { signal },
  );
  return () => listening.abort();
}
