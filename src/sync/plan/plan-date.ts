import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { Warning } from '../../model/warning.ts';
import type { LinkedDocument, PeriodsSnapshot } from './plan-context.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Where a link keeps the day that the CRM says, when the document has another one. */
export const movedFromField = '$movedFrom';

const periodOf = (date: CalendarDate, { closed }: PeriodsSnapshot) =>
  closed.find(({ startDate, endDate }) => startDate <= date && date <= endDate);

/** The day that a document is written on: the day itself where its period is open, else as the setting says. */
export function openDate(
  date: CalendarDate,
  setting: Configuration['lockedPeriod'],
  periods: PeriodsSnapshot,
): CalendarDate | Refusal {
  if (!periodOf(date, periods)) return date;
  if (setting === 'fail') return refusal('locked_period', { date });
  return firstOpenDay(date, periods);
}

function firstOpenDay(date: CalendarDate, periods: PeriodsSnapshot): CalendarDate {
  let day = date;
  for (let period = periodOf(day, periods); period; period = periodOf(day, periods)) {
    day = addDays(period.endDate, 1);
  }
  return day;
}

/**
 * The day that a document is compared on: the CRM's, unless the document was moved out of a closed period and the CRM still says the same
 * day. So nothing changes when that period is opened again, or the one that the document was moved to is closed as well.
 */
export function standingDate(
  date: CalendarDate,
  { link: { applied } }: LinkedDocument,
  periods: PeriodsSnapshot,
): CalendarDate {
  const written = applied['documentDate'] as CalendarDate | null | undefined;
  if (written == null) return date;
  if (applied[movedFromField] === date) return written;
  // A link that was rebuilt from its document does not know where the document was moved from.
  const isRebuilt = applied['$rebuilt'] !== undefined;
  return isRebuilt && written > date && periodOf(date, periods) ? written : date;
}

/** What somebody should know of the day: that it is not the CRM's, or that it lies in no fiscal year. */
export function dateWarnings(
  date: CalendarDate,
  documentDate: CalendarDate,
  { reach }: PeriodsSnapshot,
): Warning[] {
  if (documentDate !== date) {
    const message = `The deal’s date, ${date}, lies in a closed period; the document is dated ${documentDate}, the first open day after it.`;
    return [{ code: 'date_moved', message }];
  }
  if (!reach || (date >= reach.firstDay && date <= reach.lastDay)) return [];
  const message = `The date ${date} lies in no fiscal year: the document can be posted once the year is added in Settings › Periods.`;
  return [{ code: 'unknown_period', message }];
}
