import type { MappingTarget } from './mapping-table.tsx';

function under(
  prefix: readonly string[],
  /** Name, label, and `required` or a help text. */
  rows: readonly (readonly [name: string, label: string, more?: string])[],
) {
  return rows.map(
    ([name, label, more]): MappingTarget => ({
      path: [...prefix, name],
      label,
      ...(more === 'required' ? { required: true } : more ? { help: more } : {}),
    }),
  );
}

export const dealTargets = under(
  ['deals', 'fields'],
  [
    ['description', 'Description', 'required'],
    ['total', 'Total', 'required'],
    ['documentDate', 'Document date', 'required'],
    ['currency', 'Currency', 'required'],
    ['salesRep', 'Sales rep'],
    ['memo', 'Memo'],
  ],
);

export const lineTargets = under(
  ['deals', 'lines'],
  [
    ['product', 'Item', 'required'],
    ['name', 'Line description', 'required'],
    ['description', 'Line details'],
    ['sku', 'SKU'],
    ['quantity', 'Quantity', 'required'],
    ['unitPrice', 'Unit price', 'required'],
    ['discountAmount', 'Discount per unit'],
    ['discountPercent', 'Discount in percent'],
    ['tax', 'Tax', 'Off unless mapped.'],
    ['billingPeriod', 'Billing period'],
    ['position', 'Order of the lines', 'By id when not mapped.'],
  ],
);

export const productTargets = under(
  ['products', 'fields'],
  [
    ['name', 'Item name', 'required'],
    ['sku', 'SKU'],
    ['description', 'Description'],
    ['unitPrice', 'Unit price', 'For information: a line’s own price decides.'],
    ['type', 'Product type', 'Decides between service and goods by the table below.'],
  ],
);

const partyRows = [
  ['website', 'Website'],
  ['industry', 'Industry'],
  ['phone', 'Phone'],
  ['email', 'E-mail'],
  ['taxId', 'Tax id'],
  ['line1', 'Address line 1'],
  ['line2', 'Address line 2'],
  ['city', 'City'],
  ['region', 'Region'],
  ['postalCode', 'Postal code'],
  ['country', 'Country'],
  ['externalId', 'External id', 'For matching by external id.'],
] as const;

export const companyTargets = under(
  ['companies', 'fields'],
  [['name', 'Customer name', 'required'], ...partyRows],
);

export const contactTargets = under(
  ['contacts', 'fields'],
  [['name', 'Contact name', 'required'], ...partyRows],
);
