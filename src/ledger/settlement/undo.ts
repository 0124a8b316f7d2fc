import { assert } from '../../kernel/assert.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { formatMinor } from '../../kernel/money.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { getEntity } from '../entities.ts';
import { findEntries, insertJournalEntries, type NewJournalEntry, reversalOf } from '../journal-store.ts';
import { mustBeLive, type SettlementOptions } from './allocation.ts';
import { lockOpenDocuments, type OpenDocument, writeOpenAmounts } from './open-documents-store.ts';
import { lockReceipt, markReceiptReversed, type OpenReceipt, writeUnapplied } from './receipts-store.ts';
import { auditOf } from './settle.ts';
import { settlementDate } from './settlement-date.ts';
import { settlementStatus } from './settlement-status.ts';
import {
  findSettlement,
  listLiveSettlementsOfReceipt,
  markSettlementsUndone,
  type Settlement,
} from './settlements-store.ts';

/**
 * Undoes one settlement by the reversal of its entry: the invoice is open again, the money or the credit free again, a written-off
 * amount owed again. Returns the id of the reversal. Errors: `not_found`, `already_undone`, `invalid_request` (a day before it).
 */
export async function undoSettlement(
  tx: Transaction,
  id: string,
  context: AuditContext,
  options: SettlementOptions = {},
): Promise<string> {
  const found = await findSettlement(tx, id);
  if (!found) throw new TributaryError('not_found', 'There is no such settlement.');
  const documents = await lockOpenDocuments(tx, documentIdsOf([found]));
  const receipt = found.receiptId === null ? null : await lockReceipt(tx, found.receiptId);
  // Whoever undid it meanwhile held these locks.
  const settlement = await findSettlement(tx, id);
  assert(settlement, 'settlements are never deleted');
  if (settlement.undone) throw new TributaryError('already_undone');
  const reversals = await undo(tx, [settlement], documents, context, options);
  if (receipt) {
    await writeUnapplied(tx, {
      id: receipt.id,
      unappliedMinor: receipt.unappliedMinor + settlement.amountMinor,
      unappliedBaseMinor: receipt.unappliedBaseMinor + settlement.sourceBaseMinor,
    });
  }
  return reversals.get(settlement.id) ?? '';
}

const documentIdsOf = (settlements: readonly Settlement[]): string[] =>
  [...new Set(settlements.flatMap(({ documentId, creditNoteId }) => [documentId, creditNoteId]))].filter(
    (id): id is string => id !== null,
  );

/** Reversals of the entries, open amounts as before, and the marks. Returns the reversal of each settlement, by its id. */
async function undo(
  tx: Transaction,
  settlements: readonly Settlement[],
  documents: ReadonlyMap<string, OpenDocument>,
  context: AuditContext,
  options: SettlementOptions,
): Promise<Map<string, string>> {
  const [first] = settlements;
  if (!first) return new Map();
  const entity = await getEntity(tx, first.entityId);
  const entries = await findEntries(
    tx,
    settlements.map(({ entryId }) => entryId),
  );
  const reversals = new Map<string, NewJournalEntry>();
  for (const settlement of settlements) {
    const entry = entries.find(({ id }) => id === settlement.entryId);
    assert(entry, 'a settlement has its entry');
    const date = settlementDate(options.date, [settlement.settledOn], entity, options.now);
    reversals.set(settlement.id, reversalOf(entry, newId(), date));
  }
  await insertJournalEntries(tx, context, [...reversals.values()]);
  const undone = settlements.map(({ id }) => ({ id, entryId: reversals.get(id)?.id ?? '' }));
  await markSettlementsUndone(tx, undone, context.actor);
  await reopen(tx, settlements, documents, context.actor);
  await appendAuditEntries(
    tx,
    context,
    settlements.map((settlement) => ({
      action: 'settlement.undone',
      subjectType: settlement.documentId === null ? 'settlement' : 'document',
      subjectId: settlement.documentId ?? settlement.id,
      before: auditOf(settlement),
      after: {
        settlementId: settlement.id,
        entryId: reversals.get(settlement.id)?.id,
        date: reversals.get(settlement.id)?.date,
      },
    })),
  );
  return new Map([...reversals].map(([id, entry]) => [id, entry.id]));
}

/** What was settled is open again. Something is then, so that the kinds of what else settles a document do not matter. */
async function reopen(
  tx: Transaction,
  settlements: readonly Settlement[],
  documents: ReadonlyMap<string, OpenDocument>,
  actor: string,
): Promise<void> {
  const openById = new Map<string, bigint>();
  for (const settlement of settlements) {
    for (const id of documentIdsOf([settlement])) {
      const document = documents.get(id);
      assert(document, 'the documents of what is undone are locked');
      openById.set(id, (openById.get(id) ?? document.openMinor) + settlement.amountMinor);
    }
  }
  const reopened = [...openById].map(([id, openMinor]) => {
    const totalMinor = documents.get(id)?.totalMinor ?? openMinor;
    return { id, openMinor, status: settlementStatus(totalMinor, openMinor, new Set()) };
  });
  await writeOpenAmounts(tx, reopened, actor);
}

/**
 * Reverses a receipt (it bounced, or was typed in wrongly): first undoes its allocations, as when a cheque comes back, then takes its
 * own entry back. Refused while money of it stands refunded: that left the bank, and has to be undone knowingly. Returns the id
 * of the reversal. Errors: `not_found`, `receipt_reversed`, `receipt_refunded`, `conflict`, `invalid_request` (a day before).
 */
export async function reverseReceipt(
  tx: Transaction,
  receiptId: string,
  context: AuditContext,
  options: { readonly date?: CalendarDate; readonly now?: Date } = {},
): Promise<string> {
  const before = await listLiveSettlementsOfReceipt(tx, receiptId);
  const documents = await lockOpenDocuments(tx, documentIdsOf(before));
  const receipt: OpenReceipt = mustBeLive(await lockReceipt(tx, receiptId));
  const settlements = await listLiveSettlementsOfReceipt(tx, receiptId);
  if (documentIdsOf(settlements).some((id) => !documents.has(id))) {
    throw new TributaryError('conflict', `${receipt.number ?? 'The receipt'} was allocated meanwhile.`);
  }
  const refund = settlements.find(({ kind }) => kind === 'refund');
  if (refund) {
    const amount = formatMinor(refund.amountMinor, refund.currency);
    throw new TributaryError('receipt_refunded', `${refund.currency} ${amount} on ${refund.settledOn}.`);
  }
  const entity = await getEntity(tx, receipt.entityId);
  const follows = [receipt.receivedOn, ...settlements.map(({ settledOn }) => settledOn)];
  const date = settlementDate(options.date, follows, entity, options.now);
  await undo(tx, settlements, documents, context, { ...options, date });
  const [entry] = await findEntries(tx, [receipt.entryId]);
  assert(entry, 'a receipt has its entry');
  const reversal = reversalOf(entry, newId(), date);
  await insertJournalEntries(tx, context, [reversal]);
  await markReceiptReversed(tx, receipt.id, reversal.id, context.actor);
  await appendAuditEntries(tx, context, [
    {
      action: 'receipt.reversed',
      subjectType: 'receipt',
      subjectId: receipt.id,
      before: { status: 'posted', number: receipt.number, allocations: settlements.length },
      after: { status: 'reversed', entryId: reversal.id, date },
    },
  ]);
  return reversal.id;
}
