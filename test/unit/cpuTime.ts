/**
 * Processor time of this process for some work, in milliseconds: a runaway is told by it, and not by a machine that
 * stands still for a second.
 */
export async function cpuTimeMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
