import type { CentroidDetail } from '../../src/shared/mapQuestions';
import { usePanel } from '../model/panelContext';
import type { ChunkSet } from '../model/selectionModel';
import { theme } from '../theme/theme';
import { count, counted } from '../../src/shared/plainWords';
import { percentileText, similarityText } from '../wording';
import { ChunkList } from './chunkList';
import { MarkerNotes } from './markerNotes';
import { PointRows } from './pointRows';
import { SelectionHistory } from './selectionHistory';

/** Several selected chunks: what they are about, and what can be done with them. */
export function SetDetails({ set }: { set: ChunkSet }) {
  const panel = usePanel();
  const { label, query, found, busy, error, done, centroid } = panel.set;
  const size = counted(set.points.length, 'chunk');
  return (
    <>
      <div class="chunk-head">
        <div class="chunk-title">
          <span class="text-title ellipsis">{size}</span>
          <span class="dim ellipsis">{originText(set)}</span>
          <SelectionHistory>
            <button
              type="button"
              class="icon-button"
              aria-label="Clear the selection"
              title="Clear the selection (Escape)"
              onClick={() => panel.clearSelection()}
            >
              <span class="codicon codicon-close" aria-hidden="true" />
            </button>
          </SelectionHistory>
        </div>
        <Composition set={set} />
        {label.value && label.value.terms.length > 0 && (
          <div
            class="topics"
            aria-label="Words that tell these chunks from the rest"
            title={labelTitle(set, label.value.read)}
          >
            {label.value.terms.slice(0, 6).map((term) => (
              <span class="topic" key={term}>
                {term}
              </span>
            ))}
          </div>
        )}
        <div class="set-actions">
          <button
            type="button"
            class="tool"
            disabled={busy.value === 'centroid'}
            onClick={() => panel.set.embedCentroid()}
            title="Take the mean of these chunks' vectors: a star marks it, its nearest chunks are listed"
          >
            <span class="codicon codicon-target" aria-hidden="true" />
            Centroid
          </button>
          <button
            type="button"
            class="tool"
            onClick={() => panel.set.export(false)}
            title="Save text and place of these chunks as JSON lines"
          >
            <span class="codicon codicon-save-as" aria-hidden="true" />
            Save as…
          </button>
          <button
            type="button"
            class="tool"
            onClick={() => panel.set.export(true)}
            title="Save text, place and vector of these chunks as JSON lines"
          >
            With vectors…
          </button>
          {set.points.length === 2 && (
            <button
              type="button"
              class="tool"
              onClick={() => void panel.set.walkBetween(set.points[0], set.points[1])}
              title="Go from one to the other through chunks between them"
            >
              <span class="codicon codicon-milestone" aria-hidden="true" />
              Walk
            </button>
          )}
        </div>
        {done.value && (
          <div class="dim" role="status">
            {done.value}
          </div>
        )}
        {error.value && (
          <div class="set-error" role="alert">
            <span class="codicon codicon-error error-icon" aria-hidden="true" /> {error.value}
          </div>
        )}
        {centroid.value && <CentroidWords centroid={centroid.value} />}
      </div>
      <div class="set-search">
        <vscode-textfield
          label="Search within these chunks"
          placeholder="Search within these chunks"
          maxLength={4000}
          value={query.value}
          onInput={(event) => panel.set.search((event.currentTarget as HTMLInputElement).value)}
        >
          <span
            slot="content-before"
            class={`codicon search-icon codicon-${busy.value === 'search' ? 'loading codicon-modifier-spin' : 'search'}`}
            aria-hidden="true"
          />
        </vscode-textfield>
      </div>
      {found.value ? (
        <ChunkList
          label="Hits within the selected chunks"
          items={found.value.hits}
          pairs="random pairs of queries and chunks"
          ranked
          current={panel.selection.focused.value}
          onPick={(hit) => (panel.selection.focused.value = hit.point)}
          onOpen={(hit, preview) => panel.open(hit.place, preview)}
          onShow={(hit) => panel.selectPoint(hit.point, true)}
        />
      ) : (
        <PointRows label={`${size}, selected`} points={set.points} />
      )}
    </>
  );
}

function originText({ origin, name }: ChunkSet): string {
  switch (origin) {
    case 'lasso':
      return 'inside a lasso';
    case 'rectangle':
      return 'inside a rectangle';
    case 'cluster':
      return name === undefined ? 'of a cluster' : `of ${name}`;
    case 'matches':
      return name === undefined ? 'that match' : `with “${name}”`;
    case 'walk':
    case 'picked':
      return 'picked';
  }
}

function labelTitle(set: ChunkSet, read: { selection: number; rest: number }): string {
  const all = read.selection === set.points.length;
  const which = all ? 'these' : `${count(read.selection)} of these`;
  return `Words that tell ${which} chunks from ${count(read.rest)} others`;
}

/** How the set divides into the groups of the legend. */
function Composition({ set }: { set: ChunkSet }) {
  const panel = usePanel();
  const coloring = panel.coloring.value;
  if (!coloring || coloring.numbers) return null;
  const counts = new Map<number, number>();
  for (const point of set.points) {
    const row = panel.rowOfPoint.value.get(point);
    if (row !== undefined) counts.set(coloring.slot[row], (counts.get(coloring.slot[row]) ?? 0) + 1);
  }
  const parts = coloring.groups
    .filter((group) => !group.ring && counts.has(group.slot))
    .map((group) => ({ ...group, count: counts.get(group.slot)! }))
    .sort((a, b) => b.count - a.count);
  const said = parts.map((part) => `${part.name} ${count(part.count)}`).join(', ');
  return (
    <>
      <div class="composition" role="img" aria-label={said} title={said}>
        {parts.map((part) => (
          <span key={part.key} style={{ flexGrow: part.count, background: theme.value.slotColors[part.slot] }} />
        ))}
      </div>
      <div class="dim small ellipsis" title={said}>
        {said}
      </div>
    </>
  );
}

function CentroidWords({ centroid }: { centroid: CentroidDetail }) {
  const panel = usePanel();
  const { spread, cohesionPercentile, marker } = centroid;
  return (
    <section class="centroid" aria-label="Centroid">
      <p class="dim">
        <span class="codicon codicon-star-full" aria-hidden="true" /> The chunks are {similarityText(spread.mean)}{' '}
        similar to their mean, the farthest {similarityText(spread.least)}.
        {cohesionPercentile !== undefined &&
          ` Two of them are typically more similar than ${percentileText(cohesionPercentile)} of random pairs.`}
      </p>
      <MarkerNotes marker={marker} what="mean" />
      <h2>Nearest to the mean, outside the selection</h2>
      <ChunkList
        label="Nearest chunks outside the selection"
        items={centroid.neighbors}
        pairs="random pairs"
        current={panel.selection.focused.value}
        onPick={(neighbor) => (panel.selection.focused.value = neighbor.point)}
        onOpen={(neighbor, preview) => panel.open(neighbor.place, preview)}
        onShow={(neighbor) => panel.selectPoint(neighbor.point, true)}
      />
    </section>
  );
}
