import { assert } from '../../kernel/assert.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import type { AuditContext } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { getEntity } from '../entities.ts';
import type { Entity } from '../entities-store.ts';
import { listOpenInvoices, lockOpenDocuments, type OpenDocument } from './open-documents-store.ts';
import { positiveAmount } from './positive-amount.ts';
import { lockReceipt, type OpenReceipt } from './receipts-store.ts';
import { readRoleAccounts } from './role-accounts.ts';
import { prepareSettlements, type WantedSettlement, writeSettlements } from './settle.ts';
import { settlementDate } from './settlement-date.ts';

/** Invoices of one act; more would hold their locks for seconds. */
export const allocationsMax = 500;

export interface Allocation {
  readonly documentId: string;
  /** Decimal string in the receipt's currency, more than zero. */
  readonly amount: string;
}

export interface SettlementOptions {
  /** Absent: today in the entity's zone, or the latest day of what is settled. */
  readonly date?: CalendarDate;
  /** The time of the call. */
  readonly now?: Date;
}

/** Whose money it is that an invoice is settled with. */
export interface Payer {
  readonly entityId: string;
  readonly customerId: string;
  readonly currency: string;
}

/**
 * Errors: `not_found`, `invalid_request` (no invoice, of another entity, named twice, too many), `not_open` (a draft, reversed, or
 * settled already), `currency_mismatch`, `customer_mismatch`.
 */
export function mustBeSettleable(
  ids: readonly string[],
  payer: Payer,
  documents: ReadonlyMap<string, OpenDocument>,
): OpenDocument[] {
  if (ids.length === 0 || ids.length > allocationsMax) {
    throw new TributaryError('invalid_request', `Name 1 to ${allocationsMax} invoices.`);
  }
  if (new Set(ids).size !== ids.length) {
    throw new TributaryError('invalid_request', 'An invoice is named twice.');
  }
  return ids.map((id) => {
    const document = documents.get(id);
    if (!document) throw new TributaryError('not_found', 'There is no such invoice.');
    const name = document.number ?? 'The draft';
    if (document.kind !== 'invoice') throw new TributaryError('invalid_request', `${name} is no invoice.`);
    if (document.entityId !== payer.entityId) {
      throw new TributaryError('invalid_request', `${name} stands in the books of another entity.`);
    }
    if (document.customerId !== payer.customerId) throw new TributaryError('customer_mismatch', name);
    if (document.currency !== payer.currency) {
      throw new TributaryError(
        'currency_mismatch',
        `${name} is in ${document.currency}, the payment or credit in ${payer.currency}.`,
      );
    }
    mustBeOpen(document);
    return document;
  });
}

/** Errors: `not_open`. */
export function mustBeOpen(document: OpenDocument): void {
  if (document.openMinor > 0n && (document.status === 'posted' || document.status === 'partly_paid')) return;
  throw new TributaryError('not_open', `${document.number ?? 'It'} is ${document.status.replace('_', ' ')}.`);
}

/**
 * Puts the money of a receipt on invoices of the same customer, entity and currency, all or nothing. Errors: those of
 * `mustBeSettleable`, `receipt_reversed`, `invalid_amount`, `amount_out_of_range`, `exceeds_open_amount`, `account_not_usable`.
 */
export async function allocateReceipt(
  tx: Transaction,
  receiptId: string,
  allocations: readonly Allocation[],
  context: AuditContext,
  options: SettlementOptions = {},
): Promise<void> {
  const documents = await lockOpenDocuments(
    tx,
    allocations.map(({ documentId }) => documentId),
  );
  const receipt = mustBeLive(await lockReceipt(tx, receiptId));
  const entity = await getEntity(tx, receipt.entityId);
  const wanted = wantedAllocations(allocations, receipt, documents, {
    kind: 'receipt',
    creditNoteId: null,
    dateOf: (invoice) =>
      settlementDate(options.date, [receipt.receivedOn, invoice.date], entity, options.now),
  });
  const accounts = await readRoleAccounts(tx, entity.id);
  const prepared = prepareSettlements(entity.id, wanted, { documents, receipt, accounts });
  await writeSettlements(tx, scopeOf(entity), prepared, context);
}

/** Errors: `not_found`, `receipt_reversed`. */
export function mustBeLive(receipt: OpenReceipt | null): OpenReceipt {
  if (!receipt) throw new TributaryError('not_found', 'There is no such receipt.');
  if (receipt.status === 'reversed') throw new TributaryError('receipt_reversed', receipt.number);
  return receipt;
}

/** Uses a posted credit note on invoices. Errors: as for a receipt; `not_open` when nothing of the credit note is left. */
export async function allocateCreditNote(
  tx: Transaction,
  creditNoteId: string,
  allocations: readonly Allocation[],
  context: AuditContext,
  options: SettlementOptions = {},
): Promise<void> {
  const documents = await lockOpenDocuments(tx, [
    creditNoteId,
    ...allocations.map(({ documentId }) => documentId),
  ]);
  const creditNote = mustBeCreditNote(documents.get(creditNoteId));
  const entity = await getEntity(tx, creditNote.entityId);
  const wanted = wantedAllocations(allocations, creditNote, documents, {
    kind: 'credit_note',
    creditNoteId,
    dateOf: (invoice) => settlementDate(options.date, [creditNote.date, invoice.date], entity, options.now),
  });
  const accounts = await readRoleAccounts(tx, entity.id);
  const prepared = prepareSettlements(entity.id, wanted, { documents, receipt: null, accounts });
  await writeSettlements(tx, scopeOf(entity), prepared, context);
}

/** Errors: `not_found`, `invalid_request` (no credit note), `not_open`. */
export function mustBeCreditNote(document: OpenDocument | undefined): OpenDocument {
  if (!document) throw new TributaryError('not_found', 'There is no such credit note.');
  if (document.kind !== 'credit_note') {
    throw new TributaryError('invalid_request', `${document.number ?? 'It'} is no credit note.`);
  }
  mustBeOpen(document);
  return document;
}

export const scopeOf = (entity: Entity): { organizationId: string; entityId: string } => ({
  organizationId: entity.organizationId,
  entityId: entity.id,
});

/** Errors: those of `mustBeSettleable`, `invalid_amount`, `amount_out_of_range`. */
export function wantedAllocations(
  allocations: readonly Allocation[],
  payer: Payer,
  documents: ReadonlyMap<string, OpenDocument>,
  how: Pick<WantedSettlement, 'kind' | 'creditNoteId'> & {
    readonly dateOf: (invoice: OpenDocument) => CalendarDate;
  },
): WantedSettlement[] {
  const invoices = mustBeSettleable(
    allocations.map(({ documentId }) => documentId),
    payer,
    documents,
  );
  return allocations.map(({ documentId, amount }, index) => {
    const invoice = invoices[index];
    assert(invoice, 'one invoice an allocation');
    return {
      kind: how.kind,
      creditNoteId: how.creditNoteId,
      documentId,
      amountMinor: positiveAmount(amount, payer.currency),
      date: how.dateOf(invoice),
      reason: null,
    };
  });
}

/** An amount over open invoices, the oldest due date first; what is left over stays unapplied. Pure. */
export function oldestFirst(
  amountMinor: bigint,
  invoices: readonly { readonly id: string; readonly openMinor: bigint }[],
): { documentId: string; amountMinor: bigint }[] {
  const proposal: { documentId: string; amountMinor: bigint }[] = [];
  let leftMinor = amountMinor;
  for (const { id, openMinor } of invoices) {
    const takenMinor = openMinor < leftMinor ? openMinor : leftMinor;
    if (takenMinor <= 0n) continue;
    proposal.push({ documentId: id, amountMinor: takenMinor });
    leftMinor -= takenMinor;
  }
  return proposal;
}

/** Locks the open invoices of a payer, at most `allocationsMax`, and gives them back the oldest due date first. */
export async function lockOpenInvoices(
  tx: Transaction,
  payer: Payer,
): Promise<{ documents: Map<string, OpenDocument>; oldest: OpenDocument[] }> {
  const ids = (await listOpenInvoices(tx, payer, allocationsMax)).map(({ id }) => id);
  const documents = await lockOpenDocuments(tx, ids);
  const oldest = ids.flatMap((id) => documents.get(id) ?? []).filter(({ openMinor }) => openMinor > 0n);
  return { documents, oldest };
}
