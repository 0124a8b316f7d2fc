import { beforeAll, describe, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { insertDraftDocuments } from '../document-drafts-store.ts';
import { setExchangeRate } from '../exchange-rates.ts';
import { listJournal } from '../journal-list-store.ts';
import { type ManualEntryLine, postManualEntry } from '../manual-entry.ts';
import { openSampleBooks, type SampleBooks, sampleDraft, sampleDraftRow } from '../sample-books.ts';
import { readTrialBalance } from '../trial-balance-store.ts';
import { changePeriodStatus } from './period-status.ts';
import { findFiscalYear, listFiscalPeriods, listFiscalYears } from './periods-store.ts';
import { closeFiscalYear, previewYearClose, reopenFiscalYear } from './year-end-close.ts';

const date = (text: string) => text as CalendarDate;
const afterwards = { now: new Date('2026-02-01T00:00:00Z') };

describeOnBothStores('The year-end close', (open) => {
  let database: Database;
  let organizationId: string;

  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(organizationId, work);
  const openBooks = () => openSampleBooks(database, organizationId, { booksFrom: date('2025-01-01') });
  const yearOf = async (books: SampleBooks, name: string) => {
    const years = await inBooks((tx) => listFiscalYears(tx, books.entity.id));
    return years.find((year) => year.name === name)?.id ?? '';
  };
  const enter = (books: SampleBooks, day: string, lines: readonly ManualEntryLine[], adjusting = false) =>
    inBooks((tx) =>
      postManualEntry(
        tx,
        books.entity.id,
        { date: day, description: 'Entry', lines, adjusting },
        books.context,
      ),
    );
  const close = (books: SampleBooks, yearId: string, confirm?: boolean) =>
    inBooks((tx) => closeFiscalYear(tx, yearId, { reason: 'Audited', confirm }, books.context, afterwards));
  const balances = async (books: SampleBooks, at: string) =>
    new Map(
      (await inBooks((tx) => readTrialBalance(tx, books.entity.id, date(at))))
        .filter(({ netMinor }) => netMinor !== 0n)
        .map(({ number, netMinor }) => [number, netMinor]),
    );
  const entriesOf = async (books: SampleBooks, entryId: string) =>
    (await inBooks((tx) => listJournal(tx, { entityId: books.entity.id, entryId }))).data;

  /**
   * OpenStax, Principles of Accounting, Volume 1: Financial Accounting, section 5.1 (closing entries of Printing Plus): service
   * revenue 10,100, interest revenue 140; supplies 100, depreciation 75, salaries 5,100, utilities 300; net income 4,665. Dividends
   * of 100, which a company here books against retained earnings, leave 4,565 there. The book closes a month; this closes a year.
   */
  const enterPrintingPlus = async (books: SampleBooks) => {
    await enter(books, '2025-03-01', [
      { account: '1000', debit: '10240.00' },
      { account: '4000', credit: '10100.00' },
      { account: '4100', credit: '140.00' },
    ]);
    await enter(books, '2025-12-31', [
      { account: '6000', debit: '475.00' },
      { account: '6100', debit: '5100.00' },
      { account: '1000', credit: '5575.00' },
    ]);
    await enter(books, '2025-12-31', [
      { account: '3100', debit: '100.00' },
      { account: '1000', credit: '100.00' },
    ]);
  };

  test('leaves the retained earnings of the textbook, and income and expense at zero', async () => {
    const books = await openBooks();
    await enterPrintingPlus(books);
    const yearId = await yearOf(books, '2025');
    const preview = await inBooks((tx) => previewYearClose(tx, yearId, afterwards));
    expect(preview).toMatchObject({ resultMinor: 466_500n, warnings: [], openPeriods: { length: 12 } });
    expect(await balances(books, '2025-12-31')).toEqual(
      new Map([
        ['1000', 456_500n],
        ['3100', 10_000n],
        ['4000', -1_010_000n],
        ['4100', -14_000n],
        ['6000', 47_500n],
        ['6100', 510_000n],
      ]),
    );
    const outcome = await close(books, yearId);
    expect(await balances(books, '2025-12-31')).toEqual(
      new Map([
        ['1000', 456_500n],
        ['3100', -456_500n],
      ]),
    );
    const lines = await entriesOf(books, outcome.entryId ?? '');
    expect(lines.map(({ date: day, account, debit, credit }) => [day, account, debit, credit])).toEqual([
      ['2025-12-31', '4000', '10100.00', '0.00'],
      ['2025-12-31', '4100', '140.00', '0.00'],
      ['2025-12-31', '6000', '0.00', '475.00'],
      ['2025-12-31', '6100', '0.00', '5100.00'],
      ['2025-12-31', '3100', '0.00', '4665.00'],
    ]);
    const periods = await inBooks((tx) => listFiscalPeriods(tx, books.entity.id));
    expect(periods.slice(0, 13).map(({ status }) => status)).toEqual([
      ...Array.from({ length: 12 }, () => 'closed'),
      'open',
    ]);
  });

  test('writes nothing the second time, and the difference once entries have come', async () => {
    const books = await openBooks();
    await enterPrintingPlus(books);
    const yearId = await yearOf(books, '2025');
    await close(books, yearId);
    const before = await inBooks((tx) => listJournal(tx, { entityId: books.entity.id }));
    expect(await close(books, yearId)).toEqual({ outcome: 'unchanged', entryId: null });
    const after = await inBooks((tx) => listJournal(tx, { entityId: books.entity.id }));
    expect(after.data).toEqual(before.data);
    const audit = await inBooks((tx) =>
      tx.query(`SELECT id FROM audit_entries WHERE action = 'fiscal_year.closed' AND subject_id = $1`, [
        yearId,
      ]),
    );
    expect(audit).toHaveLength(1);

    const accrual = [
      { account: '6000', debit: '65.00' },
      { account: '2000', credit: '65.00' },
    ];
    await enter(books, '2025-12-31', accrual, true);
    const { entryId } = await close(books, yearId);
    const lines = await entriesOf(books, entryId ?? '');
    expect(lines.map(({ account, debit, credit }) => [account, debit, credit])).toEqual([
      ['6000', '0.00', '65.00'],
      ['3100', '65.00', '0.00'],
    ]);
    expect((await balances(books, '2025-12-31')).get('3100')).toBe(-450_000n);
  });

  test('is taken back whole, once, and can be made again', async () => {
    const books = await openBooks();
    await enterPrintingPlus(books);
    const yearId = await yearOf(books, '2025');
    const reopen = (reason: string) =>
      inBooks((tx) => reopenFiscalYear(tx, yearId, { reason }, books.context));
    await expect(reopen('Too early')).rejects.toMatchObject({ code: 'conflict' });
    const open0 = await balances(books, '2025-12-31');
    await close(books, yearId);
    await expect(reopen('')).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await reopen('A bill came late')).toHaveLength(1);
    expect(await balances(books, '2025-12-31')).toEqual(open0);
    expect(await inBooks((tx) => findFiscalYear(tx, yearId))).toMatchObject({
      closedAt: null,
      closedBy: null,
    });
    await expect(reopen('Again')).rejects.toMatchObject({ code: 'conflict' });
    expect(await close(books, yearId)).toMatchObject({ outcome: 'closed' });
    expect((await balances(books, '2025-12-31')).get('3100')).toBe(-456_500n);
  });

  test('balances in each currency and in the base, where rates put them on different sides', async () => {
    const books = await openBooks();
    const rate = (day: string, value: string) =>
      inBooks((tx) =>
        setExchangeRate(tx, books.entity.id, { currency: 'EUR', date: day, rate: value }, books.context),
      );
    await rate('2025-01-01', '1.50');
    await rate('2025-06-01', '1.00');
    const euros = (day: string, debit: string, credit: string, amount: string) =>
      enter(books, day, [
        { account: debit, currency: 'EUR', debit: amount },
        { account: credit, currency: 'EUR', credit: amount },
      ]);
    // 100 euros of sales in dollars 150; 101 euros of costs in dollars 101: a loss in euros and a profit in dollars.
    await euros('2025-01-10', '1000', '4000', '100.00');
    await euros('2025-06-10', '6000', '1000', '101.00');
    const { entryId } = await close(books, await yearOf(books, '2025'));
    const lines = await entriesOf(books, entryId ?? '');
    expect(
      lines.map(({ account, debit, credit, baseDebit, baseCredit }) => [
        account,
        debit,
        credit,
        baseDebit,
        baseCredit,
      ]),
    ).toEqual([
      ['4000', '100.00', '0.00', '150.00', '0.00'],
      ['6000', '0.00', '101.00', '0.00', '101.00'],
      ['3100', '1.00', '0.00', '0.00', '0.00'],
      ['3100', '0.00', '0.00', '0.00', '49.00'],
    ]);
    expect(await balances(books, '2025-12-31')).toEqual(
      new Map([
        ['1000', 4_900n],
        ['3100', -4_900n],
      ]),
    );
  });

  describe('with something left to do', () => {
    test('says so, and is made only when that is confirmed', async () => {
      const books = await openBooks();
      await enterPrintingPlus(books);
      await enter(books, '2026-01-10', [
        { account: '1000', debit: '7.00' },
        { account: '4000', credit: '7.00' },
      ]);
      const draft = sampleDraft(books, [100n], { documentDate: date('2026-01-20') });
      await inBooks((tx) => insertDraftDocuments(tx, books.scope, [sampleDraftRow(books, draft)]));
      const yearId = await yearOf(books, '2026');
      await expect(close(books, yearId)).rejects.toMatchObject({
        code: 'confirmation_required',
        fields: [{ field: 'year_not_over' }, { field: 'drafts' }, { field: 'earlier_years' }],
      });
      expect(await inBooks((tx) => findFiscalYear(tx, yearId))).toMatchObject({ closedAt: null });
      expect(await close(books, yearId, true)).toMatchObject({ outcome: 'closed' });
      expect((await balances(books, '2026-12-31')).get('4000')).toBe(-1_010_000n);
    });

    test('and its last period locked, is refused', async () => {
      const books = await openBooks();
      await enterPrintingPlus(books);
      await inBooks(async (tx) => {
        const december = (await listFiscalPeriods(tx, books.entity.id)).find(
          ({ position }) => position === 12,
        );
        const lock = { status: 'locked', reason: 'Filed', closeEarlier: true } as const;
        await changePeriodStatus(tx, december?.id ?? '', lock, books.context);
      });
      await expect(close(books, await yearOf(books, '2025'))).rejects.toMatchObject({
        code: 'locked_period',
      });
      expect((await balances(books, '2025-12-31')).get('4000')).toBe(-1_010_000n);
    });

    test('and nothing on its accounts, writes no entry', async () => {
      const books = await openBooks();
      expect(await close(books, await yearOf(books, '2025'))).toEqual({ outcome: 'closed', entryId: null });
    });
  });
});
