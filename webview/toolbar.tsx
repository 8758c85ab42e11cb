import { useEffect, useRef } from 'preact/hooks';
import { coloringNames, colorings, type ColorBy } from './model/coloring';
import type { LayoutMethod } from './model/panel';
import { usePanel } from './model/panelContext';
import { OverflowMenu } from './overflowMenu';

const layouts: Record<LayoutMethod, string> = { umap: 'UMAP', pca: 'PCA', 'umap-js': 'umap-js' };

export function Toolbar() {
  return (
    <header class="toolbar">
      <SearchField />
      <ColorBySelect />
      <LayoutSelect />
      <TrustToggle />
      <OverflowMenu />
    </header>
  );
}

function SearchField() {
  const panel = usePanel();
  const { search } = panel;
  const ref = useRef<HTMLElement>(null);
  const wanted = panel.focusSearch.value;
  useEffect(() => {
    if (wanted > 0) ref.current?.focus();
  }, [wanted]);

  const showResults = (): void => {
    if (search.query.value.trim() !== '') panel.tab.value = 'results';
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') search.run();
    else if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('#panel-results [role="option"]')?.focus();
    else if (event.key === 'Escape' && search.query.value !== '') panel.clearSearch();
    else return;
    event.preventDefault();
  };
  return (
    <vscode-textfield
      class="search"
      ref={ref}
      label="Search by meaning"
      placeholder="Search by meaning"
      title="Search by meaning (/)"
      maxLength={4000}
      value={search.query.value}
      onInput={(event) => {
        search.type((event.currentTarget as HTMLInputElement).value);
        showResults();
      }}
      onKeyDown={onKeyDown}
    >
      <span slot="content-before" class="codicon codicon-search search-icon" aria-hidden="true" />
      {search.query.value !== '' ? (
        <button
          slot="content-after"
          type="button"
          class="icon-button"
          aria-label="Clear the search"
          title="Clear the search (Escape)"
          onClick={() => panel.clearSearch()}
        >
          <span
            class={search.busy.value ? 'codicon codicon-loading codicon-modifier-spin' : 'codicon codicon-close'}
            aria-hidden="true"
          />
        </button>
      ) : (
        // The field's own input would cover the border's corners.
        <span slot="content-after" class="search-end" />
      )}
    </vscode-textfield>
  );
}

function ColorBySelect() {
  const panel = usePanel();
  return (
    <div class="picker">
      <span class="picker-label" aria-hidden="true">
        Color
      </span>
      <vscode-single-select
        label="Color by"
        value={panel.colorBy.value}
        onChange={(event) => panel.setColorBy((event.currentTarget as HTMLSelectElement).value as ColorBy)}
      >
        {colorings.map((colorBy) => (
          <vscode-option key={colorBy} value={colorBy} selected={colorBy === panel.colorBy.value}>
            {coloringNames[colorBy]}
          </vscode-option>
        ))}
      </vscode-single-select>
    </div>
  );
}

function LayoutSelect() {
  const panel = usePanel();
  const { pending, error } = panel.relayout.value;
  const method = panel.readings.value?.layout?.method;
  const shown = pending ?? (Object.keys(layouts) as LayoutMethod[]).find((layout) => layout === method);
  // Until it is known how the map was made there is nothing to choose against.
  if (!shown) return null;
  return (
    <div class="picker" title={error ?? 'How the map is laid out'}>
      <span class="picker-label" aria-hidden="true">
        {pending ? (
          <span class="codicon codicon-loading codicon-modifier-spin" />
        ) : error ? (
          <span class="codicon codicon-error error-icon" />
        ) : (
          'Layout'
        )}
      </span>
      <vscode-single-select
        label="Layout"
        value={shown}
        onChange={(event) => void panel.changeLayout((event.currentTarget as HTMLSelectElement).value as LayoutMethod)}
      >
        {(Object.entries(layouts) as [LayoutMethod, string][]).map(([layout, name]) => (
          <vscode-option key={layout} value={layout} selected={layout === shown}>
            {name}
          </vscode-option>
        ))}
      </vscode-single-select>
    </div>
  );
}

function TrustToggle() {
  const panel = usePanel();
  const on = panel.trustShade.value;
  return (
    <button
      type="button"
      class="toggle"
      aria-pressed={on}
      title="Fade points whose true neighbors lie elsewhere"
      onClick={() => (panel.trustShade.value = !on)}
    >
      Trust
    </button>
  );
}
