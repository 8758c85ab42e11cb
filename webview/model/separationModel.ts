import { signal } from '@preact/signals';
import { groupings, type Grouping, type GroupSeparation } from '../../src/shared/mapQuestions';
import type { HostConnection } from './host';

/** What is known of the groups of a grouping; null where the engine has nothing to say yet. */
type Judged = { state: 'asking' } | { state: 'failed'; message: string } | { state: 'known'; found: GroupSeparation };

/** Which folders and file types the original space does not tell apart, asked when somebody looks. */
export class SeparationModel {
  readonly judged = signal<Partial<Record<Grouping, Judged>>>({});
  private askedOf: number | undefined;

  constructor(private readonly host: HostConnection) {}

  /** Asks one after the other, once for each revision of the map; `again` after a failure. */
  async load(revision: number, again = false): Promise<void> {
    if (this.askedOf === revision && !again) return;
    this.askedOf = revision;
    for (const grouping of groupings) {
      const before = this.judged.peek()[grouping];
      // What was found of the map before stays until the new answer is here.
      if (before?.state !== 'known') this.set(grouping, { state: 'asking' });
      const now = await this.ask(grouping);
      if (this.askedOf !== revision) return;
      this.set(grouping, now);
    }
  }

  forget(): void {
    this.askedOf = undefined;
    this.judged.value = {};
  }

  private async ask(grouping: Grouping): Promise<Judged | undefined> {
    try {
      const found = await this.host.request('groupSeparation', { grouping });
      return found ? { state: 'known', found } : undefined;
    } catch (error) {
      return { state: 'failed', message: (error as Error).message };
    }
  }

  private set(grouping: Grouping, judged: Judged | undefined): void {
    this.judged.value = { ...this.judged.peek(), [grouping]: judged };
  }
}
