import { TokenStore } from './auth.ts';
import { CallLog } from './call-log.ts';
import { errorAnswer, Refusal } from './answer.ts';
import { Faults } from './faults.ts';
import { type ObjectTypeName, OBJECT_TYPES } from './object-types.ts';
import {
  type Behaviour,
  DEFAULT_BEHAVIOUR,
  FURTHER_PORTAL_DEALS_MAX,
  type SandboxOptions,
} from './options.ts';
import { Portal } from './portal.ts';
import { createRandom } from './random.ts';
import { RateLimits } from './rate-limits.ts';
import { SearchCache } from './search-cache.ts';
import { seedPortal } from './seed.ts';
import { UniqueValues } from './unique-values.ts';
import { Webhooks } from './webhooks.ts';

const CURRENCIES = ['USD', 'EUR', 'GBP', 'JPY', 'KWD'];
const PORTAL_CREATED_AT = Date.parse('2024-01-08T09:00:00.000Z');

/** Everything that one running sandbox holds, without its HTTP server. */
export class Sandbox {
  readonly options: SandboxOptions;
  readonly behaviour: Behaviour;
  readonly tokens: TokenStore;
  readonly faults: Faults;
  readonly limits = new RateLimits();
  readonly log = new CallLog();
  readonly webhooks: Webhooks;
  readonly portals = new Map<number, Portal>();
  /** The service key of each portal. */
  readonly privateTokens = new Map<number, string>();
  /** Milliseconds that scenarios moved the clock ahead. */
  clockOffsetMs = 0;
  readonly #caches = new Map<number, SearchCache>();
  readonly #uniques = new Map<number, UniqueValues>();
  readonly #groups = new Map<string, Map<string, string>>();

  constructor(options: SandboxOptions) {
    this.options = options;
    this.behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour };
    this.tokens = new TokenStore(createRandom(options.seed ^ 0x0a07));
    this.faults = new Faults(options.seed);
    this.webhooks = new Webhooks(this);
    options.portals.forEach((portalOptions, index) => {
      const portal = this.#addPortal(portalOptions, index);
      seedPortal(portal, {
        seed: options.seed * 1009 + index,
        deals:
          portalOptions.deals ??
          (index === 0 ? options.deals : Math.min(options.deals, FURTHER_PORTAL_DEALS_MAX)),
        profile: portalOptions.profile ?? options.profile,
        seedNow: Math.min(Date.parse(options.seedNow), this.now() - 60_000),
      });
    });
  }

  /** The sandbox's time in milliseconds: the injected clock and what scenarios added. */
  now(): number {
    return this.options.now() + this.clockOffsetMs;
  }

  iso(): string {
    return new Date(this.now()).toISOString();
  }

  portal(id: number): Portal | undefined {
    return this.portals.get(id);
  }

  /** The portal of that id, or the first one. */
  portalOrFirst(id: number | undefined): Portal {
    const portal = id === undefined ? this.portals.values().next().value : this.portals.get(id);
    if (portal === undefined)
      throw new Refusal(errorAnswer(404, 'OBJECT_NOT_FOUND', `no portal ${String(id)}`), null);
    return portal;
  }

  searchCache(portal: Portal): SearchCache {
    const cache = this.#caches.get(portal.id) ?? new SearchCache();
    this.#caches.set(portal.id, cache);
    return cache;
  }

  unique(portal: Portal): UniqueValues {
    const uniques = this.#uniques.get(portal.id) ?? new UniqueValues(portal);
    this.#uniques.set(portal.id, uniques);
    return uniques;
  }

  /** Property groups that were created, name → label. */
  groups(portal: Portal, type: ObjectTypeName): Map<string, string> {
    const key = `${portal.id}:${type}`;
    const groups = this.#groups.get(key) ?? new Map<string, string>();
    this.#groups.set(key, groups);
    return groups;
  }

  singularOf(type: ObjectTypeName): string {
    return OBJECT_TYPES[type].singular;
  }

  conflict(message: string): Refusal {
    return new Refusal(errorAnswer(409, 'OBJECT_ALREADY_EXISTS', message), null);
  }

  #addPortal(options: SandboxOptions['portals'][number], index: number): Portal {
    const id = options.id ?? 50_000_000 + index;
    const currency = options.currency ?? 'USD';
    const portal = new Portal({
      id,
      name: options.name ?? `Sandbox ${index + 1}`,
      currency,
      additionalCurrencies: CURRENCIES.filter((code) => code !== currency),
      timeZone: options.timeZone ?? 'Etc/UTC',
      tier: options.tier ?? 'professional',
      createdAt: PORTAL_CREATED_AT,
      now: () => this.now(),
      lagMs: () => this.behaviour.lagMs,
      childrenTouchDeal: () => this.behaviour.childrenTouchDeal,
    });
    portal.onChange = (event) => this.webhooks.take(portal, event);
    this.portals.set(id, portal);
    const random = createRandom(this.options.seed * 7919 + index);
    const region = currency === 'EUR' ? 'eu1' : 'na1';
    this.privateTokens.set(id, this.tokens.addPrivateToken(id, region, random).token);
    return portal;
  }
}
