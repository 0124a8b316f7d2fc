import type { z } from 'zod';
import type { whyWire } from '../../contract/sync-wire.ts';
import type { BooksSnapshot, DealSnapshot, PlanContext } from '../plan/plan-context.ts';
import { customerKey, customerSourceOf } from '../plan/plan-customer.ts';

/** Buttons offered; beyond them a person searches for the customer. */
const choicesMax = 10;

/** The customers that a deal's company matches, where they are several; empty where the customer is clear or no company is. */
export function customerChoicesOf(
  snapshot: DealSnapshot,
  books: BooksSnapshot,
  context: PlanContext,
): z.infer<typeof whyWire>['customerChoices'] {
  const chosen = customerSourceOf(snapshot, context);
  if (!('source' in chosen) || chosen.source.type !== 'company') return [];
  const companyId = chosen.source.id;
  const candidates = books.customerCandidates.get(customerKey(chosen.source)) ?? [];
  if (candidates.length < 2) return [];
  return candidates
    .slice(0, choicesMax)
    .map(({ customerId, name }) => ({ companyId, customerId, customerName: name }));
}
