import { isCurrency } from '../../kernel/currencies.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { type Decimal, decimalFromInteger } from '../../kernel/decimal.ts';
import { divideRounded } from '../../kernel/money.ts';
import type { RateFileRow } from './rate-file.ts';

/**
 * Significant digits that a rate from the ECB's has. The ECB publishes five or six; with twelve the error of dividing is a millionth of
 * that of its own rounding, and moves the largest amount (10^15 minor units) by at most some thousand of them.
 */
export const crossRateDigits = 12;

/** `numerator / denominator` (both positive) with `digits` significant digits, rounded half away from zero. */
export function divideToDigits(numerator: Decimal, denominator: Decimal, digits: number): Decimal {
  const top = numerator.digits * 10n ** BigInt(denominator.scale);
  const bottom = denominator.digits * 10n ** BigInt(numerator.scale);
  // Places after the point for that many digits: off by one at most, and by more when rounding carries into a new digit.
  let scale = digits - (top.toString().length - bottom.toString().length) - 1;
  let result = quotient(top, bottom, scale);
  if (result.toString().length < digits) {
    scale += 1;
    result = quotient(top, bottom, scale);
  }
  while (result !== 0n && result % 10n === 0n) {
    result /= 10n;
    scale -= 1;
  }
  return scale >= 0 ? { digits: result, scale } : { digits: result * 10n ** BigInt(-scale), scale: 0 };
}

function quotient(top: bigint, bottom: bigint, scale: number): bigint {
  const up = scale > 0 ? 10n ** BigInt(scale) : 1n;
  const down = scale < 0 ? 10n ** BigInt(-scale) : 1n;
  return divideRounded(top * up, bottom * down, 'half_away_from_zero');
}

export interface CrossRates {
  /** Base units for one unit of the currency. */
  readonly rows: readonly RateFileRow[];
  /** Codes that are no currency any more, such as that of Slovenia before the euro. */
  readonly unknownCurrencies: readonly string[];
  /** Days on which the base currency has no rate, so that none can be worked out. */
  readonly daysWithoutBase: readonly CalendarDate[];
}

/**
 * What rates for one euro come to for books in `baseCurrency`, day by day: the euro itself at the base's rate as published, others at
 * the base's rate divided by theirs (`crossRateDigits`). With the euro as base: one divided by theirs.
 */
export function toCrossRates(published: readonly RateFileRow[], baseCurrency: string): CrossRates {
  const euro = decimalFromInteger(1);
  const baseByDate = new Map<CalendarDate, RateFileRow>();
  for (const row of published) if (row.currency === baseCurrency) baseByDate.set(row.date, row);
  const unknown = new Set<string>();
  const withoutBase = new Set<CalendarDate>();
  const rows: RateFileRow[] = [...baseByDate.values()].map((row) => ({ ...row, currency: 'EUR' }));
  for (const row of published) {
    if (row.currency === baseCurrency) continue;
    const base = baseCurrency === 'EUR' ? euro : baseByDate.get(row.date)?.rate;
    if (!isCurrency(row.currency)) unknown.add(row.currency);
    else if (base === undefined) withoutBase.add(row.date);
    else rows.push({ ...row, rate: divideToDigits(base, row.rate, crossRateDigits) });
  }
  return { rows, unknownCurrencies: [...unknown].sort(), daysWithoutBase: [...withoutBase].sort() };
}
