import { computed, signal } from '@preact/signals';
import {
  defaultLayoutSettings,
  layoutMethods,
  layoutSettings,
  type LayoutMethod,
  type LayoutMethodDescription,
  type LayoutSettings,
} from '../../src/shared/layoutMethods';
import type { SpaceReadings } from '../../src/shared/space';
import type { HostConnection } from './host';

/** How the map is laid out, what is being tried, and the form for it. */
export class LayoutModel {
  readonly method = signal<LayoutMethod>('umap');
  readonly settings = signal<LayoutSettings>(defaultLayoutSettings('umap'));
  readonly pending = signal<LayoutMethod | undefined>(undefined);
  readonly error = signal<string | undefined>(undefined);
  private touched = false;

  constructor(private readonly host: HostConnection) {}

  readonly description = computed<LayoutMethodDescription>(
    () => layoutMethods.find(({ method }) => method === this.method.value) ?? layoutMethods[0],
  );

  /** Why the form can't be applied, or undefined. */
  readonly problem = computed<string | undefined>(() => {
    for (const name of this.description.value.settings) {
      const described = layoutSettings[name];
      const value = this.settings.value[name];
      if (described.kind !== 'number' || typeof value !== 'number') continue;
      const fits = value >= described.min && value <= described.max && (described.step < 1 || Number.isInteger(value));
      if (!fits) return `${described.name} goes from ${described.min} to ${described.max}.`;
    }
    return undefined;
  });

  /** Shows how the present map was made, unless somebody is filling in the form. */
  follow(layout: SpaceReadings['layout']): void {
    if (!layout || this.touched || this.pending.value) return;
    const { method, elapsedMs: _, ...settings } = layout;
    this.method.value = method;
    this.settings.value = { ...defaultLayoutSettings(method), ...settings };
  }

  chooseMethod(method: LayoutMethod): void {
    this.touched = true;
    this.method.value = method;
    const { defaultEpochs } = this.description.value;
    this.settings.value = { ...this.settings.value, epochs: defaultEpochs ?? this.settings.value.epochs };
  }

  set<Name extends keyof LayoutSettings>(name: Name, value: LayoutSettings[Name]): void {
    this.touched = true;
    this.settings.value = { ...this.settings.value, [name]: value };
  }

  reset(): void {
    this.touched = true;
    this.settings.value = defaultLayoutSettings(this.method.value);
  }

  /** Lays the map out as the form says; true when it was done. */
  async apply(): Promise<boolean> {
    if (this.pending.value || this.problem.value) return false;
    const method = this.method.value;
    const settings = this.settings.value;
    const chosen = Object.fromEntries(this.description.value.settings.map((name) => [name, settings[name]]));
    this.pending.value = method;
    this.error.value = undefined;
    try {
      await this.host.request('relayout', { layout: method, ...(chosen as Partial<LayoutSettings>) });
      return true;
    } catch (error) {
      this.error.value = (error as Error).message;
      return false;
    } finally {
      this.pending.value = undefined;
      this.touched = false;
    }
  }

  stop(): void {
    this.host.request('stopLayout', {}).catch((error: Error) => (this.error.value = error.message));
  }
}
