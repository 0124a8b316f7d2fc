import { pageLimitMax } from '../../../contract/wire.ts';
import type { FiscalPeriodWire, FiscalYearWire } from '../../../contract/fiscal-wire.ts';
import { apiQuery } from '../../api/query.ts';
import { countOf, listOf } from '../../format/count.ts';

export const fiscalYearsQuery = (entityId: string | undefined) =>
  apiQuery('listFiscalYears', { query: { entityId, limit: pageLimitMax } });

/** What shows something else once a period or a year has changed. */
export const changedByPeriods = ['listFiscalYears', 'getFiscalYear', 'previewYearClose'] as const;

export type PeriodStatus = FiscalPeriodWire['status'];

const rank: Readonly<Record<PeriodStatus, number>> = { open: 0, closed: 1, locked: 2 };

/** The verb of the button that leads to a status. */
export const periodVerbs = { open: 'Open', closed: 'Close', locked: 'Lock' } as const;

/** All periods of an entity by day. */
export function periodsOf(years: readonly FiscalYearWire[]): FiscalPeriodWire[] {
  return years
    .flatMap(({ periods }) => periods)
    .toSorted((left, right) => (left.startDate < right.startDate ? -1 : 1));
}

/** The earlier periods that would be set along with this one: periods close in order. */
export function earlierOnes(
  years: readonly FiscalYearWire[],
  period: FiscalPeriodWire,
  status: PeriodStatus,
): FiscalPeriodWire[] {
  if (status === 'open') return [];
  return periodsOf(years).filter(
    (other) => other.startDate < period.startDate && rank[other.status] < rank[status],
  );
}

/** `12 open`, or `3 open, 8 closed and 1 locked`. */
export function statusCounts(periods: readonly FiscalPeriodWire[]): string {
  return listOf(
    (['open', 'closed', 'locked'] as const).flatMap((status) => {
      const count = periods.filter((period) => period.status === status).length;
      return count === 0 ? [] : [`${count} ${status}`];
    }),
  );
}

/** `January 2021`, or `58 months, from January 2021 to October 2025`. */
export function spanOf(periods: readonly FiscalPeriodWire[]): string {
  const [first] = periods;
  const last = periods.at(-1);
  if (!first || !last || periods.length === 1) return first?.name ?? '';
  return `${countOf(periods.length, 'period')}, from ${first.name} to ${last.name}`;
}

export function periodOfDay(years: readonly FiscalYearWire[], day: string): FiscalPeriodWire | undefined {
  return years
    .flatMap(({ periods }) => periods)
    .find(({ startDate, endDate }) => startDate <= day && day <= endDate);
}
