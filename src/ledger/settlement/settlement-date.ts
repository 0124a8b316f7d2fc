import { type CalendarDate, dateInZone } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import type { Entity } from '../entities-store.ts';

/**
 * The day of a settlement: as given, else today in the entity's zone; never before any of what it follows (then that day, or
 * `invalid_request` where one was given).
 */
export function settlementDate(
  given: CalendarDate | undefined,
  follows: readonly CalendarDate[],
  entity: Entity,
  now: Date = new Date(),
): CalendarDate {
  const earliest = follows.reduce(
    (latest, date) => (date > latest ? date : latest),
    follows[0] ?? ('' as CalendarDate),
  );
  if (given === undefined) {
    const today = dateInZone(now, entity.timeZone);
    return today < earliest ? earliest : today;
  }
  if (given >= earliest) return given;
  const message = `The day cannot be before ${earliest}, the day of what is settled.`;
  throw new TributaryError('invalid_request', message, { fields: [{ field: 'date', message }] });
}
