import type { SplitEffect } from '../../shared/chunkQuality';
import type { SpaceController } from '../space/spaceController';

const mostKept = 50;

/** What splitting chunks would change, asked once while the index stays as it is. */
export class SplitEffects {
  private readonly known = new Map<string, Promise<SplitEffect | null>>();
  private readonly subscriptions: { dispose(): void }[];

  constructor(
    private readonly space: Pick<SpaceController, 'request' | 'onDidChangeWarnings' | 'onDidChangeMap' | 'onDidOpen'>,
  ) {
    const clear = (): void => this.known.clear();
    this.subscriptions = [space.onDidOpen(clear), space.onDidChangeWarnings(clear), space.onDidChangeMap(clear)];
  }

  /** @param cut in the chunk's text. Null when the chunk is gone. @throws what the engine's client throws */
  of(point: number, cut: number | undefined, signal?: AbortSignal): Promise<SplitEffect | null> {
    const key = `${point} ${cut ?? ''}`;
    const known = this.known.get(key);
    if (known) return known;
    const asked = this.space.request('splitEffect', { point, cut }, signal);
    this.known.set(key, asked);
    if (this.known.size > mostKept) this.known.delete(this.known.keys().next().value ?? '');
    asked.catch(() => this.known.delete(key));
    return asked;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
