/**
 * The CRM object types of the sandbox, with their names, type ids and association type ids.
 * Source: facts of HubSpot's object API and associations API (2026-09).
 */
export type ObjectTypeName = 'deals' | 'companies' | 'contacts' | 'line_items' | 'products' | 'invoices';

export interface ObjectType {
  readonly name: ObjectTypeName;
  readonly typeId: string;
  /** As in association type names and error messages: `deal_to_line_item`. */
  readonly singular: string;
  /** Key of the inline `associations` map; live portals answer `line items` with a space. */
  readonly associationKey: string;
  readonly modifiedProperty: string;
  /** What comes back when the caller names no properties. */
  readonly defaultProperties: readonly string[];
  /** What the full-text `query` of search looks at. */
  readonly searchableProperties: readonly string[];
}

export const OBJECT_TYPE_NAMES: readonly ObjectTypeName[] = [
  'deals',
  'companies',
  'contacts',
  'line_items',
  'products',
  'invoices',
];

export const OBJECT_TYPES: Readonly<Record<ObjectTypeName, ObjectType>> = {
  deals: {
    name: 'deals',
    typeId: '0-3',
    singular: 'deal',
    associationKey: 'deals',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
    searchableProperties: ['dealname', 'pipeline', 'dealstage', 'description'],
  },
  companies: {
    name: 'companies',
    typeId: '0-2',
    singular: 'company',
    associationKey: 'companies',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: ['domain', 'name'],
    searchableProperties: ['name', 'domain', 'phone', 'website'],
  },
  contacts: {
    name: 'contacts',
    typeId: '0-1',
    singular: 'contact',
    associationKey: 'contacts',
    modifiedProperty: 'lastmodifieddate',
    defaultProperties: ['email', 'firstname', 'lastname'],
    searchableProperties: ['firstname', 'lastname', 'email', 'phone', 'company'],
  },
  line_items: {
    name: 'line_items',
    typeId: '0-8',
    singular: 'line_item',
    associationKey: 'line items',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: ['amount', 'hs_product_id', 'name', 'price', 'quantity'],
    searchableProperties: ['name', 'description'],
  },
  products: {
    name: 'products',
    typeId: '0-7',
    singular: 'product',
    associationKey: 'products',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: ['description', 'name', 'price'],
    searchableProperties: ['name', 'description', 'hs_sku'],
  },
  invoices: {
    name: 'invoices',
    typeId: '0-53',
    singular: 'invoice',
    associationKey: 'invoices',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: ['hs_currency', 'hs_due_date', 'hs_invoice_date', 'hs_invoice_status'],
    searchableProperties: ['hs_number'],
  },
};

const BY_ALIAS: ReadonlyMap<string, ObjectType> = new Map(
  OBJECT_TYPE_NAMES.flatMap((name) => {
    const type = OBJECT_TYPES[name];
    return [name, type.typeId, type.singular].map((alias) => [alias, type] as const);
  }),
);

/** Finds a type by plural name, singular name or type id, whatever the case; undefined when unknown. */
export function findObjectType(alias: string): ObjectType | undefined {
  return BY_ALIAS.get(alias) ?? BY_ALIAS.get(alias.toLowerCase());
}

/** The unlabelled association type ids, by `from>to`. */
const DEFAULT_TYPE_IDS: Readonly<Record<string, number>> = {
  'deals>companies': 341,
  'companies>deals': 342,
  'deals>contacts': 3,
  'contacts>deals': 4,
  'deals>line_items': 19,
  'line_items>deals': 20,
  'deals>invoices': 176,
  'invoices>deals': 175,
  'invoices>contacts': 177,
  'contacts>invoices': 178,
  'invoices>companies': 179,
  'companies>invoices': 180,
  'invoices>line_items': 409,
  'line_items>invoices': 410,
  'contacts>companies': 279,
  'companies>contacts': 280,
};

/** The `Primary` type ids: a deal or contact has at most one primary company. */
const PRIMARY_TYPE_IDS: Readonly<Record<string, number>> = {
  'deals>companies': 5,
  'companies>deals': 6,
  'contacts>companies': 1,
  'companies>contacts': 2,
};

/** Further built-in types that a caller may write. */
const EXTRA_TYPE_IDS: Readonly<Record<string, readonly { typeId: number; label: string }[]>> = {
  'contacts>companies': [{ typeId: 931, label: 'Billing contact' }],
  'companies>contacts': [{ typeId: 930, label: 'Billing contact' }],
};

/** The unlabelled type id of a pair, or undefined when the two types cannot be associated. */
export function defaultAssociationTypeId(from: ObjectTypeName, to: ObjectTypeName): number | undefined {
  return DEFAULT_TYPE_IDS[`${from}>${to}`];
}

export function primaryAssociationTypeId(from: ObjectTypeName, to: ObjectTypeName): number | undefined {
  return PRIMARY_TYPE_IDS[`${from}>${to}`];
}

export function extraAssociationTypes(
  from: ObjectTypeName,
  to: ObjectTypeName,
): readonly { readonly typeId: number; readonly label: string }[] {
  return EXTRA_TYPE_IDS[`${from}>${to}`] ?? [];
}
