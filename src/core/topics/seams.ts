/** What the layout of a text tells about where its topic changes, before anything is embedded. */
import type { SeamKind } from './mixedTopicsUnits';

/**
 * ln of how much oftener a topic changes at a seam of this kind than where one paragraph ends and another begins. Set by hand:
 * authors end a paragraph before they change the subject, and do not go on to another one after a colon.
 */
const shareOf: Record<SeamKind, number> = {
  sentence: -0.7,
  paragraph: 0,
  item: -1,
  announced: -2,
  aside: 0,
  'aside-end': 0,
  heading: 1,
};

/** ln odds that a kind of seam adds by being there: where a note that was set apart ends, the text goes back to what it was about. */
const surplusOf: Partial<Record<SeamKind, number>> = { 'aside-end': 2 };

/**
 * ln odds of a cut before each sentence against a cut anywhere in a text without layout: a share of one among all cuts, as
 * the layout of this text deals them out, and what its seam adds. All 0 where the seams are all alike.
 */
export function seamLogOdds(sentences: readonly { seam: SeamKind }[]): number[] {
  const cuts = sentences.slice(1);
  const mean = cuts.reduce((sum, { seam }) => sum + Math.exp(shareOf[seam]), 0) / Math.max(1, cuts.length);
  return sentences.map(({ seam }) => shareOf[seam] - Math.log(mean || 1) + (surplusOf[seam] ?? 0));
}

/** Where a text has at least so many paragraphs, its segments begin with them. */
const fewestParagraphs = 3;

/** Whether a segment of a document may begin with each sentence: never with what a colon announces, nor inside a paragraph where there are several. */
export function mayBeginSegment(sentences: readonly { seam: SeamKind }[]): boolean[] {
  const paragraphs = sentences.filter(({ seam }) => seam !== 'sentence' && seam !== 'announced').length;
  return sentences.map(({ seam }) => seam !== 'announced' && (seam !== 'sentence' || paragraphs < fewestParagraphs));
}
