import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { addMonths, daysInRange, firstOfMonth, lastOfMonth, monthNumber } from '../../kernel/months.ts';

export type ColumnChoice = 'total' | 'months' | 'previous_period' | 'previous_year';

export interface ClosedRange {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** Five years of months: more columns no screen shows and no one reads. */
export const monthColumnsMax = 60;

/**
 * The columns of a statement over a range: the range alone; its months, the first and last as long as the range lets them be; beside the
 * days before it of the same number (whole months where it is whole months); beside the same days a year before. Errors:
 * `invalid_request` (the range ends before it begins, too many months).
 */
export function columnRanges(range: ClosedRange, choice: ColumnChoice): ClosedRange[] {
  if (range.to < range.from) throw invalid('to', `The range ends before it begins on ${range.from}.`);
  if (choice === 'months') return monthsOf(range);
  if (choice === 'previous_period') return [range, periodBefore(range)];
  if (choice === 'previous_year') return [range, yearBefore(range)];
  return [range];
}

function invalid(field: string, message: string): TributaryError {
  return new TributaryError('invalid_request', message, { fields: [{ field, message }] });
}

function monthsOf({ from, to }: ClosedRange): ClosedRange[] {
  const months: ClosedRange[] = [];
  for (let start = from; start <= to; start = addMonths(firstOfMonth(start), 1)) {
    if (months.length === monthColumnsMax)
      throw invalid('columns', `At most ${monthColumnsMax} months can stand side by side.`);
    const end = lastOfMonth(start);
    months.push({ from: start, to: end < to ? end : to });
  }
  return months;
}

function periodBefore({ from, to }: ClosedRange): ClosedRange {
  const before = addDays(from, -1);
  if (from === firstOfMonth(from) && to === lastOfMonth(to)) {
    const months = monthNumber(to) - monthNumber(from) + 1;
    return { from: addMonths(from, -months), to: before };
  }
  return { from: addDays(from, -daysInRange(from, to)), to: before };
}

/** The 29th of February is the 28th in the year before; the last day of a February its last day there. */
function yearBefore({ from, to }: ClosedRange): ClosedRange {
  const end = addMonths(to, -12);
  return { from: addMonths(from, -12), to: to === lastOfMonth(to) ? lastOfMonth(end) : end };
}
