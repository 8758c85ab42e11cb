import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { tabs, type Tab } from './model/savedState';
import { usePanel } from './model/panelContext';
import { ChunkTab } from './pane/chunkTab';
import { QualityTab } from './pane/qualityTab';
import { ResultsTab } from './pane/resultsTab';
import { SpaceTab } from './pane/spaceTab';
import { count } from '../src/shared/plainWords';

const titles: Record<Tab, string> = { chunk: 'Chunk', results: 'Results', quality: 'Quality', space: 'Space' };

/** Four tabs that keep their state: all stay in the page, one is shown. */
export function SidePane() {
  const panel = usePanel();
  const listRef = useRef<HTMLDivElement>(null);
  const current = panel.tab.value;
  const badges: Record<Tab, number | undefined> = {
    chunk: panel.selection.set.value?.points.length,
    results: panel.search.matches.value?.points.length ?? panel.search.results.value?.hits.length,
    quality: panel.warnings.value.length || undefined,
    space: undefined,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.indexOf(current);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    panel.tab.value = tabs[(to + tabs.length) % tabs.length]!;
    event.preventDefault();
    requestAnimationFrame(() => listRef.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  };
  return (
    <aside class="side-pane" aria-label="Details">
      <div class="tabs" role="tablist" aria-label="Details" ref={listRef} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            type="button"
            key={tab}
            id={`tab-${tab}`}
            role="tab"
            class="tab"
            aria-selected={tab === current}
            aria-controls={`panel-${tab}`}
            tabIndex={tab === current ? 0 : -1}
            onClick={() => (panel.tab.value = tab)}
          >
            {tab === 'chunk' && panel.selection.set.value ? 'Chunks' : titles[tab]}
            {badges[tab] !== undefined && <span class="badge">{count(badges[tab])}</span>}
          </button>
        ))}
      </div>
      <TabPanel tab="chunk">
        <ChunkTab />
      </TabPanel>
      <TabPanel tab="results">
        <ResultsTab />
      </TabPanel>
      <TabPanel tab="quality">
        <QualityTab />
      </TabPanel>
      <TabPanel tab="space">
        <SpaceTab />
      </TabPanel>
    </aside>
  );
}

function TabPanel({ tab, children }: { tab: Tab; children: ComponentChildren }) {
  const panel = usePanel();
  return (
    <div
      class="tab-panel"
      role="tabpanel"
      id={`panel-${tab}`}
      aria-labelledby={`tab-${tab}`}
      hidden={panel.tab.value !== tab}
      // Without a control of its own it could not be scrolled by keyboard.
      tabIndex={tab === 'space' ? 0 : undefined}
    >
      {children}
    </div>
  );
}
