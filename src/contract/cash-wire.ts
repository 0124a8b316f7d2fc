import { z } from 'zod';
import { currencyWire, dateWire, decimalWire, idWire, instantWire } from './wire.ts';

export const receiptMethods = ['bank_transfer', 'card', 'direct_debit', 'check', 'cash', 'other'] as const;
export const receiptStatuses = ['posted', 'reversed'] as const;
export const settlementKinds = ['receipt', 'credit_note', 'write_off', 'refund'] as const;

const numberedWire = z.object({ id: idWire, number: z.string() });

export const settlementWire = z
  .object({
    id: idWire,
    kind: z.enum(settlementKinds),
    receipt: numberedWire.nullable(),
    creditNote: numberedWire.nullable(),
    /** The invoice; null: a refund. */
    document: numberedWire.nullable(),
    currency: currencyWire,
    amount: decimalWire,
    date: dateWire,
    reason: z.string().nullable(),
    entryId: idWire,
    baseCurrency: currencyWire,
    /** Realised, in the base currency; a loss is negative. */
    exchangeGain: decimalWire,
    createdAt: instantWire,
    createdBy: z.string(),
    undoneAt: instantWire.nullable(),
    undoneBy: z.string().nullable(),
    undoneEntryId: idWire.nullable(),
  })
  .meta({ id: 'Settlement' });
export type SettlementWire = z.infer<typeof settlementWire>;

export const receiptWire = z
  .object({
    id: idWire,
    entityId: idWire,
    entity: z.string(),
    mode: z.enum(['live', 'test']),
    customer: z.object({ id: idWire, name: z.string() }),
    number: z.string(),
    status: z.enum(receiptStatuses),
    currency: currencyWire,
    amount: decimalWire,
    /** Neither allocated nor refunded. */
    unapplied: decimalWire,
    baseCurrency: currencyWire,
    baseAmount: decimalWire,
    exchangeRate: decimalWire,
    receivedOn: dateWire,
    bankAccount: z.object({ id: idWire, number: z.string(), name: z.string() }),
    method: z.enum(receiptMethods),
    reference: z.string().nullable(),
    journalEntryIds: z.array(idWire),
    createdAt: instantWire,
    createdBy: z.string(),
    reversedAt: instantWire.nullable(),
  })
  .meta({ id: 'Receipt' });
export type ReceiptWire = z.infer<typeof receiptWire>;

export const receiptWithSettlementsWire = receiptWire
  .extend({ settlements: z.array(settlementWire) })
  .meta({ id: 'ReceiptWithSettlements' });

export const allocationWire = z.object({ documentId: idWire, amount: decimalWire });

/** An open invoice and what of a payment the proposal puts on it. */
export const openInvoiceWire = z
  .object({
    documentId: idWire,
    number: z.string(),
    documentDate: dateWire,
    dueDate: dateWire,
    total: decimalWire,
    openAmount: decimalWire,
    proposed: decimalWire,
  })
  .meta({ id: 'OpenInvoice' });

export const creditableWire = z
  .object({
    currency: currencyWire,
    /** With tax. */
    left: decimalWire,
    lines: z.array(
      z.object({
        position: z.number().int(),
        description: z.string(),
        /** Without tax. */
        left: decimalWire,
        leftTax: decimalWire,
      }),
    ),
  })
  .meta({ id: 'Creditable' });
