import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../test/support/database.ts';
import type { CalendarDate } from '../kernel/dates.ts';
import { newId } from '../kernel/ids.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { changeAccount } from './accounts.ts';
import { listAccounts } from './accounts-store.ts';
import { setExchangeRate } from './exchange-rates.ts';
import { listExchangeRates } from './exchange-rates-store.ts';
import { listJournal } from './journal-list-store.ts';
import { type ManualEntryLine, postManualEntry } from './manual-entry.ts';
import { reverseManualEntry } from './reversal.ts';
import { openSampleBooks, type SampleBooks } from './sample-books.ts';
import { readTrialBalance, trialBalanceLineToWire } from './trial-balance-store.ts';

describeOnBothStores('A manual journal entry', (open) => {
  let database: Database;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);
  const post = (lines: readonly ManualEntryLine[], fields: object = {}): Promise<string> =>
    inBooks((tx) =>
      postManualEntry(
        tx,
        books.entity.id,
        { date: '2026-01-31', description: 'Opening', lines, ...fields },
        books.context,
      ),
    );
  const pair = (debit: string, credit: string = debit): ManualEntryLine[] => [
    { account: '1000', debit },
    { account: '3000', credit, debit: '' },
  ];

  test('is booked as it was given and shows in journal and trial balance', async () => {
    const own = await openSampleBooks(database, books.scope.organizationId);
    const { lines, balance, before } = await inBooks(async (tx) => {
      const request = { date: '2026-01-31', description: ' Opening ', lines: pair('1234.5') };
      const entryId = await postManualEntry(tx, own.entity.id, request, own.context);
      return {
        lines: (await listJournal(tx, { entryId })).data,
        balance: await readTrialBalance(tx, own.entity.id, '2026-01-31' as CalendarDate),
        before: await readTrialBalance(tx, own.entity.id, '2026-01-30' as CalendarDate),
      };
    });
    expect(lines).toMatchObject([
      {
        account: '1000',
        accountName: 'Bank',
        debit: '1234.50',
        credit: '0.00',
        kind: 'manual',
        date: '2026-01-31',
      },
      {
        account: '3000',
        debit: '0.00',
        credit: '1234.50',
        baseCredit: '1234.50',
        description: 'Opening',
        documentId: null,
      },
    ]);
    expect(balance.map((line) => trialBalanceLineToWire(line, 'USD'))).toEqual([
      { account: '1000', name: 'Bank', type: 'asset', debit: '1234.50', credit: '0.00' },
      { account: '3000', name: 'Share capital', type: 'equity', debit: '0.00', credit: '1234.50' },
    ]);
    expect(before).toEqual([]);
  });

  test('that does not balance is refused with the difference', async () => {
    await expect(post(pair('10', '9.99'))).rejects.toMatchObject({
      code: 'unbalanced_entry',
      detail: 'The debits exceed the credits by 0.01 USD.',
    });
    const mixed = [
      { account: '1000', debit: '10', currency: 'EUR' },
      { account: '3000', credit: '10' },
    ];
    await expect(post(mixed)).rejects.toMatchObject({ code: 'unbalanced_entry' });
  });

  test('refuses accounts that are unknown, inactive or of another entity', async () => {
    const other = await openSampleBooks(database, books.scope.organizationId);
    const theirs = await inBooks((tx) => listAccounts(tx, other.entity.id));
    for (const account of ['9999', theirs[0]?.id ?? '']) {
      const lines = [
        { account, debit: '1' },
        { account: '3000', credit: '1' },
      ];
      await expect(post(lines)).rejects.toMatchObject({ code: 'account_not_usable' });
    }
    await inBooks(async (tx) => {
      const id = (await listAccounts(tx, books.entity.id)).find(({ number }) => number === '1500')?.id ?? '';
      await changeAccount(tx, books.scope, id, { active: false }, books.context);
    });
    const lines = [
      { account: '1500', debit: '1' },
      { account: '3000', credit: '1' },
    ];
    await expect(post(lines)).rejects.toMatchObject({ code: 'account_not_usable' });
  });

  test.each([
    ['-1', 'invalid_amount'],
    ['0', 'invalid_amount'],
    ['1.001', 'invalid_amount'],
    ['ten', 'invalid_amount'],
    ['10000000000000.01', 'amount_out_of_range'],
  ])('refuses an amount of %s as %s', async (amount, code) => {
    await expect(post(pair(amount))).rejects.toMatchObject({ code });
  });

  test('refuses a line with both sides, a single line, no description, no such day and no such currency', async () => {
    const both = [
      { account: '1000', debit: '1', credit: '1' },
      { account: '3000', credit: '1' },
    ];
    await expect(post(both)).rejects.toMatchObject({ code: 'invalid_amount' });
    await expect(post(pair('1').slice(0, 1))).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(post(pair('1'), { description: ' ' })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(post(pair('1'), { date: '2026-02-30' })).rejects.toMatchObject({ code: 'invalid_request' });
    const foreign = pair('1').map((line) => ({ ...line, currency: 'EURO' }));
    await expect(post(foreign)).rejects.toMatchObject({ code: 'unknown_currency' });
  });

  test('in a foreign currency takes the rate of the day, and says when there is none', async () => {
    const lines = [
      { account: '1000', debit: '0.03', currency: 'CHF' },
      { account: '3000', credit: '0.01', currency: 'CHF' },
      { account: '3000', credit: '0.02', currency: 'CHF' },
      ...pair('5'),
    ];
    await expect(post(lines)).rejects.toMatchObject({ code: 'no_exchange_rate' });
    await inBooks((tx) =>
      setExchangeRate(
        tx,
        books.entity.id,
        { currency: 'CHF', date: '2026-01-01', rate: '1.5' },
        books.context,
      ),
    );
    const entryId = await post(lines);
    const { data } = await inBooks((tx) => listJournal(tx, { entryId }));
    expect(data.map(({ baseDebit, baseCredit }) => [baseDebit, baseCredit])).toEqual([
      ['0.05', '0.00'],
      ['0.00', '0.02'],
      ['0.00', '0.03'],
      ['5.00', '0.00'],
      ['0.00', '5.00'],
    ]);
  });

  test('is corrected by one reversal, once', async () => {
    const entryId = await post(pair('7'));
    const reverse = (id: string, date = '2026-02-01') =>
      inBooks((tx) => reverseManualEntry(tx, books.scope, id, books.context, { date: date as CalendarDate }));
    await expect(reverse(entryId, '2026-01-01')).rejects.toMatchObject({ code: 'invalid_request' });
    const reversalId = await reverse(entryId);
    const { data } = await inBooks((tx) => listJournal(tx, { entryId: reversalId }));
    expect(data).toMatchObject([
      { account: '1000', credit: '7.00', reversesEntryId: entryId },
      { debit: '7.00' },
    ]);
    await expect(reverse(entryId)).rejects.toMatchObject({ code: 'conflict' });
    await expect(reverse(reversalId)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(reverse(newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is listed with the others in pages, newest first, the lines of an entry together', async () => {
    const own = await openSampleBooks(database, books.scope.organizationId);
    const { whole, paged } = await inBooks(async (tx) => {
      for (const date of ['2026-01-05', '2026-01-07', '2026-01-06', '2026-01-07']) {
        await postManualEntry(tx, own.entity.id, { date, description: date, lines: pair('1') }, own.context);
      }
      const filter = { entityId: own.entity.id };
      const all = await listJournal(tx, filter);
      const pages: string[] = [];
      let after: string | null = null;
      do {
        const page = await listJournal(tx, filter, { limit: 3, after });
        pages.push(...page.data.map(({ entryId, position }) => `${entryId} ${position}`));
        after = page.next;
      } while (after !== null);
      return { whole: all.data, paged: pages };
    });
    expect(whole.map(({ date }) => date.slice(8))).toEqual(['07', '07', '07', '07', '06', '06', '05', '05']);
    expect(paged).toEqual(whole.map(({ entryId, position }) => `${entryId} ${position}`));
  });
});

describeOnBothStores('Exchange rates', (open) => {
  let database: Database;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);
  const set = (fields: object) =>
    inBooks((tx) =>
      setExchangeRate(
        tx,
        books.entity.id,
        { currency: 'EUR', date: '2026-01-01', rate: '1.1', ...fields },
        books.context,
      ),
    );

  test('are set by day and listed latest first; setting one again replaces it', async () => {
    await set({});
    await set({ date: '2026-02-01', rate: '1.2000' });
    await set({ rate: '1.15', source: 'ECB' });
    await set({ currency: 'JPY', rate: '0.0067' });
    const rates = await inBooks((tx) => listExchangeRates(tx, books.entity.id));
    expect(rates.data).toEqual([
      { currency: 'EUR', date: '2026-02-01', rate: '1.2', source: 'manual' },
      { currency: 'EUR', date: '2026-01-01', rate: '1.15', source: 'ECB' },
      { currency: 'JPY', date: '2026-01-01', rate: '0.0067', source: 'manual' },
    ]);
    const earlier = await inBooks((tx) =>
      listExchangeRates(tx, books.entity.id, { currency: 'EUR', to: '2026-01-31' as CalendarDate }),
    );
    expect(earlier.data).toHaveLength(1);
  });

  test.each([
    [{ rate: '0' }, 'invalid_request'],
    [{ rate: '-1' }, 'invalid_request'],
    [{ rate: 'x' }, 'invalid_request'],
    [{ rate: '1e12' }, 'invalid_request'],
    [{ date: '2026-13-01' }, 'invalid_request'],
    [{ currency: 'USD' }, 'invalid_request'],
    [{ currency: 'EURO' }, 'unknown_currency'],
  ])('refuse %j as %s', async (fields, code) => {
    await expect(set(fields)).rejects.toMatchObject({ code });
  });
});
