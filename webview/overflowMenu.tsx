import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { WebviewToHost } from '../src/shared/hostWebview';
import { usePanel } from './model/panelContext';

type Command = Extract<
  WebviewToHost,
  { type: 'startIndexing' | 'showEngineInformation' | 'showLog' | 'openSettings' | 'deleteIndex' }
>['type'];

const entries: readonly ({ label: string; icon: string; command: Command } | 'separator')[] = [
  { label: 'Update Index', icon: 'refresh', command: 'startIndexing' },
  { label: 'Show Engine Information', icon: 'info', command: 'showEngineInformation' },
  { label: 'Show Log', icon: 'output', command: 'showLog' },
  { label: 'Open Settings', icon: 'settings-gear', command: 'openSettings' },
  'separator',
  { label: 'Delete Index…', icon: 'trash', command: 'deleteIndex' },
];

/** What is needed seldom. */
export function OverflowMenu() {
  const panel = usePanel();
  const open = useSignal(false);
  const rootRef = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [
    ...(rootRef.current?.querySelectorAll<HTMLElement>('[role="menuitem"]:not([disabled])') ?? []),
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
          {entries.map((entry) =>
            entry === 'separator' ? (
              <div class="menu-separator" role="separator" key="separator" />
            ) : (
              <button
                type="button"
                role="menuitem"
                key={entry.command}
                tabIndex={-1}
                disabled={entry.command === 'startIndexing' && panel.indexing.value}
                onClick={() => {
                  panel.host.post({ type: entry.command });
                  close(true);
                }}
              >
                <span class={`codicon codicon-${entry.icon}`} aria-hidden="true" />
                {entry.label}
              </button>
            ),
          )}
        </div>
      )}
    </div>
  );
}
