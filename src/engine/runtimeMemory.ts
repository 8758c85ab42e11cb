import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as v from 'valibot';

const answerSchema = v.object({
  ok: v.boolean(),
  /** One sentence: why not. */
  reason: v.optional(v.string()),
  tokensPerSecond: v.optional(v.number()),
  /** Milliseconds since 1970. */
  askedAt: v.number(),
  /** Asked again after this time: the answer may have been bad luck. */
  validUntil: v.optional(v.number()),
});

const memorySchema = v.object({
  formatVersion: v.literal(1),
  /** By version key, then by rung. */
  answers: v.record(v.string(), v.record(v.string(), answerSchema)),
  crashes: v.record(v.string(), v.record(v.string(), v.object({ reason: v.string(), at: v.number() }))),
});

export type RememberedAnswer = v.InferOutput<typeof answerSchema>;
type Memory = v.InferOutput<typeof memorySchema>;

/** Versions whose answers are kept, newest first. */
const keptVersions = 8;
/** A crash may have been an accident: the rung is tried again after a while. */
const crashMemoryMs = 30 * 24 * 3600 * 1000;

/** What was found out about runtimes on this machine, by version: a small JSON file that may be lost or damaged at no cost. */
export class RuntimeMemory {
  private constructor(
    private readonly file: string,
    private readonly versionKey: string,
    private readonly memory: Memory,
    private readonly now: () => number,
  ) {}

  static async open(file: string, versionKey: string, now: () => number = Date.now): Promise<RuntimeMemory> {
    let memory: Memory = { formatVersion: 1, answers: {}, crashes: {} };
    try {
      memory = v.parse(memorySchema, JSON.parse(await fs.readFile(file, 'utf8')));
    } catch {
      // No memory yet, or a damaged or newer one: everything is asked again.
    }
    return new RuntimeMemory(file, versionKey, memory, now);
  }

  answer(rung: string): RememberedAnswer | undefined {
    const answer = this.memory.answers[this.versionKey]?.[rung];
    return answer?.validUntil !== undefined && answer.validUntil < this.now() ? undefined : answer;
  }

  crash(rung: string): { reason: string; at: number } | undefined {
    const crash = this.memory.crashes[this.versionKey]?.[rung];
    return crash !== undefined && crash.at + crashMemoryMs < this.now() ? undefined : crash;
  }

  remember(rung: string, answer: Omit<RememberedAnswer, 'askedAt'>): void {
    (this.memory.answers[this.versionKey] ??= {})[rung] = { ...answer, askedAt: this.now() };
  }

  rememberCrash(rung: string, reason: string): void {
    (this.memory.crashes[this.versionKey] ??= {})[rung] = { reason, at: this.now() };
  }

  /** Replaces the file in one step. A folder that can't be written costs a probe at the next start, nothing else. */
  async save(): Promise<void> {
    const { answers, crashes } = this.memory;
    const newest = (key: string) =>
      Math.max(
        0,
        ...Object.values(answers[key] ?? {}).map((answer) => answer.askedAt),
        ...Object.values(crashes[key] ?? {}).map((crash) => crash.at),
      );
    const keys = [...new Set([...Object.keys(answers), ...Object.keys(crashes)])].sort((a, b) => newest(b) - newest(a));
    for (const key of keys.slice(keptVersions)) {
      delete answers[key];
      delete crashes[key];
    }
    const half = `${this.file}.${randomUUID()}`;
    try {
      await fs.mkdir(path.dirname(this.file), { recursive: true });
      await fs.writeFile(half, JSON.stringify(this.memory, undefined, 1));
      await fs.rename(half, this.file);
    } catch {
      await fs.rm(half, { force: true }).catch(() => {});
    }
  }
}
