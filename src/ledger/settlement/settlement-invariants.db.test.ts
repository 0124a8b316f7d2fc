import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import { newId } from '../../kernel/ids.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { insertJournalEntries } from '../journal-store.ts';
import { openSampleBooks, type SampleBooks } from '../sample-books.ts';
import { creditInvoice } from './credit-notes.ts';
import { readRoleAccounts } from './role-accounts.ts';
import { day, postInvoice, receive } from './sample-settlements.ts';

describeOnBothStores('What the database holds of settlements against plain SQL', (open) => {
  let database: Database;
  let books: SampleBooks;
  let invoice: string;
  let receipt: string;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
    await inBooks(async (tx) => {
      invoice = await postInvoice(tx, books, [1000n]);
      receipt = await receive(tx, books, '9.00', { allocations: [{ documentId: invoice, amount: '4.00' }] });
    });
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);
  const run = (sql: string, parameters: readonly unknown[] = []): Promise<unknown> =>
    inBooks((tx) => tx.execute(sql, parameters));

  test('what is open is what the journal lines and the settlements say', async () => {
    const open = (minor: number, status: string) =>
      run('UPDATE documents SET open_minor = $2::bigint, status = $3::text WHERE id = $1::uuid', [
        invoice,
        minor,
        status,
      ]);
    await expect(open(500, 'partly_paid')).rejects.toThrow(/500 are open, but its journal lines come to 600/);
    await expect(open(1000, 'posted')).rejects.toThrow(/journal lines come to 600/);
    await expect(open(0, 'paid')).rejects.toThrow(/journal lines come to 600/);
  });

  test('no journal line moves a receivable without its settlement', async () => {
    const move = inBooks(async (tx) => {
      const accounts = await readRoleAccounts(tx, books.entity.id);
      const line = { currency: 'USD', amountMinor: 100n, baseMinor: 100n };
      await insertJournalEntries(tx, books.context, [
        {
          id: newId(),
          entityId: books.entity.id,
          date: day('2026-03-21'),
          kind: 'manual',
          description: 'Behind the back',
          documentId: null,
          reversesEntryId: null,
          lines: [
            { ...line, accountId: accounts('bank') },
            {
              ...line,
              accountId: accounts('accounts_receivable'),
              amountMinor: -100n,
              baseMinor: -100n,
              documentId: invoice,
            },
          ],
        },
      ]);
      await tx.execute('UPDATE documents SET open_minor = 500 WHERE id = $1::uuid', [invoice]);
    });
    await expect(move).rejects.toThrow(/its journal lines come to 500 and its settlements to 400/);
  });

  test('what is unapplied of a receipt is what its settlements leave, and never less than nothing', async () => {
    await expect(
      run('UPDATE receipts SET unapplied_minor = 900, unapplied_base_minor = 900 WHERE id = $1::uuid', [
        receipt,
      ]),
    ).rejects.toThrow(/900 are unapplied/);
    await expect(
      run('UPDATE receipts SET unapplied_minor = -1 WHERE id = $1::uuid', [receipt]),
    ).rejects.toThrow(/receipts_unapplied/);
  });

  test('receipts and settlements never change nor go, and a settlement is undone only with its reversal', async () => {
    await expect(run('DELETE FROM settlements')).rejects.toThrow(/append-only/);
    await expect(run('DELETE FROM receipts')).rejects.toThrow(/append-only/);
    await expect(run('UPDATE receipts SET amount_minor = 1000')).rejects.toThrow(/its figures never change/);
    await expect(run('UPDATE settlements SET amount_minor = 100')).rejects.toThrow(/never changes/);
    await expect(
      run(`UPDATE settlements s SET undone_at = now(), undone_by = 'x', undone_entry_id = s.entry_id`),
    ).rejects.toThrow(/does not agree with its journal entry/);
    await expect(
      run(
        `UPDATE receipts r SET status = 'reversed', reversal_entry_id = r.entry_id, reversed_at = now(), reversed_by = 'x',
           unapplied_minor = 0, unapplied_base_minor = 0`,
      ),
    ).rejects.toThrow(/does not agree with its journal entry/);
  });

  test('a settlement moves what its entry moves, within one entity', async () => {
    await expect(
      run(
        `INSERT INTO settlements (id, organization_id, entity_id, kind, receipt_id, document_id, currency, amount_minor,
           source_base_minor, target_base_minor, settled_on, entry_id, created_by)
         SELECT $1::uuid, r.organization_id, r.entity_id, 'receipt', r.id, $2::uuid, 'USD', 100, 100, 100, r.received_on, r.entry_id, 'x'
         FROM receipts r WHERE r.id = $3::uuid`,
        [newId(), invoice, receipt],
      ),
    ).rejects.toThrow(/does not agree with its journal entry/);
  });

  test('credit notes of an invoice never come to more than it', async () => {
    const note = await inBooks((tx) => creditInvoice(tx, invoice, { amount: '6.00' }, books.context));
    await expect(
      run('UPDATE documents SET total_minor = 1001, open_minor = 1001 WHERE id = $1::uuid', [note]),
    ).rejects.toThrow(/come to more than it/);
    await expect(
      run('UPDATE documents SET credits_document_id = $2::uuid WHERE id = $1::uuid', [note, note]),
    ).rejects.toThrow(/of an invoice of its own entity/);
  });

  test('another organization sees and settles none of it', async () => {
    const other = await createOrganization(database);
    const seen = await database.withOrganization(other, async (tx) => [
      ...(await tx.query('SELECT id FROM receipts')),
      ...(await tx.query('SELECT id FROM settlements')),
    ]);
    expect(seen).toEqual([]);
  });
});
