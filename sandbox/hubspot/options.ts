/** What a caller can set when the sandbox starts, and most of it later by `POST /__sandbox/options`. */
export interface SandboxOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  readonly seed: number;
  /** Deals of the first portal. */
  readonly deals: number;
  /** `realistic` has every hard case once in 40 deals; `bench` has only won deals with three lines and own parents. */
  readonly profile: 'realistic' | 'bench' | 'empty';
  readonly portals: readonly PortalOptions[];
  /** Seed data ends here (ISO instant); nothing seeded is newer. */
  readonly seedNow: string;
  /** The clock; tests inject their own. `advanceClock` adds to it. */
  readonly now: () => number;
  readonly behaviour: Partial<Behaviour>;
}

export interface PortalOptions {
  readonly id?: number;
  readonly name?: string;
  readonly currency?: string;
  readonly timeZone?: string;
  readonly deals?: number;
  readonly profile?: SandboxOptions['profile'];
  readonly tier?: 'free' | 'professional' | 'enterprise';
}

/** What can be changed while the sandbox runs. */
export interface Behaviour {
  /** Rate limits off: for tests and benchmarks. Calls are still counted. */
  unthrottled: boolean;
  /** Milliseconds until a change is visible in search. */
  lagMs: number;
  /** Search rows come out of order (estuary/connectors#5180). */
  misorderedSearch: boolean;
  /** Seconds that an OAuth access token lives. */
  accessTokenSeconds: number;
  /** Every refresh answers a new refresh token and revokes the old one. HubSpot does not rotate today. */
  rotateRefreshTokens: boolean;
  /** Serve /crm/v3, /crm/v4 and /oauth/v1 paths as well. They are recorded as violations either way. */
  legacyPaths: boolean;
  /** Objects for an association page of one input (batch read and single GET). */
  associationPageSize: number;
  /** Objects for an inline association list. */
  inlineAssociationPageSize: number;
  /** `toObjectId` as a number (live v4 answers) instead of a string (the 2026-09 reference). */
  numericAssociationIds: boolean;
  /** Key of inline line item associations: live portals answer `line items`. */
  lineItemsKey: 'line items' | 'line_items';
  /** Merging keeps the primary record's id (a public beta) instead of making a new record. */
  mergeKeepsPrimaryId: boolean;
  /** Changing a line item or an association moves the deal's modified date. Unknown for the real system. */
  childrenTouchDeal: boolean;
  /** Answer delay of every API call. */
  latencyMs: number;
  /** Bursts per ten seconds and calls a day; undefined takes the portal tier's documented value. */
  burstLimit: number | undefined;
  oauthBurstLimit: number;
  searchLimit: number;
  associationLimit: number | undefined;
  dailyLimit: number | undefined;
  /** Required on create, by object type name; enforced for 2026-09 writes. */
  requiredProperties: Record<string, string[]>;
  /** Required when another property has a value; enforced for 2026-09 writes. */
  conditionalRequired: { type: string; property: string; value: string; require: string[] }[];
  /** Accepted redirect URIs of the OAuth app; empty accepts any. */
  redirectUris: string[];
  /** Wait before a webhook batch leaves, and between its retries. */
  webhookDelayMs: number;
  webhookRetryMs: number;
  webhookMaximumAttempts: number;
  webhookTimeoutMs: number;
  webhookDuplicates: boolean;
  webhookDisorder: boolean;
}

export const DEFAULT_BEHAVIOUR: Behaviour = {
  unthrottled: false,
  lagMs: 300,
  misorderedSearch: false,
  accessTokenSeconds: 1800,
  rotateRefreshTokens: false,
  legacyPaths: false,
  associationPageSize: 500,
  inlineAssociationPageSize: 100,
  numericAssociationIds: false,
  lineItemsKey: 'line items',
  mergeKeepsPrimaryId: false,
  childrenTouchDeal: false,
  latencyMs: 0,
  burstLimit: undefined,
  oauthBurstLimit: 110,
  searchLimit: 5,
  associationLimit: undefined,
  dailyLimit: undefined,
  requiredProperties: { invoices: ['hs_currency'] },
  conditionalRequired: [],
  redirectUris: [],
  webhookDelayMs: 50,
  webhookRetryMs: 1000,
  webhookMaximumAttempts: 11,
  webhookTimeoutMs: 5000,
  webhookDuplicates: false,
  webhookDisorder: false,
};

export const DEFAULT_PORTALS: readonly PortalOptions[] = [
  {
    id: 48151623,
    name: 'Kōwhai Instruments',
    currency: 'USD',
    timeZone: 'Pacific/Auckland',
    tier: 'professional',
  },
  {
    id: 139826104,
    name: 'Lindenhof Werkzeuge',
    currency: 'EUR',
    timeZone: 'America/New_York',
    tier: 'professional',
  },
];

/** Seed data ends here unless the clock is behind it. */
export const DEFAULT_SEED_NOW = '2026-11-20T00:00:00.000Z';

/** Deals of the further portals when nothing else is said: they are there to be told apart, not to be large. */
export const FURTHER_PORTAL_DEALS_MAX = 40;

export const DEFAULT_OPTIONS: SandboxOptions = {
  port: 0,
  host: '127.0.0.1',
  seed: 1,
  deals: 40,
  profile: 'realistic',
  portals: DEFAULT_PORTALS,
  seedNow: DEFAULT_SEED_NOW,
  now: Date.now,
  behaviour: {},
};
