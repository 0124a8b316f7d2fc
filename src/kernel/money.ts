import { assert } from './assert.ts';
import { minorDigitsOf } from './currencies.ts';
import type { Decimal } from './decimal.ts';

/** Money in code: whole minor units and the currency that says how large one is. Never a float. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: string;
}

/**
 * The largest amount of one line, document or entry, in minor units: 10^15. Sums over a million documents of that size
 * still fit the database's bigint (9.2 × 10^18 needs more than 9,000 of them; statements sum as numeric).
 */
export const amountMinorMax = 10n ** 15n;

export type Rounding = 'half_away_from_zero' | 'half_even' | 'toward_zero';

/** `numerator / denominator` as a whole number, rounded in the named direction. The denominator is positive. */
export function divideRounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  assert(denominator > 0n, 'the denominator is positive');
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n || rounding === 'toward_zero') return quotient;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const away = numerator < 0n ? -1n : 1n;
  if (twice > denominator) return quotient + away;
  if (twice < denominator) return quotient;
  return rounding === 'half_away_from_zero' || quotient % 2n !== 0n ? quotient + away : quotient;
}

/** The decimal amount (in major units) as minor units of the currency, rounded once. */
export function toMinor(value: Decimal, currency: string, rounding: Rounding): bigint {
  const minorDigits = minorDigitsOf(currency);
  if (value.scale <= minorDigits) return value.digits * 10n ** BigInt(minorDigits - value.scale);
  return divideRounded(value.digits, 10n ** BigInt(value.scale - minorDigits), rounding);
}

/** Minor units as the decimal of major units that they are. */
export function fromMinor(amountMinor: bigint, currency: string): Decimal {
  return { digits: amountMinor, scale: minorDigitsOf(currency) };
}

/** The wire form: a decimal string with exactly the currency's decimals, such as `1234.50`, `-12`, `0.125`. */
export function formatMinor(amountMinor: bigint, currency: string): string {
  const minorDigits = minorDigitsOf(currency);
  const negative = amountMinor < 0n;
  const text = (negative ? -amountMinor : amountMinor).toString().padStart(minorDigits + 1, '0');
  const whole = text.slice(0, text.length - minorDigits);
  const sign = negative ? '-' : '';
  return minorDigits === 0 ? `${sign}${whole}` : `${sign}${whole}.${text.slice(text.length - minorDigits)}`;
}

export function isAmountInRange(amountMinor: bigint): boolean {
  return amountMinor <= amountMinorMax && amountMinor >= -amountMinorMax;
}

/**
 * Splits an amount over weights so that the parts sum to it exactly (largest remainder first, earlier part on a tie).
 * All weights zero: the first part takes everything.
 */
export function allocate(amountMinor: bigint, weights: readonly bigint[]): bigint[] {
  assert(weights.length > 0, 'at least one weight');
  assert(
    weights.every((weight) => weight >= 0n),
    'weights are not negative',
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) return weights.map((_, index) => (index === 0 ? amountMinor : 0n));
  const parts = weights.map((weight) => (amountMinor * weight) / total);
  let left = amountMinor - parts.reduce((sum, part) => sum + part, 0n);
  const step = left < 0n ? -1n : 1n;
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amountMinor * weight) % total }))
    .sort((a, b) => {
      const left = a.remainder < 0n ? -a.remainder : a.remainder;
      const right = b.remainder < 0n ? -b.remainder : b.remainder;
      return left > right ? -1 : left < right ? 1 : a.index - b.index;
    });
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + step;
    left -= step;
  }
  return parts;
}
