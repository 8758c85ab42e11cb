import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Panel } from './model/panel';
import { usePanel } from './model/panelContext';

interface Entry {
  label: string;
  icon: string;
  run: (panel: Panel) => void;
  isDisabled?: (panel: Panel) => boolean;
  /** Whether the entry is a switch, and on. */
  isOn?: (panel: Panel) => boolean;
}

const entries: readonly (Entry | 'separator')[] = [
  {
    ...{ label: 'Show as Table', icon: 'table', isOn: (panel: Panel) => panel.table.value },
    run: (panel) => (panel.table.value = !panel.table.value),
  },
  {
    ...{ label: 'Save Picture as PNG…', icon: 'device-camera', run: (panel: Panel) => void panel.savePicture('png') },
    isDisabled: (panel) => panel.table.value,
  },
  {
    ...{ label: 'Save Picture as SVG…', icon: 'file-media', run: (panel: Panel) => void panel.savePicture('svg') },
    isDisabled: (panel) => panel.table.value,
  },
  { label: 'Save All Chunks…', icon: 'save-as', run: (panel) => void panel.exportAll() },
  'separator',
  {
    ...{ label: 'Update Index', icon: 'refresh', run: (panel: Panel) => panel.host.post({ type: 'startIndexing' }) },
    isDisabled: (panel) => panel.indexing.value,
  },
  {
    label: 'Show Engine Information',
    icon: 'info',
    run: (panel) => panel.host.post({ type: 'showEngineInformation' }),
  },
  { label: 'Show Log', icon: 'output', run: (panel) => panel.host.post({ type: 'showLog' }) },
  { label: 'Open Settings', icon: 'settings-gear', run: (panel) => panel.host.post({ type: 'openSettings' }) },
  'separator',
  { label: 'Delete Index…', icon: 'trash', run: (panel) => panel.host.post({ type: 'deleteIndex' }) },
];

/** What is needed seldom. */
export function OverflowMenu() {
  const panel = usePanel();
  const open = useSignal(false);
  const rootRef = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [
    ...(rootRef.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([disabled])') ?? []),
  ];
  const close = (refocus: boolean): void => {
    open.value = false;
    if (refocus) rootRef.current?.querySelector('button')?.focus();
  };

  useEffect(() => {
    if (!open.value) return;
    items()[0]?.focus();
    const onPointerDown = (event: PointerEvent): void => {
      if (!rootRef.current?.contains(event.target as Node)) close(false);
    };
    document.addEventListener('pointerdown', onPointerDown);
    return () => document.removeEventListener('pointerdown', onPointerDown);
  }, [open.value]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open.value) return;
    const all = items();
    const index = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'ArrowDown') all[(index + 1) % all.length]?.focus();
    else if (event.key === 'ArrowUp') all[(index - 1 + all.length) % all.length]?.focus();
    else if (event.key === 'Home') all[0]?.focus();
    else if (event.key === 'End') all.at(-1)?.focus();
    else if (event.key === 'Escape') close(true);
    else if (event.key === 'Tab') {
      close(false);
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="overflow" ref={rootRef} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="icon-button"
        aria-haspopup="menu"
        aria-expanded={open.value}
        aria-label="More actions"
        title="More actions"
        onClick={() => (open.value = !open.value)}
      >
        <span class="codicon codicon-ellipsis" aria-hidden="true" />
      </button>
      {open.value && (
        <div class="menu" role="menu" aria-label="More actions">
          {entries.map((entry, index) =>
            entry === 'separator' ? (
              <div class="menu-separator" role="separator" key={index} />
            ) : (
              <button
                type="button"
                role={entry.isOn ? 'menuitemcheckbox' : 'menuitem'}
                key={entry.label}
                tabIndex={-1}
                aria-checked={entry.isOn?.(panel)}
                disabled={entry.isDisabled?.(panel) ?? false}
                onClick={() => {
                  entry.run(panel);
                  close(true);
                }}
              >
                <span class={`codicon codicon-${entry.isOn?.(panel) ? 'check' : entry.icon}`} aria-hidden="true" />
                {entry.label}
              </button>
            ),
          )}
        </div>
      )}
    </div>
  );
}
