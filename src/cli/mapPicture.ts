/** The map as an SVG picture: points colored by cluster, cluster names, a legend, and how far it can be trusted. */
import { counted } from '../shared/plainWords';
import { boundsOf } from '../core/projection/mapFrame';
import { hues, otherColor } from '../shared/palette';
import type { MapColumns } from '../shared/space';

const width = 1280;
const height = 800;
const margin = 48;
const background = '#ffffff';
const ink = '#3b3b3b';
const faintInk = '#6b6b6b';
const warningColor = '#9a6700';
const labelSize = 14;

export function mapSvg(columns: MapColumns, title: string, meanTrust: number | undefined): string {
  const { coordinates, cluster, mixed, clusters, point } = columns;
  const toPicture = fit(coordinates);
  const radius = point.length > 5000 ? 1.8 : point.length > 1000 ? 2.6 : 3.6;
  const dots: string[] = [];
  const rings: string[] = [];
  for (let i = 0; i < point.length; i++) {
    const { x, y } = toPicture(coordinates[2 * i], coordinates[2 * i + 1]);
    const color = hues.light[cluster[i]] ?? otherColor.light;
    dots.push(`<circle cx="${x}" cy="${y}" r="${radius}" fill="${color}" fill-opacity=".75"/>`);
    if (mixed[i] === 1) {
      rings.push(
        `<circle cx="${x}" cy="${y}" r="${radius + 2}" fill="none" stroke="${warningColor}" stroke-width="1.6"/>`,
      );
    }
  }
  const ringed =
    rings.length === 0 ? '' : ` · ${counted(rings.length, 'ringed point mixes', 'ringed points mix')} topics`;
  const labels = placeLabels(clusters, toPicture);
  const trust =
    meanTrust === undefined ? '' : ` · ${meanTrust.toFixed(1)} of 15 true neighbors are among the nearest 15 here`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, sans-serif">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${background}"/>`,
    ...dots,
    ...rings,
    ...labels,
    `<text x="16" y="${height - 16}" font-size="12" fill="${faintInk}">${escapeXml(`${title} · ${counted(point.length, 'point')}${ringed}${trust}`)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/** Map coordinates to pixels, both axes alike, y downwards as in the panel. */
function fit(coordinates: Float32Array): (x: number, y: number) => { x: number; y: number } {
  const { left, right, bottom, top } = boundsOf(coordinates);
  const scale = Math.min((width - 2 * margin) / (right - left || 1), (height - 2 * margin) / (top - bottom || 1));
  const round = (value: number): number => Math.round(value * 10) / 10;
  return (x, y) => ({
    x: round(width / 2 + (x - (left + right) / 2) * scale),
    y: round(height / 2 + (y - (bottom + top) / 2) * scale),
  });
}

/** Larger clusters first; a label that would cover another is left out. */
function placeLabels(
  clusters: MapColumns['clusters'],
  toPicture: (x: number, y: number) => { x: number; y: number },
): string[] {
  const taken: { left: number; right: number; y: number }[] = [];
  return [...clusters]
    .sort((a, b) => b.count - a.count)
    .flatMap(({ name, x, y }) => {
      const half = (name.length * labelSize * 0.62) / 2;
      const at = toPicture(x, y);
      const center = Math.min(width - half - 4, Math.max(half + 4, at.x));
      const box = { left: center - half, right: center + half, y: at.y };
      if (
        taken.some(
          (other) => Math.abs(other.y - box.y) < labelSize + 4 && other.left < box.right && box.left < other.right,
        )
      )
        return [];
      taken.push(box);
      const text = escapeXml(name);
      const place = `x="${Math.round(center)}" y="${at.y}" font-size="${labelSize}" font-weight="bold" text-anchor="middle"`;
      // The halo is the same text below, as paint-order is not known to every renderer.
      return [
        `<text ${place} fill="${background}" stroke="${background}" stroke-width="4">${text}</text>`,
        `<text ${place} fill="${ink}">${text}</text>`,
      ];
    });
}

function escapeXml(text: string): string {
  const plain = text.replace(/[^\P{Cc}\t]/gu, ' ').replace(/\p{Cs}/gu, '\ufffd');
  return plain.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
