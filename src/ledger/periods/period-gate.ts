import type { CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import type { AuditContext } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { groupBy } from '../group-by.ts';
import { extendFiscalYears } from './fiscal-years.ts';
import { type FiscalPeriod, holdPeriodsOfDays } from './periods-store.ts';

/** An entry as far as periods care. */
export interface DatedEntry {
  readonly entityId: string;
  readonly date: CalendarDate;
  readonly kind: string;
  /** A manual entry that is meant for a closed period. */
  readonly adjusting?: boolean;
  /** Of a reversal: what kind of entry it takes back. */
  readonly reversedKind?: string | undefined;
}

/** The periods of some days, which nobody closes until the transaction ends. */
export type HeldPeriods = ReadonlyMap<string, readonly FiscalPeriod[]>;

/** Kinds that end a period rather than happen in it. Their reversals are of the same sort. */
const closingKinds: readonly string[] = ['closing', 'revaluation'];

/** Holds the periods of these days, by entity; the year after the last one is made where a day falls in it. */
export async function holdPeriods(
  tx: Transaction,
  days: readonly Pick<DatedEntry, 'entityId' | 'date'>[],
  context: AuditContext,
): Promise<HeldPeriods> {
  if (days.length === 0) return new Map();
  const held = byEntity(await holdPeriodsOfDays(tx, days));
  const unknown = days.filter((day) => !periodOf(held, day));
  let hasNew = false;
  for (const [entityId, missing] of groupBy(unknown, (day) => day.entityId)) {
    const scope = { organizationId: context.organizationId, entityId };
    const dates = missing.map(({ date }) => date);
    hasNew = (await extendFiscalYears(tx, scope, dates, context)) || hasNew;
  }
  return hasNew ? byEntity(await holdPeriodsOfDays(tx, days)) : held;
}

function byEntity(periods: readonly FiscalPeriod[]): HeldPeriods {
  return groupBy(periods, ({ entityId }) => entityId);
}

function periodOf(held: HeldPeriods, { entityId, date }: Pick<DatedEntry, 'entityId' | 'date'>) {
  return held.get(entityId)?.find(({ startDate, endDate }) => startDate <= date && date <= endDate);
}

/** Whether the period of the entry is closed, so that what it reverses has to be known. */
export function isInClosedPeriod(held: HeldPeriods, entry: DatedEntry): boolean {
  return periodOf(held, entry)?.status === 'closed';
}

/**
 * Errors: `unknown_period` (the day lies in no fiscal year), `locked_period` (it is locked, or closed and the entry is no closing,
 * revaluation or adjusting one); the detail names the day, the period, who closed it, when and why.
 */
export function assertPeriodTakes(held: HeldPeriods, entry: DatedEntry): void {
  const period = periodOf(held, entry);
  if (!period) throw new TributaryError('unknown_period', `The day is ${entry.date}.`);
  if (period.status === 'open') return;
  if (period.status === 'closed' && takesWhenClosed(entry)) return;
  throw new TributaryError('locked_period', sentenceOf(period, entry.date));
}

function takesWhenClosed({ kind, adjusting = false, reversedKind }: DatedEntry): boolean {
  if (kind === 'reversal')
    return adjusting || (reversedKind !== undefined && closingKinds.includes(reversedKind));
  return closingKinds.includes(kind) || adjusting;
}

/** `2026-03-10 lies in March 2026, which ann@example.com closed on 2026-04-05 (Month end).` */
function sentenceOf(period: FiscalPeriod, date: CalendarDate): string {
  const { name, status, statusBy, statusAt, statusReason } = period;
  const who = (statusBy ?? '').replace(/^user:/, '').replace(/^key:/, 'API key ');
  return `${date} lies in ${name}, which ${who} ${status} on ${(statusAt ?? '').slice(0, 10)} (${statusReason ?? ''}).`;
}
