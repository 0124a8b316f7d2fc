import type { z } from 'zod';
import type { whyWire } from '../../contract/sync-wire.ts';
import type { SyncScope } from '../../model/sync-scope.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { loadBatch } from '../load-batch.ts';
import type { PlanContext } from '../plan/plan-context.ts';
import { customerKey, customerSourceOf } from '../plan/plan-customer.ts';
import type { StoredRecord } from '../pull/source-row.ts';

/** Buttons offered; a name that more customers share is searched for in Review instead. */
const choicesMax = 10;

/** The customers that a deal's company matches, where they are several; empty where the customer is clear or no company is. */
export async function customerChoicesOf(
  tx: Transaction,
  scope: SyncScope,
  context: PlanContext,
  stored: StoredRecord,
): Promise<z.infer<typeof whyWire>['customerChoices']> {
  const { snapshots, books } = await loadBatch(tx, scope, context, [stored]);
  const chosen = snapshots[0] && customerSourceOf(snapshots[0], context);
  if (!chosen || !('source' in chosen) || chosen.source.type !== 'company') return [];
  const companyId = chosen.source.id;
  const candidates = books.customerCandidates.get(customerKey(chosen.source)) ?? [];
  if (candidates.length < 2) return [];
  return candidates
    .slice(0, choicesMax)
    .map(({ customerId, name }) => ({ companyId, customerId, customerName: name }));
}
