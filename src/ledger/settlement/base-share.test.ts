import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baseShare } from './base-share.ts';
import { creditOfAmount } from './credit-parts.ts';

const minor = (max: bigint) => fc.bigInt({ min: 1n, max });

test('shares of the base sum to it exactly whatever the parts, and none is negative', () => {
  fc.assert(
    fc.property(
      fc.array(minor(10n ** 13n), { minLength: 1, maxLength: 20 }),
      minor(10n ** 15n),
      (parts, base) => {
        let open = parts.reduce((sum, part) => sum + part, 0n);
        let left = base;
        for (const part of parts) {
          const share = baseShare(left, open, part);
          expect(share >= 0n && share <= left).toBe(true);
          left -= share;
          open -= part;
        }
        expect(left).toBe(0n);
      },
    ),
  );
});

test('a credit of an amount takes it exactly, and of no line more than is left', () => {
  const line = fc.record({ left: fc.bigInt({ min: -(10n ** 6n), max: 10n ** 9n }), tax: minor(10n ** 6n) });
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 1000 }),
      (lines, part) => {
        const creditable = lines.map(({ left, tax }, index) => ({
          position: index + 1,
          itemId: null,
          accountId: null,
          description: '',
          sku: null,
          leftMinor: left,
          leftTaxMinor: tax,
        }));
        const total = lines.reduce((sum, { left, tax }) => sum + left + tax, 0n);
        fc.pre(total > 1000n);
        const amount = (total * BigInt(part)) / 1000n;
        const parts = creditOfAmount(creditable, amount, 'EUR');
        expect(parts.reduce((sum, { amountMinor, taxMinor }) => sum + amountMinor + taxMinor, 0n)).toBe(
          amount,
        );
        const size = (value: bigint): bigint => (value < 0n ? -value : value);
        for (const { line: of, amountMinor, taxMinor } of parts) {
          expect(size(amountMinor) <= size(of.leftMinor) && size(taxMinor) <= size(of.leftTaxMinor)).toBe(
            true,
          );
        }
      },
    ),
  );
});
