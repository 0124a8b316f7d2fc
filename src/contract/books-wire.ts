import { z } from 'zod';
import { bookAccountRoles } from '../model/book-account-roles.ts';
import { currencyWire, dateWire, decimalWire, idWire, instantWire, warningWire } from './wire.ts';

export const documentStatuses = [
  'draft',
  'posted',
  'partly_paid',
  'paid',
  'overdue',
  'credited',
  'reversed',
  'written_off',
  'active',
  'completed',
  'terminated',
] as const;

/** A line of a document that does not exist yet: what it will say, without ids. */
export const plannedLineWire = z
  .object({
    position: z.number().int(),
    description: z.string(),
    sku: z.string().nullable(),
    quantity: decimalWire,
    unitPrice: decimalWire,
    discountPercent: decimalWire.nullable(),
    discountAmount: decimalWire,
    tax: decimalWire,
    amount: decimalWire,
  })
  .meta({ id: 'PlannedLine' });

export const documentLineWire = plannedLineWire
  .extend({
    itemId: idWire.nullable(),
    /** Id of the line item in the CRM. */
    sourceId: z.string().nullable(),
    taxCodeId: idWire.nullable(),
    taxCode: z.string().nullable(),
    /** Number of the line's own income account; null: its item's. */
    account: z.string().nullable(),
  })
  .meta({ id: 'DocumentLine' });

/** What one tax code comes to on a document; code and rate null: the tax that came from the CRM. */
export const documentTaxWire = z
  .object({
    code: z.string().nullable(),
    name: z.string(),
    rate: decimalWire.nullable(),
    base: decimalWire,
    tax: decimalWire,
    note: z.string().nullable(),
  })
  .meta({ id: 'DocumentTax' });

export const documentWire = z
  .object({
    id: idWire,
    kind: z.enum(['invoice', 'credit_note', 'contract']),
    number: z.string().nullable(),
    status: z.enum(documentStatuses),
    currency: currencyWire,
    total: decimalWire,
    taxTotal: decimalWire,
    openAmount: decimalWire,
    documentDate: dateWire,
    dueDate: dateWire,
    description: z.string(),
    memo: z.string().nullable(),
    salesRep: z.object({ name: z.string(), email: z.string().nullable() }).nullable(),
    /** The entity's name. */
    entity: z.string(),
    entityId: idWire,
    customer: z.object({ id: idWire, name: z.string(), sourceId: z.string().nullable() }),
    source: z
      .object({ connector: z.string(), type: z.string(), id: z.string(), url: z.string().nullable() })
      .nullable(),
    lines: z.array(documentLineWire),
    taxes: z.array(documentTaxWire),
    dimensions: z.record(z.string(), z.string()),
    customProperties: z.record(z.string(), z.string()),
    warnings: z.array(warningWire),
    connectionId: idWire.nullable(),
    mode: z.enum(['live', 'test']),
    /** Goes up with every change: an edit names the one that it stands on. */
    version: z.number().int(),
    createdAt: instantWire,
    updatedAt: instantWire,
    updatedBy: z.string(),
    /** Set when a person edited a draft that a sync had made. */
    editedAt: instantWire.nullable(),
    editedBy: z.string().nullable(),
    postedAt: instantWire.nullable(),
    journalEntryIds: z.array(idWire),
    /** The invoice that a credit note takes back; null: none. */
    creditsDocumentId: idWire.nullable(),
    /** The customer disputes the invoice: since when, who noted it, why. */
    dispute: z.object({ at: instantWire, by: z.string(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'Document' });
export type DocumentWire = z.infer<typeof documentWire>;

/** One of several in one request: what came of it. */
export const documentOutcomeWire = z
  .object({
    id: idWire,
    outcome: z.enum(['posted', 'reversed', 'failed']),
    code: z.string().nullable(),
    message: z.string().nullable(),
    mend: z.string().nullable(),
    document: documentWire.nullable(),
  })
  .meta({ id: 'DocumentOutcome' });

export const addressWire = z.object({
  line1: z.string().nullable(),
  line2: z.string().nullable(),
  city: z.string().nullable(),
  region: z.string().nullable(),
  postalCode: z.string().nullable(),
  country: z.string().nullable(),
});

export const customerWire = z
  .object({
    id: idWire,
    entityId: idWire,
    kind: z.enum(['company', 'person']),
    name: z.string(),
    website: z.string().nullable(),
    industry: z.string().nullable(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    taxId: z.string().nullable(),
    address: addressWire.nullable(),
    externalId: z.string().nullable(),
    termsDays: z.number().int().nullable(),
    /** Every line of the customer is charged by it whatever its item says. */
    taxCodeId: idWire.nullable(),
    active: z.boolean(),
    version: z.number().int(),
    customProperties: z.record(z.string(), z.string()),
    sources: z.array(z.object({ connector: z.string(), type: z.string(), id: z.string() })),
    contacts: z.array(
      z.object({ id: idWire, name: z.string(), email: z.string().nullable(), phone: z.string().nullable() }),
    ),
  })
  .meta({ id: 'Customer' });

export const itemWire = z
  .object({
    id: idWire,
    entityId: idWire,
    sku: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    kind: z.enum(['service', 'goods']),
    unitPrice: decimalWire.nullable(),
    incomeAccount: z.string().nullable(),
    deferredAccount: z.string().nullable(),
    taxCodeId: idWire.nullable(),
    active: z.boolean(),
    isDefault: z.boolean(),
    version: z.number().int(),
    sources: z.array(z.object({ connector: z.string(), type: z.string(), id: z.string() })),
  })
  .meta({ id: 'Item' });

export const accountTypes = ['asset', 'liability', 'equity', 'income', 'expense'] as const;
export const accountWire = z
  .object({
    id: idWire,
    entityId: idWire,
    number: z.string(),
    name: z.string(),
    type: z.enum(accountTypes),
    active: z.boolean(),
    roles: z.array(z.string()),
  })
  .meta({ id: 'Account' });

export const accountRoleWire = z.enum(bookAccountRoles);

export const journalLineWire = z
  .object({
    entryId: idWire,
    entityId: idWire,
    date: dateWire,
    kind: z.string(),
    /** The entry that this one reverses. */
    reversesEntryId: idWire.nullable(),
    /** The entry that reverses this one. */
    reversedByEntryId: idWire.nullable(),
    account: z.string(),
    accountName: z.string(),
    debit: decimalWire,
    credit: decimalWire,
    currency: currencyWire,
    baseDebit: decimalWire,
    baseCredit: decimalWire,
    baseCurrency: currencyWire,
    documentId: idWire.nullable(),
    documentNumber: z.string().nullable(),
    description: z.string(),
  })
  .meta({ id: 'JournalLine' });

export const trialBalanceLineWire = z
  .object({
    account: z.string(),
    name: z.string(),
    type: z.enum(accountTypes),
    debit: decimalWire,
    credit: decimalWire,
  })
  .meta({ id: 'TrialBalanceLine' });

export const trialBalanceWire = z
  .object({
    entity: z.object({ id: idWire, name: z.string() }),
    currency: currencyWire,
    at: dateWire,
    data: z.array(trialBalanceLineWire),
    totalDebit: decimalWire,
    totalCredit: decimalWire,
  })
  .meta({ id: 'TrialBalance' });

export const exchangeRateWire = z
  .object({ entityId: idWire, currency: currencyWire, date: dateWire, rate: decimalWire, source: z.string() })
  .meta({ id: 'ExchangeRate' });

export const currencyTotalWire = z
  .object({ currency: currencyWire, count: z.number().int(), total: decimalWire })
  .meta({ id: 'CurrencyTotal' });
