import { usePanel } from '../model/panelContext';
import { count, counted } from '../../src/shared/plainWords';
import { durationText } from '../wording';
import { ChunkList } from './chunkList';
import { MarkerNotes } from './markerNotes';
import { PointRows } from './pointRows';

/** Hits of the search, best first. */
export function ResultsTab() {
  const panel = usePanel();
  const { results, matches, busy, error, query } = panel.search;
  if (error.value) {
    return (
      <div class="notice" role="alert">
        <span class="codicon codicon-error error-icon" aria-hidden="true" />
        <div>
          <div>{error.value}</div>
          <button type="button" class="link" onClick={() => panel.search.run()}>
            Search again
          </button>
        </div>
      </div>
    );
  }
  const words = matches.value;
  if (words) {
    return (
      <section class={busy.value || query.value.trim() !== words.text ? 'nearest stale' : 'nearest'}>
        <div class="list-head">
          <h2>{counted(words.points.length, 'chunk')}</h2>
          <span class="dim">with “{words.text}”</span>
        </div>
        <p class="dim padded results-fact">
          {words.searched < words.of ? `${count(words.searched)} of ${count(words.of)}` : count(words.of)} chunks read
          <span class="links">
            {words.points.length > 1 && (
              <button
                type="button"
                class="link"
                onClick={() => panel.selectSet({ points: [...words.points], origin: 'matches', name: words.text })}
              >
                Select all
              </button>
            )}
            <button type="button" class="link" onClick={() => panel.clearSearch()}>
              Clear
            </button>
          </span>
        </p>
        <PointRows label="Chunks with these words" points={words.points} />
      </section>
    );
  }
  const found = results.value;
  if (!found) {
    return (
      <div class="empty-tab">
        <span class="codicon codicon-search" aria-hidden="true" />
        <p class="empty-title">{busy.value ? 'Searching…' : 'Search by meaning'}</p>
        <p class="dim">
          Ask in your own words in the field above. The chunks that are nearest in meaning come first, even when they
          share no word with the question.
        </p>
      </div>
    );
  }
  const stale = busy.value || query.value.trim() !== found.query.trim();
  return (
    <section class={stale ? 'nearest stale' : 'nearest'}>
      <div class="list-head">
        <h2>{counted(found.hits.length, 'hit')}</h2>
        <span class="dim">similarity · percentile of random queries</span>
      </div>
      <p class="dim padded results-fact">
        {count(found.searched)} chunks searched in{' '}
        {found.elapsedMs < 1000
          ? `${Math.max(1, Math.round(found.elapsedMs))} ms`
          : durationText(found.elapsedMs / 1000)}
        <button type="button" class="link" onClick={() => panel.clearSearch()}>
          Clear
        </button>
      </p>
      {found.hits.length > 0 && (
        <div class="padded">
          <MarkerNotes marker={found.marker} what="question" />
        </div>
      )}
      {found.hits.length === 0 ? (
        <p class="padded">Nothing was found for “{found.query}”.</p>
      ) : (
        <ChunkList
          label="Search results"
          items={found.hits}
          pairs="random pairs of queries and chunks"
          ranked
          current={panel.selection.point.value}
          onPick={(hit) => panel.selectPoint(hit.point, false)}
          onOpen={(hit, preview) => panel.open(hit.place, preview)}
          onShow={(hit) => panel.selectPoint(hit.point, true)}
        />
      )}
    </section>
  );
}
