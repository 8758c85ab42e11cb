/** How a failed request is tried again. */
export interface RetryPolicy {
  attempts: number;
  firstDelayMs: number;
  /** No wait is longer than this, however often the request has failed. */
  longestDelayMs: number;
}

/**
 * Waiting times between attempts: exponential backoff with full jitter, so that a thousand clients that lost the same
 * server do not all return in the same second.
 */
export function* backoffDelays(policy: RetryPolicy, random: () => number = Math.random): Generator<number> {
  for (let attempt = 0; attempt < policy.attempts - 1; attempt++) {
    const ceiling = Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** attempt);
    yield Math.floor(random() * ceiling);
  }
}

/** Runs `operation` until it succeeds or the attempts are used up, and rethrows the last error. */
export async function withRetries<T>(
  operation: () => Promise<T>,
  policy: RetryPolicy,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<T> {
  for (const delay of backoffDelays(policy)) {
    try {
      return await operation();
    } catch {
      await sleep(delay);
    }
  }
  return operation();
}
