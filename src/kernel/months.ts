import { addDays, type CalendarDate } from './dates.ts';

const monthsOfYear = 12;
const dayMs = 86_400_000;

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

/** Months from the year 0, so that two days compare and subtract by their months. */
export function monthNumber(date: CalendarDate): number {
  return Number(date.slice(0, 4)) * monthsOfYear + Number(date.slice(5, 7)) - 1;
}

export function firstOfMonth(date: CalendarDate): CalendarDate {
  return `${date.slice(0, 7)}-01` as CalendarDate;
}

export function lastOfMonth(date: CalendarDate): CalendarDate {
  return addDays(addMonths(firstOfMonth(date), 1), -1);
}

/** Moves by whole months; a day that the month does not have becomes its last one (31 January + 1 month: 28 February). */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const number = monthNumber(date) + months;
  const month = `${digits(Math.floor(number / monthsOfYear), 4)}-${digits((number % monthsOfYear) + 1, 2)}`;
  const day = `${month}-${date.slice(8)}` as CalendarDate;
  if (date.slice(8) <= '28') return day;
  const last = lastOfMonth(`${month}-01` as CalendarDate);
  return day < last ? day : last;
}

/** Days from one day to the other, both included; 0 or less when they stand the other way round. */
export function daysInRange(from: CalendarDate, to: CalendarDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
}
