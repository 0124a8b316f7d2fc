import type { Instant } from '../kernel/dates.ts';
import type { Json } from '../kernel/json.ts';
import type { Configuration } from '../model/configuration.ts';
import type {
  DealAssociations,
  GoneRecord,
  RemoteAccount,
  SourceObjectType,
  SourcePipeline,
  SourceProperty,
  SourceRecord,
} from '../model/source-record.ts';

/**
 * The port between Tributary and an outside system. A connector is one folder that exports one `Connector`; what it can do is
 * declared as data in its manifest, and a capability that it lacks is absent, never a method that throws.
 */
export interface Connector {
  readonly manifest: ConnectorManifest;
  readonly auth: ConnectorAuth;
  /** The CRM side: reading deals and what belongs to them. */
  readonly crm?: CrmSource;
}

export type ConnectorCategory = 'crm' | 'hrm' | 'payments' | 'tax' | 'messaging' | 'banking' | 'accounting';

export interface ConnectorManifest {
  /** Stable id, also in addresses: `hubspot`. */
  readonly id: string;
  readonly name: string;
  readonly category: ConnectorCategory;
  readonly summary: string;
  readonly authKinds: readonly ('oauth' | 'token')[];
  /** What is asked for at the vendor and why, shown before the consent page. */
  readonly permissions: readonly {
    readonly scope: string;
    readonly reason: string;
    readonly required: boolean;
  }[];
  readonly statusPageUrl: string | null;
  /** How to make a token, for the page and the command line. */
  readonly tokenHelp: string | null;
  /** What a product without a SKU gets before its id, such as `HS_`. */
  readonly skuPrefix: string;
  /** The vendor's words for our record types, such as `{deal: 'Deal', company: 'Company'}`. */
  readonly words: Readonly<Record<SourceObjectType, string>>;
}

/** Where the vendor is reached and by which app: from the environment, or of this connection alone. */
export interface ConnectorEndpoint {
  readonly apiUrl: string;
  readonly appUrl: string;
  readonly clientId: string | null;
  readonly clientSecret: string | null;
}

/** What is kept, sealed, of an authorization. */
export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'oauth';
      readonly accessToken: string;
      readonly refreshToken: string;
      readonly expiresAt: Instant;
    };

export interface Authorization {
  readonly credentials: Credentials;
  readonly account: RemoteAccount;
  readonly scopes: readonly string[];
}

export interface ConnectorAuth {
  /** The endpoint that the environment gives, by the connector's own variables. */
  readonly endpointFrom: (environment: Readonly<Record<string, string | undefined>>) => ConnectorEndpoint;
  /** The consent page's address, with `state` and the PKCE challenge (S256). Present when `authKinds` has `oauth`. */
  readonly consentUrl?: (
    endpoint: ConnectorEndpoint,
    request: { redirectUrl: string; state: string; codeChallenge: string },
  ) => string;
  /** Turns the code of the redirect into an authorization. Errors: vendor_auth, vendor_rejected, vendor_unavailable. */
  readonly exchangeCode?: (
    endpoint: ConnectorEndpoint,
    request: { code: string; redirectUrl: string; codeVerifier: string },
    signal: AbortSignal,
  ) => Promise<Authorization>;
  /** A fresh access token. Keeps whatever refresh token comes back. Errors: vendor_auth when it was revoked. */
  readonly refresh?: (
    endpoint: ConnectorEndpoint,
    credentials: Extract<Credentials, { kind: 'oauth' }>,
    signal: AbortSignal,
  ) => Promise<Extract<Credentials, { kind: 'oauth' }>>;
  /** Checks a token by reading the account and one record of each type. Errors: vendor_auth naming the missing scope. */
  readonly authorizeToken?: (
    endpoint: ConnectorEndpoint,
    token: string,
    signal: AbortSignal,
  ) => Promise<Authorization>;
  /** Revokes at the vendor where it can; a vendor that cannot is not an error. */
  readonly revoke?: (
    endpoint: ConnectorEndpoint,
    credentials: Credentials,
    signal: AbortSignal,
  ) => Promise<void>;
}

/**
 * One authorized account during one piece of work. The connector asks for the token before each call and reports a 401 once
 * through `refreshToken`; both are single-flight over all workers (a lock in the database).
 */
export interface Session {
  readonly endpoint: ConnectorEndpoint;
  readonly accountId: string;
  /** The account's time zone as it was read at connect: daily quotas end at its midnight. Absent: UTC is taken. */
  readonly timeZone?: string;
  /** Base address of the account's pages as it was read at connect (regional hosts). Absent: the consent page's host is taken. */
  readonly uiUrl?: string;
  readonly accessToken: () => Promise<string>;
  /** After a 401: a new token, or `vendor_auth` when there is none to be had. */
  readonly refreshToken: (rejectedToken: string) => Promise<string>;
  /** Rate budgets shared by everything in this process that talks to the account. The connector names its buckets. */
  readonly budgets: RateBudgets;
  /** Counts every call, retries too. */
  readonly onCall: (call: {
    readonly endpoint: string;
    readonly status: number;
    readonly durationMs: number;
  }) => void;
  /** Said while a rate limit is waited for, null when it goes on. */
  readonly onWait: (until: Instant | null) => void;
  readonly signal: AbortSignal;
}

/** Token buckets by name. `take` waits until one call of that bucket may go; `pause` stops a bucket until then. */
export interface RateBudgets {
  readonly take: (bucket: string, signal: AbortSignal) => Promise<void>;
  /** Sets a bucket's size when the vendor's headers tell it. */
  readonly configure: (bucket: string, limit: { readonly calls: number; readonly windowMs: number }) => void;
  readonly pause: (bucket: string, untilMs: number) => void;
  /** Takes note that the vendor says so many calls remain: what others used of the same limit is used for us, too. */
  readonly observe?: (bucket: string, remaining: number) => void;
  /** How long a call of that bucket would have to wait now, for telling the user. */
  readonly waitMs?: (bucket: string) => number;
}

/** What is stored of a record. A record that was merged away or deleted counts as archived. */
export interface KnownRecord {
  readonly version: Instant;
  readonly archived: boolean;
}

export interface CrmSource {
  /** Property names and options that fill a new connection's configuration. */
  readonly defaultConfiguration: Configuration;
  readonly account: (session: Session) => Promise<RemoteAccount>;
  /** Deal pipelines with their stages, in the CRM's order. */
  readonly pipelines: (session: Session) => Promise<readonly SourcePipeline[]>;
  /** All properties of one record type. */
  readonly properties: (session: Session, type: SourceObjectType) => Promise<readonly SourceProperty[]>;
  /**
   * What changed since the cursor (null: everything, the first import), page by page, bounded in memory. Each page carries the
   * cursor to keep once the page is stored; a pull that ends half-way goes on from there. Deals may come as summaries
   * (associations null) where the vendor's change feed says no more. Order is not promised; repetition is normal: a record with
   * the version that is stored already still counts, because its associations or its archived mark may differ.
   */
  readonly changes: (session: Session, request: ChangesRequest) => AsyncIterable<ChangesPage>;
  /**
   * Reads deals whole, with everything that they point at: the deals that came as summaries, associations where they are not
   * known, and each related record that `known` does not have. Every deal asked for comes back as a record, as gone or as unread;
   * a record that the CRM has archived meanwhile comes as a record that says so.
   */
  readonly hydrate: (session: Session, request: HydrateRequest) => Promise<HydratedBatch>;
  /** The record id that a pasted address or id of this account's CRM means, or null. */
  readonly dealIdFrom: (text: string) => string | null;
}

export interface ReadRequest {
  /** Property names wanted by type, besides those that the connector needs for facts. */
  readonly properties: Readonly<Record<SourceObjectType, readonly string[]>>;
  /** Which of these records are stored, and their versions. Archived ones are stored, too. */
  readonly known: (
    type: SourceObjectType,
    ids: readonly string[],
  ) => Promise<ReadonlyMap<string, KnownRecord>>;
  /**
   * Ids that could not be read when they were asked for last, by type; it changes while pages are stored. They are asked for apart
   * from the others by one try, without a wait: a record that is bad for good must not hold up every sync. Absent: none is known.
   */
  readonly unread?: UnreadIds;
}

export type UnreadIds = Readonly<Partial<Record<SourceObjectType, ReadonlySet<string>>>>;

export interface ChangesRequest extends ReadRequest {
  readonly cursor: Json | null;
  /** How many records of the type are stored, not archived, with a version in [from, to). */
  readonly countKnown: (type: SourceObjectType, from: Instant, to: Instant) => Promise<number>;
  /**
   * The greatest version that is stored of the type, archived records left out; null: none is stored. A change that the CRM stamps by a
   * clock behind ours is found from there on. Absent: such a change is found only when everything is listed.
   */
  readonly newestKnown?: (type: SourceObjectType) => Promise<Instant | null>;
  /**
   * Ids of the type that are stored as archived and may still be restored in the CRM (not those that were merged away or deleted
   * for good). Absent: a record that was restored without being changed is found only with its next change.
   */
  readonly archivedIds?: (type: SourceObjectType) => Promise<readonly string[]>;
  /**
   * Deals that are stored whole and not archived, by id, from after the given one on. Absent: an association that was
   * changed without the deal is found only when everything is listed.
   */
  readonly wholeDeals?: (
    after: string | null,
    limit: number,
  ) => Promise<readonly { readonly id: string; readonly associations: DealAssociations }[]>;
  /** Types beside deals whose every record is wanted, not just those of deals: all companies as customers. */
  readonly wholeTypes: readonly SourceObjectType[];
  readonly now: () => Date;
}

export interface ChangesPage {
  readonly records: readonly SourceRecord[];
  readonly gone: readonly GoneRecord[];
  /** What has changed, or may have, and cannot be read. A deal among it that is not stored comes as a summary, too. */
  readonly unread: readonly UnreadRecord[];
  readonly cursor: Json;
}

/**
 * A record that the CRM does not let be read while it answers for others. Whoever is told forgets the version that is stored of it
 * (`known` no longer has it), and those of the line items that are made from it, so that it is asked for until it can be read.
 */
export interface UnreadRecord {
  readonly type: SourceObjectType;
  readonly id: string;
  readonly code: 'vendor_rejected' | 'vendor_missing' | 'vendor_conflict' | 'vendor_unavailable';
  /** What the CRM answered: a sentence, without a secret. */
  readonly detail: string;
}

export interface HydrateRequest extends ReadRequest {
  /** At most `hydrateDealsMax`. `associations` null: read them. `summary`: the properties have to be read, too. */
  readonly deals: readonly {
    readonly id: string;
    readonly summary: boolean;
    readonly associations: DealAssociations | null;
  }[];
}

/** Deals of one hydration: two association batches of 1,000 and twenty reads of 100; more would hold their records in memory at once. */
export const hydrateDealsMax = 2_000;

export interface HydratedBatch {
  readonly records: readonly SourceRecord[];
  readonly gone: readonly GoneRecord[];
  /** Records that could not be read: deals, and what they point at. */
  readonly unread: readonly UnreadRecord[];
  /** The deals that are not whole by that, each with the unread record that it lacks: itself, or one that it uses. */
  readonly lacking: ReadonlyMap<string, UnreadRecord>;
}
