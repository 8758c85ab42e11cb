import type { Marker } from '../../src/shared/space';
import { count } from '../../src/shared/plainWords';

/** What a star doesn't say by itself: that the text is near nothing, or that its neighbors are scattered. */
export function MarkerNotes({ marker, what }: { marker: Marker; what: string }) {
  const stars = marker.stars.length;
  if (!marker.nearNothing && stars < 2) return null;
  return (
    <div class="dim marker-note" role="note">
      <span class={`codicon codicon-${marker.nearNothing ? 'info' : 'star-empty'}`} aria-hidden="true" />
      <span>
        {marker.nearNothing
          ? `This ${what} is near nothing here: even its nearest chunk is no more similar than random ones are.${stars > 0 ? ' Its star stands on the margin of the map.' : ''}`
          : `The nearest chunks lie in ${count(stars)} places of the map, so this ${what} has ${count(stars)} faint stars: the brighter one, the more of them lie there.`}
      </span>
    </div>
  );
}
