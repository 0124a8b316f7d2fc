import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { newId } from '../../kernel/ids.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { listAccounts } from '../accounts-store.ts';
import { postManualEntry } from '../manual-entry.ts';
import { openSampleBooks, type SampleBooks } from '../sample-books.ts';
import { changePeriodStatus } from './period-status.ts';
import { listFiscalPeriods, listFiscalYears } from './periods-store.ts';

/** Tries to get past the periods with plain SQL under the role of requests. */
describeOnBothStores('The database, of periods,', (open) => {
  let database: Database;
  let books: SampleBooks;
  let accounts: Map<string, string>;
  /** January is locked, February closed, the rest open; an entry of March. */
  let periods: Map<string, string>;

  beforeAll(async () => {
    database = await open();
    const booksFrom = '2026-01-01' as CalendarDate;
    books = await openSampleBooks(database, await createOrganization(database), { booksFrom });
    await inBooks(async (tx) => {
      accounts = new Map((await listAccounts(tx, books.entity.id)).map(({ number, id }) => [number, id]));
      periods = new Map((await listFiscalPeriods(tx, books.entity.id)).map(({ name, id }) => [name, id]));
      const request = {
        date: '2026-03-10',
        description: 'An entry',
        lines: [
          { account: '1000', debit: '1.00' },
          { account: '3000', credit: '1.00' },
        ],
      };
      await postManualEntry(tx, books.entity.id, request, books.context);
      const reason = 'Month end';
      const [january = '', february = ''] = [...periods.values()];
      await changePeriodStatus(tx, january, { status: 'locked', reason }, books.context);
      await changePeriodStatus(tx, february, { status: 'closed', reason }, books.context);
    });
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);
  const attempt = (sql: string, parameters: readonly unknown[] = []): Promise<number> =>
    inBooks((tx) => tx.execute(sql, parameters));

  /** A whole, balanced entry, past the code. */
  const enter = (
    day: string,
    fields: { kind?: string; adjusting?: boolean; reverses?: string } = {},
  ): Promise<string> =>
    inBooks(async (tx) => {
      const id = newId();
      await tx.execute(
        `INSERT INTO journal_entries (id, organization_id, entity_id, entry_date, kind, description, created_by, adjusting, reverses_entry_id)
         VALUES ($1::uuid, $2::uuid, $3::uuid, $4::date, $5::text, 'attempt', 'user:test', $6::boolean, $7::uuid)`,
        [
          id,
          books.scope.organizationId,
          books.entity.id,
          day,
          fields.kind ?? 'manual',
          fields.adjusting ?? false,
          fields.reverses ?? null,
        ],
      );
      await tx.execute(
        `INSERT INTO journal_lines (organization_id, entry_id, position, account_id, currency, debit_minor, credit_minor, base_debit_minor, base_credit_minor, entry_date)
         SELECT $1::uuid, $2::uuid, v.position, v.account_id, 'USD', v.debit, 5 - v.debit, v.debit, 5 - v.debit, e.entry_date
         FROM journal_entries e, (VALUES (1, $3::uuid, 5), (2, $4::uuid, 0)) AS v (position, account_id, debit) WHERE e.id = $2::uuid`,
        [books.scope.organizationId, id, accounts.get('1000'), accounts.get('3000')],
      );
      return id;
    });
  const makePeriods = (tx: Transaction, yearId: string, days: readonly (readonly [string, string])[]) =>
    tx.execute(
      `INSERT INTO fiscal_periods (id, organization_id, entity_id, fiscal_year_id, position, name, start_date, end_date)
       SELECT gen_random_uuid(), $1::uuid, $2::uuid, $3::uuid, r.place::integer, 'Part ' || r.place, r.start_date, r.end_date
       FROM unnest($4::date[], $5::date[]) WITH ORDINALITY AS r (start_date, end_date, place)`,
      [
        books.scope.organizationId,
        books.entity.id,
        yearId,
        days.map(([startDate]) => startDate),
        days.map(([, endDate]) => endDate),
      ],
    );
  const makeYear = async (tx: Transaction, startDate: string, endDate: string): Promise<string> => {
    const id = newId();
    await tx.execute(
      `INSERT INTO fiscal_years (id, organization_id, entity_id, name, start_date, end_date, created_by)
       VALUES ($1::uuid, $2::uuid, $3::uuid, 'attempt', $4::date, $5::date, 'user:test')`,
      [id, books.scope.organizationId, books.entity.id, startDate, endDate],
    );
    return id;
  };

  test('lets no entry into a locked period, and into no period at all', async () => {
    for (const kind of ['manual', 'closing', 'revaluation', 'receipt']) {
      await expect(enter('2026-01-31', { kind })).rejects.toThrow(/January 2026, which is locked/);
    }
    await expect(enter('2026-01-01', { adjusting: true })).rejects.toThrow(/January 2026, which is locked/);
    await expect(enter('2025-12-31')).rejects.toThrow(/lies in no fiscal year/);
  });

  test('lets into a closed period only what closes, revalues or adjusts, and what takes that back', async () => {
    for (const kind of ['manual', 'receipt', 'settlement', 'recognition', 'refund']) {
      await expect(enter('2026-02-28', { kind })).rejects.toThrow(/February 2026, which is closed/);
    }
    const march = await enter('2026-03-31');
    const closing = await enter('2026-02-28', { kind: 'closing' });
    await expect(enter('2026-02-28', { kind: 'reversal', reverses: march })).rejects.toThrow(/is closed/);
    await enter('2026-02-28', { kind: 'reversal', reverses: closing });
    await enter('2026-02-28', { kind: 'revaluation' });
    await enter('2026-02-28', { adjusting: true });
    await expect(enter('2026-03-31', { kind: 'receipt', adjusting: true })).rejects.toThrow(
      /journal_entries_adjusting/,
    );
  });

  test('keeps the reason of whoever closed a period, and the days of periods and years', async () => {
    const march = periods.get('March 2026');
    await expect(
      attempt(`UPDATE fiscal_periods SET status = 'locked' WHERE id = $1::uuid`, [march]),
    ).rejects.toThrow(/fiscal_periods_reason_kept/);
    await expect(
      attempt(`UPDATE fiscal_periods SET end_date = end_date - 1 WHERE id = $1::uuid`, [march]),
    ).rejects.toThrow(/days of March 2026 never change/);
    await expect(
      attempt(`UPDATE fiscal_years SET start_date = start_date - 1 WHERE entity_id = $1::uuid`, [
        books.entity.id,
      ]),
    ).rejects.toThrow(/never change/);
  });

  test('has no gap and no overlap between years, nor within one', async () => {
    const reach = (await inBooks((tx) => listFiscalYears(tx, books.entity.id))).at(-1);
    expect(reach?.startDate).toBe('2026-01-01');
    await expect(inBooks((tx) => makeYear(tx, '2024-01-01', '2024-12-31'))).rejects.toThrow(/day after/);
    await expect(inBooks((tx) => makeYear(tx, '2025-07-01', '2026-06-30'))).rejects.toThrow(/day after/);
    for (const days of [
      [['2025-01-01', '2025-11-30']],
      [
        ['2025-01-01', '2025-06-30'],
        ['2025-07-02', '2025-12-31'],
      ],
      [
        ['2025-01-01', '2025-07-01'],
        ['2025-07-01', '2025-12-31'],
      ],
    ] as const) {
      await expect(
        inBooks(async (tx) => makePeriods(tx, await makeYear(tx, '2025-01-01', '2025-12-31'), days)),
      ).rejects.toThrow(/do not cover it day by day/);
    }
  });

  test('deletes no period that is closed or in use, and none without its year', async () => {
    await expect(
      attempt(`DELETE FROM fiscal_periods WHERE id = $1::uuid`, [periods.get('June 2026')]),
    ).rejects.toThrow(/its year stays/);
    await expect(
      attempt(`DELETE FROM fiscal_years WHERE entity_id = $1::uuid`, [books.entity.id]),
    ).rejects.toThrow(/in use/);
    await expect(attempt(`TRUNCATE fiscal_periods`)).rejects.toThrow();
  });

  test('keeps base currency and fiscal year of an entity that has entries, and the mode of any', async () => {
    for (const change of [`base_currency = 'EUR'`, `fiscal_year_start_month = 4`, `mode = 'test'`]) {
      await expect(
        attempt(`UPDATE entities SET ${change} WHERE id = $1::uuid`, [books.entity.id]),
      ).rejects.toThrow(/in use|never change/);
    }
  });

  test('shows another organization none of it', async () => {
    const other = await createOrganization(database, 'Other');
    const seen = await database.withOrganization(other, async (tx) => [
      await listFiscalYears(tx, books.entity.id),
      await listFiscalPeriods(tx, books.entity.id),
      await tx.execute(`UPDATE fiscal_periods SET status = 'open'`),
    ]);
    expect(seen).toEqual([[], [], 0]);
  });
});
