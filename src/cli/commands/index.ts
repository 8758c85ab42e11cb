import { counted } from '../../shared/plainWords';
import { skipWords } from '../../shared/skipWords';
import type { IndexReport, SkipReason } from '../../shared/indexing';
import type { CliArguments } from '../arguments';
import { withFolder } from '../folderSession';
import { printJson, printLine, round } from '../output';
import { withoutControls } from '../terminalText';

/** Builds or refreshes the index of a folder and says what was done. */
export async function index(args: CliArguments): Promise<void> {
  await withFolder(args, ({ space, name }, report) => {
    const { store } = space.folderList[0].open.index;
    const [storeFile, storeBytes] = [store.file, store.bytes()];
    if (args.json) {
      const { files, chunks, tokens, embedded, reused, skipped, errors, elapsedMs, runtime, tokensPerSecond } = report;
      printJson({
        files,
        chunks,
        tokens,
        embedded,
        reused,
        skipped,
        errors,
        elapsedMs,
        runtime,
        tokensPerSecond: round(tokensPerSecond, 0),
        store: storeFile,
        storeBytes,
      });
      return Promise.resolve();
    }
    if (report.files === 0) printLine(`${name} holds no text that can be indexed.`);
    else printCounts(report);
    const skipped = (Object.entries(report.skipped) as [SkipReason, number][]).sort((a, b) => b[1] - a[1]);
    if (skipped.length > 0) {
      const reasons = skipped.map(([reason, files]) => `${files.toLocaleString('en-US')} ${skipWords[reason]}`);
      printLine(`Left out: ${reasons.join(', ')}`);
    }
    printLine(`Index: ${storeFile} (${(storeBytes / 1e6).toFixed(1)} MB)`);
    for (const { path, message } of report.errors)
      process.stderr.write(`latent-lens: ${withoutControls(path)}: ${withoutControls(message)}\n`);
    return Promise.resolve();
  });
}

function printCounts({ files, chunks, embedded, reused, elapsedMs, runtime, tokensPerSecond }: IndexReport): void {
  const seconds = (elapsedMs / 1000).toFixed(1);
  const work = embedded === 0 ? 'nothing new' : `${counted(embedded, 'text')} embedded`;
  printLine(
    `${counted(files, 'file')}, ${counted(chunks, 'chunk')}: ${work}, ${counted(reused, 'chunk')} reused, in ${seconds} s`,
  );
  if (embedded > 0)
    printLine(`Runtime: ${runtime}, ${Math.round(tokensPerSecond).toLocaleString('en-US')} tokens a second`);
}
