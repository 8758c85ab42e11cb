import * as vscode from 'vscode';
import { isCancelled, messageOf } from '../engine';
import type { SpaceController } from '../space/spaceController';

/** Values of the setting, strictest first, and the share of ordinary chunks that each flags. */
const steps = [
  ['1 in 500', 1 / 500],
  ['1 in 200', 1 / 200],
  ['1 in 100', 1 / 100],
  ['1 in 50', 1 / 50],
  ['1 in 20', 1 / 20],
  ['1 in 10', 1 / 10],
] as const;
const section = 'latentLens.mixedTopics';
const name = 'sensitivity';

/** The share of ordinary chunks that the setting names; null for the default, which the index decides. */
export function askedShare(value: string): number | null {
  return steps.find(([step]) => step === value)?.[1] ?? null;
}

/** The next value; undefined at the end. @param share that is flagged now */
export function nextStep(share: number, direction: 'lower' | 'raise'): string | undefined {
  // A rate that is nearly that of a step stands for it: a step to it would flag the same chunks.
  const margin = 1.2;
  if (direction === 'raise') return steps.find(([, rate]) => rate > share * margin)?.[0];
  return steps.findLast(([, rate]) => rate < share / margin)?.[0];
}

/** What a rate means: among ordinary chunks, as nobody knows it of flags. */
export function rateWords(share: number): string {
  return share === 0
    ? 'no ordinary chunk is flagged'
    : `about 1 in ${Math.round(1 / share).toLocaleString('en-US')} ordinary chunks is flagged`;
}

/** Tells the engine the setting whenever it or the space is another one. */
export function followSensitivity(
  space: SpaceController,
  log: Pick<vscode.LogOutputChannel, 'warn'>,
): vscode.Disposable {
  const tell = (): void => {
    space.request('setSensitivity', { ordinaryShare: currentShare() }).catch((error: unknown) => {
      if (!isCancelled(error)) log.warn(`The sensitivity of warnings was not changed: ${messageOf(error)}`);
    });
  };
  return vscode.Disposable.from(
    space.onDidOpen(tell),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${section}.${name}`) && space.isOpen) tell();
    }),
  );
}

/** Changes the setting where it is set now, and says what it means and what came of it. */
export async function stepSensitivity(space: SpaceController, direction: 'lower' | 'raise'): Promise<void> {
  const before = await space.request('setSensitivity', { ordinaryShare: currentShare() });
  const step = await stepFrom(space, before.ordinaryShare, direction);
  if (step === undefined) {
    void vscode.window.showInformationMessage(
      `The sensitivity is as ${direction === 'lower' ? 'low' : 'high'} as it gets: ${rateWords(before.ordinaryShare)}.`,
    );
    return;
  }
  const after = await space.request('setSensitivity', { ordinaryShare: askedShare(step) });
  const configuration = vscode.workspace.getConfiguration(section);
  const { workspaceValue } = configuration.inspect(name) ?? {};
  const target =
    workspaceValue === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await configuration.update(name, step === 'default' ? undefined : step, target);
  const count = (flagged: number): string => flagged.toLocaleString('en-US');
  void vscode.window.showInformationMessage(
    `At this setting ${rateWords(after.ordinaryShare)}. Flagged now: ${count(after.flagged)}; before: ${count(before.flagged)}.`,
  );
}

/** Below the strictest step lies the default where that flags fewer still; undefined at the end. */
async function stepFrom(
  space: SpaceController,
  share: number,
  direction: 'lower' | 'raise',
): Promise<string | undefined> {
  const next = nextStep(share, direction);
  if (next !== undefined || direction === 'raise' || currentShare() === null) return next;
  const standard = await space.request('setSensitivity', { ordinaryShare: null });
  if (standard.ordinaryShare < share) return 'default';
  await space.request('setSensitivity', { ordinaryShare: currentShare() });
  return undefined;
}

function currentShare(): number | null {
  return askedShare(vscode.workspace.getConfiguration(section).get<string>(name, 'default'));
}
