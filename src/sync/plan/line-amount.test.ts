import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minorDigitsOf } from '../../kernel/currencies.ts';
import { parseDecimal, zero, type Decimal } from '../../kernel/decimal.ts';
import type { PriceTiers } from '../../model/source-record.ts';
import { type LinePrice, lineAmount } from './line-amount.ts';

const decimal = (text: string): Decimal => {
  const value = parseDecimal(text);
  if (!value) throw new Error(`${text} is no decimal`);
  return value;
};

const price = (
  more: Partial<Record<'quantity' | 'unitPrice' | 'discountPerUnit' | 'discountPercent', string>>,
  tiers: PriceTiers | null = null,
): LinePrice => ({
  quantity: decimal(more.quantity ?? '1'),
  unitPrice: more.unitPrice === undefined ? null : decimal(more.unitPrice),
  tiers,
  discountPerUnit: more.discountPerUnit === undefined ? zero : decimal(more.discountPerUnit),
  discountPercent: more.discountPercent === undefined ? zero : decimal(more.discountPercent),
});

describe('The amount of a line', () => {
  test.each([
    [
      'a fixed discount is per unit',
      { quantity: '12', unitPrice: '1058.09', discountPerUnit: '105.25' },
      'USD',
      1_143_408n,
      126_300n,
    ],
    [
      'a percentage is of the line',
      { quantity: '3', unitPrice: '33.335', discountPercent: '10' },
      'USD',
      9_000n,
      1_001n,
    ],
    ['half a minor unit goes away from zero', { unitPrice: '0.125' }, 'USD', 13n, 0n],
    [
      'half a minor unit below zero goes away from zero',
      { quantity: '-1', unitPrice: '0.125' },
      'USD',
      -13n,
      0n,
    ],
    ['yen have no decimals', { quantity: '3', unitPrice: '33.5' }, 'JPY', 101n, 0n],
    ['dinars have three', { quantity: '3', unitPrice: '0.3335' }, 'KWD', 1_001n, 0n],
    ['a fraction of a unit counts exactly', { quantity: '0.333', unitPrice: '3' }, 'EUR', 100n, 0n],
    [
      'both discounts reduce the undiscounted line',
      { quantity: '2', unitPrice: '100', discountPerUnit: '5', discountPercent: '10' },
      'USD',
      17_000n,
      3_000n,
    ],
  ])('%s', (_, more, currency, amountMinor, discountMinor) => {
    expect(lineAmount(price(more), currency)).toEqual({ amountMinor, discountMinor });
  });

  test('is unknown without a price and without tiers', () => {
    expect(lineAmount(price({ quantity: '2' }), 'USD')).toBeNull();
  });

  // HubSpot's own ranges begin at 0 or at 1: the first tier reaches to the unit before the second begins.
  test.each(['0', '1'])('by tiers that begin at %s', (first) => {
    const tiers = (model: PriceTiers['model']): PriceTiers => ({
      model,
      tiers: [
        { from: first, price: '100' },
        { from: '11', price: '80' },
        { from: '51', price: '62.5' },
      ],
    });
    const of = (model: PriceTiers['model'], quantity: string) =>
      lineAmount(price({ quantity }, tiers(model)), 'USD')?.amountMinor;
    expect([of('volume', '10'), of('volume', '11'), of('volume', '60')]).toEqual([
      100_000n,
      88_000n,
      375_000n,
    ]);
    expect([of('graduated', '10'), of('graduated', '11'), of('graduated', '60')]).toEqual([
      100_000n,
      108_000n,
      482_500n,
    ]);
    expect([of('stairstep', '10'), of('stairstep', '11'), of('stairstep', '60')]).toEqual([
      10_000n,
      8_000n,
      6_250n,
    ]);
  });

  test('is the rounded undiscounted amount less the discount, also where halves meet', () => {
    const discounted = price({ unitPrice: '0.125', discountPercent: '50' });
    expect(lineAmount(discounted, 'USD')).toEqual({ amountMinor: 6n, discountMinor: 7n });
    const scaled = (max: number) => fc.tuple(fc.integer({ min: -max, max }), fc.integer({ min: 0, max: 4 }));
    const currencies = fc.constantFrom('USD', 'JPY', 'KWD');
    fc.assert(
      fc.property(
        scaled(100_000),
        scaled(100_000),
        scaled(1_000),
        fc.integer({ min: 0, max: 100 }),
        currencies,
        (quantity, unit, discount, percent, currency) => {
          const value = ([digits, scale]: [number, number]): Decimal => ({ digits: BigInt(digits), scale });
          const undiscounted = {
            quantity: value(quantity),
            unitPrice: value(unit),
            tiers: null,
            discountPerUnit: zero,
            discountPercent: zero,
          };
          const gross = lineAmount(undiscounted, currency);
          const net = lineAmount(
            {
              ...undiscounted,
              discountPerUnit: value(discount),
              discountPercent: { digits: BigInt(percent), scale: 0 },
            },
            currency,
          );
          expect(gross?.discountMinor).toBe(0n);
          expect((gross?.amountMinor ?? 0n) - (net?.discountMinor ?? 0n)).toBe(net?.amountMinor);
        },
      ),
    );
  });

  test('is never more than half a minor unit from the exact amount, in any currency', () => {
    const scaled = (max: number) => fc.tuple(fc.integer({ min: -max, max }), fc.integer({ min: 0, max: 6 }));
    const currencies = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'CLF');
    fc.assert(
      fc.property(
        scaled(1_000_000),
        scaled(1_000_000),
        scaled(1_000),
        fc.integer({ min: 0, max: 100 }),
        currencies,
        (quantity, unit, discount, percent, currency) => {
          const value = ([digits, scale]: [number, number]): Decimal => ({ digits: BigInt(digits), scale });
          const amount = lineAmount(
            {
              quantity: value(quantity),
              unitPrice: value(unit),
              tiers: null,
              discountPerUnit: value(discount),
              discountPercent: { digits: BigInt(percent), scale: 0 },
            },
            currency,
          );
          // Everything over one denominator: 10^(all scales, and four more for the percentage and for any currency's decimals).
          const scale = quantity[1] + unit[1] + discount[1] + 4;
          const at = (digits: bigint, own: number) => digits * 10n ** BigInt(scale - own);
          const gross = at(BigInt(quantity[0]) * BigInt(unit[0]), quantity[1] + unit[1]);
          const exact =
            gross -
            at(BigInt(quantity[0]) * BigInt(discount[0]), quantity[1] + discount[1]) -
            (gross * BigInt(percent)) / 100n;
          const rounded = (amount?.amountMinor ?? 0n) * 10n ** BigInt(scale - minorDigitsOf(currency));
          const error = exact > rounded ? exact - rounded : rounded - exact;
          expect(error * 2n <= 10n ** BigInt(scale - minorDigitsOf(currency))).toBe(true);
        },
      ),
    );
  });
});
