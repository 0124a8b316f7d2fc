import { type Instant, toInstant } from '../kernel/dates.ts';

/** A timestamptz as the database gives it, with up to six decimals of a second, as an instant with three. */
export function instantFromRow(text: string): Instant {
  return toInstant(new Date(text));
}

export function optionalInstantFromRow(text: string | null): Instant | null {
  return text === null ? null : instantFromRow(text);
}
