import { randomUUID } from 'node:crypto';
import type { AccessToken } from './auth.ts';
import { type Answer, Refusal } from './answer.ts';
import type { Behaviour } from './options.ts';
import type { Portal } from './portal.ts';

export type Bucket = 'general' | 'search' | 'associations' | 'none';

/** A rolling window: at most `limit` calls within the last `windowMs`. */
class RollingWindow {
  #times: number[] = [];
  #head = 0;

  /** Takes one call when there is room; answers how many remain, or -1 when there is none. */
  take(now: number, windowMs: number, limit: number): number {
    while (this.#head < this.#times.length && (this.#times[this.#head] ?? 0) <= now - windowMs)
      this.#head += 1;
    if (this.#head > 1000) {
      this.#times = this.#times.slice(this.#head);
      this.#head = 0;
    }
    const used = this.#times.length - this.#head;
    if (used >= limit) return -1;
    this.#times.push(now);
    return limit - used - 1;
  }
}

interface Tier {
  readonly burst: number;
  readonly associations: number;
  readonly daily: number;
}

/** Documented limits by subscription (usage guidelines, 2026): bursts for each app, the daily quota for the account. */
const TIERS: Readonly<Record<Portal['settings']['tier'], Tier>> = {
  free: { burst: 100, associations: 100, daily: 250_000 },
  professional: { burst: 190, associations: 150, daily: 625_000 },
  enterprise: { burst: 190, associations: 150, daily: 1_000_000 },
};

const TEN_SECONDS_MS = 10_000;

/** Counts calls in HubSpot's separate buckets, by account and by app, and refuses what is beyond. */
export class RateLimits {
  readonly #windows = new Map<string, RollingWindow>();
  readonly #days = new Map<number, { day: string; used: number }>();

  /**
   * Takes one call out of its bucket; answers the rate headers. Search has none, and OAuth apps get no daily ones.
   * Refuses with the documented 429 body.
   */
  take(
    bucket: Bucket,
    portal: Portal,
    token: AccessToken,
    behaviour: Behaviour,
    now: number,
  ): Record<string, string> {
    if (behaviour.unthrottled || bucket === 'none') return {};
    const daily = behaviour.dailyLimit ?? TIERS[portal.settings.tier].daily;
    if (token.kind === 'private') this.#takeDaily(portal, now, daily);
    if (bucket === 'search') {
      if (this.#window(`search:${portal.id}`).take(now, 1000, behaviour.searchLimit) < 0) {
        throw overLimit('SECONDLY', 'You have reached your secondly limit.', `crm-search:${portal.id}`);
      }
      return {};
    }
    const tier = TIERS[portal.settings.tier];
    const general = token.kind === 'oauth' ? behaviour.oauthBurstLimit : (behaviour.burstLimit ?? tier.burst);
    const limit = bucket === 'associations' ? (behaviour.associationLimit ?? tier.associations) : general;
    const key = `${bucket}:${portal.id}:${token.appId}`;
    const remaining = this.#window(key).take(now, TEN_SECONDS_MS, limit);
    if (remaining < 0) {
      throw overLimit('TEN_SECONDLY_ROLLING', 'You have reached your ten_secondly_rolling limit.', key);
    }
    const headers: Record<string, string> = {
      'X-HubSpot-RateLimit-Max': String(limit),
      'X-HubSpot-RateLimit-Remaining': String(remaining),
      'X-HubSpot-RateLimit-Interval-Milliseconds': String(TEN_SECONDS_MS),
    };
    if (token.kind === 'private') {
      headers['X-HubSpot-RateLimit-Daily'] = String(daily);
      headers['X-HubSpot-RateLimit-Daily-Remaining'] = String(Math.max(0, daily - this.#used(portal, now)));
    }
    return headers;
  }

  /** Forgets what was used. */
  reset(): void {
    this.#windows.clear();
    this.#days.clear();
  }

  #window(key: string): RollingWindow {
    const window = this.#windows.get(key) ?? new RollingWindow();
    this.#windows.set(key, window);
    return window;
  }

  #used(portal: Portal, now: number): number {
    const day = this.#days.get(portal.id);
    return day?.day === dayOf(portal, now) ? day.used : 0;
  }

  #takeDaily(portal: Portal, now: number, limit: number): void {
    const used = this.#used(portal, now);
    if (used >= limit) throw overLimit('DAILY', 'You have reached your daily limit.', `daily:${portal.id}`);
    this.#days.set(portal.id, { day: dayOf(portal, now), used: used + 1 });
  }
}

const DAY_CACHE = new Map<string, { hour: number; day: string }>();

/** The account's calendar day: the daily quota resets at its midnight. Cached for each hour's quarter. */
function dayOf(portal: Portal, now: number): string {
  const quarter = Math.floor(now / 900_000);
  const zone = portal.settings.timeZone;
  const cached = DAY_CACHE.get(zone);
  if (cached?.hour === quarter) return cached.day;
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(now);
  DAY_CACHE.set(zone, { hour: quarter, day });
  return day;
}

/** The documented 429 body; `category` is what recorded answers of the search endpoint carry besides. */
export function rateLimitAnswer(policyName: string, message: string, groupName: string): Answer {
  return {
    status: 429,
    body: {
      status: 'error',
      message,
      errorType: 'RATE_LIMIT',
      correlationId: randomUUID(),
      policyName,
      groupName,
      requestId: randomUUID(),
      category: 'RATE_LIMITS',
    },
  };
}

function overLimit(policyName: string, message: string, groupName: string): Refusal {
  return new Refusal(rateLimitAnswer(policyName, message, groupName), 'over_limit');
}
