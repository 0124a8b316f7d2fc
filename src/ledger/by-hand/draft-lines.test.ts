import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDecimal, zero } from '../../kernel/decimal.ts';
import { isTributaryError } from '../../kernel/errors.ts';
import { type DraftLineInput, type LineReferences, priceDraftLine, taxOf } from './draft-lines.ts';

const none: LineReferences = { item: null, taxCode: null, accountId: null };
const vat = (ratePercent: string): LineReferences => ({ ...none, taxCode: { id: 'vat', ratePercent } });
const price = (input: DraftLineInput, references = none, currency = 'USD') =>
  priceDraftLine({ description: 'Work', ...input }, references, 1, currency);

describe('A line typed by hand', () => {
  test('rounds quantity times price less the discount once, half away from zero', () => {
    expect(price({ quantity: '3', unitPrice: '0.335' })).toMatchObject({ amountMinor: 101n });
    expect(price({ quantity: '-3', unitPrice: '0.335' })).toMatchObject({ amountMinor: -101n });
    expect(price({ unitPrice: '10', discountPercent: '12.5' })).toMatchObject({
      amountMinor: 875n,
      discountMinor: 125n,
      discountPercent: '12.5',
    });
    expect(price({ unitPrice: '10', discountAmount: '0.01' })).toMatchObject({ amountMinor: 999n });
  });

  test('works tax out of its rounded net amount, in the decimals of its currency', () => {
    expect(price({ unitPrice: '0.5' }, vat('5'))).toMatchObject({ taxMinor: 3n });
    expect(price({ unitPrice: '105' }, vat('10'), 'JPY')).toMatchObject({ amountMinor: 105n, taxMinor: 11n });
    expect(price({ unitPrice: '1.005' }, vat('5'), 'KWD')).toMatchObject({
      amountMinor: 1005n,
      taxMinor: 50n,
    });
    expect(price({ unitPrice: '100' }, vat('0'))).toMatchObject({ taxMinor: 0n, taxCodeId: 'vat' });
  });

  test('takes name and price of its item where it says nothing itself', () => {
    const item = { id: 'item', sku: 'ROOF', name: 'Roof', unitPrice: '12.50' };
    expect(priceDraftLine({}, { ...none, item }, 1, 'EUR')).toMatchObject({
      itemId: 'item',
      sku: 'ROOF',
      description: 'Roof',
      unitPrice: '12.5',
      amountMinor: 1250n,
    });
  });

  test.each<[string, DraftLineInput, LineReferences]>([
    ['lines.0.description', { description: ' ', unitPrice: '1' }, none],
    ['lines.0.quantity', { quantity: 'many', unitPrice: '1' }, none],
    ['lines.0.unitPrice', {}, none],
    ['lines.0.discountPercent', { unitPrice: '1', discountPercent: '101' }, none],
    ['lines.0.discountAmount', { unitPrice: '1', discountPercent: '1', discountAmount: '1' }, none],
    ['lines.0.tax', { unitPrice: '1', tax: '1' }, vat('19')],
  ])('says at %s what is wrong there', (field, input, references) => {
    expect(price(input, references)).toEqual([expect.objectContaining({ field })]);
  });

  test('refuses an amount that the books cannot hold', () => {
    const tooLarge = () => price({ quantity: '99999999999999999999', unitPrice: '9' });
    expect(tooLarge).toThrow(expect.toSatisfy((error) => isTributaryError(error, 'amount_out_of_range')));
  });

  test('charges within half a minor unit of the exact tax, with the sign of the amount', () => {
    const rates = fc
      .integer({ min: 0, max: 1_000_000 })
      .map((digits) => ({ digits: BigInt(digits), scale: 4 }));
    const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    fc.assert(
      fc.property(amounts, rates, fc.constantFrom('USD', 'JPY', 'KWD'), (amountMinor, rate, currency) => {
        const tax = taxOf(amountMinor, rate, currency);
        const doubled = 2n * (tax * 1_000_000n - amountMinor * rate.digits);
        expect(doubled <= 1_000_000n && doubled >= -1_000_000n).toBe(true);
        expect(tax * amountMinor >= 0n).toBe(true);
        expect(taxOf(-amountMinor, rate, currency)).toBe(-tax);
      }),
    );
    expect(taxOf(100n, parseDecimal('0') ?? zero, 'USD')).toBe(0n);
  });
});
