import type { UpdateReport } from '../core/index/indexer';
import type { SkipReason } from '../shared/indexing';

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
    ...report.errors.map(({ path, message }) => ({ path: reportPath(path, folderName, several), message })),
  );
}

/** A file's path in the report of a run. @param several whether it needs the name of its folder to be told apart */
export function reportPath(path: string, folderName: string, several: boolean): string {
  return several ? `${folderName}/${path}` : path;
}

/** A run may walk its folders again because something changed meanwhile: what was embedded adds up, the last walk tells the rest. */
export function addPass(total: UpdateReport, pass: UpdateReport): UpdateReport {
  return {
    ...pass,
    tokens: total.tokens + pass.tokens,
    embedded: total.embedded + pass.embedded,
    reused: Math.max(0, pass.reused - total.embedded),
  };
}
