/** A day without a time or a zone, `YYYY-MM-DD`. Never an instant. */
export type CalendarDate = string & { readonly calendarDate: unique symbol };

/** A point in time, RFC 3339 in UTC, such as `2026-03-31T22:15:00.000Z`. Never a day. */
export type Instant = string & { readonly instant: unique symbol };

/** Tells the time; injected, so that a test can set it. */
export type Clock = () => Date;

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day that the text names, or null when it is not `YYYY-MM-DD` or no such day exists. */
export function parseCalendarDate(text: string): CalendarDate | null {
  const match = datePattern.exec(text);
  if (!match) return null;
  const date = new Date(`${text}T00:00:00.000Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text) return null;
  return text as CalendarDate;
}

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** The instant that the text names (RFC 3339, or epoch milliseconds as digits), or null. */
export function parseInstant(text: string): Instant | null {
  const trimmed = text.trim();
  const date = /^-?\d{9,15}$/.test(trimmed)
    ? new Date(Number(trimmed))
    : instantPattern.test(trimmed)
      ? new Date(trimmed)
      : null;
  if (!date || Number.isNaN(date.getTime())) return null;
  return date.toISOString() as Instant;
}

export function toInstant(date: Date): Instant {
  return date.toISOString() as Instant;
}

// Making an Intl formatter costs some 50 µs; a sync asks for the same few zones a hundred thousand times.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

export function isTimeZone(timeZone: string): boolean {
  try {
    formatterFor(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** The calendar date on which the instant falls in the zone (IANA name; throws a RangeError on an unknown one). */
export function dateInZone(instant: Instant | Date, timeZone: string): CalendarDate {
  const date = typeof instant === 'string' ? new Date(instant) : instant;
  return formatterFor(timeZone).format(date) as CalendarDate;
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  const moved = new Date(`${date}T00:00:00.000Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10) as CalendarDate;
}
