import { isCurrency } from '../kernel/currencies.ts';
import { parseCalendarDate } from '../kernel/dates.ts';
import { compare, decimalFromInteger, formatDecimal, parseDecimal } from '../kernel/decimal.ts';
import { TributaryError } from '../kernel/errors.ts';
import { type AuditContext, appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import { getEntity } from './entities.ts';
import { type ExchangeRate, findRateOfDay, upsertExchangeRate } from './exchange-rates-store.ts';

/** Rates from here on are typing errors; the database refuses them too. */
const rateMax = decimalFromInteger(10n ** 12n);
const sourceLengthMax = 100;

/**
 * Sets the rate of a currency from a day on: base units for one unit. Errors: `not_found` (entity), `unknown_currency`,
 * `invalid_request` (the base currency itself, date, a rate that is no decimal between 0 and 10^12).
 */
export async function setExchangeRate(
  tx: Transaction,
  entityId: string,
  fields: {
    readonly currency: string;
    readonly date: string;
    readonly rate: string;
    readonly source?: string;
  },
  context: AuditContext,
): Promise<ExchangeRate> {
  const entity = await getEntity(tx, entityId);
  if (!isCurrency(fields.currency)) throw new TributaryError('unknown_currency', fields.currency);
  const refuse = (field: string, message: string): never => {
    throw new TributaryError('invalid_request', message, { fields: [{ field, message }] });
  };
  if (fields.currency === entity.baseCurrency) {
    return refuse('currency', `${fields.currency} is the base currency; its rate is always 1.`);
  }
  const date = parseCalendarDate(fields.date) ?? refuse('date', 'Give a day as YYYY-MM-DD.');
  const value = parseDecimal(fields.rate);
  if (value === null || compare(value, decimalFromInteger(0)) <= 0 || compare(value, rateMax) >= 0) {
    return refuse('rate', 'Give a decimal greater than 0, such as 1.0825.');
  }
  const source = (fields.source ?? 'manual').slice(0, sourceLengthMax);
  const rate: ExchangeRate = { currency: fields.currency, date, rate: formatDecimal(value), source };
  const before = await findRateOfDay(tx, entityId, rate.currency, date);
  await upsertExchangeRate(tx, { organizationId: entity.organizationId, entityId }, rate, context.actor);
  await appendAuditEntries(tx, context, [
    { action: 'exchange_rate.set', subjectType: 'entity', subjectId: entityId, before, after: rate },
  ]);
  return rate;
}
