/**
 * What the file `engine.lease` in the storage folder says: which process owns the stores, and how windows reach it.
 * The file can be read by its owner alone; knowing the token is the right to talk to the engine.
 */
import * as v from 'valibot';

export const engineLeaseFile = 'engine.lease';

/** Left by the window that saw the engine crash; the next engine reads it, steps down the ladder of runtimes and removes it. */
export const engineCrashFile = 'engine.crash';

const engineLeaseSchema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** When the process itself started, where the system tells; a reused pid has another. */
  processStart: v.string(),
  version: v.string(),
  /** Socket path, or named pipe on Windows. */
  address: v.string(),
  token: v.string(),
});
export type EngineLease = v.InferOutput<typeof engineLeaseSchema>;

export function parseEngineLease(text: string): EngineLease | undefined {
  try {
    const parsed = v.safeParse(engineLeaseSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
