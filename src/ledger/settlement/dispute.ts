import { TributaryError } from '../../kernel/errors.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { lockDispute, writeDispute } from './dispute-store.ts';
import { mustBeReason } from './write-off.ts';

/**
 * Marks a posted invoice as disputed by its customer, with the reason, or clears that, with what came of it. The figures stay. Errors:
 * `not_found`, `invalid_request` (no invoice, no reason), `not_open` (a draft, or reversed), `conflict` (it is so already).
 */
export async function setDispute(
  tx: Transaction,
  documentId: string,
  request: { readonly disputed: boolean; readonly reason: string },
  context: AuditContext,
): Promise<void> {
  const reason = mustBeReason(request.reason);
  const document = await lockDispute(tx, documentId);
  if (!document) throw new TributaryError('not_found', 'There is no such invoice.');
  const name = document.number ?? 'It';
  if (document.kind !== 'invoice') throw new TributaryError('invalid_request', `${name} is no invoice.`);
  if (document.status === 'draft' || document.status === 'reversed') {
    throw new TributaryError('not_open', `${name} is ${document.status}.`);
  }
  if ((document.reason !== null) === request.disputed) {
    throw new TributaryError('conflict', `${name} is ${request.disputed ? '' : 'not '}in dispute already.`);
  }
  await writeDispute(tx, documentId, request.disputed ? reason : null, context.actor);
  await appendAuditEntries(tx, context, [
    {
      action: request.disputed ? 'document.disputed' : 'document.dispute_cleared',
      subjectType: 'document',
      subjectId: documentId,
      before: { disputed: !request.disputed, reason: document.reason },
      after: { disputed: request.disputed, reason },
    },
  ]);
}
