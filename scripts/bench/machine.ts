import * as os from 'node:os';

/** One line that tells figures of one machine from those of another. */
export function describeMachine(): string {
  const [cpu] = os.cpus();
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  const load = os.loadavg()[0].toFixed(1);
  return `${cpu?.model.trim() ?? 'unknown processor'} · ${os.cpus().length} cores · ${memory} · ${os.type()} ${os.arch()} · Node ${process.version} · load ${load} before the run`;
}
