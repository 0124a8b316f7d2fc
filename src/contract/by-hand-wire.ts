import { z } from 'zod';
import { addressWire } from './books-wire.ts';
import { currencyWire, dateWire, decimalWire, idWire } from './wire.ts';

/** More lines than any invoice that a person types has. */
export const draftLinesMax = 500;

const textOrNull = (max: number) => z.string().max(max).nullable();

export const draftLineWire = z.object({
  itemId: idWire.nullish(),
  /** Absent: the item's name. */
  description: z.string().max(2000).optional(),
  quantity: decimalWire.max(40).optional(),
  /** Absent: the item's. */
  unitPrice: decimalWire.max(40).optional(),
  discountPercent: decimalWire.max(40).nullish(),
  /** Of the whole line. */
  discountAmount: decimalWire.max(40).nullish(),
  /** Absent: the customer's code, else the item's. Null: none. */
  taxCodeId: idWire.nullish(),
  /** Tax that came from the CRM, of a line without a code. */
  tax: decimalWire.max(40).optional(),
  /** Number of an income account; null or absent: the item's. */
  account: z.string().max(20).nullish(),
  /** The CRM's line item that the line came from. */
  sourceId: z.string().max(100).nullish(),
});

const heading = {
  currency: currencyWire.optional(),
  documentDate: dateWire.optional(),
  dueDate: dateWire.optional(),
  description: z.string().max(500).optional(),
  memo: textOrNull(5000).optional(),
};

export const newDraftWire = z.object({
  customerId: idWire,
  ...heading,
  lines: z.array(draftLineWire).min(1).max(draftLinesMax),
});

export const draftChangeWire = z.object({
  /** The version that the change stands on. */
  version: z.number().int(),
  customerId: idWire.optional(),
  ...heading,
  lines: z.array(draftLineWire).min(1).max(draftLinesMax).optional(),
});

const customerFields = {
  kind: z.enum(['company', 'person']).optional(),
  website: textOrNull(500).optional(),
  industry: textOrNull(200).optional(),
  phone: textOrNull(100).optional(),
  email: textOrNull(254).optional(),
  taxId: textOrNull(100).optional(),
  address: addressWire.nullable().optional(),
  termsDays: z.number().int().min(0).max(3650).nullable().optional(),
  externalId: textOrNull(200).optional(),
  taxCodeId: idWire.nullable().optional(),
  active: z.boolean().optional(),
};

export const newCustomerWire = z.object({
  entityId: idWire,
  name: z.string().min(1).max(300),
  ...customerFields,
});
export const customerChangeWire = z.object({
  version: z.number().int(),
  name: z.string().min(1).max(300).optional(),
  ...customerFields,
});

const itemFields = {
  description: textOrNull(2000).optional(),
  kind: z.enum(['service', 'goods']).optional(),
  unitPrice: decimalWire.max(40).nullable().optional(),
  incomeAccount: textOrNull(20).optional(),
  deferredAccount: textOrNull(20).optional(),
  taxCodeId: idWire.nullable().optional(),
  active: z.boolean().optional(),
};

export const newItemWire = z.object({
  entityId: idWire,
  sku: z.string().min(1).max(100),
  name: z.string().min(1).max(300),
  ...itemFields,
});
export const itemChangeWire = z.object({
  version: z.number().int(),
  sku: z.string().min(1).max(100).optional(),
  name: z.string().min(1).max(300).optional(),
  ...itemFields,
});

export const taxCodeWire = z
  .object({
    id: idWire,
    entityId: idWire,
    code: z.string(),
    name: z.string(),
    /** 19 means nineteen percent. */
    ratePercent: decimalWire,
    /** Number of the account; null: the one of the role tax_payable. */
    account: z.string().nullable(),
    note: z.string().nullable(),
    active: z.boolean(),
    version: z.number().int(),
  })
  .meta({ id: 'TaxCode' });

const taxCodeFields = {
  account: textOrNull(20).optional(),
  note: textOrNull(500).optional(),
  active: z.boolean().optional(),
};

export const newTaxCodeWire = z.object({
  entityId: idWire,
  code: z.string().min(1).max(20),
  name: z.string().min(1).max(200),
  ratePercent: decimalWire.max(40),
  ...taxCodeFields,
});
export const taxCodeChangeWire = z.object({
  code: z.string().min(1).max(20).optional(),
  name: z.string().min(1).max(200).optional(),
  ratePercent: decimalWire.max(40).optional(),
  ...taxCodeFields,
});
