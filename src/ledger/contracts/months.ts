import { addDays, type CalendarDate } from '../../kernel/dates.ts';

/** The first day of the month that the day lies in: what a period of a schedule is named by. */
export function monthOf(date: CalendarDate): CalendarDate {
  return `${date.slice(0, 7)}-01` as CalendarDate;
}

/** Moves by whole months; a day that the month does not have becomes its last one (31 January + 1 month: 28 February). */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const daysInMonth = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, daysInMonth));
  return first.toISOString().slice(0, 10) as CalendarDate;
}

export function lastDayOfMonth(date: CalendarDate): CalendarDate {
  return addDays(addMonths(monthOf(date), 1), -1);
}

/** Days from one day to the other, both included. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000) + 1;
}
