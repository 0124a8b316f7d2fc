import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { apiBasePath } from '../../src/contract/headers.ts';
import type { CalendarDate } from '../../src/kernel/dates.ts';
import { newId } from '../../src/kernel/ids.ts';
import { listAccounts } from '../../src/ledger/accounts-store.ts';
import { insertCustomers } from '../../src/ledger/customers-store.ts';
import { insertDraftDocuments } from '../../src/ledger/document-drafts-store.ts';
import { setExchangeRate } from '../../src/ledger/exchange-rates.ts';
import { insertJournalEntries, type JournalEntryKind } from '../../src/ledger/journal-store.ts';
import { postDocuments } from '../../src/ledger/posting.ts';
import { reverseDocument } from '../../src/ledger/reversal.ts';
import { allocateReceipt } from '../../src/ledger/settlement/allocation.ts';
import { recordReceipt } from '../../src/ledger/settlement/receipts.ts';
import { refundReceipt } from '../../src/ledger/settlement/refunds.ts';
import { reverseReceipt } from '../../src/ledger/settlement/undo.ts';
import {
  openSampleBooks,
  type SampleBooks,
  sampleCustomer,
  sampleDraft,
  sampleDraftRow,
} from '../../src/ledger/sample-books.ts';
import type { Database, Transaction } from '../../src/platform/database/database.ts';
import { describeOnBothStores } from '../support/database.ts';
import { type ApiFixture, bearer, bootstrapKey, openApi } from './api-fixture.ts';

const day = (text: string): CalendarDate => text as CalendarDate;

/** Posts an entry of account numbers and amounts in cents, past the rules for manual ones: kinds and dates at will. */
async function postEntry(
  tx: Transaction,
  books: SampleBooks,
  date: string,
  lines: readonly (readonly [account: string, cents: bigint])[],
  kind: JournalEntryKind = 'manual',
): Promise<void> {
  const accounts = await listAccounts(tx, books.entity.id);
  const idOf = (number: string): string => accounts.find((account) => account.number === number)?.id ?? '';
  await insertJournalEntries(tx, books.context, [
    {
      id: newId(),
      entityId: books.entity.id,
      date: day(date),
      kind,
      description: 'Entry',
      documentId: null,
      reversesEntryId: null,
      lines: lines.map(([account, amountMinor]) => ({
        accountId: idOf(account),
        currency: 'USD',
        amountMinor,
        baseMinor: amountMinor,
      })),
    },
  ]);
}

/** Entries of two lines: day, account debited, account credited, amount in cents. */
async function postTransfers(
  tx: Transaction,
  books: SampleBooks,
  transfers: readonly (readonly [date: string, debit: string, credit: string, cents: bigint])[],
): Promise<void> {
  for (const [date, debit, credit, cents] of transfers)
    await postEntry(tx, books, date, [
      [debit, cents],
      [credit, -cents],
    ]);
}

async function postInvoice(
  tx: Transaction,
  books: SampleBooks,
  cents: bigint,
  fields: Parameters<typeof sampleDraft>[2] = {},
  customerId = books.customerId,
): Promise<string> {
  const row = sampleDraftRow(books, sampleDraft(books, [cents], fields), { customerId });
  await insertDraftDocuments(tx, books.scope, [row]);
  await postDocuments(tx, [row.id], books.context);
  return row.id;
}

describeOnBothStores('Statements', (open) => {
  let database: Database;
  let api: ApiFixture;

  beforeAll(async () => {
    database = await open();
    api = await openApi(database);
  });

  const read = async (path: string, key = bootstrapKey) =>
    (await api.app.inject({ method: 'GET', url: `${apiBasePath}${path}`, headers: bearer(key) })).json();
  const openBooks = (): Promise<SampleBooks> => openSampleBooks(database, api.organizationId);
  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(api.organizationId, work);

  // The figures of a first year of a small firm: capital, sales, costs, a close, and the year after.
  describe('of a firm over a year end', () => {
    let books: SampleBooks;
    beforeAll(async () => {
      books = await openBooks();
      await inBooks((tx) =>
        postTransfers(tx, books, [
          ['2025-01-02', '1000', '3000', 1_000_000n],
          ['2025-05-10', '1000', '4000', 250_000n],
          ['2025-11-30', '6000', '1000', 90_000n],
          ['2026-02-01', '6100', '1000', 40_000n],
          ['2026-02-20', '1000', '4000', 70_000n],
        ]),
      );
    });
    const query = (): string => `entityId=${books.entity.id}`;
    const result = async (range: string) =>
      (await read(`/reports/profit-and-loss?${query()}&${range}`)).result;

    test('shows income, expense and result of any range, in the columns that are asked for', async () => {
      const statement = await read(
        `/reports/profit-and-loss?${query()}&from=2026-01-01&to=2026-12-31&columns=previous_year`,
      );
      expect(statement).toMatchObject({
        currency: 'USD',
        columns: [
          { from: '2026-01-01', to: '2026-12-31' },
          { from: '2025-01-01', to: '2025-12-31' },
        ],
        income: [{ account: '4000', name: 'Sales', amounts: ['700.00', '2500.00'] }],
        expense: [
          { account: '6000', amounts: ['0.00', '900.00'] },
          { account: '6100', amounts: ['400.00', '0.00'] },
        ],
        incomeTotal: ['700.00', '2500.00'],
        expenseTotal: ['400.00', '900.00'],
        result: ['300.00', '1600.00'],
      });
      expect(await result('from=2026-02-01&to=2026-03-15&columns=months')).toEqual(['300.00', '0.00']);
    });

    test('shows what there is and whose it is, before and after the year is closed', async () => {
      const sheet = `/reports/balance-sheet?${query()}&at=2026-03-31&compareAt=2025-12-31`;
      const before = await read(sheet);
      expect(before).toMatchObject({
        columns: ['2026-03-31', '2025-12-31'],
        assets: [{ account: '1000', amounts: ['11900.00', '11600.00'] }],
        equity: [{ account: '3000', amounts: ['10000.00', '10000.00'] }],
        currentResult: ['300.00', '1600.00'],
        earlierResult: ['1600.00', '0.00'],
        assetsTotal: ['11900.00', '11600.00'],
        liabilitiesTotal: ['0.00', '0.00'],
        equityTotal: ['11900.00', '11600.00'],
      });
      await inBooks((tx) =>
        postEntry(
          tx,
          books,
          '2025-12-31',
          [
            ['4000', 250_000n],
            ['6000', -90_000n],
            ['3100', -160_000n],
          ],
          'closing',
        ),
      );
      expect(await read(sheet)).toMatchObject({
        equity: [
          { account: '3000', amounts: ['10000.00', '10000.00'] },
          { account: '3100', amounts: ['1600.00', '1600.00'] },
        ],
        currentResult: ['300.00', '0.00'],
        earlierResult: ['0.00', '0.00'],
        equityTotal: ['11900.00', '11600.00'],
      });
      expect(await result('from=2025-01-01&to=2025-12-31')).toEqual(['1600.00']);
    });

    test('lists an account with its balance after each line, the same whatever the page', async () => {
      const path = `/reports/general-ledger?${query()}&account=1000&from=2025-05-01&to=2026-02-15`;
      const whole = await read(path);
      expect(whole).toMatchObject({ opening: '10000.00', closing: '11200.00', next: null });
      expect(
        whole.data.map(({ date, baseAmount, balance }: Record<string, string>) => [
          date,
          baseAmount,
          balance,
        ]),
      ).toEqual([
        ['2025-05-10', '2500.00', '12500.00'],
        ['2025-11-30', '-900.00', '11600.00'],
        ['2026-02-01', '-400.00', '11200.00'],
      ]);
      const pages = [];
      let after = '';
      do {
        const page = await read(`${path}&limit=1${after}`);
        pages.push(...page.data);
        after = page.next === null ? '' : `&after=${page.next}`;
      } while (after !== '');
      expect(pages).toEqual(whole.data);
    });
  });

  describe('of receivables', () => {
    let books: SampleBooks;
    let other: string;
    beforeAll(async () => {
      books = await openBooks();
      other = newId();
      await inBooks(async (tx) => {
        await insertCustomers(tx, books.scope, [{ id: other, draft: sampleCustomer('Beta & Söhne') }]);
        await setExchangeRate(
          tx,
          books.entity.id,
          { currency: 'EUR', date: '2026-01-01', rate: '1.1' },
          books.context,
        );
        const dated = (documentDate: string, dueDate: string) => ({
          documentDate: day(documentDate),
          dueDate: day(dueDate),
        });
        await postInvoice(tx, books, 10_000n, dated('2026-01-10', '2026-02-09'));
        const reversed = await postInvoice(tx, books, 3_300n, dated('2026-02-01', '2026-03-03'));
        await postInvoice(
          tx,
          books,
          20_000n,
          { ...dated('2026-03-01', '2026-05-30'), currency: 'EUR' },
          other,
        );
        await reverseDocument(tx, reversed, books.context, { date: day('2026-04-15') });
      });
    });
    const aging = (more: string) => read(`/reports/ar-aging?entityId=${books.entity.id}&${more}`);

    test('ages what was open at the end of any day by customer and currency', async () => {
      const then = await aging('at=2026-03-31');
      expect(then.data).toMatchObject([
        { customer: 'Acme Ltd', currency: 'USD', days1to30: '33.00', days31to60: '100.00', open: '133.00' },
        { customer: 'Beta & Söhne', currency: 'EUR', current: '200.00', open: '200.00', baseOpen: '220.00' },
      ]);
      expect(then).toMatchObject({ documentsTotal: '353.00', accountsTotal: '353.00', difference: '0.00' });
      const later = await aging('at=2026-06-30');
      expect(later.data).toMatchObject([
        { currency: 'USD', over90: '100.00', days1to30: '0.00', open: '100.00' },
        { currency: 'EUR', days31to60: '200.00' },
      ]);
      expect((await aging('at=2026-03-31&by=document_date')).data[0]).toMatchObject({
        days31to60: '33.00',
        days61to90: '100.00',
      });
    });

    test('lists the documents behind it, and names what no document explains', async () => {
      const documents = await read(
        `/reports/ar-aging/documents?entityId=${books.entity.id}&at=2026-03-31&customerId=${books.customerId}`,
      );
      expect(documents.data).toMatchObject([
        { number: 'INV-000001', dueDate: '2026-02-09', open: '100.00', daysPast: 50 },
        { number: 'INV-000002', dueDate: '2026-03-03', open: '33.00', daysPast: 28 },
      ]);
      await inBooks((tx) =>
        postEntry(tx, books, '2026-06-01', [
          ['1200', 700n],
          ['4000', -700n],
        ]),
      );
      expect(await aging('at=2026-06-30')).toMatchObject({ difference: '7.00' });
      expect(await aging('at=2026-05-31')).toMatchObject({ difference: '0.00' });
    });

    test('tells a customer what was invoiced and taken back, with the balance before and after', async () => {
      const statement = await read(`/customers/${books.customerId}/statement?from=2026-02-01&to=2026-04-30`);
      expect(statement).toMatchObject({
        customer: { name: 'Acme Ltd' },
        balances: [{ currency: 'USD', opening: '100.00', closing: '100.00' }],
        data: [
          {
            date: '2026-02-01',
            kind: 'document',
            documentNumber: 'INV-000002',
            amount: '33.00',
            balance: '133.00',
          },
          { date: '2026-04-15', kind: 'reversal', amount: '-33.00', balance: '100.00' },
        ],
        aging: [{ currency: 'USD', days61to90: '100.00' }],
        cut: false,
      });
    });
  });

  test('count a payment on its day, whatever it is allocated to later, and show what it is of', async () => {
    const books = await openBooks();
    await inBooks(async (tx) => {
      const invoice = await postInvoice(tx, books, 10_000n, { documentDate: day('2026-03-10') });
      const receipt = await recordReceipt(
        tx,
        {
          entityId: books.entity.id,
          customerId: books.customerId,
          currency: 'USD',
          amount: '60.00',
          receivedOn: day('2026-03-20'),
        },
        books.context,
      );
      const allocation = { documentId: invoice, amount: '60.00' };
      await allocateReceipt(tx, receipt, [allocation], books.context, { date: day('2026-04-02') });
    });
    const aging = (at: string) => read(`/reports/ar-aging?entityId=${books.entity.id}&at=${at}`);
    expect(await aging('2026-03-31')).toMatchObject({
      data: [
        { customer: 'Acme Ltd', current: '100.00', unapplied: '-60.00', open: '40.00', baseOpen: '40.00' },
      ],
      documentsTotal: '100.00',
      unappliedTotal: '-60.00',
      accountsTotal: '40.00',
      difference: '0.00',
    });
    expect(await aging('2026-04-02')).toMatchObject({
      data: [{ current: '40.00', unapplied: '0.00', open: '40.00' }],
      unappliedTotal: '0.00',
      accountsTotal: '40.00',
      difference: '0.00',
    });
    await inBooks(async (tx) => {
      const pay = (amount: string) =>
        recordReceipt(
          tx,
          {
            entityId: books.entity.id,
            customerId: books.customerId,
            currency: 'USD',
            amount,
            receivedOn: day('2026-05-04'),
          },
          books.context,
        );
      const refunded = await pay('70.00');
      await refundReceipt(tx, refunded, { amount: '20' }, books.context, { date: day('2026-05-06') });
      await reverseReceipt(tx, await pay('8.00'), books.context, { date: day('2026-05-07') });
    });
    expect((await aging('2026-05-05')).data).toMatchObject([{ unapplied: '-78.00', open: '-38.00' }]);
    expect(await aging('2026-05-07')).toMatchObject({
      data: [{ unapplied: '-50.00', open: '-10.00' }],
      accountsTotal: '-10.00',
      difference: '0.00',
    });
    const statement = await read(`/customers/${books.customerId}/statement?to=2026-04-30`);
    expect(statement.data).toMatchObject([
      { date: '2026-03-10', documentNumber: 'INV-000001', amount: '100.00', balance: '100.00' },
      { date: '2026-03-20', kind: 'receipt', documentId: null, amount: '-60.00', balance: '40.00' },
    ]);
    expect(statement.data[1].receiptNumber).toMatch(/000001$/);
    expect(statement.balances).toEqual([{ currency: 'USD', opening: '0.00', closing: '40.00' }]);
  });

  test('begin the year when the entity does', async () => {
    const books = await openSampleBooks(database, api.organizationId, {
      fiscalYearStart: { month: 4, day: 1 },
    });
    await inBooks((tx) =>
      postTransfers(tx, books, [
        ['2026-03-31', '1000', '4000', 500n],
        ['2026-04-01', '1000', '4000', 70n],
      ]),
    );
    const entity = `entityId=${books.entity.id}`;
    const sheet = await read(`/reports/balance-sheet?${entity}&at=2026-04-30`);
    expect(sheet).toMatchObject({ currentResult: ['0.70'], earlierResult: ['5.00'] });
    const result = await read(`/reports/profit-and-loss?${entity}&to=2026-04-30`);
    expect(result).toMatchObject({ columns: [{ from: '2026-04-01' }], result: ['0.70'] });
  });

  test('agree with each other, whatever was posted', async () => {
    const accounts = ['1000', '1200', '2000', '2200', '3000', '4000', '4100', '6000', '6100'];
    const entry = fc.record({
      date: fc.date({ min: new Date('2024-01-01'), max: new Date('2026-12-31'), noInvalidDate: true }),
      from: fc.constantFrom(...accounts),
      to: fc.constantFrom(...accounts),
      cents: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      kind: fc.constantFrom('manual', 'manual', 'closing', 'revaluation'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 25 }), async (entries) => {
        const books = await openBooks();
        await inBooks(async (tx) => {
          for (const { date, from, to, cents, kind } of entries)
            await postEntry(
              tx,
              books,
              date.toISOString().slice(0, 10),
              [
                [to, cents],
                [from, -cents],
              ],
              kind,
            );
        });
        const entity = `entityId=${books.entity.id}`;
        const cents = (amount: string): bigint => BigInt(amount.replace('.', ''));
        const sheet = await read(`/reports/balance-sheet?${entity}&at=2026-12-31&compareAt=2025-06-30`);
        for (const column of [0, 1])
          expect(cents(sheet.assetsTotal[column])).toBe(
            cents(sheet.liabilitiesTotal[column]) + cents(sheet.equityTotal[column]),
          );
        const balance = await read(`/trial-balance?${entity}&at=2026-12-31`);
        for (const { account, debit, credit } of balance.data) {
          const ledger = await read(`/reports/general-ledger?${entity}&account=${account}&to=2026-12-31`);
          expect(cents(ledger.closing)).toBe(cents(debit) - cents(credit));
        }
        const years = await read(
          `/reports/profit-and-loss?${entity}&from=2024-01-01&to=2026-12-31&columns=months`,
        );
        const total = await read(`/reports/profit-and-loss?${entity}&from=2024-01-01&to=2026-12-31`);
        expect(years.result.map(cents).reduce((sum: bigint, month: bigint) => sum + month, 0n)).toBe(
          cents(total.result[0]),
        );
      }),
      { numRuns: 12 },
    );
  });

  test.each([
    ['/reports/profit-and-loss?from=2026-02-01&to=2026-01-01', 'invalid_request'],
    ['/reports/profit-and-loss?from=1990-01-01&to=2026-01-01&columns=months', 'invalid_request'],
    ['/reports/balance-sheet?at=2026-02-30', 'invalid_request'],
    ['/reports/balance-sheet?entityId=018f0000-0000-7000-8000-000000000000', 'not_found'],
    ['/reports/general-ledger?account=9999', 'not_found'],
    ['/reports/general-ledger?account=1000&from=2026-02-01&to=2026-01-01', 'invalid_request'],
    ['/reports/ar-aging?by=amount', 'invalid_request'],
    ['/reports/ar-aging?after=nonsense', 'invalid_request'],
    ['/customers/018f0000-0000-7000-8000-000000000000/statement', 'not_found'],
  ])('refuse %s with %s', async (path, code) => {
    expect(await read(path)).toMatchObject({ code });
  });

  test('are for members of the organization only', async () => {
    const books = await openBooks();
    for (const path of ['profit-and-loss', 'balance-sheet', 'ar-aging'].map((name) => `/reports/${name}`)) {
      expect(await read(path, 'none')).toMatchObject({ code: 'unauthenticated' });
      expect(await read(`${path}?entityId=${books.entity.id}`, api.otherKey)).toMatchObject({
        code: 'not_found',
      });
    }
    expect(await read(`/customers/${books.customerId}/statement`, api.otherKey)).toMatchObject({
      code: 'not_found',
    });
  });
});
