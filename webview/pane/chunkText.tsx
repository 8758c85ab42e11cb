import { headedWords } from '../../src/shared/plainWords';
import type { MixedTopics } from '../../src/shared/space';

/** A chunk's text as it is, with a line at the cut when it mixes topics. */
export function ChunkText({ text, cut, cutLine }: { text: string; cut: number | undefined; cutLine: number }) {
  const inside = cut !== undefined && cut > 0 && cut < text.length;
  return (
    <div class="chunk-text" tabIndex={0} role="region" aria-label="Text of the chunk">
      {inside ? (
        <>
          <div class="chunk-part">{text.slice(0, cut).trimEnd()}</div>
          <div class="cut" role="separator">
            <span>cut here, line {cutLine + 1}</span>
          </div>
          <div class="chunk-part">
            {text
              .slice(cut)
              .replace(/^\s*\n/, '')
              .trimEnd()}
          </div>
        </>
      ) : (
        <div class="chunk-part">{text}</div>
      )}
    </div>
  );
}

/** The sentence about a flagged chunk, with both topics in words. */
export function MixedNotice({
  mixed,
  what,
  onGo,
}: {
  mixed: MixedTopics;
  what: string;
  onGo: (() => void) | undefined;
}) {
  return (
    <div class="mixed-notice">
      <span class="codicon codicon-warning warning-icon" aria-hidden="true" />
      <div>
        <div class="mixed-title">This {what} may mix two topics</div>
        <div class="topics">
          <span class="topic">{mixed.before.slice(0, 3).join(', ') || 'first part'}</span>
          <span class="topic">{mixed.after.slice(0, 3).join(', ') || 'second part'}</span>
        </div>
        <div class="dim">
          {mixed.heading === undefined
            ? `Its two parts differ more than in ${Math.floor(mixed.percentile)} % of the chunks here with as many sentences.`
            : `It ${headedWords(mixed.heading)}.`}
        </div>
        {onGo && (
          <button type="button" class="link" onClick={onGo}>
            Go to the cut
          </button>
        )}
      </div>
    </div>
  );
}
