import type { UpdateReport } from '../core/index/indexer';
import type { SkipReason } from '../shared/space';

/** Nothing done yet: what the reports of a run's folders are added to. */
export function emptyReport(): UpdateReport {
  return { files: 0, chunks: 0, tokens: 0, embedded: 0, reused: 0, skipped: {}, errors: [] };
}

/** @param several whether paths need the name of their folder to be told apart */
export function addReport(total: UpdateReport, report: UpdateReport, folderName: string, several: boolean): void {
  total.files += report.files;
  total.chunks += report.chunks;
  total.tokens += report.tokens;
  total.embedded += report.embedded;
  total.reused += report.reused;
  for (const [reason, count] of Object.entries(report.skipped)) {
    const key = reason as SkipReason;
    total.skipped[key] = (total.skipped[key] ?? 0) + count;
  }
  total.errors.push(
    ...report.errors.map(({ path, message }) => ({ path: several ? `${folderName}/${path}` : path, message })),
  );
}
