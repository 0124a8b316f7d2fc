import { assert } from '../../kernel/assert.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { formatMinor, isAmountInRange } from '../../kernel/money.ts';
import { addMonths, firstOfMonth } from '../../kernel/months.ts';
import { contractMonthsMax } from '../../model/configuration.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { getItems } from '../items-store.ts';
import type { LockedDocument } from '../posting-store.ts';
import { lockContract } from './activation.ts';
import type { NewMilestone } from './change-schedule.ts';
import { type ContractChange, insertContractChange, markTerminated } from './changes-store.ts';
import { incomeAccount, readContractAccounts } from './contract-accounts.ts';
import type { ContractState } from './contract-state.ts';
import { readContractState, rewriteContract } from './contracts-store.ts';
import { type AddedObligation, type ModificationRequest, planModification, refuse } from './modification.ts';
import { lockContracts, refreshCompletion } from './positions-store.ts';
import type { RecognitionMethod } from './schedule.ts';
import { planTermination, type TerminationTerms } from './termination.ts';

/** An obligation that a modification adds, as a person gives it. */
export interface AddedTerms {
  readonly description: string;
  readonly itemId?: string;
  readonly quantity?: string;
  /** Minor units; above zero. */
  readonly standaloneMinor: bigint;
  readonly recognition: RecognitionMethod;
  readonly serviceStart: CalendarDate;
  readonly serviceEnd: CalendarDate;
  /** With `milestone` only, and then at least one. */
  readonly milestones?: readonly NewMilestone[];
}

export interface ContractModification extends Omit<ModificationRequest, 'added'> {
  readonly reason: string;
  readonly added: readonly AddedTerms[];
}

export interface ContractTermination {
  readonly lastDay: CalendarDate;
  readonly reason: string;
  readonly terms: TerminationTerms;
}

/**
 * Changes an active contract: price, obligations, schedules and billing plan. Posts nothing: what is to be corrected is recognised by
 * the next run, what is to be billed or credited by the next billing. Errors: `not_found`, `invalid_request`, `invalid_amount`,
 * `amount_out_of_range`, `conflict` (not active), `account_not_usable`.
 */
export async function modifyContract(
  tx: Transaction,
  id: string,
  request: ContractModification,
  context: AuditContext,
): Promise<void> {
  const { document, before } = await lockForChange(tx, id, ['active', 'completed']);
  const added = await addedObligations(tx, document, request.added);
  const services = [...request.added, ...endsOf(before, request)];
  services.forEach(({ serviceStart, serviceEnd }) => assertService(serviceStart, serviceEnd));
  const after = planModification(before, { ...request, added });
  await write(
    tx,
    id,
    { before, after, document, context },
    {
      kind: 'modification',
      method: request.method,
      effectiveOn: request.date,
      reason: request.reason,
    },
  );
  await refreshCompletion(tx, [id], context.actor);
}

const endsOf = ({ obligations }: ContractState, request: ContractModification) =>
  request.obligations.flatMap(({ position, serviceEnd }) => {
    const known = obligations.find((obligation) => obligation.position === position);
    return known && serviceEnd !== undefined ? [{ serviceStart: known.serviceStart, serviceEnd }] : [];
  });

/**
 * Ends an active contract after a day of service. Posts nothing, as a modification. Errors: `not_found`, `invalid_request`,
 * `conflict` (not active).
 */
export async function terminateContract(
  tx: Transaction,
  id: string,
  { lastDay, reason, terms }: ContractTermination,
  context: AuditContext,
): Promise<void> {
  const { document, before } = await lockForChange(tx, id, ['active']);
  const after = planTermination(before, lastDay, terms);
  await write(
    tx,
    id,
    { before, after, document, context },
    {
      kind: 'termination',
      method: null,
      effectiveOn: lastDay,
      reason,
    },
  );
  await markTerminated(tx, id, lastDay, context.actor);
}

async function lockForChange(
  tx: Transaction,
  id: string,
  statuses: readonly string[],
): Promise<{ readonly document: LockedDocument; readonly before: ContractState }> {
  // In the order in which runs and bills take them: the contract, then its document.
  await lockContracts(tx, [id]);
  const document = await lockContract(tx, id);
  if (!statuses.includes(document.status)) {
    throw new TributaryError('conflict', `${document.number ?? 'The contract'} is ${document.status}.`);
  }
  const before = await readContractState(tx, id);
  assert(before, 'a contract that is active has its terms');
  return { document, before };
}

async function write(
  tx: Transaction,
  id: string,
  {
    before,
    after,
    document,
    context,
  }: {
    readonly before: ContractState;
    readonly after: ContractState;
    readonly document: LockedDocument;
    readonly context: AuditContext;
  },
  change: Pick<ContractChange, 'kind' | 'method' | 'effectiveOn' | 'reason'>,
): Promise<void> {
  if (!isAmountInRange(after.priceMinor)) throw new TributaryError('amount_out_of_range', 'The new price.');
  await rewriteContract(tx, { organizationId: context.organizationId, contractId: id }, before, after);
  await insertContractChange(tx, context, id, {
    ...change,
    priceBeforeMinor: before.priceMinor,
    priceAfterMinor: after.priceMinor,
  });
  const said = ({ priceMinor, obligations }: ContractState) => ({
    price: formatMinor(priceMinor, document.currency),
    obligations: obligations.map(({ position, description, allocatedMinor, serviceEnd }) => ({
      position,
      description,
      allocated: formatMinor(allocatedMinor, document.currency),
      serviceEnd,
    })),
  });
  await appendAuditEntries(tx, context, [
    {
      action: change.kind === 'termination' ? 'contract.terminated' : 'contract.modified',
      subjectType: 'document',
      subjectId: id,
      before: said(before),
      after: {
        ...said(after),
        method: change.method,
        effectiveOn: change.effectiveOn,
        reason: change.reason,
      },
    },
  ]);
}

function assertService(serviceStart: CalendarDate, serviceEnd: CalendarDate): void {
  if (serviceEnd < serviceStart) throw refuse('serviceEnd', 'The service ends before it starts.');
  if (addMonths(firstOfMonth(serviceStart), contractMonthsMax) <= serviceEnd) {
    throw refuse('serviceEnd', `The service is longer than ${contractMonthsMax} months.`);
  }
}

async function addedObligations(
  tx: Transaction,
  document: LockedDocument,
  added: readonly AddedTerms[],
): Promise<AddedObligation[]> {
  if (added.length === 0) return [];
  const accounts = await readContractAccounts(tx, document.entityId);
  const found = await getItems(
    tx,
    added.flatMap(({ itemId }) => itemId ?? []),
  );
  const items = new Map(
    found.filter(({ entityId }) => entityId === document.entityId).map((item) => [item.id, item]),
  );
  return added.map((terms, index) => {
    const item = terms.itemId === undefined ? null : items.get(terms.itemId);
    const field = `added.${index}`;
    if (item === undefined) throw refuse(`${field}.itemId`, 'There is no such item in this entity.');
    if (terms.standaloneMinor <= 0n)
      throw refuse(`${field}.standalone`, 'Give a stand-alone price above zero.');
    const { milestones = [] } = terms;
    if ((terms.recognition === 'milestone') !== milestones.length > 0) {
      throw refuse(
        `${field}.milestones`,
        'Milestones belong to what is recognised by them: name at least one.',
      );
    }
    return {
      id: newId(),
      itemId: item?.id ?? null,
      incomeAccountId: incomeAccount(
        { incomeAccountId: item?.incomeAccountId ?? null, position: index + 1 },
        accounts,
      ),
      description: terms.description.trim(),
      quantity: terms.quantity ?? '1',
      standaloneMinor: terms.standaloneMinor,
      recognition: terms.recognition,
      serviceStart: terms.serviceStart,
      serviceEnd: terms.serviceEnd,
      milestones,
    };
  });
}
