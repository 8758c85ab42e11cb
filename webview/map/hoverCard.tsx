import type { RefObject } from 'preact';
import type { MapColumns } from '../../src/shared/space';
import { usePanel } from '../model/panelContext';
import { counted } from '../../src/shared/plainWords';
import { linesText } from '../wording';

/** What lies under the pointer: at once what the map knows, the text as soon as it is here. */
export function HoverCard({
  map,
  row,
  cardRef,
}: {
  map: MapColumns;
  row: number;
  cardRef: RefObject<HTMLDivElement | null>;
}) {
  const panel = usePanel();
  void panel.excerpts.version.value;
  const excerpt = panel.excerpts.get(map.point[row]);
  const cluster = map.clusters[map.cluster[row]];
  const trust = map.trust[row];
  const facts = [
    cluster?.name,
    map.places[row] > 1 ? `in ${counted(map.places[row], 'place')}` : undefined,
    map.mixed[row] ? 'may mix two topics' : undefined,
    panel.trustShade.value && trust !== 255 ? `trust ${trust} of 15` : undefined,
  ].filter((fact) => fact !== undefined);
  return (
    <div class="hover-card" ref={cardRef} role="tooltip">
      <div class="hover-place">
        {excerpt ? (
          <>
            <span class="hover-path">{excerpt.place.path}</span> <span class="dim">{linesText(excerpt.place)}</span>
          </>
        ) : (
          <span class="hover-path">{map.folders[map.folder[row]]?.name ?? ''}</span>
        )}
      </div>
      <div class="hover-text">{excerpt?.excerpt ?? ''}</div>
      {facts.length > 0 && <div class="hover-facts dim">{facts.join(' · ')}</div>}
    </div>
  );
}
