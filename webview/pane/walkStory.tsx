import type { Walk, WalkStep } from '../../src/shared/mapQuestions';
import { usePanel } from '../model/panelContext';
import { count, counted } from '../../src/shared/plainWords';
import { firstLine, percentileText, placeText, similarityText } from '../wording';
import { SelectionHistory } from './selectionHistory';

/** The way from one chunk to another, told step by step. */
export function WalkStory({ walk }: { walk: Walk }) {
  const panel = usePanel();
  const { steps } = walk;
  return (
    <>
      <div class="chunk-head">
        <div class="chunk-title">
          <span class="codicon codicon-milestone" aria-hidden="true" />
          <span class="text-title ellipsis">
            {steps.length > 0 ? `A walk in ${counted(steps.length - 1, 'step')}` : 'No way leads there'}
          </span>
          <SelectionHistory>
            <button
              type="button"
              class="icon-button"
              aria-label="Clear the walk"
              title="Clear the walk (Escape)"
              onClick={() => panel.clearSelection()}
            >
              <span class="codicon codicon-close" aria-hidden="true" />
            </button>
          </SelectionHistory>
        </div>
        <p class="dim">
          {walk.unreachable ??
            'Each chunk is a true neighbor of the one before. The way is the shortest one through such neighbors.'}{' '}
          The two ends are {similarityText(walk.direct)} similar
          {walk.directPercentile !== undefined &&
            `, more than ${percentileText(walk.directPercentile)} of random pairs`}
          .{` ${count(walk.searched.points)} chunks were searched, ${walk.searched.neighbors} neighbors of each.`}
        </p>
      </div>
      <ol class="walk" aria-label="Steps of the walk">
        {steps.map((step, index) => (
          <Step key={step.point} step={step} index={index} last={index === steps.length - 1} />
        ))}
      </ol>
    </>
  );
}

function Step({ step, index, last }: { step: WalkStep; index: number; last: boolean }) {
  const panel = usePanel();
  const { focused } = panel.selection;
  return (
    <li class={index === 0 || last ? 'walk-step end' : 'walk-step'}>
      {step.similarity !== undefined && (
        <div class="walk-link dim small">
          <span>
            {similarityText(step.similarity)} · {percentileText(step.percentile)}
          </span>
          <Terms words="keeps" terms={step.keeps} />
          <Terms words="gains" terms={step.gains} />
          <Terms words="loses" terms={step.loses} />
        </div>
      )}
      <button
        type="button"
        class="walk-chunk"
        aria-current={focused.value === step.point ? 'step' : undefined}
        title={step.excerpt}
        onClick={() => (focused.value = step.point)}
        onDblClick={() => panel.open(step.place, false)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          panel.open(step.place, true);
          event.preventDefault();
        }}
      >
        <span class="chunk-row-text">{firstLine(step.excerpt)}</span>
        <span class="dim small ellipsis">{placeText(step.place)}</span>
      </button>
    </li>
  );
}

function Terms({ words, terms }: { words: string; terms: readonly string[] }) {
  if (terms.length === 0) return null;
  return (
    <span>
      {words} <span class="walk-terms">{terms.slice(0, 3).join(', ')}</span>
    </span>
  );
}
