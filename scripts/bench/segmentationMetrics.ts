/** Measures of a segmentation of n sentences against a reference; cuts are the first sentences of all segments but the first. */

/** Half the mean length of the reference's segments (Beeferman, Berger and Lafferty 1999), 1 at least. */
export function windowSize(reference: readonly number[], sentences: number): number {
  return Math.max(1, Math.round(sentences / (reference.length + 1) / 2));
}

/** Share of pairs at the window's distance that one segmentation parts and the other doesn't. 0 is best. */
export function pk(reference: readonly number[], found: readonly number[], sentences: number): number {
  return windowErrors(reference, found, sentences, (a, b) => (a === 0) !== (b === 0));
}

/** As Pk, but a window counts when the numbers of cuts inside differ (Pevzner and Hearst 2002). */
export function windowDiff(reference: readonly number[], found: readonly number[], sentences: number): number {
  return windowErrors(reference, found, sentences, (a, b) => a !== b);
}

function windowErrors(
  reference: readonly number[],
  found: readonly number[],
  sentences: number,
  isWrong: (cutsOfReference: number, cutsFound: number) => boolean,
): number {
  const window = windowSize(reference, sentences);
  const [a, b] = [cutsBefore(reference, sentences), cutsBefore(found, sentences)];
  let wrong = 0;
  const windows = sentences - window;
  for (let i = 0; i < windows; i++) if (isWrong(a[i + window] - a[i], b[i + window] - b[i])) wrong++;
  return windows > 0 ? wrong / windows : 0;
}

/** Cuts at or before each sentence. */
function cutsBefore(cuts: readonly number[], sentences: number): number[] {
  let passed = 0;
  return Array.from({ length: sentences }, (_, i) => {
    while (passed < cuts.length && cuts[passed] <= i) passed++;
    return passed;
  });
}

/** Exact boundaries over all documents: 2 right / (found + those there are). */
export function boundaryF1(pairs: readonly { reference: readonly number[]; found: readonly number[] }[]): number {
  let [right, found, there] = [0, 0, 0];
  for (const pair of pairs) {
    const reference = new Set(pair.reference);
    right += pair.found.filter((cut) => reference.has(cut)).length;
    found += pair.found.length;
    there += pair.reference.length;
  }
  return found + there === 0 ? 1 : (2 * right) / (found + there);
}

/** Spearman's rank correlation, ties by their mean rank. */
export function spearman(first: readonly number[], second: readonly number[]): number {
  return pearson(ranksOf(first), ranksOf(second));
}

function ranksOf(values: readonly number[]): number[] {
  const order = values.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let until = from;
    while (until < order.length && order[until].value === order[from].value) until++;
    for (let k = from; k < until; k++) ranks[order[k].i] = (from + until - 1) / 2;
    from = until;
  }
  return ranks;
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squaresA, squaresB] = [0, 0, 0];
  a.forEach((value, i) => {
    product += (value - meanA) * (b[i] - meanB);
    squaresA += (value - meanA) ** 2;
    squaresB += (b[i] - meanB) ** 2;
  });
  return squaresA === 0 || squaresB === 0 ? 0 : product / Math.sqrt(squaresA * squaresB);
}
