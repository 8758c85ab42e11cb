import type { SplitHalf } from '../../src/shared/chunkQuality';
import { usePanel } from '../model/panelContext';
import { count } from '../../src/shared/plainWords';
import { placeText, similarityText } from '../wording';

/** What a split of the selected chunk would change, and where its halves live: the lines on the map lead there. */
export function SplitNotes({ point }: { point: number }) {
  const { split } = usePanel().quality;
  const effect = split.value;
  if (effect?.point !== point) return null;
  const best = [...effect.ranks].sort((a, b) => b.rankNow / b.rankSplit - a.rankNow / a.rankSplit)[0];
  return (
    <div class="split-notes dim" aria-label="What splitting would change">
      <div>The dashed lines on the map lead to where its halves would lie.</div>
      <Half name="Before the cut" half={effect.before} />
      <Half name="After it" half={effect.after} />
      {best && best.rankSplit < best.rankNow && (
        <div>
          Split, “{best.query.slice(0, 80)}” would find it at rank {count(best.rankSplit)} in place of{' '}
          {count(best.rankNow)}.
        </div>
      )}
    </div>
  );
}

function Half({ name, half }: { name: string; half: SplitHalf }) {
  const panel = usePanel();
  return (
    <div>
      {name}, nearest to{' '}
      {half.neighbors.slice(0, 2).map(({ point, place, similarity }, i) => (
        <span key={point}>
          {i > 0 && ', '}
          <button type="button" class="link" title={place.path} onClick={() => panel.open(place, true)}>
            {placeText(place)}
          </button>{' '}
          {similarityText(similarity)}
        </span>
      ))}
      {half.neighbors.length === 0 && 'no other chunk'}
    </div>
  );
}
