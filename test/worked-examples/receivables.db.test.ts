import { beforeAll, expect, test } from 'vitest';
import { addDays, type CalendarDate } from '../../src/kernel/dates.ts';
import { createAccount } from '../../src/ledger/accounts.ts';
import { postManualEntry } from '../../src/ledger/manual-entry.ts';
import { openSampleBooks, type SampleBooks } from '../../src/ledger/sample-books.ts';
import { creditInvoice } from '../../src/ledger/settlement/credit-notes.ts';
import {
  balances,
  day,
  postInvoice,
  receive,
  stateOf,
} from '../../src/ledger/settlement/sample-settlements.ts';
import { writeOffInvoice } from '../../src/ledger/settlement/write-off.ts';
import type { Database, Transaction } from '../../src/platform/database/database.ts';
import { readAgingTotals } from '../../src/reports/statements/ar-aging-store.ts';
import { createOrganization, describeOnBothStores } from '../support/database.ts';

describeOnBothStores('Textbook examples of receivables', (open) => {
  let database: Database;
  let organizationId: string;

  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(organizationId, work);
  const openBooks = () => openSampleBooks(database, organizationId, { booksFrom: day('2007-01-01') });
  const sell = (books: SampleBooks, minor: bigint, on: CalendarDate, termsDays = 30): Promise<string> =>
    inBooks((tx) => postInvoice(tx, books, [minor], { documentDate: on, dueDate: addDays(on, termsDays) }));
  const aging = async (books: SampleBooks, at: CalendarDate) => {
    const filter = { entityId: books.entity.id, at, by: 'due_date' as const, customerId: null };
    const [totals] = await inBooks((tx) => readAgingTotals(tx, filter));
    return { total: totals?.openMinor, ...totals?.buckets };
  };

  /**
   * AccountingCoach, "Accounts Receivable and Bad Debts Expense", aging of accounts receivable: terms of 30 days; customer A owes $12,000,
   * of which $8,000 were sold 15 days ago and $4,000 40 days ago. The first stand under "current", the second under "1-30 days past due".
   */
  test('an aging sorts what is owed by the days past due (AccountingCoach)', async () => {
    const books = await openBooks();
    const today = day('2026-03-31');
    await sell(books, 800_000n, addDays(today, -15));
    await sell(books, 400_000n, addDays(today, -40));
    expect(await aging(books, today)).toEqual({
      total: 1_200_000n,
      current: 800_000n,
      days1to30: 400_000n,
      days31to60: 0n,
      days61to90: 0n,
      over90: 0n,
    });
  });

  /**
   * The aging exercise "Smoot Company" of an introductory textbook, as printed at tutorsglobe.com ("Prepare an aging schedule for the accounts
   * receivable"): $720,000 current, 395,000, 105,000, 52,000 and 13,000 past due by 30 days more each; 0.5, 3, 16, 52.5 and 92 percent of
   * them will not be paid; the allowance stands at $42,000. 71,510 are needed, so that the entry is of 29,510.
   */
  test('an aging gives the allowance that an adjusting entry brings the books to (Smoot Company)', async () => {
    const books = await openBooks();
    const today = day('2026-03-31');
    for (const [minor, daysPast] of [
      [72_000_000n, -10],
      [39_500_000n, 15],
      [10_500_000n, 60],
      [5_200_000n, 61],
      [1_300_000n, 120],
    ] as const) {
      await sell(books, minor, addDays(today, -daysPast - 30));
    }
    const schedule = await aging(books, today);
    expect(schedule).toEqual({
      total: 128_500_000n,
      current: 72_000_000n,
      days1to30: 39_500_000n,
      days31to60: 10_500_000n,
      days61to90: 5_200_000n,
      over90: 1_300_000n,
    });
    const { current = 0n, days1to30 = 0n, days31to60 = 0n, days61to90 = 0n, over90 = 0n } = schedule;
    const needed =
      (current * 5n + days1to30 * 30n + days31to60 * 160n + days61to90 * 525n + over90 * 920n) / 1000n;
    expect(needed).toBe(7_151_000n);
    await inBooks(async (tx) => {
      const account = { number: '1290', name: 'Allowance for bad debts', type: 'asset' } as const;
      await createAccount(tx, books.scope, account, books.context);
      const enter = (amount: string, description: string) =>
        postManualEntry(
          tx,
          books.entity.id,
          {
            date: today,
            description,
            lines: [
              { account: '6300', debit: amount },
              { account: '1290', credit: amount },
            ],
          },
          books.context,
        );
      await enter('42000', 'Allowance of the years before');
      await enter('29510', 'Allowance by the aging of today');
    });
    expect(await inBooks((tx) => balances(tx, books))).toEqual({
      '1200': 128_500_000n,
      '1290': -needed,
      '4000': -128_500_000n,
      '6300': needed,
    });
  });

  /**
   * "Direct Write-Off Example", course notes at coursehero.com (file 6474121): a service of $10,000 is sold on account on 1 October 2007
   * and written off on 29 December 2007: bad debts expense against accounts receivable.
   */
  test('a bad debt is written off directly against the receivable', async () => {
    const books = await openBooks();
    const invoice = await sell(books, 1_000_000n, day('2007-10-01'));
    const request = { reason: 'The customer is insolvent' };
    const state = await inBooks(async (tx) => {
      await writeOffInvoice(tx, invoice, request, books.context, { date: day('2007-12-29') });
      return stateOf(tx, invoice);
    });
    expect(state).toEqual({ status: 'written_off', openMinor: 0n });
    expect(await inBooks((tx) => balances(tx, books))).toEqual({ '4000': -1_000_000n, '6300': 1_000_000n });
  });

  /**
   * Weygandt, Kimmel and Kieso, Accounting Principles, chapter 5 (PW Audio Supply sells to Sauk Stereo): a sale of $3,800 on 4 May, terms
   * 2/10, n/30; goods of $300 come back on 8 May; $3,430 are paid on 14 May, the rest of $3,500 less two percent, 70. Sales less returns and
   * discounts are $3,430, and nothing is owed.
   */
  test('a return, a payment in part and a discount settle an invoice (Weygandt, Kimmel and Kieso)', async () => {
    const books = await openBooks();
    const invoice = await sell(books, 380_000n, day('2026-05-04'));
    const credit = (tx: Transaction, amount: string, reason: string, date: CalendarDate) =>
      creditInvoice(tx, invoice, { amount, reason, apply: true }, books.context, { date });
    const states = await inBooks(async (tx) => {
      await credit(tx, '300.00', 'Goods came back', day('2026-05-08'));
      const returned = await stateOf(tx, invoice);
      const allocations = [{ documentId: invoice, amount: '3430.00' }];
      await receive(tx, books, '3430.00', { receivedOn: day('2026-05-14'), allocations });
      const paid = await stateOf(tx, invoice);
      await credit(tx, '70.00', 'Two percent for payment within ten days', day('2026-05-14'));
      return [returned, paid, await stateOf(tx, invoice)];
    });
    expect(states).toEqual([
      { status: 'partly_paid', openMinor: 350_000n },
      { status: 'partly_paid', openMinor: 7000n },
      { status: 'paid', openMinor: 0n },
    ]);
    expect(await inBooks((tx) => balances(tx, books))).toEqual({ '1000': 343_000n, '4000': -343_000n });
  });
});
