import { beforeAll, expect, test } from 'vitest';
import type { CalendarDate } from '../../src/kernel/dates.ts';
import { postDocuments } from '../../src/ledger/posting.ts';
import { revalue } from '../../src/ledger/revaluation/revalue.ts';
import { openSampleBooks, type SampleBooks } from '../../src/ledger/sample-books.ts';
import { createCreditNote } from '../../src/ledger/settlement/credit-notes.ts';
import { refundCreditNote } from '../../src/ledger/settlement/refunds.ts';
import { day, postInvoice, receive, setRate } from '../../src/ledger/settlement/sample-settlements.ts';
import type { Database, Transaction } from '../../src/platform/database/database.ts';
import { readProfitAndLoss } from '../../src/reports/statements/profit-and-loss.ts';
import { readTrialBalance } from '../../src/ledger/trial-balance-store.ts';
import { createOrganization, describeOnBothStores } from '../support/database.ts';

interface Example {
  /** Of the books, and the foreign one. */
  readonly base: string;
  readonly currency: string;
  readonly amount: string;
  readonly recognised: CalendarDate;
  readonly yearEnd: CalendarDate;
  readonly settled: CalendarDate;
  readonly rates: readonly [string, string, string];
}

/**
 * IFRS Foundation, Training Material for the IFRS for SMEs, Module 30 "Foreign Currency Translation" (version 2011-9), example 9 on
 * paragraph 30.10, which is that of IAS 21.28 and 29: goods bought on credit for FCU100,000 on 24 December 20X1 at CU2, the year
 * ends at CU2.1, paid on 17 January 20X2 at CU2.05. The payable is CU200,000, then CU210,000: a loss of CU10,000 in 20X1 and a gain of CU5,000
 * in 20X2. CU is the euro here and FCU the dollar.
 */
const module30: Example = {
  base: 'EUR',
  currency: 'USD',
  amount: '100000.00',
  recognised: day('2024-12-24'),
  yearEnd: day('2024-12-31'),
  settled: day('2025-01-17'),
  rates: ['2', '2.1', '2.05'],
};

/**
 * A question of the CPA examination, FAR, as printed and answered at another71.com ("Foreign currency translation"): equipment of 200,000 euros,
 * delivered on 1 November at 1.50 dollars, unpaid at the end of the year at 1.35, paid on 31 January at 1.30. The year has a gain of
 * 30,000 dollars (answer D); what is left of the fall, 10,000, is the next year's.
 */
const cpaQuestion: Example = {
  base: 'USD',
  currency: 'EUR',
  amount: '200000.00',
  recognised: day('2024-11-01'),
  yearEnd: day('2024-12-31'),
  settled: day('2025-01-31'),
  rates: ['1.5', '1.35', '1.3'],
};

describeOnBothStores('Worked examples of IAS 21', (open) => {
  let database: Database;
  let organizationId: string;

  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(organizationId, work);

  const openExample = async ({ base, currency, recognised, yearEnd, settled, rates }: Example) => {
    const books = await openSampleBooks(database, organizationId, { baseCurrency: base });
    await inBooks(async (tx) => {
      for (const [index, on] of [recognised, yearEnd, settled].entries()) {
        await setRate(tx, books, currency, on, rates[index] ?? '');
      }
    });
    return books;
  };
  const close = (books: SampleBooks, { yearEnd }: Example) =>
    inBooks((tx) => revalue(tx, books.entity.id, yearEnd, books.context));
  /** In whole units of the base: what the account is at, and the exchange differences of each of the two years. */
  const figures = (books: SampleBooks, { yearEnd, settled }: Example) =>
    inBooks(async (tx) => {
      const at = async (number: string, date: CalendarDate): Promise<number> => {
        const lines = await readTrialBalance(tx, books.entity.id, date);
        return Number(lines.find((line) => line.number === number)?.netMinor ?? 0n) / 100;
      };
      const { resultMinor, incomeMinor } = await readProfitAndLoss(tx, books.entity.id, [
        { from: day('2024-01-01'), to: yearEnd },
        { from: day('2025-01-01'), to: settled },
      ]);
      expect(incomeMinor).toHaveLength(2);
      const sales = await at('4000', settled);
      const [first = 0n, second = 0n] = resultMinor;
      return {
        yearEnd: await at('1200', yearEnd),
        bank: await at('1000', settled),
        afterwards: await at('1200', settled),
        // The sale or rebate itself stays at the rate of its day (IAS 21.23b).
        differences: [Number(first) / 100 + sales, Number(second) / 100],
        sales,
      };
    });

  /** What is owed to a customer is the liability that these books have: a credit note, paid out. */
  const payable = async (example: Example) => {
    const books = await openExample(example);
    const note = await inBooks(async (tx) => {
      const { currency, amount, recognised } = example;
      const id = await createCreditNote(
        tx,
        {
          entityId: books.entity.id,
          customerId: books.customerId,
          currency,
          date: recognised,
          description: 'Rebate',
          lines: [{ description: 'Rebate', amount }],
        },
        books.context,
      );
      await postDocuments(tx, [id], books.context);
      return id;
    });
    await close(books, example);
    await inBooks((tx) => refundCreditNote(tx, note, {}, books.context, { date: example.settled }));
    return figures(books, example);
  };

  const receivable = async (example: Example) => {
    const books = await openExample(example);
    const { currency, amount, recognised, settled } = example;
    const minor = BigInt(amount.replace('.', ''));
    const invoice = await inBooks((tx) =>
      postInvoice(tx, books, [minor], { currency, documentDate: recognised, dueDate: settled }),
    );
    await close(books, example);
    const allocations = [{ documentId: invoice, amount }];
    await inBooks((tx) => receive(tx, books, amount, { currency, receivedOn: settled, allocations }));
    return figures(books, example);
  };

  test('a payable loses at the closing rate and gains at settlement (IFRS Foundation, Module 30, example 9)', async () => {
    expect(await payable(module30)).toEqual({
      yearEnd: -210_000,
      bank: -205_000,
      afterwards: 0,
      differences: [-10_000, 5000],
      sales: 200_000,
    });
  });

  test('a receivable of the same figures gains and then loses (IAS 21.21, 23(a) and 28)', async () => {
    expect(await receivable(module30)).toEqual({
      yearEnd: 210_000,
      bank: 205_000,
      afterwards: 0,
      differences: [10_000, -5000],
      sales: -200_000,
    });
  });

  test('a payable in a falling currency gains in each period (CPA examination, FAR)', async () => {
    expect(await payable(cpaQuestion)).toEqual({
      yearEnd: -270_000,
      bank: -260_000,
      afterwards: 0,
      differences: [30_000, 10_000],
      sales: 300_000,
    });
  });
});
