import { dateInZone, isTimeZone } from '../../kernel/dates.ts';
import type { RateBudgets } from '../connector.ts';

/** HubSpot counts in three buckets that do not touch each other. Source: usage guidelines and association limits, 2026. */
export type BucketName = 'general' | 'search' | 'associations';

/**
 * The sizes to start with: what the smallest subscription has; headers raise them. Search is five a second for the whole account
 * and has no headers. Windows are a little longer than HubSpot's, because a call that left later may arrive earlier.
 */
const startLimits: Readonly<Record<BucketName, { readonly calls: number; readonly windowMs: number }>> = {
  general: { calls: 100, windowMs: 10_000 },
  search: { calls: 5, windowMs: 1_000 },
  associations: { calls: 100, windowMs: 10_000 },
};
const windowMarginMs = 50;

/** Buckets that have refused a call: those keep a limit even when no header tells it. */
const refusedBuckets = new WeakMap<RateBudgets, Set<BucketName>>();

/** Gives the account's budgets their first sizes, once. */
export function configureBudgets(budgets: RateBudgets): void {
  if (refusedBuckets.has(budgets)) return;
  refusedBuckets.set(budgets, new Set());
  for (const bucket of ['general', 'search', 'associations'] as const) configureStart(budgets, bucket);
}

function configureStart(budgets: RateBudgets, bucket: BucketName): void {
  const { calls, windowMs } = startLimits[bucket];
  budgets.configure(bucket, { calls, windowMs: windowMs + windowMarginMs });
}

/** A 429 came: whatever was known of the bucket's size, it has one. */
export function observeRefusal(budgets: RateBudgets, bucket: BucketName): void {
  const refused = refusedBuckets.get(budgets);
  if (!refused || refused.has(bucket)) return;
  refused.add(bucket);
  configureStart(budgets, bucket);
}

/** More calls than any process makes in a window: a server that says nothing of a limit has none for us. */
const unlimitedCalls = 1_000_000;

/**
 * Takes over what a good answer's headers say of its bucket. HubSpot sends them with every answer that counts; a server that sends
 * none (a proxy, a stand-in without limits) is not slowed down until it refuses a call. Search answers may carry the headers of the general bucket or none; they
 * are not about search.
 */
export function observeHeaders(budgets: RateBudgets, bucket: BucketName, headers: Headers): void {
  if (bucket === 'search') return;
  const calls = positive(headers.get('x-hubspot-ratelimit-max'));
  if (calls === null && !refusedBuckets.get(budgets)?.has(bucket)) {
    budgets.configure(bucket, { calls: unlimitedCalls, windowMs: startLimits[bucket].windowMs });
  }
  const windowMs = positive(headers.get('x-hubspot-ratelimit-interval-milliseconds'));
  if (calls !== null && windowMs !== null)
    budgets.configure(bucket, { calls, windowMs: windowMs + windowMarginMs });
  const remaining = headers.get('x-hubspot-ratelimit-remaining');
  if (calls !== null && remaining !== null && /^\d+$/.test(remaining))
    budgets.observe?.(bucket, Number(remaining));
}

function positive(header: string | null): number | null {
  const value = header === null ? Number.NaN : Number(header);
  return Number.isInteger(value) && value > 0 ? value : null;
}

/** The daily quota starts again at midnight of the account. An unknown zone counts as UTC. */
export function msUntilMidnight(now: Date, timeZone: string): number {
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  const today = dateInZone(now, zone);
  // The first minute that belongs to another day, found by halving: right on days with a change of the clock, too.
  let earlier = 0;
  let later = 26 * 60;
  while (later - earlier > 1) {
    const middle = Math.floor((earlier + later) / 2);
    if (dateInZone(new Date(now.getTime() + middle * 60_000), zone) === today) earlier = middle;
    else later = middle;
  }
  return later * 60_000;
}
