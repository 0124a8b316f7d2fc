import { beforeAll, describe, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../test/support/database.ts';
import { newId } from '../kernel/ids.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { listAccounts } from './accounts-store.ts';
import { insertDraftDocuments } from './document-drafts-store.ts';
import { postDocuments } from './posting.ts';
import { reverseDocument } from './reversal.ts';
import { openSampleBooks, type SampleBooks, sampleDraft, sampleDraftRow } from './sample-books.ts';

/**
 * Tries to break the books with plain SQL under the role of requests: what the code would never do, a bug or an intruder might.
 * Each attempt is one transaction; it has to fail as a whole.
 */
describeOnBothStores('The database, of the journal,', (open) => {
  let database: Database;
  let books: SampleBooks;
  let accounts: Map<string, string>;
  /** Of a posted invoice of 100.00. */
  let entryId: string;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
    await inBooks(async (tx) => {
      accounts = new Map((await listAccounts(tx, books.entity.id)).map(({ number, id }) => [number, id]));
      const posted = sampleDraftRow(books, sampleDraft(books, [10000n]));
      await insertDraftDocuments(tx, books.scope, [posted]);
      const [outcome] = await postDocuments(tx, [posted.id], books.context);
      entryId = outcome?.outcome === 'posted' ? outcome.entryId : '';
    });
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);
  const account = (number: string): string => accounts.get(number) ?? '';
  const attempt = (sql: string, parameters: readonly unknown[] = []): Promise<number> =>
    inBooks((tx) => tx.execute(sql, parameters));

  const addEntry = async (
    tx: Transaction,
    fields: { entity?: string; transaction?: string } = {},
  ): Promise<string> => {
    const id = newId();
    await tx.execute(
      `INSERT INTO journal_entries (id, organization_id, entity_id, entry_date, kind, description, created_by, transaction_id)
       VALUES ($1::uuid, $2::uuid, $3::uuid, '2026-03-10', 'manual', 'attempt', 'user:test', coalesce($4::xid8, pg_current_xact_id()))`,
      [id, books.scope.organizationId, fields.entity ?? books.entity.id, fields.transaction ?? null],
    );
    return id;
  };

  interface Side {
    readonly account: string;
    readonly currency?: string;
    readonly debit?: number;
    readonly credit?: number;
    readonly baseDebit?: number;
    readonly baseCredit?: number;
  }

  const addLines = (
    tx: Transaction,
    id: string,
    sides: readonly Side[],
    firstPosition = 1,
    day = '2026-03-10',
  ): Promise<number> =>
    tx.execute(
      `INSERT INTO journal_lines (organization_id, entry_id, position, account_id, currency, debit_minor, credit_minor,
         base_debit_minor, base_credit_minor, entry_date)
       SELECT $1::uuid, $2::uuid, $3::integer + r.place::integer, r.account_id, r.currency, r.debit, r.credit, r.base_debit, r.base_credit,
         $10::date
       FROM unnest($4::uuid[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
         WITH ORDINALITY AS r (account_id, currency, debit, credit, base_debit, base_credit, place)`,
      [
        books.scope.organizationId,
        id,
        firstPosition - 1,
        sides.map((side) => side.account),
        sides.map((side) => side.currency ?? 'USD'),
        sides.map((side) => side.debit ?? 0),
        sides.map((side) => side.credit ?? 0),
        sides.map((side) => side.baseDebit ?? side.debit ?? 0),
        sides.map((side) => side.baseCredit ?? side.credit ?? 0),
        day,
      ],
    );

  describe('keeps journal entries balanced', () => {
    const entryOf = (sides: () => readonly Side[]): Promise<unknown> =>
      inBooks(async (tx) => addLines(tx, await addEntry(tx), sides()));

    test('accepts one that is', async () => {
      await expect(
        entryOf(() => [
          { account: account('1000'), debit: 100 },
          { account: account('4000'), credit: 100 },
        ]),
      ).resolves.toBe(2);
    });

    test('refuses more debits than credits', async () => {
      const sides = () => [
        { account: account('1000'), debit: 100 },
        { account: account('4000'), credit: 99 },
      ];
      await expect(entryOf(sides)).rejects.toThrow('does not balance in USD');
    });

    test('refuses two currencies that balance only together', async () => {
      const sides = () => [
        { account: account('1000'), debit: 100, baseDebit: 100 },
        { account: account('4000'), credit: 100, currency: 'EUR', baseCredit: 100 },
      ];
      await expect(entryOf(sides)).rejects.toThrow('does not balance in');
    });

    test('refuses a base that does not balance', async () => {
      const sides = () => [
        { account: account('1000'), debit: 100, currency: 'EUR', baseDebit: 110 },
        { account: account('4000'), credit: 100, currency: 'EUR', baseCredit: 111 },
      ];
      await expect(entryOf(sides)).rejects.toThrow('does not balance in the base currency');
    });

    test('refuses a line on both sides, on none, or with sides that disagree', async () => {
      const pair = (side: Omit<Side, 'account'>) => () => [{ account: account('1000'), ...side }];
      await expect(entryOf(pair({ debit: 1, credit: 1 }))).rejects.toThrow('journal_lines_one_side');
      await expect(entryOf(pair({}))).rejects.toThrow('journal_lines_one_side');
      await expect(entryOf(pair({ debit: 1, baseDebit: 0, baseCredit: 1 }))).rejects.toThrow(
        'journal_lines_one_side',
      );
    });

    test('refuses negative amounts and amounts beyond 10^15', async () => {
      const sides = (amount: number) => () => [
        { account: account('1000'), debit: amount },
        { account: account('4000'), credit: amount },
      ];
      await expect(entryOf(sides(-5))).rejects.toThrow('check constraint');
      await expect(entryOf(sides(10 ** 15 + 1))).rejects.toThrow('check constraint');
    });

    test('refuses an entry without lines, at the latest when the transaction ends', async () => {
      await expect(inBooks(addEntry)).rejects.toThrow('has no lines');
    });

    test('cannot be tricked by checking constraints early and adding lines afterwards', async () => {
      const tricked = inBooks(async (tx) => {
        const id = await addEntry(tx);
        await addLines(tx, id, [
          { account: account('1000'), debit: 100 },
          { account: account('4000'), credit: 100 },
        ]);
        await tx.execute('SET CONSTRAINTS ALL IMMEDIATE');
        await addLines(tx, id, [{ account: account('1000'), debit: 7 }], 3);
      });
      await expect(tricked).rejects.toThrow('does not balance in USD');
    });

    test('refuses the account of another entity, and the entity of another organization', async () => {
      const other = await openSampleBooks(database, books.scope.organizationId);
      const foreign = await inBooks((tx) => listAccounts(tx, other.entity.id));
      const sides = () => [
        { account: account('1000'), debit: 100 },
        { account: foreign[0]?.id ?? '', credit: 100 },
      ];
      await expect(entryOf(sides)).rejects.toThrow('its account belongs to another entity');
      const stranger = await openSampleBooks(database, await createOrganization(database, 'Stranger'));
      const entity = stranger.entity.id;
      await expect(inBooks((tx) => addEntry(tx, { entity }))).rejects.toThrow(
        'journal_entries_organization_id_entity_id_fkey',
      );
    });
  });

  describe('keeps the journal append-only', () => {
    test.each(['journal_entries', 'journal_lines', 'audit_entries'])(
      'refuses UPDATE and DELETE of %s',
      async (table) => {
        await expect(attempt(`UPDATE ${table} SET organization_id = organization_id`)).rejects.toThrow(
          'append-only',
        );
        await expect(attempt(`DELETE FROM ${table}`)).rejects.toThrow('append-only');
      },
    );

    test('refuses to truncate it, even for the owner of the tables', async () => {
      const truncate = (table: string) =>
        database.withSystem((tx) => tx.execute(`TRUNCATE ${table} CASCADE`));
      await expect(truncate('journal_lines')).rejects.toThrow('append-only');
      await expect(truncate('documents')).rejects.toThrow('append-only');
      await expect(truncate('document_lines')).rejects.toThrow('append-only');
    });

    test('refuses balanced lines added to an entry of an earlier transaction', async () => {
      const sides = [
        { account: account('1000'), debit: 100 },
        { account: account('4000'), credit: 100 },
      ];
      await expect(inBooks((tx) => addLines(tx, entryId, sides, 10))).rejects.toThrow('earlier transaction');
    });

    test('refuses lines of another day than their entry', async () => {
      const sides = [
        { account: account('1000'), debit: 100 },
        { account: account('4000'), credit: 100 },
      ];
      const parted = inBooks(async (tx) => addLines(tx, await addEntry(tx), sides, 1, '2026-03-11'));
      await expect(parted).rejects.toThrow('is of another day');
    });

    test('refuses an entry that names a later transaction, to which lines could be added then', async () => {
      const transaction = '99999999';
      await expect(inBooks((tx) => addEntry(tx, { transaction }))).rejects.toThrow(
        'names another transaction',
      );
    });

    test('refuses to reverse an entry twice, and to post a document twice', async () => {
      await inBooks(async (tx) => {
        const row = sampleDraftRow(books, sampleDraft(books, [100n]));
        await insertDraftDocuments(tx, books.scope, [row]);
        await postDocuments(tx, [row.id], books.context);
        await reverseDocument(tx, row.id, books.context);
      });
      const copy = (columns: string, condition: string) =>
        attempt(
          `INSERT INTO journal_entries (id, organization_id, entity_id, entry_date, kind, description, created_by, ${columns})
           SELECT gen_random_uuid(), organization_id, entity_id, entry_date, kind, description, created_by, ${columns}
           FROM journal_entries WHERE ${condition} LIMIT 1`,
        );
      await expect(copy('reverses_entry_id', `kind = 'reversal'`)).rejects.toThrow('reverses_entry_id');
      await expect(copy('document_id', `kind = 'document'`)).rejects.toThrow('journal_entries_posting');
    });

    test('refuses to change the type of an account and to delete one that is used', async () => {
      const id = account('4000');
      await expect(attempt(`UPDATE accounts SET type = 'asset' WHERE id = $1::uuid`, [id])).rejects.toThrow(
        'never change',
      );
      await expect(attempt('DELETE FROM accounts WHERE id = $1::uuid', [id])).rejects.toThrow('foreign key');
    });
  });
});
