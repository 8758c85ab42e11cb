import type { CliArguments } from '../arguments';
import { withFolder } from '../folderSession';
import { count, printJson, printLine, round } from '../output';

/** Builds or refreshes the index of a folder and says what was done. */
export async function index(args: CliArguments): Promise<void> {
  await withFolder(args, async ({ service, spaceId }, report) => {
    const { storePath, storeBytes } = await service.handlers.readings({ spaceId }, new AbortController().signal);
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
        store: storePath,
        storeBytes,
      });
      return;
    }
    const seconds = (report.elapsedMs / 1000).toFixed(1);
    printLine(
      `${count(report.files, 'file')} · ${count(report.chunks, 'chunk')} · ${count(report.embedded, 'text')} embedded, ${count(report.reused, 'chunk')} reused · ${seconds} s`,
    );
    printLine(
      `${report.runtime} runtime${report.tokens > 0 ? ` · ${Math.round(report.tokensPerSecond).toLocaleString('en-US')} tokens/s` : ''} · ${(storeBytes / 1e6).toFixed(1)} MB in ${storePath}`,
    );
    const skipped = Object.entries(report.skipped).map(
      ([reason, files]) => `${files.toLocaleString('en-US')} ${reason}`,
    );
    if (skipped.length > 0) printLine(`Skipped: ${skipped.join(', ')}`);
    for (const { path, message } of report.errors) process.stderr.write(`latent-lens: ${path}: ${message}\n`);
  });
}
