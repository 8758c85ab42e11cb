import { counted, headedWords } from '../../shared/plainWords';
import { keptMarksFile } from '../../shared/keptMarks';
import type { MixedTopics, Place } from '../../shared/space';
import type { Space } from '../../engine/space';
import type { CliArguments } from '../arguments';
import { packageVersion, withFolder, type FolderSession } from '../folderSession';
import { interruptionSignal } from '../interruption';
import { lineRange, printExcerpt, printJson, printLine, round } from '../output';
import { sarifLog } from '../sarif';
import { withoutControls } from '../terminalText';

/** A chunk with its best cut, if it has one. `cut` counts from the beginning of its text. */
interface CheckedChunk {
  place: Place;
  text: string;
  mixed: MixedTopics | undefined;
  /** Spreads above an ordinary chunk with as many sentences. */
  deviations: number | undefined;
  flagged: boolean;
}

/** Chunks that mix two topics, those first that a cut would help most; all chunks, strongest first, with `--all`. */
export async function check(args: CliArguments): Promise<void> {
  await withFolder(args, async (session) => {
    const { space, name } = session;
    const chunks = space.points.chunkCount;
    const listed = args.all || args.strength !== undefined ? await everyChunk(session, args) : flaggedChunks(space);
    const flagged = listed.filter((chunk) => chunk.flagged);
    const shown = args.all ? listed : flagged;
    if (args.sarif) printSarif(flagged);
    else if (args.json) printJson({ chunks, warnings: shown.map((chunk) => chunkJson(chunk, args.all)) });
    else {
      for (const chunk of shown) printChunk(chunk);
      if (chunks === 0) printLine(`${name} holds no text that can be indexed.`);
      else
        printLine(
          `${flagged.length === 0 ? 'None' : flagged.length.toLocaleString('en-US')} of ${counted(chunks, 'chunk')} ${flagged.length === 0 ? 'seems to mix' : 'may mix'} topics.`,
        );
      const fine = space.mixed.fineCount();
      if (fine > 0)
        printLine(
          `${fine.toLocaleString('en-US')} more ${fine === 1 ? 'is' : 'are'} marked as fine in ${keptMarksFile}.`,
        );
      if (flagged.length > 0 && args.strength === undefined) printReasons(space, flagged);
    }
    if (args.max !== undefined && flagged.length > args.max) process.exitCode = 1;
  });
}

function flaggedChunks(space: Space): CheckedChunk[] {
  return space.warnings().map(({ place, mixed, text }) => ({
    place,
    text,
    mixed: { ...mixed, cut: mixed.cut - place.start },
    deviations: undefined,
    flagged: true,
  }));
}

async function everyChunk({ service, space }: FolderSession, args: CliArguments): Promise<CheckedChunk[]> {
  const cuts = await space.mixed.everyCut(service.embeddingHost(), interruptionSignal);
  return cuts.flatMap(({ row, mixed, deviations }) => {
    const text = space.textOf(row)?.text ?? '';
    const strong =
      args.strength === undefined ? mixed?.flagged === true : mixed !== undefined && mixed.percentile >= args.strength;
    const flagged = strong && !space.mixed.isMarkedFine(row);
    return (space.points.point(row)?.places ?? []).map((pointPlace) => {
      const place = space.queries.place(pointPlace);
      const cutLine = mixed === undefined ? 0 : place.startLine + mixed.cutLine;
      // Where the strength alone decides, a heading is no reason.
      const reason = args.strength === undefined ? {} : { heading: undefined };
      return { place, text, mixed: mixed && { ...mixed, ...reason, cutLine }, deviations, flagged };
    });
  });
}

function chunkJson({ place, text, mixed, deviations, flagged }: CheckedChunk, all: boolean): Record<string, unknown> {
  return {
    path: place.path,
    ...lineRange(place),
    ...(all ? { flagged } : {}),
    // Null where there is nothing to cut: code, or fewer than four sentences.
    cutLine: mixed === undefined ? null : mixed.cutLine + 1,
    // UTF-16 units into `text`: there the second part begins, as a line may hold both.
    cutOffset: mixed === undefined ? null : mixed.cut,
    strength: mixed === undefined ? null : round(mixed.percentile, all ? 4 : 1),
    ...(all ? { deviations: deviations === undefined ? null : round(deviations, 4) } : {}),
    before: mixed?.before ?? [],
    after: mixed?.after ?? [],
    // Why it is flagged whatever its strength: null where the strength is the reason.
    heading: mixed?.heading ?? null,
    ...(mixed?.damage === undefined ? {} : { damage: mixed.damage }),
    text,
  };
}

function printChunk({ place, text, mixed, flagged }: CheckedChunk): void {
  const path = withoutControls(place.path);
  if (mixed === undefined) {
    printLine(`${path}:${place.startLine + 1}  not judged: code, or fewer than four sentences`);
    return;
  }
  printLine(`${path}:${mixed.cutLine + 1}  ${topicsOf(mixed)}`);
  printExcerpt(`cut before: ${text.slice(mixed.cut)}`, 4);
  printLine(
    `    lines ${place.startLine + 1}–${place.endLine + 1}, ${mixed.heading === undefined ? '' : `${headedWords(withoutControls(mixed.heading))}, its strongest cut `}stronger than ${Math.min(99, Math.floor(mixed.percentile))} % of chunks of its length${flagged ? '' : ', not flagged'}`,
  );
  if (mixed.damage !== undefined && mixed.damage.rankSplit < mixed.damage.rankNow) {
    const { query, rankNow, rankSplit } = mixed.damage;
    printLine(
      `    split, “${withoutControls(query)}” would find it at ${rankSplit} in place of ${rankNow}, as estimated`,
    );
  }
}

function topicsOf({ before, after }: MixedTopics): string {
  return [before, after].map((terms) => withoutControls(terms.join(', '))).join(' | ');
}

/** How many a heading divides, and what the default setting means for the others; about flags there is an estimate alone. */
function printReasons(space: Space, flagged: readonly CheckedChunk[]): void {
  const headed = flagged.filter(({ mixed }) => mixed?.heading !== undefined).length;
  if (headed > 0) {
    const many = `${headed === flagged.length ? 'All' : headed.toLocaleString('en-US')} of them run on`;
    const one = flagged.length === 1 ? 'It runs on' : '1 of them runs on';
    printLine(
      `${headed === 1 ? one : many} under another heading, which is told at every setting: a smaller chunk size may divide ${headed === 1 ? 'it' : 'them'} there.`,
    );
  }
  if (headed === flagged.length) return;
  const { ordinaryShare, precision } = space.mixed.setting();
  if (precision === undefined || ordinaryShare === 0) return;
  const percent = (share: number): string => String(Math.round(100 * share));
  const [kind, those] = headed === 0 ? ['', 'the'] : [' for its strength', 'such'];
  printLine(
    `At this setting 1 in ${Math.round(1 / ordinaryShare).toLocaleString('en-US')} ordinary chunks is flagged${kind}; of ${those} flags an estimated ${percent(precision.estimate)} % are right (${percent(precision.low)} to ${percent(precision.high)} %).`,
  );
}

function printSarif(flagged: readonly CheckedChunk[]): void {
  const warnings = flagged.flatMap(({ place, text, mixed }) =>
    mixed === undefined
      ? []
      : [
          {
            path: place.path,
            line: mixed.cutLine + 1,
            endLine: place.endLine + 1,
            message: `This chunk may mix two topics: ${topicsOf(mixed)}. ${mixed.heading === undefined ? 'The second begins in this line.' : `It ${headedWords(withoutControls(mixed.heading))}.`}`,
            text,
          },
        ],
  );
  printLine(sarifLog(warnings, packageVersion()));
}
