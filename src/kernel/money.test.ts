import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currencyCodes, minorDigitsOf } from './currencies.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';
import {
  allocate,
  amountMinorMax,
  divideRounded,
  formatMinor,
  fromMinor,
  isAmountInRange,
  type Rounding,
  toMinor,
} from './money.ts';

const amounts = fc.bigInt({ min: -amountMinorMax, max: amountMinorMax });
const currencies = fc.constantFrom(...currencyCodes);
const roundings = fc.constantFrom<Rounding>('half_away_from_zero', 'half_even', 'toward_zero');
const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

function decimal(text: string) {
  const value = parseDecimal(text);
  if (!value) throw new Error(`${text} is no decimal`);
  return value;
}

describe('Rounding to minor units', () => {
  test.each([
    ['1.005', 'EUR', 101n],
    ['-1.005', 'EUR', -101n],
    ['1.0049999999', 'EUR', 100n],
    ['0.5', 'JPY', 1n],
    ['-0.5', 'JPY', -1n],
    ['1.0005', 'KWD', 1001n],
    ['1234', 'USD', 123400n],
    ['0.00005', 'CLF', 1n],
    ['-0', 'USD', 0n],
  ])('takes %s %s half away from zero to %s', (text, currency, expected) => {
    expect(toMinor(decimal(text), currency, 'half_away_from_zero')).toBe(expected);
  });

  test('half to even, and toward zero, are what they say', () => {
    expect([1n, 3n, -1n, -3n].map((value) => divideRounded(value, 2n, 'half_even'))).toEqual([
      0n,
      2n,
      0n,
      -2n,
    ]);
    expect([5n, -5n].map((value) => divideRounded(value, 3n, 'toward_zero'))).toEqual([1n, -1n]);
  });

  test('is never further off than a half, or than one toward zero', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), roundings, (numerator, denominator, rounding) => {
        const off = absolute(divideRounded(numerator, denominator, rounding) * denominator - numerator);
        expect(rounding === 'toward_zero' ? off < denominator : off * 2n <= denominator).toBe(true);
      }),
    );
  });

  test('mirrors negative amounts', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), roundings, (numerator, denominator, rounding) => {
        expect(divideRounded(-numerator, denominator, rounding)).toBe(
          -divideRounded(numerator, denominator, rounding),
        );
      }),
    );
  });
});

describe('The text of an amount', () => {
  test.each([
    [123450n, 'USD', '1234.50'],
    [-5n, 'EUR', '-0.05'],
    [-12n, 'JPY', '-12'],
    [125n, 'KWD', '0.125'],
    [0n, 'USD', '0.00'],
  ])('of %s minor units in %s is %s', (amountMinor, currency, expected) => {
    expect(formatMinor(amountMinor, currency)).toBe(expected);
  });

  test('has the currency’s decimals and reads back to the same amount, in every currency', () => {
    fc.assert(
      fc.property(amounts, currencies, (amountMinor, currency) => {
        const text = formatMinor(amountMinor, currency);
        expect((text.split('.')[1] ?? '').length).toBe(minorDigitsOf(currency));
        expect(toMinor(decimal(text), currency, 'toward_zero')).toBe(amountMinor);
        expect(toMinor(fromMinor(amountMinor, currency), currency, 'toward_zero')).toBe(amountMinor);
        expect(formatDecimal(decimal(text))).toBe(
          formatDecimal(decimal(formatDecimal(fromMinor(amountMinor, currency)))),
        );
      }),
    );
  });
});

describe('The range of an amount', () => {
  test('ends at 10^15 minor units on either side', () => {
    expect(isAmountInRange(amountMinorMax)).toBe(true);
    expect(isAmountInRange(-amountMinorMax)).toBe(true);
    expect(isAmountInRange(amountMinorMax + 1n)).toBe(false);
    expect(isAmountInRange(-amountMinorMax - 1n)).toBe(false);
  });
});

describe('Allocating an amount over weights', () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 50 });

  test('gives parts that sum to the amount exactly', () => {
    fc.assert(
      fc.property(amounts, weights, (amountMinor, shares) => {
        const parts = allocate(amountMinor, shares);
        expect(parts.length).toBe(shares.length);
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(amountMinor);
      }),
    );
  });

  test('gives each part within one minor unit of its exact share, and nothing to a weight of zero', () => {
    fc.assert(
      fc.property(amounts, weights, (amountMinor, shares) => {
        const total = shares.reduce((sum, share) => sum + share, 0n);
        fc.pre(total > 0n);
        allocate(amountMinor, shares).forEach((part, index) => {
          const share = shares[index] ?? 0n;
          expect(absolute(part * total - amountMinor * share) < total).toBe(true);
          expect(share > 0n || part === 0n).toBe(true);
        });
      }),
    );
  });

  test('gives what is left to the largest remainder first, to the earlier part on a tie', () => {
    expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(allocate(-100n, [1n, 1n, 1n])).toEqual([-34n, -33n, -33n]);
    expect(allocate(5n, [3n, 7n])).toEqual([2n, 3n]);
    expect(allocate(10n, [1n, 5n, 3n])).toEqual([1n, 6n, 3n]);
  });

  test('gives everything to the first part when all weights are zero', () => {
    expect(allocate(7n, [0n, 0n])).toEqual([7n, 0n]);
  });

  test('refuses no weights and negative ones', () => {
    expect(() => allocate(1n, [])).toThrow('at least one weight');
    expect(() => allocate(1n, [2n, -1n])).toThrow('weights are not negative');
  });
});
