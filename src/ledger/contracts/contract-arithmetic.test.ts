import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CalendarDate } from '../../kernel/dates.ts';
import { formatMinor, toMinor } from '../../kernel/money.ts';
import { parseDecimal, zero } from '../../kernel/decimal.ts';
import { allocatePrice } from './allocation.ts';
import { billingPlans, planBilling } from './billing-plan.ts';
import { scheduleOf, spreadStraightLine } from './schedule.ts';

const day = (text: string): CalendarDate => text as CalendarDate;
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
const currencies = fc.constantFrom('JPY', 'USD', 'KWD');
const amounts = fc.bigInt({ min: 0n, max: 10n ** 15n });
/** A service period within 40 years: its first day and its length in days. */
const services = fc
  .tuple(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 5_000 }))
  .map(([start, length]) => {
    const text = (days: number) => new Date(Date.UTC(2010, 0, 1 + days)).toISOString().slice(0, 10);
    return { start: day(text(start)), end: day(text(start + length)) };
  });

describe('Figures of the standards', () => {
  test('IFRS 15 Example 33 (ASC 606-10-55-256): three products for CU 100 that cost 50, 25 and 75 alone', () => {
    // The standard shows CU 33, CU 17 and CU 50.
    expect(allocatePrice(10_000n, [5_000n, 2_500n, 7_500n])).toEqual([3_333n, 1_667n, 5_000n]);
    expect(allocatePrice(100n, [50n, 25n, 75n])).toEqual([33n, 17n, 50n]);
  });
});

describe('Schedules', () => {
  test('straight-line by day gives each month its days', () => {
    expect(scheduleOf(36_500n, 'daily', day('2026-01-01'), day('2026-03-31'))).toEqual([
      { period: '2026-01-01', amountMinor: 12_572n },
      { period: '2026-02-01', amountMinor: 11_356n },
      { period: '2026-03-01', amountMinor: 12_572n },
    ]);
  });

  test('straight-line by month gives full months the same and parts of one their part', () => {
    const year = spreadStraightLine(120_000n, 'monthly', day('2026-01-01'), day('2026-12-31'));
    expect(year.map(({ amountMinor }) => amountMinor)).toEqual(Array.from({ length: 12 }, () => 10_000n));
    const half = spreadStraightLine(10_000n, 'monthly', day('2026-04-16'), day('2026-05-31'));
    expect(half.map(({ amountMinor }) => amountMinor)).toEqual([3_333n, 6_667n]);
  });

  test('what is delivered at a point in time is recognised in its month', () => {
    const schedule = scheduleOf(999n, 'immediate', day('2026-02-28'), day('2027-02-27'));
    expect(schedule).toEqual([{ period: '2026-02-01', amountMinor: 999n }]);
  });

  test('sum to the allocated price, one part a month, none below zero, in every currency', () => {
    fc.assert(
      fc.property(currencies, amounts, services, (currency, amountMinor, { start, end }) => {
        const text = parseDecimal(formatMinor(amountMinor, currency)) ?? zero;
        const minor = toMinor(text, currency, 'half_away_from_zero');
        for (const method of ['daily', 'monthly', 'immediate'] as const) {
          const schedule = scheduleOf(minor, method, start, end);
          expect(sum(schedule.map((part) => part.amountMinor))).toBe(amountMinor);
          expect(schedule.every((part) => part.amountMinor >= 0n)).toBe(true);
          expect(new Set(schedule.map(({ period }) => period)).size).toBe(schedule.length);
        }
      }),
    );
  });
});

describe('Allocation and billing', () => {
  test('allocated prices sum to the price and are each within one minor unit of their share', () => {
    fc.assert(
      fc.property(
        amounts,
        fc.array(fc.bigInt({ min: 1n, max: 10n ** 12n }), { minLength: 1, maxLength: 40 }),
        (price, weights) => {
          const parts = allocatePrice(price, weights);
          expect(sum(parts)).toBe(price);
          const total = sum(weights);
          parts.forEach((part, index) => {
            const off = part * total - price * (weights[index] ?? 0n);
            expect(off < total && off > -total).toBe(true);
          });
        },
      ),
    );
  });

  test('every plan bills the whole price and its tax, on days within the contract', () => {
    fc.assert(
      fc.property(amounts, amounts, services, (price, tax, { start, end }) => {
        for (const plan of billingPlans.filter((name) => name !== 'custom')) {
          const bills = planBilling(price, tax, plan, start, end);
          expect(sum(bills.map(({ amountMinor }) => amountMinor))).toBe(price);
          expect(sum(bills.map(({ taxMinor }) => taxMinor))).toBe(tax);
          expect(bills.every(({ date }) => date >= start && date <= end)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
