import type { RankQuality } from '../../src/shared/space';
import { count } from '../../src/shared/plainWords';

const width = 240;
const height = 72;
const left = 26;

/** R_NX over the number of neighbors on a logarithmic scale, the area below it filled. */
export function RankCurve({ quality, markedAt }: { quality: RankQuality; markedAt: number }) {
  const { k, rnx, area } = quality;
  const most = Math.max(2, k.at(-1) ?? 2);
  const least = Math.max(1, k[0] ?? 1);
  const xOf = (neighbors: number): number =>
    left + ((width - left) * Math.log(neighbors / least)) / Math.log(most / least);
  const yOf = (share: number): number => height - Math.min(1, Math.max(0, share)) * (height - 4);
  const corners = k.map((neighbors, i) => `${xOf(neighbors).toFixed(1)} ${yOf(rnx[i]).toFixed(1)}`);
  const ticks = [1, 10, 100, 1000, 10_000, 100_000].filter((tick) => tick >= least && tick <= most);
  const best = rnx.indexOf(Math.max(...rnx));
  const label = `Share of neighborhoods kept beyond chance, by how many neighbors are looked at: area ${area.toFixed(2)}, at most ${rnx[best].toFixed(2)} with ${count(k[best])} neighbors`;
  return (
    <svg class="histogram rank-curve" viewBox={`0 0 ${width} ${height + 16}`} role="img" aria-label={label}>
      {[0.5, 1].map((share) => (
        <line key={share} class="histogram-grid" x1={left} x2={width} y1={yOf(share)} y2={yOf(share)} />
      ))}
      {[0, 0.5, 1].map((share) => (
        <text key={share} class="histogram-label" x={left - 5} y={yOf(share) + 3.5} text-anchor="end">
          {share === 0.5 ? '0.5' : share}
        </text>
      ))}
      <path class="rank-area" d={`M${xOf(least)} ${height}L${corners.join('L')}L${xOf(most)} ${height}Z`} />
      {markedAt >= least && markedAt <= most && (
        <line class="histogram-mark" x1={xOf(markedAt)} x2={xOf(markedAt)} y1={4} y2={height} />
      )}
      <path class="rank-line" d={`M${corners.join('L')}`} />
      <line class="histogram-axis" x1={left} x2={width} y1={height} y2={height} />
      {ticks.map((tick) => (
        <text
          key={tick}
          class="histogram-label"
          x={xOf(tick)}
          y={height + 12}
          text-anchor={xOf(tick) > width - 16 ? 'end' : 'middle'}
        >
          {count(tick)}
        </text>
      ))}
    </svg>
  );
}
