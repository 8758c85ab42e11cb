import { usePanel } from '../model/panelContext';
import type { ChunkDetail, Place, SelectionDetail } from '../../src/shared/space';
import { count, counted } from '../../src/shared/plainWords';
import { directory, fileName, linesText, placeText, positionText, trustText } from '../wording';
import { ChunkList } from './chunkList';
import { ChunkText, MixedNotice } from './chunkText';
import { HonestyNotes } from './honestyNotes';
import { MarkerNotes } from './markerNotes';
import { SplitNotes } from './splitNotes';
import { SelectionHistory } from './selectionHistory';
import { SetDetails } from './setDetails';
import { WalkStory } from './walkStory';

/** What is selected: a chunk of the index, or a text that the person had embedded. */
export function ChunkTab() {
  const panel = usePanel();
  const selected = panel.selection.selected.value;
  if (selected.kind === 'none') return <NothingSelected />;
  if (selected.kind === 'set') {
    const walk = selected.set.origin === 'walk' ? panel.set.walk.value : undefined;
    return walk ? <WalkStory walk={walk} /> : <SetDetails set={selected.set} />;
  }
  if (selected.kind === 'text')
    return selected.detail ? <TextDetail detail={selected.detail} /> : <Loading what="Embedding the selection" />;
  if (selected.error) {
    return (
      <div class="notice" role="alert">
        <span class="codicon codicon-error error-icon" aria-hidden="true" />
        <div>
          <div>{selected.error}</div>
          <button type="button" class="link" onClick={() => panel.selection.refresh()}>
            Try again
          </button>
        </div>
      </div>
    );
  }
  return selected.detail ? <ChunkDetails detail={selected.detail} /> : <Loading what="Reading the chunk" />;
}

function NothingSelected() {
  return (
    <div class="empty-tab">
      <span class="codicon codicon-inspect" aria-hidden="true" />
      <p class="empty-title">Click a point to read its chunk</p>
      <p class="dim">
        You see its text, how full it is, how far its place on the map can be trusted, and the chunks that are nearest
        to it in meaning.
      </p>
      <p class="dim">Drag with Shift for a rectangle or with Alt for a lasso to select many.</p>
      <p class="dim">Or select text in an editor and choose Embed Selection.</p>
    </div>
  );
}

/** Appears only when the answer takes long enough to be noticed. */
function Loading({ what }: { what: string }) {
  return (
    <div class="loading dim" role="status">
      <vscode-progress-ring aria-hidden="true" />
      {what}…
    </div>
  );
}

function TokenBar({ tokens, maxTokens }: { tokens: number; maxTokens: number }) {
  return (
    <div
      class="token-bar"
      role="meter"
      aria-label="Word pieces"
      aria-valuemin={0}
      aria-valuemax={maxTokens}
      aria-valuenow={Math.min(tokens, maxTokens)}
    >
      <span class="token-fill" style={{ width: `${Math.min(100, (tokens / maxTokens) * 100)}%` }} />
    </div>
  );
}

function ChunkDetails({ detail }: { detail: ChunkDetail }) {
  const panel = usePanel();
  const { place, mixed } = detail;
  const flagged = mixed?.flagged ? mixed : undefined;
  const cut = flagged ? (flagged.textCut ?? flagged.cut - place.start) : undefined;
  const others = detail.places.filter((other) => other.chunkId !== place.chunkId);
  return (
    <>
      <div class="chunk-head">
        <div class="chunk-title">
          <button
            type="button"
            class="link file-link"
            title={`Open ${place.path}`}
            onClick={() => panel.open(place, true)}
          >
            {fileName(place.path)}
          </button>
          <span class="dim lines">{linesText(place)}</span>
          {directory(place.path) && <span class="dim ellipsis">· {directory(place.path)}</span>}
          <SelectionHistory />
        </div>
        {detail.context.length > 0 && <div class="breadcrumb dim ellipsis">{detail.context.join(' › ')}</div>}
        <TokenBar tokens={detail.tokens} maxTokens={detail.maxTokens} />
        <div class="dim">
          {count(detail.tokens)} of {count(detail.maxTokens)} word pieces
          {detail.trust !== undefined && (
            <span
              title={`${detail.trust} of its ${detail.trustOf} nearest chunks are also among its ${detail.trustOf} nearest points on the map.`}
            >
              {' '}
              · trust {detail.trust} of {detail.trustOf}
            </span>
          )}
        </div>
        {detail.trust !== undefined && <div class="dim small">{trustText(detail.trust, detail.trustOf)}</div>}
        <HonestyNotes />
        <ChunkText text={detail.text} cut={cut} cutLine={flagged?.cutLine ?? 0} />
        {flagged && (
          <MixedNotice
            mixed={flagged}
            what="chunk"
            onGo={() => panel.open(place, true, Math.max(0, flagged.cut - place.start))}
          />
        )}
        {flagged && <SplitNotes point={detail.point} />}
        {others.length > 0 && <OtherPlaces places={others} />}
        <WalkAction point={detail.point} />
      </div>
      <Nearest neighbors={detail.neighbors} />
    </>
  );
}

/** Begins a walk here; the next chunk that is picked is its end. */
function WalkAction({ point }: { point: number }) {
  const { set } = usePanel();
  const waiting = set.walkFrom.value === point;
  return (
    <div class="set-actions">
      <button
        type="button"
        class="tool"
        aria-pressed={waiting}
        title="Pick another chunk: the way there through true neighbors is told step by step"
        onClick={() => (set.walkFrom.value = waiting ? undefined : point)}
      >
        <span class="codicon codicon-milestone" aria-hidden="true" />
        {waiting ? 'Pick where to walk to' : 'Walk to…'}
      </button>
      {set.error.value && <span class="dim">{set.error.value}</span>}
    </div>
  );
}

function OtherPlaces({ places }: { places: readonly Place[] }) {
  const panel = usePanel();
  return (
    <details class="places">
      <summary>The same text stands in {counted(places.length, 'other place')}</summary>
      <ul>
        {places.map((place) => (
          <li key={place.chunkId}>
            <button type="button" class="link ellipsis" title={place.path} onClick={() => panel.open(place, true)}>
              {positionText(place.path, place)}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function TextDetail({ detail }: { detail: SelectionDetail }) {
  const panel = usePanel();
  const flagged = detail.mixed?.flagged ? detail.mixed : undefined;
  const several = detail.parts.length > 1;
  return (
    <>
      <div class="chunk-head">
        <div class="chunk-title">
          <span class="codicon codicon-star-full" aria-hidden="true" />
          <span class="text-title ellipsis">Selection from {detail.title}</span>
          <span class="history">
            <button
              type="button"
              class="icon-button"
              aria-label="Remove the selection from the map"
              title="Remove the selection from the map"
              onClick={() => panel.clearSelection()}
            >
              <span class="codicon codicon-close" aria-hidden="true" />
            </button>
          </span>
        </div>
        <TokenBar tokens={several ? detail.maxTokens : detail.tokens} maxTokens={detail.maxTokens} />
        <div class="dim">
          {several
            ? `${count(detail.tokens)} word pieces, more than the model's ${count(detail.maxTokens)}: embedded as ${detail.parts.length} parts, shown as their mean`
            : `${count(detail.tokens)} of ${count(detail.maxTokens)} word pieces`}
        </div>
        <MarkerNotes marker={detail.marker} what="selection" />
        <ChunkText text={detail.text} cut={flagged?.cut} cutLine={flagged?.cutLine ?? 0} />
        {flagged ? (
          <MixedNotice mixed={flagged} what="selection" onGo={undefined} />
        ) : (
          <div class="dim verdict">
            <span class="codicon codicon-info" aria-hidden="true" />
            {detail.sentences < 4
              ? `Too short to judge for mixed topics: ${counted(detail.sentences, 'sentence')}, four are needed.`
              : 'No sign of mixed topics in this selection.'}
          </div>
        )}
        {several && <Parts detail={detail} />}
      </div>
      <Nearest neighbors={detail.neighbors} />
    </>
  );
}

function Parts({ detail }: { detail: SelectionDetail }) {
  const panel = usePanel();
  return (
    <details class="places">
      <summary>{counted(detail.parts.length, 'part')}, each with its nearest chunk</summary>
      <ol>
        {detail.parts.map((part) => {
          const nearest = part.neighbors[0];
          return (
            <li key={part.start}>
              <div class="part-text">{part.text}</div>
              <div class="dim">
                {count(part.tokens)} word pieces
                {nearest && (
                  <>
                    {' · '}
                    <button type="button" class="link" onClick={() => panel.open(nearest.place, true)}>
                      {placeText(nearest.place)}
                    </button>{' '}
                    {nearest.similarity.toFixed(2)}
                  </>
                )}
              </div>
            </li>
          );
        })}
      </ol>
    </details>
  );
}

function Nearest({ neighbors }: { neighbors: ChunkDetail['neighbors'] }) {
  const panel = usePanel();
  return (
    <section class="nearest">
      <div class="list-head">
        <h2>Nearest chunks</h2>
        <span class="dim">similarity · percentile of random pairs</span>
      </div>
      {neighbors.length === 0 ? (
        <p class="dim padded">There are no other chunks yet.</p>
      ) : (
        <ChunkList
          label="Nearest chunks"
          items={neighbors}
          pairs="random pairs"
          current={panel.selection.focused.value}
          onPick={(neighbor) => {
            panel.linksFrom.value = 'selection';
            panel.selection.focused.value = neighbor.point;
          }}
          onOpen={(neighbor, preview) => panel.open(neighbor.place, preview)}
          onShow={(neighbor) => panel.selectPoint(neighbor.point, true)}
        />
      )}
    </section>
  );
}
