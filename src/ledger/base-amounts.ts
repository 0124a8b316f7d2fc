import { minorDigitsOf } from '../kernel/currencies.ts';
import type { Decimal } from '../kernel/decimal.ts';
import { divideRounded } from '../kernel/money.ts';

/**
 * Signed amounts of one currency (minor units) in the base currency, at `rate` base units for one unit of the currency. Each is
 * rounded half away from zero, and then the difference to the rounded sum goes, one minor unit each, to the amounts whose rounding
 * moved them most the other way. So the results sum to the rounded sum exactly (amounts that sum to zero still do), each
 * is within one minor unit of its exact value, and none changes its sign.
 */
export function toBaseAmounts(
  amountsMinor: readonly bigint[],
  currency: string,
  baseCurrency: string,
  rate: Decimal,
): bigint[] {
  const factor = rate.digits * 10n ** BigInt(minorDigitsOf(baseCurrency));
  const divisor = 10n ** BigInt(rate.scale + minorDigitsOf(currency));
  const exact = amountsMinor.map((amountMinor) => amountMinor * factor);
  const results = exact.map((value) => divideRounded(value, divisor, 'half_away_from_zero'));
  const total = divideRounded(
    exact.reduce((sum, value) => sum + value, 0n),
    divisor,
    'half_away_from_zero',
  );
  const difference = total - results.reduce((sum, value) => sum + value, 0n);
  if (difference === 0n) return results;
  const step = difference > 0n ? 1n : -1n;
  const byResidual = exact
    .map((value, index) => ({ index, residual: (value - (results[index] ?? 0n) * divisor) * step }))
    .sort((left, right) =>
      left.residual > right.residual ? -1 : left.residual < right.residual ? 1 : left.index - right.index,
    );
  // There are always enough: a difference of n comes from more than n roundings in that direction.
  for (const { index } of byResidual.slice(0, Number(difference * step))) {
    results[index] = (results[index] ?? 0n) + step;
  }
  return results;
}
