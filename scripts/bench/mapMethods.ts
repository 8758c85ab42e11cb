import type { OnnxRuntime } from '../../src/core/embedding/onnxRuntime';
import type { VectorRows } from '../../src/core/neighbors/blockedKnn';
import { findNeighbors } from '../../src/core/neighbors/findNeighbors';
import type { LayoutJob } from '../../src/core/projection/layout';
import { neighborsWanted, project } from '../../src/core/projection/layoutStages';
import { mapQuality } from '../../src/core/projection/mapQuality';
import { rankQuality } from '../../src/core/projection/rankQuality';
import { meanReading, neighborhoodReadings } from '../../src/core/projection/trust';
import { defaultLayoutSettings, layoutMethods } from '../../src/shared/layoutMethods';
import { umapLearn } from './otherMaps';

export interface MethodRow {
  name: string;
  /** From the neighbors to the coordinates, processor time. */
  cpuSeconds: number | undefined;
  trustworthiness: number;
  continuity: number;
  /** Mean of 15: true neighbors kept, and near points that are strangers. */
  kept: number;
  strangers: number;
  /** Area under R_NX over log k. */
  area: number;
}

/** Points that trustworthiness and continuity are averaged over; each costs a sort of all. */
export const judgedPoints = 500;

/** Every method on the same vectors, and umap-learn's coordinates of them where it can be imported. */
export async function benchMethods(runtime: OnnxRuntime, data: VectorRows): Promise<MethodRow[]> {
  const rows: MethodRow[] = [];
  const jobs = layoutMethods.map(({ method }): LayoutJob => ({ ...data, method, ...defaultLayoutSettings(method) }));
  const k = Math.max(...jobs.map(neighborsWanted));
  const graph = await findNeighbors(data, { runtime, threads: 2, k });
  const judge = async (name: string, map: Float32Array, cpuSeconds: number | undefined) => {
    const { trustworthiness, continuity } = mapQuality(data, map, { sample: judgedPoints });
    const { trust, falseNeighbors } = neighborhoodReadings(graph, map);
    const { area } = await rankQuality(data, map, { runtime, threads: 2 });
    const [kept, strangers] = [meanReading(trust) ?? 0, meanReading(falseNeighbors) ?? 0];
    rows.push({ name, cpuSeconds, trustworthiness, continuity, kept, strangers, area });
  };
  for (const job of jobs) {
    const before = process.cpuUsage();
    const map = project(job, graph);
    const { user, system } = process.cpuUsage(before);
    await judge(job.method, map, (user + system) / 1e6);
  }
  const other = umapLearn(data, defaultLayoutSettings('umap'));
  if (typeof other !== 'string') await judge('umap-learn', other.map, undefined);
  return rows;
}

export function methodsTable(rows: readonly MethodRow[]): string {
  return [
    '| Method | Processor seconds after the neighbors | Trustworthiness (k = 15) | Continuity (k = 15) | True neighbors kept of 15 | Strangers of 15 | Area under R_NX |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${row.cpuSeconds?.toFixed(2) ?? ''} | ${row.trustworthiness.toFixed(4)} | ${row.continuity.toFixed(4)} | ` +
        `${row.kept.toFixed(2)} | ${row.strangers.toFixed(2)} | ${row.area.toFixed(3)} |`,
    ),
  ].join('\n');
}
