import type { SpaceReadings } from '../../src/shared/space';
import { similarityText } from '../wording';

/** Range of `SpaceReadings.baseline.histogram`, in equal bins. */
const from = -0.25;
const to = 1;

/** How similar random pairs of chunks are, with the median and the upper percentiles marked. */
export function Histogram({ baseline }: { baseline: NonNullable<SpaceReadings['baseline']> }) {
  const { histogram } = baseline;
  const bins = histogram.length;
  const most = Math.max(...histogram, 1);
  const filled = histogram.map((_, i) => i).filter((i) => histogram[i] > 0);
  const first = Math.max(0, (filled[0] ?? 0) - 1);
  const last = Math.min(bins - 1, (filled.at(-1) ?? bins - 1) + 1);
  const width = 240;
  const height = 56;
  const step = width / (last - first + 1);
  const similarityAt = (bin: number): number => from + ((to - from) * bin) / bins;
  const xOf = (similarity: number): number =>
    ((similarity - similarityAt(first)) / (similarityAt(last + 1) - similarityAt(first))) * width;
  const label = `Similarity of random pairs: median ${similarityText(baseline.median)}, 95th percentile ${similarityText(baseline.p95)}, 99th percentile ${similarityText(baseline.p99)}`;
  return (
    <svg class="histogram" viewBox={`0 0 ${width} ${height + 16}`} role="img" aria-label={label}>
      {histogram.slice(first, last + 1).map((value, i) => {
        const tall = (value / most) * height;
        return (
          <rect
            key={i}
            class="histogram-bar"
            x={i * step + 0.5}
            y={height - tall}
            width={Math.max(0.5, step - 1)}
            height={tall}
          />
        );
      })}
      <line class="histogram-axis" x1={0} x2={width} y1={height} y2={height} />
      {(
        [
          ['median', baseline.median],
          ['95 %', baseline.p95],
          ['99 %', baseline.p99],
        ] as const
      ).map(([name, value]) => (
        <line key={name} class="histogram-mark" x1={xOf(value)} x2={xOf(value)} y1={2} y2={height} />
      ))}
      <text class="histogram-label" x={0} y={height + 12}>
        {similarityText(similarityAt(first))}
      </text>
      <text class="histogram-label" x={width} y={height + 12} text-anchor="end">
        {similarityText(similarityAt(last + 1))}
      </text>
      <text
        class="histogram-label"
        x={Math.min(width - 40, Math.max(40, xOf(baseline.median)))}
        y={height + 12}
        text-anchor="middle"
      >
        {similarityText(baseline.median)}
      </text>
    </svg>
  );
}
