import { TributaryError } from '../../kernel/errors.ts';
import type { AuditContext } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { getEntity } from '../entities.ts';
import { mustBeOpen, scopeOf, type SettlementOptions } from './allocation.ts';
import { lockOpenDocuments } from './open-documents-store.ts';
import { positiveAmount } from './positive-amount.ts';
import { readRoleAccounts } from './role-accounts.ts';
import { prepareSettlements, writeSettlements } from './settle.ts';
import { settlementDate } from './settlement-date.ts';

const reasonLengthMax = 1000;

/** Trimmed. Errors: `invalid_request` (empty, too long). */
export function mustBeReason(text: string): string {
  const reason = text.trim();
  if (reason.length > 0 && reason.length <= reasonLengthMax) return reason;
  const message = `Say why in at most ${reasonLengthMax} characters.`;
  throw new TributaryError('invalid_request', message, { fields: [{ field: 'reason', message }] });
}

/**
 * Writes off what is open on an invoice, or a part of it: bad debts against the receivable, at what the books carry it at. Returns the
 * settlement's id. Errors: `not_found`, `invalid_request` (no invoice, no reason, day), `not_open`, `exceeds_open_amount`,
 * `invalid_amount`, `account_not_usable`.
 */
export async function writeOffInvoice(
  tx: Transaction,
  documentId: string,
  request: { readonly amount?: string; readonly reason: string },
  context: AuditContext,
  options: SettlementOptions = {},
): Promise<string> {
  const reason = mustBeReason(request.reason);
  const documents = await lockOpenDocuments(tx, [documentId]);
  const invoice = documents.get(documentId);
  if (!invoice) throw new TributaryError('not_found', 'There is no such invoice.');
  if (invoice.kind !== 'invoice') {
    throw new TributaryError('invalid_request', `${invoice.number ?? 'It'} is no invoice.`);
  }
  mustBeOpen(invoice);
  const entity = await getEntity(tx, invoice.entityId);
  const amountMinor =
    request.amount === undefined ? invoice.openMinor : positiveAmount(request.amount, invoice.currency);
  const prepared = prepareSettlements(
    entity.id,
    [
      {
        kind: 'write_off',
        creditNoteId: null,
        documentId,
        amountMinor,
        date: settlementDate(options.date, [invoice.date], entity, options.now),
        reason,
      },
    ],
    { documents, receipt: null, accounts: await readRoleAccounts(tx, entity.id) },
  );
  await writeSettlements(tx, scopeOf(entity), prepared, context);
  return prepared.settlements[0]?.id ?? '';
}
