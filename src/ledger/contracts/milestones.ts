import type { CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { lockContract } from './activation.ts';
import { readObligations, writeMilestone } from './contracts-store.ts';
import { lockContracts, refreshCompletion } from './positions-store.ts';

/** A milestone by the position of its obligation and its own in the schedule. */
export interface MilestoneChoice {
  readonly obligation: number;
  readonly milestone: number;
  /** Null: it is not reached after all. */
  readonly reachedOn: CalendarDate | null;
}

/**
 * Says when a milestone was reached: the run of that month, or a later one, recognises it. Errors: `not_found`, `conflict` (a draft;
 * recognised already).
 */
export async function setMilestone(
  tx: Transaction,
  contractId: string,
  { obligation, milestone, reachedOn }: MilestoneChoice,
  context: AuditContext,
): Promise<void> {
  // In the order in which runs and bills take them: the contract, then its document.
  await lockContracts(tx, [contractId]);
  const { status } = await lockContract(tx, contractId);
  if (status !== 'active' && status !== 'completed') {
    throw new TributaryError('conflict', `The contract is ${status}: only an active one has milestones.`);
  }
  const owner = (await readObligations(tx, contractId)).find(({ position }) => position === obligation);
  const part = owner?.schedule.find((row) => row.position === milestone && row.milestone !== null);
  if (!owner || !part) throw new TributaryError('not_found', 'The contract has no such milestone.');
  if (part.recognised) {
    throw new TributaryError('conflict', 'The milestone is recognised; undo the recognition run first.');
  }
  await writeMilestone(tx, owner.id, milestone, reachedOn);
  await refreshCompletion(tx, [contractId], context.actor);
  await appendAuditEntries(tx, context, [
    {
      action: 'contract.milestone_set',
      subjectType: 'document',
      subjectId: contractId,
      before: { milestone: part.milestone, reachedOn: part.reachedOn },
      after: { milestone: part.milestone, reachedOn },
    },
  ]);
}
