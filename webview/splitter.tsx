import { usePanel } from './model/panelContext';

const least = 0.16;
const most = 0.72;

/** Moves the border between the map and the side pane. */
export function Splitter({ stacked }: { stacked: boolean }) {
  const panel = usePanel();
  const key = stacked ? 'below' : 'beside';
  const share = panel.split.value[key];
  const set = (value: number): void => {
    panel.split.value = { ...panel.split.value, [key]: Math.min(most, Math.max(least, value)) };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const handle = event.currentTarget as HTMLElement;
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = handle.parentElement!.getBoundingClientRect();
    set(stacked ? (box.bottom - event.clientY) / box.height : (box.right - event.clientX) / box.width);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const grow = stacked ? 'ArrowUp' : 'ArrowLeft';
    const shrink = stacked ? 'ArrowDown' : 'ArrowRight';
    if (event.key === grow) set(share + 0.03);
    else if (event.key === shrink) set(share - 0.03);
    else return;
    event.preventDefault();
  };
  return (
    <div
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-label="Size of the side pane"
      aria-orientation={stacked ? 'horizontal' : 'vertical'}
      aria-valuemin={least * 100}
      aria-valuemax={most * 100}
      aria-valuenow={Math.round(share * 100)}
      onPointerDown={(event) => {
        (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      onDblClick={() => set(stacked ? 0.48 : 0.29)}
    />
  );
}
