import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';

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
  const days = Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
  return { from: addDays(before, -days), to: before };
}

const dayMs = 86_400_000;

/** The 29th of February is the 28th in the year before; the last day of a February its last day there. */
function yearBefore({ from, to }: ClosedRange): ClosedRange {
  const isMonthEnd = to === lastOfMonth(to);
  const end = addMonths(firstOfMonth(to), -12);
  return {
    from: dayInMonth(addMonths(firstOfMonth(from), -12), from),
    to: isMonthEnd ? lastOfMonth(end) : dayInMonth(end, to),
  };
}

const firstOfMonth = (date: CalendarDate): CalendarDate => `${date.slice(0, 7)}-01` as CalendarDate;
const lastOfMonth = (date: CalendarDate): CalendarDate => addDays(addMonths(firstOfMonth(date), 1), -1);
const monthNumber = (date: CalendarDate): number =>
  Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;

/** The first day of a month, some months later. */
function addMonths(first: CalendarDate, months: number): CalendarDate {
  const number = monthNumber(first) + months;
  const year = Math.floor(number / 12);
  return `${String(year).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}-01` as CalendarDate;
}

function dayInMonth(first: CalendarDate, like: CalendarDate): CalendarDate {
  const day = `${first.slice(0, 7)}-${like.slice(8)}` as CalendarDate;
  const last = lastOfMonth(first);
  return day < last ? day : last;
}
