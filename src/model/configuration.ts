/**
 * The configuration of one connection. It is plain JSON under these keys, kept in versions; `defaultConfiguration` of a connector
 * fills the property names. Where a value is a `FieldSource`, a plain string is the name of a CRM property.
 */
export type FieldSource =
  | string
  | { readonly property: string; readonly default?: string }
  | { readonly constant: string }
  | { readonly join: readonly FieldSource[]; readonly separator?: string; readonly default?: string }
  | {
      readonly lookup: FieldSource;
      readonly table: Readonly<Record<string, string>>;
      readonly default?: string;
    };

export type FilterOperator =
  | 'equals'
  | 'not_equals'
  | 'in'
  | 'not_in'
  | 'contains'
  | 'greater_than'
  | 'at_least'
  | 'less_than'
  | 'at_most'
  | 'is_set'
  | 'is_not_set';

export type Filter =
  | {
      readonly property: string;
      readonly operator: FilterOperator;
      readonly value?: string | readonly string[];
    }
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] };

/** What makes a document: the stage, a property with a value, or both together. */
export interface Trigger {
  readonly on: 'stage' | 'property' | 'stage_and_property';
  readonly property?: string;
  /** The property's value that means "ready"; default `true`. */
  readonly equals?: string;
}

/** The longest service of a contract: fifty years, and as many rows of a schedule. */
export const contractMonthsMax = 600;

/** Terms of contracts that the CRM does not say. */
export interface ContractSettings {
  /** Months of a service. */
  readonly termMonths: number;
  readonly recognition: 'daily' | 'monthly' | 'immediate';
}

/** A year by day: the usual subscription, and the exact way. */
export const contractDefaults: ContractSettings = { termMonths: 12, recognition: 'daily' };

export interface DealSettings {
  readonly enabled: boolean;
  /** Stage ids that make a document; empty: every won stage of every pipeline. */
  readonly stages: readonly string[];
  /** Stage ids that mean lost; empty: those that the CRM calls closed and not won. */
  readonly lostStages: readonly string[];
  readonly trigger: Trigger;
  /** All of them must hold. */
  readonly filters: readonly Filter[];
  /** Decimal string in the deal's currency; null: none. */
  readonly minimumAmount: string | null;
  /** Deals closed before this day make nothing; null: whole history. */
  readonly cutoff: string | null;
  readonly kind: 'invoice' | 'contract' | 'sales_order';
  /** Absent: `contractDefaults`. */
  readonly contract?: ContractSettings;
  readonly fields: DealFields;
  readonly lines: LineFields;
  readonly amountPolicy: 'lines' | 'amount';
  readonly noCompany: 'fail' | 'contact' | 'placeholder';
  readonly onChange: 'update' | 'new' | 'hold';
}

export interface DealFields {
  readonly description: FieldSource;
  readonly total: FieldSource;
  readonly documentDate: FieldSource;
  readonly currency: FieldSource;
  readonly memo: FieldSource | null;
  readonly salesRep: FieldSource | null;
  readonly dimensions: Readonly<Record<string, FieldSource>>;
  readonly customProperties: Readonly<Record<string, FieldSource>>;
}

export interface LineFields {
  readonly product: FieldSource;
  readonly name: FieldSource;
  readonly description: FieldSource | null;
  readonly sku: FieldSource | null;
  readonly quantity: FieldSource;
  readonly unitPrice: FieldSource;
  /** Per unit. */
  readonly discountAmount: FieldSource | null;
  readonly discountPercent: FieldSource | null;
  /** Off unless mapped. */
  readonly tax: FieldSource | null;
  readonly billingPeriod: FieldSource | null;
  /** The order of the lines; empty: by id. */
  readonly position: FieldSource | null;
  /** Lines without a product: the default item, or `fail`. */
  readonly noProduct: 'default_item' | 'fail';
  readonly itemMissing: 'create' | 'fail';
}

export interface ProductFields {
  readonly name: FieldSource;
  readonly sku: FieldSource | null;
  readonly description: FieldSource | null;
  readonly unitPrice: FieldSource | null;
  readonly type: FieldSource | null;
  /** CRM product type → service or goods. */
  readonly kinds: Readonly<Record<string, 'service' | 'goods'>>;
  readonly defaultKind: 'service' | 'goods';
}

export interface PartyFields {
  readonly name: FieldSource;
  readonly website: FieldSource | null;
  readonly industry: FieldSource | null;
  readonly phone: FieldSource | null;
  readonly email: FieldSource | null;
  readonly taxId: FieldSource | null;
  readonly line1: FieldSource | null;
  readonly line2: FieldSource | null;
  readonly city: FieldSource | null;
  readonly region: FieldSource | null;
  readonly postalCode: FieldSource | null;
  readonly country: FieldSource | null;
  readonly externalId: FieldSource | null;
  readonly customProperties: Readonly<Record<string, FieldSource>>;
}

export interface Configuration {
  readonly deals: DealSettings;
  readonly products: { readonly enabled: boolean; readonly fields: ProductFields };
  readonly companies: {
    readonly enabled: boolean;
    /** Which companies become customers: those of deals that make documents, all, or those that pass `filters`. */
    readonly scope: 'won_deals' | 'all' | 'filtered';
    readonly filters: readonly Filter[];
    readonly fields: PartyFields;
  };
  readonly contacts: { readonly enabled: boolean; readonly fields: PartyFields };
  readonly customers: {
    readonly matching: 'name' | 'external_id' | 'create' | 'match_only';
  };
  readonly conflicts: 'source_wins' | 'ledger_wins' | 'hold';
  readonly lockedPeriod: 'fail' | 'first_open_date';
  readonly schedule: { readonly mode: 'manual' };
  readonly history: { readonly mode: 'all' | 'from_today' | 'from'; readonly from: string | null };
  readonly autoPost: {
    readonly enabled: boolean;
    /** Currency → the largest total that is posted without a person; other currencies are not. Absent or empty: no limit. */
    readonly maximumAmounts?: Readonly<Record<string, string>>;
    /** Customers whose drafts alone are posted; absent or empty: all. */
    readonly onlyCustomers?: readonly string[];
    /** Customers whose drafts are not. */
    readonly exceptCustomers?: readonly string[];
  };
  /** Account role → account number of the entity; what is absent stands as the entity has it. */
  readonly accounts: Readonly<Partial<Record<AccountRole, string>>>;
  readonly entityRules: readonly never[];
  readonly writeback: { readonly enabled: false };
  readonly crmInvoices: { readonly enabled: false };
}

export const accountRoles = [
  'accounts_receivable',
  'deferred_revenue',
  'income',
  'expense',
  'clearing',
  'tax_payable',
] as const;
export type AccountRole = (typeof accountRoles)[number];

/** The roles without which a connection is `setup_incomplete` (B18). */
export const requiredAccountRoles: readonly AccountRole[] = [
  'accounts_receivable',
  'deferred_revenue',
  'income',
  'expense',
  'clearing',
];
