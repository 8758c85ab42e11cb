import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { PanelRequest } from '../../src/shared/hostWebview';
import type { PointValues } from '../../src/shared/mapQuestions';
import type { MapColumns } from '../../src/shared/space';
import type { ColorBy } from './coloring';
import { isGroupColoring } from './coloring';
import type { HostConnection } from './host';
import type { NumberColorBy, RowNumbers } from './numberColoring';

const unknownByte = 255;

/** What similarity is counted to, and how that is called. */
export interface SimilarityAnchor {
  target: Omit<Extract<PanelRequest, { method: 'similarityTo' }>, 'method'>;
  label: string;
}

export interface NumbersSource {
  map: ReadonlySignal<MapColumns | null>;
  rowOfPoint: ReadonlySignal<ReadonlyMap<number, number>>;
  colorBy: ReadonlySignal<ColorBy>;
  anchor: ReadonlySignal<SimilarityAnchor | undefined>;
}

/** The numbers that the map is colored by: some lie in the map, the others are asked for when they are wanted. */
export class NumbersModel {
  readonly values = signal<RowNumbers | undefined>(undefined);
  /** Why there is nothing to color by, in one sentence. */
  readonly missing = signal<string | undefined>(undefined);
  readonly busy = signal(false);
  /** What similarity is counted to. */
  readonly label = signal<string | undefined>(undefined);
  private latest = 0;

  constructor(
    private readonly host: HostConnection,
    private readonly source: NumbersSource,
  ) {}

  /** Keeps the numbers those of the map, the coloring and the selection. */
  watch(): () => void {
    const { map, colorBy, anchor } = this.source;
    return effect(() => {
      const columns = map.value;
      const kind = colorBy.value;
      const counted = kind === 'similarity' ? anchor.value : undefined;
      const mine = ++this.latest;
      if (!columns || isGroupColoring(kind)) {
        this.settle(undefined, undefined);
        return;
      }
      if (kind === 'trust' || kind === 'falseNeighbors') {
        this.settle(fromBytes(kind === 'trust' ? columns.trust : columns.falseNeighbors), undefined);
        return;
      }
      this.busy.value = true;
      this.ask(kind, counted).then(
        ({ values, missing }) => {
          if (mine === this.latest) this.settle(values, missing, counted?.label);
        },
        (error: Error) => {
          if (mine === this.latest) this.settle(undefined, error.message);
        },
      );
    });
  }

  private async ask(
    kind: Exclude<NumberColorBy, 'trust' | 'falseNeighbors'>,
    anchor: SimilarityAnchor | undefined,
  ): Promise<{ values: RowNumbers | undefined; missing: string | undefined }> {
    if (kind === 'similarity') {
      if (!anchor) return { values: undefined, missing: 'Select a chunk or search: similarity is counted to it.' };
      const similar = await this.host.request('similarityTo', anchor.target);
      return similar
        ? { values: this.byRow(similar), missing: undefined }
        : { values: undefined, missing: 'What similarity was counted to is no longer in the index.' };
    }
    const data = await this.host.request('colorData', { kind });
    if (data?.range) return { values: this.byRow(data), missing: undefined };
    const missing =
      kind === 'gitAge'
        ? 'There is no git history to read here, or the workspace is not trusted.'
        : 'There are no counts for these chunks.';
    return { values: undefined, missing };
  }

  private byRow({ point, values }: PointValues): RowNumbers {
    const rows = this.source.rowOfPoint.peek();
    const numbers = new Float32Array(rows.size).fill(NaN);
    point.forEach((id, i) => {
      const row = rows.get(id);
      if (row !== undefined) numbers[row] = values[i];
    });
    return numbers;
  }

  private settle(values: RowNumbers | undefined, missing: string | undefined, label?: string): void {
    this.values.value = values;
    this.missing.value = missing;
    this.label.value = label;
    this.busy.value = false;
  }
}

function fromBytes(bytes: Uint8Array): RowNumbers {
  return Float32Array.from(bytes, (value) => (value === unknownByte ? NaN : value));
}
