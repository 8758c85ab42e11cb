import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Grouping } from '../../src/shared/mapQuestions';
import type { MapColumns } from '../../src/shared/space';
import { HueMemory, colorMap, groupKey, isGroupColoring, type ColorBy } from './coloring';
import type { MapColoring, NumberRange } from './mapColoring';
import { colorByNumber, scaleFor, type RowNumbers } from './numberColoring';

/** How many neighbors the trust columns of a map count. */
const neighborsCompared = 15;

/** What the map is colored by and what its legend hides. */
export class ColorModel {
  /** Keys of the legend's groups that are hidden. */
  readonly hidden = signal<ReadonlySet<string>>(new Set());
  /** Groups that have colors of their own, however small they are, because somebody asked to see them. */
  readonly shownGroups = signal<readonly string[]>([]);
  /** The part of the numbers that is shown, where color stands for a number. */
  readonly range = signal<NumberRange | undefined>(undefined);
  private readonly hues = new HueMemory();

  constructor(
    readonly colorBy: Signal<ColorBy>,
    private readonly map: ReadonlySignal<MapColumns | null>,
    private readonly numbers: ReadonlySignal<RowNumbers | undefined>,
  ) {}

  /** Undefined without a map, and while the numbers are on their way. */
  readonly coloring = computed<MapColoring | undefined>(() => {
    const map = this.map.value;
    const colorBy = this.colorBy.value;
    if (!map) return undefined;
    if (isGroupColoring(colorBy)) {
      return colorMap(map, colorBy, this.hidden.value, this.hues, this.shownGroups.value);
    }
    const known = this.numbers.value;
    const numbers = known?.length === map.point.length ? known : new Float32Array(map.point.length).fill(NaN);
    return colorByNumber(numbers, scaleFor(colorBy, numbers, neighborsCompared), this.range.value, this.hidden.value);
  });

  choose(colorBy: ColorBy): void {
    batch(() => {
      this.colorBy.value = colorBy;
      this.hidden.value = new Set();
      this.shownGroups.value = [];
      this.range.value = undefined;
    });
  }

  /** Whether the map knows groups of these names. */
  hasGroups(grouping: Grouping, names: readonly string[]): boolean {
    const map = this.map.value;
    const groups = grouping === 'folder' ? map?.folders : map?.fileTypes;
    return names.every((name) => groups?.some((group) => group.name === name));
  }

  /** Colors by a grouping and shows these groups alone. */
  showGroups(grouping: Grouping, names: readonly string[]): void {
    batch(() => {
      this.choose(grouping);
      this.shownGroups.value = names;
      const wanted = new Set(names.map((name) => groupKey(grouping, name)));
      const others = (this.coloring.value?.groups ?? []).filter(({ key, ring }) => !ring && !wanted.has(key));
      this.hidden.value = new Set(others.map(({ key }) => key));
    });
  }

  toggleGroup(key: string): void {
    const hidden = new Set(this.hidden.value);
    if (!hidden.delete(key)) hidden.add(key);
    this.hidden.value = hidden;
  }

  /** Shows one group alone, or all again when it is alone already. */
  soloGroup(key: string): void {
    const keys = this.coloring.value?.groups.map((group) => group.key) ?? [];
    const others = keys.filter((other) => other !== key);
    const alone = !this.hidden.value.has(key) && others.every((other) => this.hidden.value.has(other));
    this.hidden.value = new Set(alone ? [] : others);
  }

  showAll(): void {
    batch(() => {
      this.hidden.value = new Set();
      this.shownGroups.value = [];
      this.range.value = undefined;
    });
  }

  readonly isFiltered = computed(() => this.hidden.value.size > 0 || this.range.value !== undefined);
}
