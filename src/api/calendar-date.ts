import { type CalendarDate, parseCalendarDate } from '../kernel/dates.ts';
import { TributaryError } from '../kernel/errors.ts';

/** A day of a request: the schema has checked its form, this whether there is such a day. Errors: invalid_request. */
export function calendarDate(field: string, text: string): CalendarDate {
  const date = parseCalendarDate(text);
  if (date) return date;
  throw new TributaryError('invalid_request', null, {
    fields: [{ field, message: `There is no day ${text}.` }],
  });
}

export function optionalCalendarDate(field: string, text: string | undefined): CalendarDate | undefined {
  return text === undefined ? undefined : calendarDate(field, text);
}
