import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { newId } from '../../kernel/ids.ts';
import { allocate } from '../../kernel/money.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { groupBy } from '../group-by.ts';
import {
  type BilledPart,
  type ContractBill,
  type DueBilling,
  insertContractBills,
  readBilledParts,
  readDueBillings,
} from './billing-store.ts';

/** Bills made in one transaction; the rest is made by asking again. */
export const billingBatchMax = 500;

/**
 * Makes a draft of every part of the billing plan that is due up to a day, of one contract or of all of an entity: an invoice, or a
 * credit note of what was billed too much. Its lines are on the contract liability, one an obligation that has something left
 * to bill. Returns the ids; what has a document gets no second one, and one whose document was deleted or reversed gets a new one.
 */
export async function billContracts(
  tx: Transaction,
  scope: { readonly entityId: string; readonly contractId: string | null; readonly upTo: CalendarDate },
  context: AuditContext,
): Promise<string[]> {
  const due = await readDueBillings(tx, scope, billingBatchMax);
  const parts = groupBy(
    await readBilledParts(tx, [...new Set(due.map(({ contractId }) => contractId))]),
    ({ contractId }) => contractId,
  );
  const billed = new Map([...parts.values()].flat().map((part) => [part.obligationId, part.billedMinor]));
  const bills = due.map((billing) => billOf(billing, parts.get(billing.contractId) ?? [], billed));
  await insertContractBills(tx, context, bills);
  await appendAuditEntries(
    tx,
    context,
    bills.map(({ id, kind, contractId, date }) => ({
      action: 'document.created',
      subjectType: 'document',
      subjectId: id,
      after: { kind, contract: contractId, documentDate: date },
    })),
  );
  return bills.map(({ id }) => id);
}

const atLeastZero = (amountMinor: bigint): bigint => (amountMinor > 0n ? amountMinor : 0n);

/** Bills over what each obligation has left, credits over what is billed of each; `billed` goes on with it. */
function billOf(
  billing: DueBilling,
  parts: readonly BilledPart[],
  billed: Map<string, bigint>,
): ContractBill {
  const isInvoice = billing.amountMinor + billing.taxMinor > 0n;
  const sign = isInvoice ? 1n : -1n;
  const weights = parts.map(({ obligationId, allocatedMinor }) => {
    const soFarMinor = billed.get(obligationId) ?? 0n;
    return atLeastZero(isInvoice ? allocatedMinor - soFarMinor : soFarMinor - allocatedMinor);
  });
  const amounts = allocate(billing.amountMinor * sign, weights);
  const taxes = allocate(billing.taxMinor * sign, amounts.map(atLeastZero));
  const lines = parts.flatMap(({ obligationId, obligationPosition, description, itemId }, index) => {
    const amountMinor = amounts[index] ?? 0n;
    const taxMinor = taxes[index] ?? 0n;
    billed.set(obligationId, (billed.get(obligationId) ?? 0n) + amountMinor * sign);
    if (amountMinor === 0n && taxMinor === 0n) return [];
    return [{ obligationPosition, description, itemId, amountMinor, taxMinor }];
  });
  return {
    ...billing,
    id: newId(),
    kind: isInvoice ? 'invoice' : 'credit_note',
    amountMinor: billing.amountMinor * sign,
    taxMinor: billing.taxMinor * sign,
    dueDate: isInvoice ? addDays(billing.date, billing.termsDays) : billing.date,
    lines,
  };
}
