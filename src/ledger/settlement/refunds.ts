import { TributaryError } from '../../kernel/errors.ts';
import type { AuditContext } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { getEntity } from '../entities.ts';
import type { Entity } from '../entities-store.ts';
import { mustBeCreditNote, mustBeLive, scopeOf, type SettlementOptions } from './allocation.ts';
import { lockOpenDocuments, type OpenDocument } from './open-documents-store.ts';
import { positiveAmount } from './positive-amount.ts';
import { atRateOfDay, bankAccountOf } from './receipts.ts';
import { lockReceipt, type OpenReceipt } from './receipts-store.ts';
import { readRoleAccounts } from './role-accounts.ts';
import { prepareSettlements, writeSettlements } from './settle.ts';
import { settlementDate } from './settlement-date.ts';

export interface RefundRequest {
  /** Decimal string; absent: everything that is left. */
  readonly amount?: string;
  /** Number or id of an asset account; absent: that of the receipt, or the one of the role `bank`. */
  readonly bankAccount?: string;
  readonly reason?: string;
}

/**
 * Pays back what of a receipt is not allocated: prepayments against bank, at the rate of the day. Returns the settlement's id.
 * Errors: `not_found`, `receipt_reversed`, `not_open` (nothing is left), `exceeds_open_amount`, `invalid_amount`,
 * `no_exchange_rate`, `account_not_usable`.
 */
export async function refundReceipt(
  tx: Transaction,
  receiptId: string,
  request: RefundRequest,
  context: AuditContext,
  options: SettlementOptions = {},
): Promise<string> {
  const receipt = mustBeLive(await lockReceipt(tx, receiptId));
  if (receipt.unappliedMinor === 0n) {
    throw new TributaryError('not_open', `Nothing of ${receipt.number ?? 'the receipt'} is unapplied.`);
  }
  const entity = await getEntity(tx, receipt.entityId);
  return refund(tx, request, context, options, {
    entity,
    receipt,
    creditNote: null,
    currency: receipt.currency,
    leftMinor: receipt.unappliedMinor,
    bankAccount: request.bankAccount ?? receipt.bankAccountId,
    follows: receipt.receivedOn,
  });
}

/** Pays out a credit note that is not used: its payable against bank. Errors: as for a receipt, `invalid_request` (no credit note). */
export async function refundCreditNote(
  tx: Transaction,
  creditNoteId: string,
  request: RefundRequest,
  context: AuditContext,
  options: SettlementOptions = {},
): Promise<string> {
  const creditNote = mustBeCreditNote((await lockOpenDocuments(tx, [creditNoteId])).get(creditNoteId));
  const entity = await getEntity(tx, creditNote.entityId);
  return refund(tx, request, context, options, {
    entity,
    receipt: null,
    creditNote,
    currency: creditNote.currency,
    leftMinor: creditNote.openMinor,
    bankAccount: request.bankAccount,
    follows: creditNote.date,
  });
}

interface Refunded {
  readonly entity: Entity;
  readonly receipt: OpenReceipt | null;
  readonly creditNote: OpenDocument | null;
  readonly currency: string;
  readonly leftMinor: bigint;
  readonly bankAccount: string | undefined;
  readonly follows: OpenDocument['date'];
}

async function refund(
  tx: Transaction,
  request: RefundRequest,
  context: AuditContext,
  options: SettlementOptions,
  from: Refunded,
): Promise<string> {
  const { entity, receipt, creditNote, currency } = from;
  const amountMinor =
    request.amount === undefined ? from.leftMinor : positiveAmount(request.amount, currency);
  const date = settlementDate(options.date, [from.follows], entity, options.now);
  const accounts = await readRoleAccounts(tx, entity.id);
  const accountId = await bankAccountOf(tx, entity.id, from.bankAccount, accounts);
  const { baseMinor } = await atRateOfDay(tx, entity, currency, amountMinor, date);
  const documents = new Map(creditNote ? [[creditNote.id, creditNote]] : []);
  const prepared = prepareSettlements(
    entity.id,
    [
      {
        kind: 'refund',
        creditNoteId: creditNote?.id ?? null,
        documentId: null,
        amountMinor,
        date,
        reason: request.reason?.trim() || null,
        paidOut: { accountId, baseMinor },
      },
    ],
    { documents, receipt, accounts },
  );
  await writeSettlements(tx, scopeOf(entity), prepared, context);
  return prepared.settlements[0]?.id ?? '';
}
