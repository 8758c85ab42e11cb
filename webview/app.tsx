import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { EmptyState } from './emptyStates';
import { Footer } from './footer';
import { MapView } from './map/mapView';
import type { Panel } from './model/panel';
import { usePanel } from './model/panelContext';
import { SidePane } from './sidePane';
import { Splitter } from './splitter';
import { Toolbar } from './toolbar';
import { counted } from '../src/shared/plainWords';
import { similarityText } from './wording';

/** Narrower than this the side pane goes below the map. */
const stackWidth = 700;

export function App() {
  const panel = usePanel();
  const rootRef = useRef<HTMLDivElement>(null);
  const stacked = useSignal(innerWidth < stackWidth);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => (stacked.value = entry.contentRect.width < stackWidth));
    observer.observe(rootRef.current!);
    return () => observer.disconnect();
  }, [stacked]);

  const hasMap = panel.map.value !== null;
  const share = panel.split.value[stacked.value ? 'below' : 'beside'];
  useEffect(() => {
    const listening = new AbortController();
    // On the window, as the focus is nowhere when what had it was replaced.
    window.addEventListener('keydown', (event) => handleKey(panel, event), { signal: listening.signal });
    return () => listening.abort();
  }, [panel]);
  return (
    <div class={stacked.value ? 'panel stacked' : 'panel'} ref={rootRef}>
      {hasMap ? (
        <>
          <Toolbar />
          <main class="body">
            <h1 class="spoken">Latent map</h1>
            <MapView />
            <Splitter stacked={stacked.value} />
            <div class="side" style={{ flexBasis: `${share * 100}%` }}>
              <SidePane />
            </div>
          </main>
        </>
      ) : (
        <EmptyState status={panel.status.value} />
      )}
      <Footer />
      <Announcer />
    </div>
  );
}

/** Keys that hold everywhere in the panel. */
function handleKey(panel: Panel, event: KeyboardEvent): void {
  const typing = event.target instanceof Element && event.target.closest('input, select, vscode-textfield') !== null;
  if (
    !typing &&
    event.altKey &&
    !event.ctrlKey &&
    !event.metaKey &&
    (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
  ) {
    if (event.key === 'ArrowLeft') panel.goBack();
    else panel.goForward();
    event.preventDefault();
    return;
  }
  const find = (event.ctrlKey || event.metaKey) && event.key === 'f';
  const slash = event.key === '/' && !typing;
  if (!find && !slash) return;
  panel.focusSearch.value++;
  event.preventDefault();
}

/** Tells screen readers what was selected or found. */
function Announcer() {
  const panel = usePanel();
  const selected = panel.selection.selected.value;
  const results = panel.search.results.value;
  const matches = panel.search.matches.value;
  let text = '';
  if (panel.linksFrom.value === 'query' && results) {
    text = `${results.hits.length} hits for ${results.query}`;
  } else if (panel.linksFrom.value === 'query' && matches) {
    text = `${matches.points.length} chunks hold ${matches.text}`;
  } else if (selected.kind === 'set') {
    text = `${counted(selected.set.points.length, 'chunk')} selected`;
  } else if (selected.kind === 'chunk' && selected.detail) {
    const { place, neighbors } = selected.detail;
    const nearest = neighbors[0];
    text = `Selected ${place.path}, line ${place.startLine + 1}.${nearest ? ` Nearest: ${nearest.place.path}, similarity ${similarityText(nearest.similarity)}.` : ''}`;
  } else if (selected.kind === 'text' && selected.detail) {
    text = `Selection embedded. ${selected.detail.neighbors.length} nearest chunks.`;
  }
  return (
    <div class="announcer" role="status" aria-live="polite">
      {text}
    </div>
  );
}
