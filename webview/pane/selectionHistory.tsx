import type { ComponentChildren } from 'preact';
import { usePanel } from '../model/panelContext';

/** Back and forward between selections, as in an editor, and what stands beside them. */
export function SelectionHistory({ children }: { children?: ComponentChildren }) {
  const panel = usePanel();
  const { selection } = panel;
  const wandered = selection.canGoBack.value || selection.canGoForward.value;
  if (!wandered && !children) return null;
  return (
    <span class="history">
      {wandered && (
        <>
          <button
            type="button"
            class="icon-button"
            aria-label="Back"
            title="Back (Alt+Left)"
            disabled={!selection.canGoBack.value}
            onClick={() => panel.goBack()}
          >
            <span class="codicon codicon-arrow-left" aria-hidden="true" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label="Forward"
            title="Forward (Alt+Right)"
            disabled={!selection.canGoForward.value}
            onClick={() => panel.goForward()}
          >
            <span class="codicon codicon-arrow-right" aria-hidden="true" />
          </button>
        </>
      )}
      {children}
    </span>
  );
}
