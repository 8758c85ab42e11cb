import * as vscode from 'vscode';
import type { SplitEffect, SplitHalf, SplitRank } from '../../shared/chunkQuality';
import type { Neighbor } from '../../shared/space';
import { isCancelled } from '../engine';
import { placeUri } from '../places/placeTracker';
import type { ChunkDiagnostics, FlaggedPassage } from './chunkDiagnostics';
import type { SplitEffects } from './splitEffects';
import { targetOf } from './warningTarget';

const neighborsShown = 3;

/** At a cut: both halves with their nearest chunks elsewhere, and what a split would change. */
export function registerSplitHover(diagnostics: ChunkDiagnostics, effects: SplitEffects): vscode.Disposable {
  return vscode.languages.registerHoverProvider([{ scheme: 'file' }, { scheme: 'untitled' }], {
    provideHover: async (document, position, token) => {
      const passage = diagnostics
        .passagesOf(document)
        .find((each) => each.cut !== undefined && diagnostics.rangeOf(document, each).contains(position));
      if (!passage || passage.warning.kind !== 'mixed-topics') return undefined;
      const range = diagnostics.rangeOf(document, passage);
      return new vscode.Hover(await contentFor(document, passage, effects, token), range);
    },
  });
}

async function contentFor(
  document: vscode.TextDocument,
  passage: FlaggedPassage,
  effects: SplitEffects,
  token: vscode.CancellationToken,
): Promise<vscode.MarkdownString> {
  const { warning } = passage;
  const target = targetOf(document, passage);
  if (warning.kind !== 'mixed-topics' || !target || target.point < 0)
    return new vscode.MarkdownString('The halves of this text can be compared with other chunks once it is saved.');
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  try {
    const effect = await effects.of(target.point, target.cut, controller.signal);
    if (!effect) return new vscode.MarkdownString('This chunk is no longer in the index.');
    return splitHoverText(effect, warning.mixed, target);
  } catch (error) {
    if (isCancelled(error)) return new vscode.MarkdownString();
    throw error;
  }
}

/** Text of the workspace goes in escaped; only commands of ours can be run from it. */
export function splitHoverText(
  effect: SplitEffect,
  { before, after }: { before: readonly string[]; after: readonly string[] },
  target: unknown,
): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.isTrusted = { enabledCommands: ['latentLens.showOnMap', 'latentLens.showSplitEffect'] };
  const half = (name: string, terms: readonly string[], { neighbors }: SplitHalf): void => {
    text.appendMarkdown(`**${name}**`);
    if (terms.length > 0) text.appendText(` ${terms.slice(0, 4).join(', ')}`);
    const nearest = neighbors.slice(0, neighborsShown).map(neighborLink);
    text.appendMarkdown(`  \nis nearest to ${nearest.join(' · ') || 'no other chunk'}\n\n`);
  };
  half('$(arrow-up) Before the cut', before, effect.before);
  half('$(arrow-down) From here on', after, effect.after);
  text.appendMarkdown(`Similarity of the halves: ${effect.similarity.toFixed(2)}. `);
  const best = bestRank(effect.ranks);
  if (best) {
    text.appendMarkdown('Alone, the better half would be found for “');
    text.appendText(best.query.slice(0, 100));
    text.appendMarkdown(
      `” at rank ${best.rankSplit.toLocaleString('en-US')}; the chunk is at ${best.rankNow.toLocaleString('en-US')}.`,
    );
  }
  text.appendMarkdown(
    `\n\n[$(graph-scatter) Show on map](${commandLink('latentLens.showOnMap', effect.point)}) · [$(diff) Show what splitting would change](${commandLink('latentLens.showSplitEffect', target)})`,
  );
  return text;
}

/** The rank that a split would change most for the better. */
export function bestRank(ranks: readonly SplitRank[]): SplitRank | undefined {
  const gain = ({ rankNow, rankSplit }: SplitRank): number => Math.log(rankNow / rankSplit);
  return [...ranks].sort((a, b) => gain(b) - gain(a)).find((rank) => gain(rank) > 0);
}

function neighborLink({ place, similarity }: Neighbor): string {
  const line = place.cell === undefined ? place.startLine + 1 : undefined;
  const uri = placeUri(place).with({ fragment: line === undefined ? '' : `L${line}` });
  const label = `${place.path.split('/').slice(-2).join('/')}${line === undefined ? '' : `:${line}`}`;
  return `[${escaped(label)}](${uri.toString()}) ${similarity.toFixed(2)}`;
}

function escaped(label: string): string {
  return label.replace(/[\\`*_{}[\]()<>#+\-.!|~$&]/g, '\\$&');
}

function commandLink(command: string, argument: unknown): string {
  return `command:${command}?${encodeURIComponent(JSON.stringify([argument]))}`;
}
