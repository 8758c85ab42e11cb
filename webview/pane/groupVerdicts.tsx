import { useEffect } from 'preact/hooks';
import type { Grouping, GroupPair, GroupSeparation } from '../../src/shared/mapQuestions';
import { usePanel } from '../model/panelContext';
import { count, counted } from '../../src/shared/plainWords';

const kinds: Record<Grouping, { one: string; many: string }> = {
  folder: { one: 'folder', many: 'folders' },
  fileType: { one: 'file type', many: 'file types' },
};
/** Longer lists are cut, the rest counted. */
const pairsShown = 6;

/** Which folders and file types fall together in the original space: said only of pairs that the engine is sure of. */
export function GroupVerdicts() {
  const panel = usePanel();
  const revision = panel.map.value?.revision;
  const shown = panel.tab.value === 'space';
  const { separation } = panel;
  useEffect(() => {
    if (shown && revision !== undefined) void separation.load(revision);
  }, [shown, revision, separation]);
  const { folder, fileType } = separation.judged.value;
  const all = [folder, fileType];
  const failed = all.find((judged) => judged?.state === 'failed');
  const known = all.flatMap((judged) => (judged?.state === 'known' ? [judged.found] : []));
  const advice = [...new Set(known.flatMap((found) => found.advice))];
  return (
    <>
      {known.map((found) => (
        <Verdict key={found.grouping} found={found} />
      ))}
      {advice.length > 0 && (
        <div class="advice">
          <div class="advice-title">What to try</div>
          <ul>
            {advice.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      {all.some((judged) => judged?.state === 'asking') && (
        <div class="comparing dim" role="status">
          <vscode-progress-ring aria-hidden="true" />
          Comparing {folder?.state === 'asking' ? 'folders' : 'file types'}…
        </div>
      )}
      {failed?.state === 'failed' && (
        <div role="alert">
          {failed.message}{' '}
          <button type="button" class="link" onClick={() => void separation.load(revision ?? 0, true)}>
            Compare again
          </button>
        </div>
      )}
      {all.every((judged) => judged === undefined) && <p class="dim">Known once the map is drawn.</p>}
    </>
  );
}

function Verdict({ found }: { found: GroupSeparation }) {
  const { one, many } = kinds[found.grouping];
  const { pairs, groups, together } = found;
  if (groups.length < 2) return <p class="dim">There is one {one} alone: nothing to compare.</p>;
  const apart =
    pairs.apart > 0
      ? together.length > 0
        ? ` ${counted(pairs.apart, 'other pair')} of ${many} ${pairs.apart === 1 ? 'is' : 'are'} told apart.`
        : `${pairs.apart === 1 ? 'The pair' : `All ${count(pairs.apart)} pairs`} of ${many} that could be judged ${pairs.apart === 1 ? 'is' : 'are'} told apart.`
      : '';
  return (
    <div class="verdict-group">
      {together.slice(0, pairsShown).map((pair) => (
        <Together key={`${pair.first} ${pair.second}`} pair={pair} grouping={found.grouping} />
      ))}
      <p class="dim small">
        {together.length > pairsShown && `${counted(together.length - pairsShown, 'more pair')} fall together. `}
        {apart}
        {together.length === 0 && pairs.apart === 0 && `No pair of ${many} has chunks enough to be judged.`}
        {found.groupsLeftOut > 0 &&
          ` The ${count(groups.length)} largest of ${count(groups.length + found.groupsLeftOut)} ${many} were compared.`}
      </p>
    </div>
  );
}

function Together({ pair, grouping }: { pair: GroupPair; grouping: Grouping }) {
  const panel = usePanel();
  const { colors } = panel;
  const names = [pair.first, pair.second];
  const canShow = colors.hasGroups(grouping, names);
  return (
    <div class="together">
      <p>{pair.words}</p>
      <p class="dim small">
        {count(pair.firstChunks)} and {count(pair.secondChunks)} chunks
        {pair.terms.length > 0 && `; both speak of ${pair.terms.slice(0, 4).join(', ')}`}
        {canShow && (
          <>
            {' · '}
            <button
              type="button"
              class="link"
              title={`Colors by ${kinds[grouping].one} and hides the others; “Show all” in the legend brings them back`}
              onClick={() => colors.showGroups(grouping, names)}
            >
              Show both on the map
            </button>
          </>
        )}
      </p>
    </div>
  );
}
