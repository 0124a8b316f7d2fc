import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { newId } from '../../kernel/ids.ts';
import { allocate } from '../../kernel/money.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import {
  type DueBilling,
  insertContractInvoices,
  readBilledParts,
  readDueBillings,
} from './billing-store.ts';

/** Invoices made in one transaction; the rest is made by asking again. */
export const billingBatchMax = 500;

/**
 * Makes a draft invoice of every part of the billing plan that is due up to a day, of one contract or of all of an entity. Its lines
 * credit the contract liability, one an obligation that has something left to bill. Returns the ids; what has an invoice
 * gets no second one, and one whose invoice was deleted or reversed gets a new one.
 */
export async function billContracts(
  tx: Transaction,
  scope: { readonly entityId: string; readonly contractId: string | null; readonly upTo: CalendarDate },
  context: AuditContext,
): Promise<string[]> {
  const due = await readDueBillings(tx, scope, billingBatchMax);
  const parts = await readBilledParts(tx, [...new Set(due.map(({ contractId }) => contractId))]);
  const left = new Map(parts.map((part) => [part.obligationId, part.allocatedMinor - part.billedMinor]));
  const invoices = due.map((billing) => {
    const own = parts.filter(({ contractId }) => contractId === billing.contractId);
    return { ...invoiceOf(billing), lines: linesOf(billing, own, left) };
  });
  await insertContractInvoices(tx, context, invoices);
  await appendAuditEntries(
    tx,
    context,
    invoices.map(({ id, contractId, date }) => ({
      action: 'document.created',
      subjectType: 'document',
      subjectId: id,
      after: { contract: contractId, documentDate: date },
    })),
  );
  return invoices.map(({ id }) => id);
}

const invoiceOf = (billing: DueBilling) => ({
  ...billing,
  id: newId(),
  dueDate: addDays(billing.date, billing.termsDays),
});

/** Billed over what each obligation has left; what none has left (after a modification) falls on the first. */
function linesOf(
  billing: DueBilling,
  parts: Awaited<ReturnType<typeof readBilledParts>>,
  left: Map<string, bigint>,
) {
  const weights = parts.map(({ obligationId }) => {
    const leftMinor = left.get(obligationId) ?? 0n;
    return leftMinor > 0n ? leftMinor : 0n;
  });
  const amounts = allocate(billing.amountMinor, weights);
  const taxes = allocate(
    billing.taxMinor,
    amounts.map((amountMinor) => (amountMinor > 0n ? amountMinor : 0n)),
  );
  return parts.flatMap(({ obligationId, obligationPosition, description, itemId }, index) => {
    const amountMinor = amounts[index] ?? 0n;
    const taxMinor = taxes[index] ?? 0n;
    left.set(obligationId, (left.get(obligationId) ?? 0n) - amountMinor);
    if (amountMinor === 0n && taxMinor === 0n) return [];
    return [{ obligationPosition, description, itemId, amountMinor, taxMinor }];
  });
}
