import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amountMinorMax, isAmountInRange } from '../../kernel/money.ts';
import type { NewJournalLine } from '../journal-store.ts';
import { closingLines } from './closing-lines.ts';

const sums = (lines: readonly NewJournalLine[], account?: string) => {
  const among = lines.filter(({ accountId }) => account === undefined || accountId === account);
  return {
    amountMinor: among.reduce((sum, line) => sum + line.amountMinor, 0n),
    baseMinor: among.reduce((sum, line) => sum + line.baseMinor, 0n),
  };
};

describe('The lines of a closing entry', () => {
  test('take each account to zero and the result to retained earnings', () => {
    const nets = [
      { accountId: 'sales', currency: 'USD', amountMinor: -10_600_00n, baseMinor: -10_600_00n },
      { accountId: 'salaries', currency: 'USD', amountMinor: 5_200_00n, baseMinor: 5_200_00n },
    ];
    expect(closingLines(nets, 'retained')).toEqual([
      { accountId: 'sales', currency: 'USD', amountMinor: 10_600_00n, baseMinor: 10_600_00n },
      { accountId: 'salaries', currency: 'USD', amountMinor: -5_200_00n, baseMinor: -5_200_00n },
      { accountId: 'retained', currency: 'USD', amountMinor: -5_400_00n, baseMinor: -5_400_00n },
    ]);
  });

  test('are two where the base stands on the other side than the amount', () => {
    // EUR 100 sold at 1.10 and taken back at 1.20 but for a cent: a debit of 99.99 euros less, and of dollars more.
    const nets = [{ accountId: 'sales', currency: 'EUR', amountMinor: -1n, baseMinor: 9_99n }];
    expect(closingLines(nets, 'retained')).toEqual([
      { accountId: 'sales', currency: 'EUR', amountMinor: 1n, baseMinor: 0n },
      { accountId: 'sales', currency: 'EUR', amountMinor: 0n, baseMinor: -9_99n },
      { accountId: 'retained', currency: 'EUR', amountMinor: -1n, baseMinor: 0n },
      { accountId: 'retained', currency: 'EUR', amountMinor: 0n, baseMinor: 9_99n },
    ]);
  });

  test('balance in each currency and in the base, close every account, and never carry more than a line may', () => {
    const minor = fc.bigInt({ min: -3n * amountMinorMax, max: 3n * amountMinorMax });
    const net = fc.record({
      accountId: fc.constantFrom('a', 'b', 'c'),
      currency: fc.constantFrom('USD', 'JPY', 'KWD'),
      amountMinor: minor,
      baseMinor: minor,
    });
    const nets = fc.uniqueArray(net, { selector: ({ accountId, currency }) => `${accountId} ${currency}` });
    fc.assert(
      fc.property(nets, (all) => {
        const lines = closingLines(all, 'retained');
        expect(sums(lines).baseMinor).toBe(0n);
        for (const currency of ['USD', 'JPY', 'KWD']) {
          const ofCurrency = lines.filter((line) => line.currency === currency);
          expect(sums(ofCurrency).amountMinor).toBe(0n);
          for (const account of ['a', 'b', 'c']) {
            const before = all.find((one) => one.accountId === account && one.currency === currency);
            expect(sums(ofCurrency, account)).toEqual({
              amountMinor: -(before?.amountMinor ?? 0n),
              baseMinor: -(before?.baseMinor ?? 0n),
            });
          }
        }
        for (const { amountMinor, baseMinor } of lines) {
          expect(isAmountInRange(amountMinor) && isAmountInRange(baseMinor)).toBe(true);
          expect(amountMinor * baseMinor).toBeGreaterThanOrEqual(0n);
          expect(amountMinor !== 0n || baseMinor !== 0n).toBe(true);
        }
      }),
    );
  });
});
