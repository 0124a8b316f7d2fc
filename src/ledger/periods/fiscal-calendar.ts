import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { addMonths } from '../../kernel/months.ts';

/** The day that a fiscal year begins with: month 1 to 12, day 1 to 28, so that it is a day of every year. */
export interface FiscalYearStart {
  readonly month: number;
  readonly day: number;
}

/** The latest day that can begin a fiscal year: every month has it. */
export const fiscalStartDayMax = 28;

export interface PlannedPeriod {
  /** From 1. */
  readonly position: number;
  readonly name: string;
  readonly startDate: CalendarDate;
  readonly endDate: CalendarDate;
}

/** A year of twelve periods, before it exists. */
export interface PlannedYear {
  readonly name: string;
  readonly startDate: CalendarDate;
  readonly endDate: CalendarDate;
  readonly periods: readonly PlannedPeriod[];
}

const periodsOfYear = 12;
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function partsOf(date: CalendarDate): Parts {
  return {
    year: Number(date.slice(0, 4)),
    month: Number(date.slice(5, 7)),
    day: Number(date.slice(8, 10)),
  };
}

/** The first day of the fiscal year that the date lies in. */
export function fiscalYearStartOf(date: CalendarDate, start: FiscalYearStart): CalendarDate {
  const day = `${date.slice(0, 4)}-${String(start.month).padStart(2, '0')}-${String(start.day).padStart(2, '0')}`;
  const thisYear = day as CalendarDate;
  return thisYear <= date ? thisYear : addMonths(thisYear, -12);
}

/** The fiscal year of twelve months that begins on this day. */
export function planFiscalYear(startDate: CalendarDate): PlannedYear {
  const { year, month, day } = partsOf(startDate);
  const isCalendarYear = month === 1 && day === 1;
  const next = String((year + 1) % 100).padStart(2, '0');
  return {
    name: isCalendarYear ? String(year) : `${year}/${next}`,
    startDate,
    endDate: addDays(addMonths(startDate, periodsOfYear), -1),
    periods: Array.from({ length: periodsOfYear }, (_, index) => planPeriod(startDate, index)),
  };
}

function planPeriod(yearStart: CalendarDate, index: number): PlannedPeriod {
  const startDate = addMonths(yearStart, index);
  const endDate = addDays(addMonths(yearStart, index + 1), -1);
  const { year, month, day } = partsOf(startDate);
  const name = day === 1 ? `${monthNames[month - 1] ?? ''} ${year}` : `${startDate} to ${endDate}`;
  return { position: index + 1, name, startDate, endDate };
}

/** The years from the one that `from` lies in to the one that `to` lies in. */
export function planFiscalYears(from: CalendarDate, to: CalendarDate, start: FiscalYearStart): PlannedYear[] {
  const years: PlannedYear[] = [];
  for (let day = fiscalYearStartOf(from, start); day <= to; day = addMonths(day, 12)) {
    years.push(planFiscalYear(day));
  }
  return years;
}
