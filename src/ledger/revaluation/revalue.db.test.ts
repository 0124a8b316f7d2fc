import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { parseDecimal, zero } from '../../kernel/decimal.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { insertDraftDocuments } from '../document-drafts-store.ts';
import type { NewEntity } from '../entities.ts';
import { setExchangeRate } from '../exchange-rates.ts';
import { postManualEntry } from '../manual-entry.ts';
import { changePeriodStatus } from '../periods/period-status.ts';
import { listFiscalPeriods } from '../periods/periods-store.ts';
import { postDocuments } from '../posting.ts';
import { openSampleBooks, type SampleBooks, sampleDraft, sampleDraftRow } from '../sample-books.ts';
import { toBaseAmounts } from '../base-amounts.ts';
import { readTrialBalance } from '../trial-balance-store.ts';
import { readMonetaryBalances } from './monetary-balances-store.ts';
import { planRevaluation, revalue, undoRevaluation } from './revalue.ts';

const closing = '2026-03-31' as CalendarDate;
const next = '2026-04-01' as CalendarDate;
const now = new Date('2026-05-01T12:00:00Z');

describeOnBothStores('Revaluation', (open) => {
  let database: Database;
  let organizationId: string;

  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(organizationId, work);
  const openBooks = (fields: Partial<NewEntity> = {}) => openSampleBooks(database, organizationId, fields);
  const setRate = (books: SampleBooks, currency: string, date: string, rate: string) =>
    inBooks((tx) => setExchangeRate(tx, books.entity.id, { currency, date, rate }, books.context));
  const invoice = (books: SampleBooks, currency: string, amountMinor: bigint) =>
    inBooks(async (tx) => {
      const draft = sampleDraft(books, [amountMinor], { currency });
      const ids = await insertDraftDocuments(tx, books.scope, [sampleDraftRow(books, draft)]);
      expect(await postDocuments(tx, ids, books.context)).toMatchObject([{ outcome: 'posted' }]);
    });
  const enter = (books: SampleBooks, currency: string, debit: string, credit: string, amount: string) =>
    inBooks((tx) =>
      postManualEntry(
        tx,
        books.entity.id,
        {
          date: '2026-03-10',
          description: 'Foreign',
          lines: [
            { account: debit, currency, debit: amount },
            { account: credit, currency, credit: amount },
          ],
        },
        books.context,
      ),
    );
  const run = (books: SampleBooks, date = closing) =>
    inBooks((tx) => revalue(tx, books.entity.id, date, books.context, now));
  const balanceOf = async (books: SampleBooks, date: CalendarDate): Promise<Record<string, bigint>> => {
    const lines = await inBooks((tx) => readTrialBalance(tx, books.entity.id, date));
    expect(lines.reduce((sum, { netMinor }) => sum + netMinor, 0n)).toBe(0n);
    return Object.fromEntries(
      lines.filter(({ netMinor }) => netMinor !== 0n).map(({ name, netMinor }) => [name, netMinor]),
    );
  };
  const entryCount = async (books: SampleBooks): Promise<number> => {
    const [row] = await inBooks((tx) =>
      tx.query<{ count: string }>('SELECT count(*) AS count FROM journal_entries WHERE entity_id = $1', [
        books.entity.id,
      ]),
    );
    return Number(row?.count);
  };

  test('takes a receivable to the closing rate and the difference to the result (IAS 21.21, 23(a) and 28)', async () => {
    // Books in euros sell for 10,000 dollars at 0.90, which is 9,000; at the closing rate of 0.95 the receivable is 9,500.
    const books = await openBooks({ baseCurrency: 'EUR' });
    await setRate(books, 'USD', '2026-03-10', '0.9');
    await setRate(books, 'USD', '2026-03-31', '0.95');
    await invoice(books, 'USD', 1_000_000n);
    const before = await balanceOf(books, closing);
    expect(before).toEqual({ 'Accounts receivable': 900_000n, Sales: -900_000n });
    const result = await run(books);
    expect(result).toMatchObject({
      outcome: 'posted',
      figures: [
        {
          currency: 'USD',
          balanceMinor: 1_000_000n,
          bookBaseMinor: 900_000n,
          rate: '0.95',
          newBaseMinor: 950_000n,
        },
      ],
    });
    expect(await balanceOf(books, closing)).toEqual({
      'Accounts receivable': 950_000n,
      // Income stays at the rate of its day.
      Sales: -900_000n,
      'Unrealized exchange gains': -50_000n,
    });
    expect(await balanceOf(books, next)).toEqual(before);
  });

  test('is posted and replaced in months that are closed, and not in locked ones', async () => {
    const books = await openBooks({ baseCurrency: 'EUR' });
    await setRate(books, 'USD', '2026-03-10', '0.9');
    await setRate(books, 'USD', '2026-03-31', '0.95');
    await invoice(books, 'USD', 1_000_000n);
    const shut = (status: 'closed' | 'locked') =>
      inBooks(async (tx) => {
        const periods = await listFiscalPeriods(tx, books.entity.id);
        const april = periods.find(({ startDate }) => startDate === next);
        const change = { status, reason: 'Month end', closeEarlier: true };
        await changePeriodStatus(tx, april?.id ?? '', change, books.context);
      });
    await shut('closed');
    expect(await run(books)).toMatchObject({ outcome: 'posted' });
    await setRate(books, 'USD', '2026-03-31', '0.96');
    expect(await run(books)).toMatchObject({ outcome: 'replaced' });
    expect(await balanceOf(books, closing)).toMatchObject({ 'Accounts receivable': 960_000n });
    expect(await balanceOf(books, next)).toMatchObject({ 'Accounts receivable': 900_000n });
    await shut('locked');
    await setRate(books, 'USD', '2026-03-31', '0.97');
    await expect(run(books)).rejects.toMatchObject({ code: 'locked_period' });
  });

  test('writes nothing a second time, replaces where a rate changed, and is undone whole', async () => {
    const books = await openBooks();
    await setRate(books, 'JPY', '2026-03-10', '0.0067');
    await setRate(books, 'JPY', '2026-03-31', '0.0061');
    await enter(books, 'JPY', '1000', '3000', '150001');
    const before = await balanceOf(books, closing);
    const plan = await inBooks((tx) => planRevaluation(tx, books.entity.id, closing, now));
    expect(plan).toMatchObject({ outcome: 'posted', figures: [{ account: '1000', newBaseMinor: 91_501n }] });
    expect(await entryCount(books)).toBe(1);
    const first = await run(books);
    expect(await balanceOf(books, closing)).toMatchObject({ Bank: 91_501n });
    expect(await run(books)).toMatchObject({
      outcome: 'unchanged',
      revaluation: { id: first.revaluation?.id },
    });
    expect(await entryCount(books)).toBe(3);

    await setRate(books, 'JPY', '2026-03-31', '0.0063');
    const second = await run(books);
    expect(second).toMatchObject({ outcome: 'replaced', former: { id: first.revaluation?.id } });
    expect(await balanceOf(books, closing)).toMatchObject({ Bank: 94_501n });
    expect(await balanceOf(books, next)).toEqual(before);

    const id = second.revaluation?.id ?? '';
    await expect(inBooks((tx) => undoRevaluation(tx, id, books.context))).resolves.toMatchObject({
      undoneBy: 'user:test',
    });
    expect([await balanceOf(books, closing), await balanceOf(books, next)]).toEqual([before, before]);
    await expect(inBooks((tx) => undoRevaluation(tx, id, books.context))).rejects.toMatchObject({
      code: 'conflict',
    });
    await setRate(books, 'JPY', '2026-03-31', '0.0067');
    expect(await run(books)).toMatchObject({ outcome: 'nothing', revaluation: null });
  });

  test('is withdrawn when the rate of the day turns out to be that of the books', async () => {
    const books = await openBooks();
    await setRate(books, 'KWD', '2026-03-10', '3.25');
    await setRate(books, 'KWD', '2026-03-31', '3.3');
    await enter(books, 'KWD', '1000', '3000', '10.001');
    await run(books);
    await setRate(books, 'KWD', '2026-03-31', '3.25');
    expect(await run(books)).toMatchObject({ outcome: 'withdrawn', revaluation: null });
    expect(await balanceOf(books, closing)).toMatchObject({ Bank: 3250n });
  });

  test('names every currency without a rate near the day, and changes nothing', async () => {
    const books = await openBooks();
    await setRate(books, 'GBP', '2026-03-10', '1.3');
    await enter(books, 'GBP', '1000', '3000', '1');
    await expect(run(books)).rejects.toMatchObject({
      code: 'no_exchange_rate',
      detail: expect.stringMatching(/2026-03-31.*GBP \(the newest is of 2026-03-10\)/),
    });
    await expect(run(books, '2026-05-02' as CalendarDate)).rejects.toMatchObject({
      code: 'invalid_request',
      detail: '2026-05-02 has not come yet; today is 2026-05-01.',
    });
    await setRate(books, 'GBP', '2026-03-24', '1.31');
    expect(await run(books)).toMatchObject({ outcome: 'posted', figures: [{ rateDate: '2026-03-24' }] });
  });

  test('leaves every monetary balance at balance × rate, rounded, and the next day as it was', async () => {
    const entries = fc.array(
      fc.record({
        currency: fc.constantFrom('JPY', 'EUR', 'KWD'),
        debit: fc.constantFrom('1000', '1200', '2150', '4000'),
        credit: fc.constantFrom('3000', '1000', '2150', '4000'),
        amount: fc.bigInt({ min: 1n, max: 9_999_999n }).map(String),
      }),
      { minLength: 1, maxLength: 6 },
    );
    const rate = fc
      .integer({ min: 1, max: 9_999_999 })
      .map((digits) => `0.${String(digits).padStart(7, '0')}`);
    await fc.assert(
      fc.asyncProperty(entries, rate, rate, async (entered, opening, end) => {
        const books = await openBooks();
        for (const currency of ['JPY', 'EUR', 'KWD']) {
          await setRate(books, currency, '2026-03-10', opening);
          await setRate(books, currency, closing, end);
        }
        for (const { currency, debit, credit, amount } of entered)
          await enter(books, currency, debit, credit, amount);
        const read = (date: CalendarDate) =>
          inBooks((tx) => readMonetaryBalances(tx, books.entity, date, null));
        const before = await read(closing);
        const trialBefore = await balanceOf(books, closing);
        const { figures } = await run(books);
        expect(figures).toHaveLength(before.length);
        const factor = parseDecimal(end) ?? zero;
        for (const { balanceMinor, bookBaseMinor, currency } of await read(closing)) {
          expect(bookBaseMinor).toBe(toBaseAmounts([balanceMinor], currency, 'USD', factor)[0]);
        }
        expect(await read(addDays(closing, 1))).toEqual(before);
        expect(await balanceOf(books, next)).toEqual(trialBefore);
        await balanceOf(books, closing);
      }),
      { numRuns: 15 },
    );
  });

  test.each([
    ['a change of its day', "UPDATE revaluations SET revaluation_date = '2026-03-30' WHERE id = $1"],
    ['a mark that it is undone', 'UPDATE revaluations SET undone_at = now() WHERE id = $1'],
    [
      'an undo by its own entries',
      "UPDATE revaluations SET undone_at = now(), undone_by = 'x', undo_entry_id = entry_id, undo_reversal_entry_id = reversal_entry_id WHERE id = $1",
    ],
    ['its removal', 'DELETE FROM revaluations WHERE id = $1'],
    ['other figures', 'UPDATE revaluation_lines SET new_base_minor = 1 WHERE revaluation_id = $1'],
    ['a figure less', 'DELETE FROM revaluation_lines WHERE revaluation_id = $1'],
    [
      'a figure more',
      "INSERT INTO revaluation_lines SELECT organization_id, revaluation_id, 9, account_id, 'CHF', 0, 1, NULL, NULL, 0 FROM revaluation_lines WHERE revaluation_id = $1",
    ],
    [
      'a second one of the day',
      "INSERT INTO revaluations SELECT gen_random_uuid(), organization_id, entity_id, revaluation_date, reversal_entry_id, entry_id, now(), 'x' FROM revaluations WHERE id = $1",
    ],
  ])('refuses %s by plain SQL', async (_, sql) => {
    const books = await openBooks();
    await setRate(books, 'EUR', '2026-03-10', '1.1');
    await setRate(books, 'EUR', '2026-03-31', '1.2');
    await enter(books, 'EUR', '1000', '3000', '10');
    const { revaluation } = await run(books);
    await expect(inBooks((tx) => tx.execute(sql, [revaluation?.id]))).rejects.toThrow(
      /append-only|changes only|undone|no figures|duplicate key|violates|has no entry/,
    );
  });
});

describeOnBothStores('A corrected exchange rate', (open) => {
  test('is kept whoever replaces or removes it, and never goes', async () => {
    const database = await open();
    const organizationId = await createOrganization(database);
    const { scope } = await openSampleBooks(database, organizationId);
    const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
      database.withOrganization(organizationId, work);
    await inBooks(async (tx) => {
      await tx.execute(
        `INSERT INTO exchange_rates (organization_id, entity_id, currency, rate_date, rate, source, created_by)
         VALUES ($1, $2, 'EUR', '2026-03-31', 1.1, 'ecb', 'x')`,
        [scope.organizationId, scope.entityId],
      );
      await tx.execute('UPDATE exchange_rates SET rate = 1.2 WHERE entity_id = $1', [scope.entityId]);
      await tx.execute('DELETE FROM exchange_rates WHERE entity_id = $1', [scope.entityId]);
    });
    const kept = await inBooks((tx) =>
      tx.query<{ rate: string }>(
        'SELECT rate FROM exchange_rate_corrections WHERE entity_id = $1 ORDER BY id',
        [scope.entityId],
      ),
    );
    expect(kept).toEqual([{ rate: '1.1' }, { rate: '1.2' }]);
    for (const sql of [
      'DELETE FROM exchange_rate_corrections',
      'UPDATE exchange_rate_corrections SET rate = 1',
    ]) {
      await expect(inBooks((tx) => tx.execute(sql, []))).rejects.toThrow(/append-only/);
    }
  });
});
