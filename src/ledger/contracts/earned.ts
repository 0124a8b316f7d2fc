import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { divideRounded } from '../../kernel/money.ts';
import { daysInRange, firstOfMonth, lastOfMonth } from '../../kernel/months.ts';
import type { ScheduledPart, ServiceTerms } from './contract-state.ts';

/**
 * What of an obligation is earned before a day: the months before it whole, of its month the part that the days before it have in the
 * days of service (rounded half away from zero), and every milestone that is reached. Whether a run has recognised it is
 * another question.
 */
export function earnedBefore(
  {
    recognition,
    serviceStart,
    serviceEnd,
    schedule,
  }: ServiceTerms & { readonly schedule: readonly ScheduledPart[] },
  day: CalendarDate,
): bigint {
  const month = firstOfMonth(day);
  const lastDay = recognition === 'immediate' ? serviceStart : serviceEnd;
  return schedule.reduce((earned, { period, amountMinor, milestone }) => {
    if (period === null || (milestone === null && period > month)) return earned;
    if (milestone !== null || period < month) return earned + amountMinor;
    return earned + earnedInMonth(amountMinor, month, serviceStart, lastDay, day);
  }, 0n);
}

function earnedInMonth(
  amountMinor: bigint,
  month: CalendarDate,
  serviceStart: CalendarDate,
  serviceEnd: CalendarDate,
  day: CalendarDate,
): bigint {
  const monthEnd = lastOfMonth(month);
  const from = serviceStart > month ? serviceStart : month;
  const to = serviceEnd < monthEnd ? serviceEnd : monthEnd;
  const served = daysInRange(from, to);
  // Outside of the service stands what an earlier change has corrected at once.
  if (served <= 0) return amountMinor;
  const passed = Math.min(Math.max(daysInRange(from, addDays(day, -1)), 0), served);
  return divideRounded(amountMinor * BigInt(passed), BigInt(served), 'half_away_from_zero');
}
