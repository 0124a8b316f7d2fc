import { assert } from '../../kernel/assert.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { divideRounded } from '../../kernel/money.ts';
import { addMonths, daysInRange, firstOfMonth, lastOfMonth } from '../../kernel/months.ts';

/** How revenue is recognised: at the start of the service, by day, by month, or when milestones are reached. */
export const recognitionMethods = ['immediate', 'daily', 'monthly', 'milestone'] as const;
export type RecognitionMethod = (typeof recognitionMethods)[number];

export interface ScheduledAmount {
  /** First day of the month. */
  readonly period: CalendarDate;
  readonly amountMinor: bigint;
}

/** Divisible by the days of every month, so that a month's covered part is a whole weight: 28 · 29 · 30 · 31 without common factors. */
const monthWeight = 377_580;

/** Months of the service with their weights: days, or the covered part of each month. */
function weighMonths(
  method: 'daily' | 'monthly',
  start: CalendarDate,
  end: CalendarDate,
): { period: CalendarDate; weight: bigint }[] {
  assert(start <= end, 'the service ends on or after its start');
  const months: { period: CalendarDate; weight: bigint }[] = [];
  for (let period = firstOfMonth(start); period <= end; period = addMonths(period, 1)) {
    const last = lastOfMonth(period);
    const covered = daysInRange(start > period ? start : period, end < last ? end : last);
    const weight = method === 'daily' ? covered : (covered * monthWeight) / daysInRange(period, last);
    months.push({ period, weight: BigInt(weight) });
  }
  return months;
}

/**
 * Spreads an amount over the service period: what is recognised up to a month's end is the amount times the part that has passed,
 * rounded half away from zero, and a month gets the difference to the month before. So the parts sum exactly, and no month
 * is off by a minor unit or more. `monthly` gives full months the same; a month that is covered in part gets that part of one.
 */
export function spreadStraightLine(
  amountMinor: bigint,
  method: 'daily' | 'monthly',
  start: CalendarDate,
  end: CalendarDate,
): ScheduledAmount[] {
  const months = weighMonths(method, start, end);
  const total = months.reduce((sum, { weight }) => sum + weight, 0n);
  let passed = 0n;
  let before = 0n;
  return months.map(({ period, weight }) => {
    passed += weight;
    const upTo = divideRounded(amountMinor * passed, total, 'half_away_from_zero');
    const part = { period, amountMinor: upTo - before };
    before = upTo;
    return part;
  });
}

/** The schedule of an obligation that milestones do not decide. */
export function scheduleOf(
  amountMinor: bigint,
  method: Exclude<RecognitionMethod, 'milestone'>,
  start: CalendarDate,
  end: CalendarDate,
): ScheduledAmount[] {
  return method === 'immediate'
    ? [{ period: firstOfMonth(start), amountMinor }]
    : spreadStraightLine(amountMinor, method, start, end);
}
