import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** The budgets of one account at a vendor, by bucket. The connector port has the same shape; it is declared there for connectors. */
export interface RateBudgets {
  readonly take: (bucket: string, signal: AbortSignal) => Promise<void>;
  readonly configure: (bucket: string, limit: { readonly calls: number; readonly windowMs: number }) => void;
  readonly pause: (bucket: string, untilMs: number) => void;
  readonly observe: (bucket: string, remaining: number) => void;
  readonly waitMs: (bucket: string) => number;
}

export interface RateClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Ends early, without an error, when the signal is aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Until the connector configures a bucket: fast enough to start, too slow to do harm. */
const limitBeforeConfigured = { calls: 10, windowMs: 1_000 };

/** One wait at a time sleeps at most this long: setTimeout takes 32 bits of milliseconds, and a changed clock is noticed. */
const sleepMsMax = 60_000;

interface Waiter {
  readonly resolve: () => void;
  readonly settle: () => void;
}

interface Bucket {
  limit: { readonly calls: number; readonly windowMs: number };
  /** When the calls of the running window went, oldest first. */
  taken: number[];
  pausedUntilMs: number;
  readonly queue: Waiter[];
  pumping: boolean;
  /** Ends the running sleep, because the limit, the pause or the queue has changed. */
  wake: AbortController;
}

/**
 * Budgets as rolling windows: of the last `windowMs` never more than `calls` go out, which is what a vendor counts. A token bucket
 * would let twice as many go around its refill. Waiting work is served first come, first served; an aborted one leaves the queue.
 */
export function createRateBudgets(clock: RateClock): RateBudgets {
  const sleep = clock.sleep ?? sleepQuietly;
  const buckets = new Map<string, Bucket>();
  const bucketOf = (name: string): Bucket => {
    let bucket = buckets.get(name);
    if (!bucket) {
      bucket = makeBucket();
      buckets.set(name, bucket);
    }
    return bucket;
  };

  return {
    take: async (name, signal) => {
      signal.throwIfAborted();
      const bucket = bucketOf(name);
      if (bucket.queue.length === 0 && !bucket.pumping && msUntilFree(bucket, clock.now()) <= 0) {
        bucket.taken.push(clock.now());
        return;
      }
      await enqueue(bucket, signal, clock.now, sleep);
    },
    configure: (name, limit) => {
      const bucket = bucketOf(name);
      if (bucket.limit.calls === limit.calls && bucket.limit.windowMs === limit.windowMs) return;
      bucket.limit = { calls: Math.max(1, limit.calls), windowMs: limit.windowMs };
      bucket.wake.abort();
    },
    pause: (name, untilMs) => {
      const bucket = bucketOf(name);
      bucket.pausedUntilMs = Math.max(bucket.pausedUntilMs, untilMs);
    },
    observe: (name, remaining) => {
      const bucket = bucketOf(name);
      const now = clock.now();
      forgetOld(bucket, now);
      const byOthers = bucket.limit.calls - remaining - bucket.taken.length;
      for (let call = 0; call < byOthers; call += 1) bucket.taken.push(now);
    },
    waitMs: (name) => {
      const bucket = bucketOf(name);
      const free = Math.max(0, msUntilFree(bucket, clock.now()));
      return free + Math.floor(bucket.queue.length / bucket.limit.calls) * bucket.limit.windowMs;
    },
  };
}

/** One set of budgets for each account, for all that this process does with it. */
export function createRateBudgetRegistry(clock: RateClock): (account: string) => RateBudgets {
  const budgets = new Map<string, RateBudgets>();
  return (account) => {
    const known = budgets.get(account) ?? createRateBudgets(clock);
    budgets.set(account, known);
    return known;
  };
}

function makeBucket(): Bucket {
  return {
    limit: limitBeforeConfigured,
    taken: [],
    pausedUntilMs: 0,
    queue: [],
    pumping: false,
    wake: new AbortController(),
  };
}

function forgetOld(bucket: Bucket, now: number): void {
  const first = bucket.taken.findIndex((time) => time > now - bucket.limit.windowMs);
  bucket.taken = first < 0 ? [] : bucket.taken.slice(first);
}

/** Zero or less: a call may go now. */
function msUntilFree(bucket: Bucket, now: number): number {
  forgetOld(bucket, now);
  const pausedMs = bucket.pausedUntilMs - now;
  const over = bucket.taken.length - bucket.limit.calls;
  if (over < 0) return pausedMs;
  // The call that has to leave the window before one more fits.
  const leaving = bucket.taken[over] ?? now;
  return Math.max(pausedMs, leaving + bucket.limit.windowMs - now);
}

function enqueue(
  bucket: Bucket,
  signal: AbortSignal,
  now: () => number,
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      const place = bucket.queue.indexOf(waiter);
      if (place >= 0) bucket.queue.splice(place, 1);
      if (bucket.queue.length === 0) bucket.wake.abort();
      reject(signal.reason instanceof Error ? signal.reason : new Error('Canceled while waiting'));
    };
    const waiter: Waiter = { resolve, settle: () => signal.removeEventListener('abort', leave) };
    // All who wait for one run hear the same signal: more than ten are no leak, each leaves with its turn.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', leave, { once: true });
    bucket.queue.push(waiter);
    if (!bucket.pumping) void pump(bucket, now, sleep);
  });
}

/** Serves the queue until it is empty. It never throws: sleeping ends quietly. */
async function pump(
  bucket: Bucket,
  now: () => number,
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  bucket.pumping = true;
  while (bucket.queue.length > 0) {
    const waitMs = msUntilFree(bucket, now());
    if (waitMs > 0) {
      if (bucket.wake.signal.aborted) bucket.wake = new AbortController();
      await sleep(Math.min(waitMs, sleepMsMax), bucket.wake.signal);
      continue;
    }
    bucket.taken.push(now());
    const waiter = bucket.queue.shift();
    waiter?.settle();
    waiter?.resolve();
  }
  bucket.pumping = false;
}

async function sleepQuietly(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    // Woken early: the caller looks again.
  }
}

/** Budgets that never wait: for benchmarks and tests against a server without limits. */
export const unlimitedRateBudgets: RateBudgets = {
  take: async (_bucket, signal) => {
    signal.throwIfAborted();
    await Promise.resolve();
  },
  configure: () => undefined,
  pause: () => undefined,
  observe: () => undefined,
  waitMs: () => 0,
};
