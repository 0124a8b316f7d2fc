import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currencyCodes, minorDigitsOf } from '../kernel/currencies.ts';
import { parseDecimal } from '../kernel/decimal.ts';
import { amountMinorMax, divideRounded } from '../kernel/money.ts';
import { toBaseAmounts } from './base-amounts.ts';

const currencies = fc.constantFrom(...currencyCodes);
const rates = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, scale]) => ({ digits, scale }));
const amounts = fc.array(fc.bigInt({ min: -amountMinorMax, max: amountMinorMax }), {
  minLength: 1,
  maxLength: 40,
});
const small = fc.array(fc.bigInt({ min: -9n, max: 9n }), { minLength: 1, maxLength: 40 });

function rate(text: string) {
  const value = parseDecimal(text);
  if (!value) throw new Error(`${text} is no rate`);
  return value;
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

describe('Amounts in the base currency', () => {
  test('are the amounts times the rate, with the decimals of both currencies', () => {
    expect(toBaseAmounts([10000n], 'EUR', 'USD', rate('1.0825'))).toEqual([10825n]);
    expect(toBaseAmounts([10000n], 'JPY', 'USD', rate('0.0067'))).toEqual([6700n]);
    expect(toBaseAmounts([1000n], 'KWD', 'JPY', rate('490.5'))).toEqual([491n]);
    expect(toBaseAmounts([1n], 'IDR', 'USD', rate('0.00006'))).toEqual([0n]);
  });

  test('are the amounts themselves at a rate of one', () => {
    expect(toBaseAmounts([1n, -2n, 3n], 'USD', 'USD', rate('1'))).toEqual([1n, -2n, 3n]);
  });

  test('sum to what their sum is, so that three thirds of a cent make a cent', () => {
    expect(toBaseAmounts([1n, 1n, 1n], 'EUR', 'USD', rate('0.4'))).toEqual([1n, 0n, 0n]);
    expect(toBaseAmounts([1n, 1n, -2n], 'EUR', 'USD', rate('1.5'))).toEqual([1n, 2n, -3n]);
  });

  test('sum to the rounded sum, stay within one unit and keep their sign, whatever amounts, currencies and rate', () => {
    fc.assert(
      fc.property(
        fc.oneof(amounts, small),
        currencies,
        currencies,
        rates,
        (amountsMinor, currency, base, factor) => {
          const results = toBaseAmounts(amountsMinor, currency, base, factor);
          const multiplier = factor.digits * 10n ** BigInt(minorDigitsOf(base));
          const divisor = 10n ** BigInt(factor.scale + minorDigitsOf(currency));
          expect(sum(results)).toBe(
            divideRounded(sum(amountsMinor) * multiplier, divisor, 'half_away_from_zero'),
          );
          results.forEach((result, index) => {
            const amount = amountsMinor[index] ?? 0n;
            const off = result * divisor - amount * multiplier;
            expect(off < divisor && off > -divisor).toBe(true);
            expect(result * amount >= 0n).toBe(true);
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});
