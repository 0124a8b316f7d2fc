import { TributaryError } from '../../kernel/errors.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import {
  findFiscalPeriod,
  type FiscalPeriod,
  lockPeriodsUpTo,
  type PeriodStatus,
  setPeriodStatus,
} from './periods-store.ts';

const reasonLengthMax = 500;

export interface PeriodChange {
  readonly status: PeriodStatus;
  readonly reason: string;
  /** Earlier periods that are more open than this one is to be become the same; without it they are named and nothing happens. */
  readonly closeEarlier?: boolean | undefined;
}

/** From open to shut. */
const rank: Readonly<Record<PeriodStatus, number>> = { open: 0, closed: 1, locked: 2 };
const actionOf = { open: 'reopened', closed: 'closed', locked: 'locked' } as const;

/** Errors: `invalid_request`. */
export function checkReason(reason: string): string {
  const trimmed = reason.trim();
  if (trimmed === '' || trimmed.length > reasonLengthMax) {
    const message = `Say in at most ${reasonLengthMax} characters why.`;
    throw new TributaryError('invalid_request', message, { fields: [{ field: 'reason', message }] });
  }
  return trimmed;
}

/**
 * Opens, closes or locks a period; it waits for the entries that are under way in it. Periods close in order: where an earlier one is
 * more open, `closeEarlier` closes it too. Returns the periods that changed, by day. Errors: `not_found`, `invalid_request` (no
 * reason), `conflict` (it is so already), `confirmation_required` (earlier periods).
 */
export async function changePeriodStatus(
  tx: Transaction,
  periodId: string,
  change: PeriodChange,
  context: AuditContext,
): Promise<FiscalPeriod[]> {
  const reason = checkReason(change.reason);
  const found = await findFiscalPeriod(tx, periodId);
  if (!found) throw new TributaryError('not_found', 'There is no such period.');
  const periods = await lockPeriodsUpTo(tx, found.entityId, found.startDate);
  const period = periods.find(({ id }) => id === periodId) ?? found;
  const { status } = change;
  if (period.status === status) throw new TributaryError('conflict', `${period.name} is ${status} already.`);
  const earlier = periods.filter(
    (other) => other.startDate < period.startDate && rank[other.status] < rank[status],
  );
  if (status !== 'open' && earlier.length > 0 && change.closeEarlier !== true) {
    throw new TributaryError('confirmation_required', earlierSentence(earlier, status), {
      fields: [{ field: 'closeEarlier', message: `true makes them ${status}, too.` }],
    });
  }
  const changing = status === 'open' ? [period] : [...earlier, period];
  return shiftPeriods(tx, changing, status, reason, context);
}

/** Sets the status of periods that are locked by this transaction, with an audit entry each. */
export async function shiftPeriods(
  tx: Transaction,
  periods: readonly FiscalPeriod[],
  status: PeriodStatus,
  reason: string,
  context: AuditContext,
): Promise<FiscalPeriod[]> {
  if (periods.length === 0) return [];
  const ids = periods.map(({ id }) => id);
  const changed = await setPeriodStatus(tx, ids, { status, actor: context.actor, reason });
  await appendAuditEntries(
    tx,
    context,
    periods.map((period) => ({
      action: `fiscal_period.${actionOf[status]}`,
      subjectType: 'fiscal_period',
      subjectId: period.id,
      before: { period: period.name, status: period.status, reason: period.statusReason },
      after: { period: period.name, status, reason },
    })),
  );
  return changed;
}

function earlierSentence(earlier: readonly FiscalPeriod[], status: PeriodStatus): string {
  const first = earlier[0]?.name ?? '';
  const last = earlier.at(-1)?.name ?? '';
  return earlier.length === 1
    ? `${first} is not ${status}.`
    : `${earlier.length} earlier periods are not ${status}, from ${first} to ${last}.`;
}
