import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import type { NewEntity } from '../entities.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { postDocuments } from '../posting.ts';
import { openSampleBooks, type SampleBooks } from '../sample-books.ts';
import { allocateCreditNote } from './allocation.ts';
import { creditInvoice } from './credit-notes.ts';
import { refundReceipt } from './refunds.ts';
import { balances, codeOf, day, postInvoice, receive, setRate } from './sample-settlements.ts';
import { listSettlements } from './settlements-store.ts';
import { undoSettlement } from './undo.ts';
import { writeOffInvoice } from './write-off.ts';

describeOnBothStores('Realised exchange differences', (open) => {
  let database: Database;
  let organizationId: string;

  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
  });

  /** Work in new books, with these rates. */
  async function inNewBooks<T>(
    fields: Partial<NewEntity>,
    rates: readonly (readonly [currency: string, date: string, rate: string])[],
    work: (tx: Transaction, books: SampleBooks) => Promise<T>,
  ): Promise<T> {
    const books = await openSampleBooks(database, organizationId, fields);
    return database.withOrganization(organizationId, async (tx) => {
      for (const [currency, date, rate] of rates) await setRate(tx, books, currency, date, rate);
      return work(tx, books);
    });
  }

  // A textbook exercise on IAS 21.28 (code.policylink.org/comparte/15302069): GBP 2,000 invoiced on 1 October at 1.43, so 2,860; collected
  // at 1.50, so 3,000. The 40 of the year end at 1.45 and the 100 after it are together the 140 that are realised.
  test('a receivable of 2,000 pounds at 1.43 that is collected at 1.50 gains 140 dollars', async () => {
    const rates = [
      ['GBP', '2026-10-01', '1.43'],
      ['GBP', '2026-12-01', '1.50'],
    ] as const;
    const sums = await inNewBooks({}, rates, async (tx, books) => {
      const documentDate = day('2026-10-01');
      const dueDate = day('2026-12-01');
      const documentId = await postInvoice(tx, books, [200000n], { currency: 'GBP', documentDate, dueDate });
      await receive(tx, books, '2000.00', {
        currency: 'GBP',
        receivedOn: dueDate,
        allocations: [{ documentId, amount: '2000.00' }],
      });
      return balances(tx, books);
    });
    expect(sums).toEqual({ '1000': 300000n, '4000': -286000n, '4900': -14000n });
  });

  // IAS 21.28: the difference between the rate at which a monetary item was recognised and that of its settlement is profit or loss of the
  // period. EUR 100.00 at 1.0001 are carried at 100.01; three payments at 0.9 take 33.33, 33.35 and the 33.33 that remain of it.
  test('parts of a receivable take their share of what it is carried at, and the last one the rest', async () => {
    const rates = [
      ['EUR', '2026-03-01', '1.0001'],
      ['EUR', '2026-03-20', '0.9'],
    ] as const;
    const { sums, gains } = await inNewBooks({}, rates, async (tx, books) => {
      const documentId = await postInvoice(tx, books, [10000n], { currency: 'EUR' });
      for (const amount of ['33.33', '33.34', '33.33']) {
        await receive(tx, books, amount, { currency: 'EUR', allocations: [{ documentId, amount }] });
      }
      const made = await listSettlements(tx, { documentId });
      return { sums: await balances(tx, books), gains: made.map(({ exchangeGain }) => exchangeGain) };
    });
    expect(gains).toEqual(['-3.33', '-3.34', '-3.33']);
    expect(sums).toEqual({ '1000': 9001n, '4000': -10001n, '6900': 1000n });
  });

  test('an undone settlement takes its difference back, and the bank’s own amount stands for the rate', async () => {
    const rates = [['EUR', '2026-03-01', '1.10']] as const;
    const { before, after, rate } = await inNewBooks({}, rates, async (tx, books) => {
      const documentId = await postInvoice(tx, books, [5000n], { currency: 'EUR' });
      await receive(tx, books, '50.00', {
        currency: 'EUR',
        bankAmount: '54.20',
        allocations: [{ documentId, amount: '50.00' }],
      });
      const settled = await balances(tx, books);
      const [made] = await listSettlements(tx, { documentId });
      await undoSettlement(tx, made?.id ?? '', books.context);
      const [receipt] = await tx.query<{ exchange_rate: string }>(
        'SELECT exchange_rate FROM receipts WHERE entity_id = $1::uuid',
        [books.entity.id],
      );
      return { before: settled, after: await balances(tx, books), rate: receipt?.exchange_rate };
    });
    expect(before).toEqual({ '1000': 5420n, '4000': -5500n, '6900': 80n });
    expect(after).toEqual({ '1000': 5420n, '1200': 5500n, '2150': -5420n, '4000': -5500n });
    expect(Number(rate)).toBe(1.084);
  });

  test('a credit note, a write-off and a refund take shares likewise', async () => {
    const rates = [
      ['EUR', '2026-03-01', '1.10'],
      ['EUR', '2026-03-15', '1.20'],
      ['EUR', '2026-03-25', '1.25'],
    ] as const;
    const sums = await inNewBooks({}, rates, async (tx, books) => {
      const invoice = await postInvoice(tx, books, [10000n], { currency: 'EUR' });
      const date = day('2026-03-16');
      const note = await creditInvoice(tx, invoice, { amount: '40.00' }, books.context, { date });
      await postDocuments(tx, [note], books.context);
      await allocateCreditNote(tx, note, [{ documentId: invoice, amount: '40.00' }], books.context, { date });
      await writeOffInvoice(tx, invoice, { reason: 'Insolvent' }, books.context, { date });
      const receipt = await receive(tx, books, '10.00', { currency: 'EUR' });
      await refundReceipt(tx, receipt, {}, books.context, { date: day('2026-03-26') });
      return balances(tx, books);
    });
    // Credited at 1.20 what was carried at 1.10: 4.00 gained. Refunded at 1.25 what came in at 1.20: 0.50 lost, out of the bank.
    expect(sums).toEqual({
      '1000': -50n,
      '4000': -11000n + 4800n,
      '4900': -400n,
      '6300': 6600n,
      '6900': 50n,
    });
  });

  test.each([
    [
      'JPY',
      'USD',
      150_000n,
      '150000',
      '0.0067',
      '0.0065',
      { '1000': 97500n, '4000': -100500n, '6900': 3000n },
    ],
    ['KWD', 'USD', 12_345n, '12.345', '3.25', '3.30', { '1000': 4074n, '4000': -4012n, '4900': -62n }],
    ['USD', 'JPY', 12_345n, '123.45', '150', '149', { '1000': 18394n, '4000': -18518n, '6900': 124n }],
    ['EUR', 'KWD', 10_001n, '100.01', '0.3333', '0.3334', { '1000': 33343n, '4000': -33333n, '4900': -10n }],
  ])('%s in books in %s', async (currency, baseCurrency, amountMinor, amount, first, second, expected) => {
    const rates = [
      [currency, '2026-03-01', first],
      [currency, '2026-03-20', second],
    ] as const;
    const sums = await inNewBooks({ baseCurrency }, rates, async (tx, books) => {
      const documentId = await postInvoice(tx, books, [amountMinor], { currency });
      await receive(tx, books, amount, { currency, allocations: [{ documentId, amount }] });
      return balances(tx, books);
    });
    expect(sums).toEqual(expected);
  });

  test('a payment in another currency than the invoice is refused', async () => {
    const code = await inNewBooks({}, [['EUR', '2026-03-01', '1.10']], async (tx, books) => {
      const documentId = await postInvoice(tx, books, [5000n], { currency: 'EUR' });
      return codeOf(receive(tx, books, '50.00', { allocations: [{ documentId, amount: '50.00' }] }));
    });
    expect(code).toBe('currency_mismatch');
  });
});
