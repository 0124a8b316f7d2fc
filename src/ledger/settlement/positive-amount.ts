import { decimalFromInteger, compare, parseDecimal } from '../../kernel/decimal.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { amountMinorMax, formatMinor, fromMinor, isAmountInRange, toMinor } from '../../kernel/money.ts';

/**
 * The text as minor units of the currency. Errors: `invalid_amount` (no decimal, zero, less, or more decimals than the currency
 * has), `amount_out_of_range`.
 */
export function positiveAmount(text: string, currency: string): bigint {
  const value = parseDecimal(text);
  if (value === null || compare(value, decimalFromInteger(0)) <= 0) {
    throw new TributaryError('invalid_amount', `${text} is no amount of more than zero.`);
  }
  const amountMinor = toMinor(value, currency, 'toward_zero');
  if (compare(fromMinor(amountMinor, currency), value) !== 0) {
    throw new TributaryError('invalid_amount', `${text} has more decimals than ${currency}.`);
  }
  if (!isAmountInRange(amountMinor)) {
    throw new TributaryError('amount_out_of_range', `At most ${formatMinor(amountMinorMax, currency)}.`);
  }
  return amountMinor;
}
