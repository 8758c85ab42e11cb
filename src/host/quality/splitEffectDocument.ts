import * as vscode from 'vscode';
import type { SplitEffect, SplitHalf, SplitRank } from '../../shared/chunkQuality';

const scheme = 'latent-lens-split';
const queryKinds: Record<SplitRank['kind'], string> = {
  heading: 'heading',
  'first-sentence': 'first sentence',
  evaluation: 'your query',
};

/** What splitting one chunk would change, as a read-only document beside the text. */
export class SplitEffectDocument implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changeEmitter = new vscode.EventEmitter<vscode.Uri>();
  private readonly uri = vscode.Uri.from({ scheme, path: '/What Splitting Would Change.md' });
  private readonly registered: vscode.Disposable;
  private content = '';
  readonly onDidChange = this.changeEmitter.event;

  constructor() {
    this.registered = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async show(effect: SplitEffect, title: string): Promise<void> {
    this.content = splitEffectText(effect, title);
    this.changeEmitter.fire(this.uri);
    const document = await vscode.workspace.openTextDocument(this.uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  }

  provideTextDocumentContent(): string {
    return this.content;
  }

  dispose(): void {
    vscode.Disposable.from(this.changeEmitter, this.registered).dispose();
  }
}

/** @param title where the chunk stands */
export function splitEffectText({ ranks, similarity, before, after }: SplitEffect, title: string): string {
  const lines = [
    `# What splitting ${title} would change`,
    '',
    'Both halves were embedded just now. Ranks are among all chunks of this index, from 1: where the chunk is found for a',
    'query now, and where the better half would be found instead. Nothing was changed.',
    '',
    '| query | what it is | now | split |',
    '| --- | --- | ---: | ---: |',
    ...ranks.map(
      ({ query, kind, rankNow, rankSplit }) =>
        `| ${cell(query)} | ${queryKinds[kind]} | ${rankNow.toLocaleString('en-US')} | ${rankSplit.toLocaleString('en-US')} |`,
    ),
    '',
    ...summaryOf(ranks),
    `Similarity of the two halves: ${similarity.toFixed(2)}.`,
    '',
    ...halfLines('Before the cut', before),
    ...halfLines('From the cut on', after),
  ];
  return `${lines.join('\n')}\n`;
}

function summaryOf(ranks: readonly SplitRank[]): string[] {
  const better = ranks.filter(({ rankNow, rankSplit }) => rankSplit < rankNow).length;
  const worse = ranks.filter(({ rankNow, rankSplit }) => rankSplit > rankNow).length;
  if (ranks.length === 0) return ['There is no heading and no sentence to ask with.', ''];
  const words = [
    better > 0 ? `better for ${better}` : '',
    worse > 0 ? `worse for ${worse}` : '',
    better + worse < ranks.length ? `unchanged for ${ranks.length - better - worse}` : '',
  ];
  return [`Of ${ranks.length} queries the rank gets ${words.filter((word) => word !== '').join(', ')}.`, ''];
}

function halfLines(name: string, { excerpt, tokens, neighbors }: SplitHalf): string[] {
  return [
    `## ${name}: ${tokens} word pieces`,
    '',
    ...excerpt.split('\n').map((line) => `> ${line}`.trimEnd()),
    '',
    'Nearest chunks elsewhere:',
    '',
    ...neighbors.map(({ place, similarity }) => `- ${place.path}:${place.startLine + 1} · ${similarity.toFixed(2)}`),
    '',
  ];
}

function cell(query: string): string {
  return query.replace(/\s+/g, ' ').replace(/\|/g, '\\|').slice(0, 160);
}
