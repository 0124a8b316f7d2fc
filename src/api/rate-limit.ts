import { TributaryError } from '../kernel/errors.ts';

export interface RateLimit {
  /** Calls that may come at once. */
  readonly burst: number;
  /** Calls a second that may go on for ever. */
  readonly perSecond: number;
}

/** For one key or one member. The web page needs some ten calls a click, a busy script some fifty a second. */
export const callerRateLimit: RateLimit = { burst: 1_000, perSecond: 100 };
/** For one network address without a valid key or session: enough for signing in, too little for guessing keys. */
export const addressRateLimit: RateLimit = { burst: 200, perSecond: 10 };
/** Buckets that are remembered at once; beyond, the one that was used longest ago is forgotten. */
export const bucketsMax = 20_000;

export interface RateLimiter {
  /** Takes one call from the bucket of that name. Errors: too_many_requests, with when to come back. */
  readonly take: (name: string, limit: RateLimit) => void;
}

/** Token buckets in this process: with several processes a caller may do as many times more. */
export function createRateLimiter(now: () => Date): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take: (name, limit) => {
      const at = now().getTime();
      const known = buckets.get(name) ?? { tokens: limit.burst, at };
      const elapsedSeconds = Math.max(0, at - known.at) / 1000;
      const tokens = Math.min(limit.burst, known.tokens + elapsedSeconds * limit.perSecond);
      buckets.delete(name);
      buckets.set(name, { tokens: Math.max(0, tokens - 1), at });
      if (buckets.size > bucketsMax) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
      if (tokens < 1) {
        throw new TributaryError(
          'too_many_requests',
          `At most ${limit.perSecond} calls a second are answered.`,
          { retryAfterMs: Math.ceil(((1 - tokens) / limit.perSecond) * 1000) },
        );
      }
    },
  };
}
