import type { CalendarDate } from '../../kernel/dates.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { CustomerPlan, ItemPlan } from '../../model/document-draft.ts';
import type { Link } from '../../model/link.ts';
import type { SourceObjectType, SourceRecord } from '../../model/source-record.ts';
import type { HandEdit } from './hand-edit.ts';
import type { Refusal } from './refusal.ts';

/** What all decisions of a run stand on. */
export interface PlanContext {
  readonly configuration: Configuration;
  readonly account: { readonly currency: string; readonly timeZone: string };
  readonly entity: { readonly termsDays: number };
  /** Sentences; not empty: every deal that would make a document fails with `setup_incomplete`. */
  readonly missingSettings: readonly string[];
  readonly stages: ReadonlyMap<string, { readonly label: string; readonly outcome: 'open' | 'won' | 'lost' }>;
  /** Mapped properties that the CRM no longer has. */
  readonly deletedProperties: Readonly<Partial<Record<SourceObjectType, ReadonlySet<string>>>>;
  readonly skuPrefix: string;
  /** The CRM's word for a deal's number when a name is missing, such as `Deal`. */
  readonly dealWord: string;
}

/** A deal with everything that it points at, as read last. Related records that are gone are absent. */
export interface DealSnapshot {
  readonly deal: SourceRecord;
  readonly survivorId: string | null;
  /** False: only a summary is known, enough to skip it and no more. */
  readonly hydrated: boolean;
  readonly companies: readonly SourceRecord[];
  readonly contacts: readonly SourceRecord[];
  readonly lineItems: readonly SourceRecord[];
  /** By product id. */
  readonly products: ReadonlyMap<string, SourceRecord>;
  readonly owner: SourceRecord | null;
  readonly document: LinkedDocument | null;
  /** Why the deal could not be read whole, where it could not. */
  readonly readFailure: Refusal | null;
}

/** The document that the deal made before, and what state it is in. */
export interface LinkedDocument {
  readonly link: Link;
  readonly status: string;
  readonly number: string | null;
  readonly kind: string;
  /** The version that the plan stands on; null: the document is gone. */
  readonly version: number | null;
  /** What a person made of the draft, where somebody edited it. */
  readonly edit: HandEdit | null;
}

export interface CustomerCandidate {
  readonly customerId: string;
  readonly name: string;
}

/** What the books know of the parties and products of a batch. Keys of parties are `company:1`, `contact:2`, `placeholder:placeholder`. */
export interface BooksSnapshot {
  readonly customerLinks: ReadonlyMap<
    string,
    { readonly customerId: string; readonly termsDays: number | null }
  >;
  /** Customers that match by the configured rule and are linked to no other company of this CRM account. */
  readonly customerCandidates: ReadonlyMap<string, readonly CustomerCandidate[]>;
  readonly customerTerms: ReadonlyMap<string, number | null>;
  readonly itemLinks: ReadonlyMap<string, string>;
  readonly itemsBySku: ReadonlyMap<string, string>;
  readonly defaultItemId: string | null;
  readonly periods: PeriodsSnapshot;
}

/** Which days the books of the entity take. */
export interface PeriodsSnapshot {
  /** Closed and locked periods, by day; they do not overlap. */
  readonly closed: readonly {
    readonly name: string;
    readonly startDate: CalendarDate;
    readonly endDate: CalendarDate;
  }[];
  /** What the fiscal years reach from and to, the year that is made by itself included; null: the entity has none. */
  readonly reach: { readonly firstDay: CalendarDate; readonly lastDay: CalendarDate } | null;
}

/** What the plan itself has decided so far: mutable, one for each run. */
export interface PlanOverlay {
  readonly customers: Map<string, CustomerPlan>;
  readonly claimedCustomers: Map<string, string>;
  readonly items: Map<string, ItemPlan>;
  readonly itemsBySku: Map<string, ItemPlan>;
}

export function newOverlay(): PlanOverlay {
  return { customers: new Map(), claimedCustomers: new Map(), items: new Map(), itemsBySku: new Map() };
}
