/** Where the map is wrong: about one point, and as a whole. */
import { similaritiesTo } from '../core/neighbors/blockedKnn';
import type { RankReadings } from '../core/projection/rankQuality';
import { strangerBeyond } from '../core/projection/trust';
import type { PointHonesty, RankedPoint, RankQuality } from '../shared/space';
import type { Space } from './space';

/**
 * Which of a point's true neighbors are near on the map, which went elsewhere, and which near points are strangers. Both
 * orders are over all points that are on the map. Null while the point is not.
 */
export function pointHonesty(space: Space, row: number): PointHonesty | null {
  const { points, map } = space;
  const at = map.coordinate(row);
  if (at === undefined || !points.isLive(row)) return null;
  const coordinates = map.allCoordinates;
  const others = Array.from(points.liveRows()).filter(
    (other) => other !== row && Number.isFinite(coordinates[2 * other]),
  );
  const similarities = similaritiesTo(points.vectorRows, points.vector(row));
  const distance = (other: number) => Math.hypot(coordinates[2 * other] - at.x, coordinates[2 * other + 1] - at.y);
  const byTruth = others.slice().sort((a, b) => similarities[b] - similarities[a] || a - b);
  const distances = new Map(others.map((other) => [other, distance(other)]));
  const byMap = others.sort((a, b) => distances.get(a)! - distances.get(b)! || a - b);
  const compared = Math.min(map.trustCountedOver, byMap.length);
  const trueRank = new Map(byTruth.map((other, rank) => [other, rank + 1]));
  const mapRank = new Map(byMap.map((other, rank) => [other, rank + 1]));
  const ranked = (other: number): RankedPoint => ({
    point: other,
    x: coordinates[2 * other],
    y: coordinates[2 * other + 1],
    similarity: similarities[other],
    trueRank: trueRank.get(other)!,
    mapRank: mapRank.get(other)!,
  });
  const neighbors = byTruth.slice(0, compared).map(ranked);
  return {
    point: row,
    trustOf: compared,
    strangerBeyond,
    kept: neighbors.filter(({ mapRank: rank }) => rank <= compared),
    missing: neighbors.filter(({ mapRank: rank }) => rank > compared),
    strangers: byMap
      .slice(0, compared)
      .map(ranked)
      .filter(({ trueRank: rank }) => rank > strangerBeyond),
  };
}

export async function rankQualityOf(space: Space): Promise<RankQuality | undefined> {
  const readings = await space.layout.rankQuality();
  return readings === undefined || readings.k.length === 0 ? undefined : { ...readings, words: wordsFor(readings) };
}

/** What the area says, and where the map is at its best. */
function wordsFor({ k, rnx, area, rows, of }: RankReadings): string {
  const best = rnx.indexOf(Math.max(...rnx));
  const percent = (share: number) => `${Math.round(100 * Math.max(0, share))} %`;
  const judged = area >= 0.5 ? 'much' : area >= 0.3 ? 'a good part' : area >= 0.15 ? 'some' : 'little';
  const looked = rows < of ? ` Read from ${rows.toLocaleString('en')} of ${of.toLocaleString('en')} points.` : '';
  return (
    `The map keeps ${judged} of what is near in the original space: ${percent(area)} of all neighborhoods beyond chance, ` +
    `small ones counting most, and ${percent(rnx[best])} at its best, with the ${k[best].toLocaleString('en')} nearest.${looked}`
  );
}
