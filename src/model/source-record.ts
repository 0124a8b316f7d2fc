import type { Instant } from '../kernel/dates.ts';

/** The kinds of CRM record that a sync reads. HubSpot's deal and Salesforce's opportunity are both `deal`. */
export const sourceObjectTypes = ['deal', 'company', 'contact', 'line_item', 'product', 'owner'] as const;
export type SourceObjectType = (typeof sourceObjectTypes)[number];

/** Which records a deal points at; ids of the CRM, in the CRM's order, without repetition. */
export interface DealAssociations {
  readonly companies: readonly string[];
  /** The company that the CRM marks as primary, or null when it marks none or has not been asked. */
  readonly primaryCompany: string | null;
  readonly contacts: readonly string[];
  readonly lineItems: readonly string[];
}

/** Price by quantity, already read from the vendor's form. `from` is the first quantity of the tier. Prices are decimal strings. */
export interface PriceTiers {
  readonly model: 'volume' | 'graduated' | 'stairstep';
  readonly tiers: readonly { readonly from: string; readonly price: string }[];
}

/** Tiers in several currencies, of a line that says none: the document's currency decides. By ISO 4217 code. */
export interface TiersByCurrency {
  readonly byCurrency: Readonly<Record<string, PriceTiers>>;
}

/** What the connector alone can say about a record, because it needs the vendor's rules. Which are set depends on the type. */
export interface SourceFacts {
  /** deal: the stage and pipeline ids, and what the CRM says of the stage. */
  readonly stageId?: string | null;
  readonly pipelineId?: string | null;
  readonly stageOutcome?: 'open' | 'won' | 'lost';
  /** deal: id of the owner in the CRM. */
  readonly ownerId?: string | null;
  /** line_item: the product that it was made from. */
  readonly productId?: string | null;
  /** line_item: tiered prices; `invalid` carries what could not be read. */
  readonly pricing?: PriceTiers | TiersByCurrency | { readonly invalid: string };
  /** line_item: months of one billing period, and of the whole term, when it recurs. */
  readonly billingPeriodMonths?: number;
  readonly termMonths?: number;
  /** line_item: first and last day of what recurs, where the CRM says them. */
  readonly serviceStart?: string;
  readonly serviceEnd?: string;
  /** owner: for the sales rep. */
  readonly ownerName?: string;
  readonly ownerEmail?: string | null;
}

/**
 * One record of the CRM as it was read. `properties` are the vendor's own names with text or null: a name that is absent was
 * not answered (it may have been deleted in the CRM), null is empty.
 */
export interface SourceRecord {
  readonly type: SourceObjectType;
  readonly id: string;
  /** When the CRM last changed it: the version. An older read never replaces a newer one. */
  readonly updatedAt: Instant;
  readonly archived: boolean;
  /** Ids of records that were merged into this one. */
  readonly mergedIds: readonly string[];
  readonly properties: Readonly<Record<string, string | null>>;
  readonly facts: SourceFacts;
  /** Only deals have them; null: not read yet (a deal known from a search answer). */
  readonly associations: DealAssociations | null;
  /** Address of the record in the CRM, for a person. */
  readonly url: string | null;
}

/** A record that is no longer there under its id. */
export interface GoneRecord {
  readonly type: SourceObjectType;
  readonly id: string;
  readonly reason: 'archived' | 'deleted' | 'merged';
  /** For `merged`: the surviving record. */
  readonly survivorId: string | null;
}

/** The account that a connection is authorized for. */
export interface RemoteAccount {
  readonly id: string;
  readonly name: string;
  /** ISO 4217 code of the account's own currency. */
  readonly currency: string;
  readonly timeZone: string;
  /** Base address of the CRM's pages for this account. */
  readonly uiUrl: string | null;
}

export interface SourceStage {
  readonly id: string;
  readonly label: string;
  readonly outcome: 'open' | 'won' | 'lost';
  readonly archived: boolean;
}

export interface SourcePipeline {
  readonly id: string;
  readonly label: string;
  readonly archived: boolean;
  readonly stages: readonly SourceStage[];
}

export interface SourceProperty {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'number' | 'date' | 'datetime' | 'boolean' | 'enumeration';
  readonly custom: boolean;
  readonly readOnly: boolean;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** What the CRM account is made of; read at connect, at each sync (pipelines) and when a mapping is checked (properties). */
export interface SourceSchema {
  readonly pipelines: readonly SourcePipeline[];
  readonly properties: Readonly<Partial<Record<SourceObjectType, readonly SourceProperty[]>>>;
}
