import type { CalendarDate } from '../kernel/dates.ts';
import type { Warning } from './warning.ts';

/** What a deal can become. `invoice` and `contract` are made; `sales_order` is recognized and refused. */
export type DocumentKind = 'invoice' | 'credit_note' | 'contract' | 'sales_order';

export interface Address {
  readonly line1: string | null;
  readonly line2: string | null;
  readonly city: string | null;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly country: string | null;
}

export interface CustomerDraft {
  readonly kind: 'company' | 'person';
  readonly name: string;
  readonly website: string | null;
  readonly industry: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly taxId: string | null;
  readonly address: Address | null;
  /** The customer's id in another system, for matching by external id. */
  readonly externalId: string | null;
  readonly customProperties: Readonly<Record<string, string>>;
}

export interface ContactDraft {
  /** Id of the contact in the CRM. */
  readonly sourceId: string;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
}

export interface ItemDraft {
  readonly sku: string;
  readonly name: string;
  readonly description: string | null;
  readonly kind: 'service' | 'goods';
  /** Decimal string in the account's currency, for information only: a line's own price decides. */
  readonly unitPrice: string | null;
}

export interface SalesRepDraft {
  readonly name: string;
  readonly email: string | null;
}

/** Who is invoiced: which record of the CRM it comes from, or the one placeholder. */
export type CustomerSource =
  | { readonly type: 'company' | 'contact'; readonly id: string }
  | { readonly type: 'placeholder'; readonly id: 'placeholder' };

/**
 * How that source becomes a customer. `use`: it is linked already. `match`: an existing customer is taken and linked to it.
 * `create`: a new one. `draft` is what the mapping says the customer should be, null when its mapping is switched off for updates.
 */
export type CustomerPlan =
  | {
      readonly action: 'use';
      readonly source: CustomerSource;
      readonly customerId: string;
      readonly draft: CustomerDraft | null;
    }
  | {
      readonly action: 'match';
      readonly source: CustomerSource;
      readonly customerId: string;
      readonly draft: CustomerDraft | null;
    }
  | { readonly action: 'create'; readonly source: CustomerSource; readonly draft: CustomerDraft };

/** How a line finds its item: by the CRM product (linked, to be made) or the default item of lines without a product. */
export type ItemPlan =
  | {
      readonly action: 'use';
      readonly productId: string | null;
      readonly itemId: string;
      readonly draft: ItemDraft | null;
    }
  | { readonly action: 'create'; readonly productId: string | null; readonly draft: ItemDraft };

export interface DocumentLineDraft {
  /** From 1, in the CRM's order. */
  readonly position: number;
  /** Id of the line item in the CRM; null for the one line of a deal without line items, and for an adjustment. */
  readonly sourceId: string | null;
  readonly item: ItemPlan;
  /** The SKU that the line shows: its own in the CRM, else its item's. */
  readonly sku: string | null;
  readonly description: string;
  /** Decimal strings, exact. */
  readonly quantity: string;
  readonly unitPrice: string;
  readonly discountPercent: string | null;
  /** Discount of the whole line in minor units, 0 or positive for a reduction. */
  readonly discountMinor: bigint;
  readonly taxMinor: bigint;
  /** Net of discount, without tax. */
  readonly amountMinor: bigint;
  /** Of a contract's line: first and last day of the service, and how its revenue is recognised. */
  readonly serviceStart?: CalendarDate;
  readonly serviceEnd?: CalendarDate;
  readonly recognition?: 'immediate' | 'daily' | 'monthly';
}

/** The document that a deal becomes, before it exists. Everything the books need, nothing that the CRM alone cares for. */
export interface DocumentDraft {
  readonly kind: DocumentKind;
  readonly currency: string;
  readonly documentDate: CalendarDate;
  readonly dueDate: CalendarDate;
  readonly description: string;
  readonly memo: string | null;
  readonly customer: CustomerPlan;
  readonly contacts: readonly ContactDraft[];
  readonly salesRep: { readonly sourceId: string; readonly draft: SalesRepDraft } | null;
  readonly lines: readonly DocumentLineDraft[];
  /** Lines plus tax. */
  readonly totalMinor: bigint;
  readonly taxMinor: bigint;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly customProperties: Readonly<Record<string, string>>;
  readonly sourceUrl: string | null;
  readonly warnings: readonly Warning[];
}
