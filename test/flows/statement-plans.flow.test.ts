import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../support/database.ts';
import type { CalendarDate } from '../../src/kernel/dates.ts';
import { listAccounts } from '../../src/ledger/accounts-store.ts';
import { insertDraftDocuments } from '../../src/ledger/document-drafts-store.ts';
import { postDocuments } from '../../src/ledger/posting.ts';
import {
  openSampleBooks,
  type SampleBooks,
  sampleDraft,
  sampleDraftRow,
} from '../../src/ledger/sample-books.ts';
import type { Database, Transaction } from '../../src/platform/database/database.ts';
import { readAging, readCustomerBalance } from '../../src/reports/statements/ar-aging-store.ts';
import { listLedger } from '../../src/reports/statements/general-ledger-store.ts';

const invoices = 400;
const at = '2026-12-31' as CalendarDate;

describeOnBothStores('The plans of statements', (open) => {
  let database: Database;
  let books: SampleBooks;
  let receivableId: string;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
    await database.withOrganization(books.scope.organizationId, async (tx) => {
      const rows = Array.from({ length: invoices }, () =>
        sampleDraftRow(books, sampleDraft(books, [100n, 200n, 300n])),
      );
      await postDocuments(tx, await insertDraftDocuments(tx, books.scope, rows), books.context);
      const accounts = await listAccounts(tx, books.entity.id);
      receivableId = accounts.find(({ number }) => number === '1200')?.id ?? '';
    });
    await database.withSystem((tx) => tx.execute('ANALYZE'));
  });

  /** Each statement that the reading makes, and its plan as text. Nothing but the order and the index of a large table is asked for. */
  const plansOf = (read: (tx: Transaction) => Promise<unknown>): Promise<string[]> =>
    database.withOrganization(books.scope.organizationId, async (tx) => {
      // A table of some pages is read whole, as it should be; that of a large one is what these plans are about.
      await tx.execute('SET LOCAL enable_seqscan = off');
      await tx.execute('SET LOCAL enable_bitmapscan = off');
      const plans: string[] = [];
      await read({
        execute: (sql, parameters) => tx.execute(sql, parameters),
        query: async <Row extends object>(sql: string, parameters?: readonly unknown[]) => {
          const lines = await tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, parameters);
          plans.push(lines.map((line) => line['QUERY PLAN']).join('\n'));
          return tx.query<Row>(sql, parameters);
        },
      });
      return plans;
    });

  test('a page deep inside an account is found by the index of its order, without sorting the account', async () => {
    const filter = { entityId: books.entity.id, accountId: receivableId, from: null, to: at };
    const first = await database.withOrganization(books.scope.organizationId, (tx) =>
      listLedger(tx, filter, { limit: 200 }),
    );
    const plans = await plansOf((tx) => listLedger(tx, filter, { limit: 20, after: first.next }));
    const page = plans.find((plan) => plan.includes('Limit')) ?? '';
    expect(page).toMatch(/Index (Only )?Scan using journal_lines_ledger on journal_lines l\b/);
    expect(page).toMatch(/Index Cond: .*ROW\(/);
    expect(page.slice(page.indexOf('Limit'))).not.toContain('Sort');
  });

  test('which accounts have receivables is one step in an index for each account', async () => {
    const plans = await plansOf((tx) => readCustomerBalance(tx, books.entity.id, at));
    expect(plans.join('\n')).toMatch(
      /Index (Only )?Scan using journal_lines_(receivable|ledger) on journal_lines u/,
    );
  });

  test('aging goes through the receivables once, whatever it shows of them', async () => {
    const filter = { entityId: books.entity.id, at, by: 'due_date', customerId: null } as const;
    const plans = await plansOf((tx) => readAging(tx, filter, { limit: 20 }));
    expect(plans).toHaveLength(1);
    expect(plans[0]?.match(/Scan using \w+ on journal_lines l\b/g)).toHaveLength(1);
  });
});
