import { useEffect, useRef } from 'preact/hooks';
import { coloringNames, colorings, type ColorBy } from './model/coloring';
import { usePanel } from './model/panelContext';
import type { SearchMode } from './model/searchModel';
import { LayoutMenu } from './layoutMenu';
import { OverflowMenu } from './overflowMenu';
import { count } from '../src/shared/plainWords';

export function Toolbar() {
  return (
    <header class="toolbar">
      <SearchField />
      <ColorBySelect />
      <LayoutMenu />
      <Tools />
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
  const label = search.mode.value === 'words' ? 'Search for words' : 'Search by meaning';
  return (
    <vscode-textfield
      class="search"
      ref={ref}
      label={label}
      placeholder={label}
      title={`${label} (/)`}
      maxLength={4000}
      value={search.query.value}
      onInput={(event) => {
        search.type((event.currentTarget as HTMLInputElement).value);
        showResults();
      }}
      onKeyDown={onKeyDown}
    >
      <span slot="content-before" class="codicon codicon-search search-icon" aria-hidden="true" />
      <span slot="content-after" class="search-after">
        <SearchCount />
        <span class="segmented" role="radiogroup" aria-label="What to search for">
          {modes.map(({ mode, name, hint }) => (
            <button
              type="button"
              key={mode}
              role="radio"
              aria-checked={search.mode.value === mode}
              title={hint}
              onClick={() => search.choose(mode)}
            >
              {name}
            </button>
          ))}
        </span>
        {search.query.value !== '' && (
          <button
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
        )}
      </span>
    </vscode-textfield>
  );
}

const modes: readonly { mode: SearchMode; name: string; hint: string }[] = [
  { mode: 'meaning', name: 'Meaning', hint: 'Chunks that are nearest in meaning, even when they share no word' },
  { mode: 'words', name: 'Words', hint: 'Chunks that hold the very words' },
];

/** How much of the map the search leaves bright. */
function SearchCount() {
  const panel = usePanel();
  const { results, matches } = panel.search;
  const all = panel.map.value?.point.length ?? 0;
  if (panel.search.query.value.trim() === '' || panel.linksFrom.value !== 'query') return null;
  const found = matches.value?.points.length ?? results.value?.hits.length;
  if (found === undefined) return null;
  const title = matches.value
    ? `${count(found)} of ${count(all)} points hold these words; the others are dimmed`
    : `The ${count(found)} nearest of ${count(all)} points; the others are dimmed`;
  return (
    <span class="search-count dim" title={title}>
      {count(found)} <span class="wide-only">of {count(all)}</span>
    </span>
  );
}

function ColorBySelect() {
  const { colors } = usePanel();
  const colorBy = colors.colorBy.value;
  return (
    <div class="picker">
      <span class="picker-label" aria-hidden="true">
        Color
      </span>
      <vscode-single-select
        label="Color by"
        value={colorBy}
        onChange={(event) => colors.choose((event.currentTarget as HTMLSelectElement).value as ColorBy)}
      >
        {colorings.map((option) => (
          <vscode-option key={option} value={option} selected={option === colorBy}>
            {coloringNames[option]}
          </vscode-option>
        ))}
      </vscode-single-select>
    </div>
  );
}

const tools = [
  {
    tool: 'rectangle',
    name: 'Rectangle',
    hint: 'Select the chunks inside a rectangle (or drag with Shift; Ctrl adds)',
  },
  { tool: 'lasso', name: 'Lasso', hint: 'Select the chunks inside a lasso (or drag with Alt; Ctrl adds)' },
] as const;

/** What a drag on the map does; without a tool it moves the map. */
function Tools() {
  const panel = usePanel();
  return (
    <div class="tools" role="group" aria-label="Select an area">
      {tools.map(({ tool, name, hint }) => {
        const on = panel.tool.value === tool;
        return (
          <button
            type="button"
            key={tool}
            class="toggle icon"
            aria-pressed={on}
            aria-label={name}
            title={hint}
            disabled={panel.table.value}
            onClick={() => (panel.tool.value = on ? 'pan' : tool)}
          >
            <ToolIcon tool={tool} />
          </button>
        );
      })}
    </div>
  );
}

/** Codicons have neither of the two. */
function ToolIcon({ tool }: { tool: 'rectangle' | 'lasso' }) {
  return (
    <svg class="tool-icon" viewBox="0 0 16 16" aria-hidden="true">
      {tool === 'rectangle' ? (
        <rect x="2.5" y="3.5" width="11" height="9" rx="0.5" stroke-dasharray="2.4 1.6" />
      ) : (
        <path d="M5.2 10.9C3.3 10.3 2 9 2 7.4 2 5 4.7 3 8 3s6 2 6 4.4-2.7 4.4-6 4.4c-.6 0-1.1-.1-1.6-.2M5.2 10.9a1.3 1.3 0 1 0-1.7 1.2c1 .3 1.4-.3 1.7-1.2Zm-1.7 1.2c0 1.1.3 1.7 1.1 2.4" />
      )}
    </svg>
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
