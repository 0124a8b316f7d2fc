import { beforeAll, describe, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores, whereParallel } from '../../test/support/database.ts';
import { newId } from '../kernel/ids.ts';
import { appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { insertDraftDocuments } from './document-drafts-store.ts';
import { documentTransitions, storedDocumentStatuses } from './document-status.ts';
import { insertCustomers } from './customers-store.ts';
import { postDocuments } from './posting.ts';
import { reverseDocument } from './reversal.ts';
import {
  openSampleBooks,
  type SampleBooks,
  sampleCustomer,
  sampleDraft,
  sampleDraftRow,
} from './sample-books.ts';

/**
 * Tries to break the books with plain SQL under the role of requests: what the code would never do, a bug or an intruder might.
 * Each attempt is one transaction; it has to fail as a whole.
 */
describeOnBothStores('The database, of documents,', (open, kind) => {
  let database: Database;
  let books: SampleBooks;
  /** A posted invoice of 100.00, and a draft of 50.00. */
  let postedId: string;
  let draftId: string;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
    await inBooks(async (tx) => {
      const posted = sampleDraftRow(books, sampleDraft(books, [10000n]));
      const draft = sampleDraftRow(books, sampleDraft(books, [5000n]));
      await insertDraftDocuments(tx, books.scope, [posted, draft]);
      await postDocuments(tx, [posted.id], books.context);
      postedId = posted.id;
      draftId = draft.id;
    });
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);
  const attempt = (sql: string, parameters: readonly unknown[] = []): Promise<number> =>
    inBooks((tx) => tx.execute(sql, parameters));

  /** What posting writes, without the locks and checks of `postDocuments`. */
  async function postWithPlainSql(tx: Transaction, documentId: string, totalMinor: number): Promise<void> {
    const entry = newId();
    await tx.execute(
      `INSERT INTO journal_entries (id, organization_id, entity_id, entry_date, kind, description, created_by, document_id)
       VALUES ($1::uuid, $2::uuid, $3::uuid, '2026-03-10', 'document', 'attempt', 'x', $4::uuid)`,
      [entry, books.scope.organizationId, books.entity.id, documentId],
    );
    await tx.execute(
      `INSERT INTO journal_lines (organization_id, entry_id, position, account_id, currency, debit_minor, credit_minor,
         base_debit_minor, base_credit_minor, document_id, entry_date)
       SELECT a.organization_id, $1::uuid, row_number() OVER (ORDER BY a.number), a.id, 'USD', s.debit, s.credit, s.debit, s.credit,
         CASE WHEN a.number = '1200' THEN $4::uuid END, '2026-03-10'
       FROM accounts a
       JOIN (VALUES ('1200', $3::bigint, 0), ('4000', 0, $3::bigint)) AS s (number, debit, credit) ON s.number = a.number
       WHERE a.entity_id = $2::uuid`,
      [entry, books.entity.id, totalMinor, documentId],
    );
    await tx.execute(
      `UPDATE documents SET status = 'posted', number = $2::text, posted_at = now(), posted_by = 'x', exchange_rate = 1
       WHERE id = $1::uuid`,
      [documentId, `X-${documentId}`],
    );
  }

  describe('keeps posted documents as they are', () => {
    test.each([
      ['number', `'INV-9'`],
      ['currency', `'EUR'`],
      ['total_minor', '1, open_minor = 1'],
      ['tax_minor', '1'],
      ['document_date', `'2020-01-01'`],
      ['due_date', `'2020-01-01'`],
      ['description', `'Other'`],
      ['exchange_rate', '2'],
      ['posted_at', `'2020-01-01'`],
    ])('refuses another %s', async (column, value) => {
      const sql = `UPDATE documents SET ${column} = ${value} WHERE id = $1::uuid`;
      await expect(attempt(sql, [postedId])).rejects.toThrow('its figures never change');
    });

    test('refuses another kind, entity or source mode, of drafts too', async () => {
      for (const id of [postedId, draftId]) {
        for (const change of [`kind = 'contract'`, 'entity_id = gen_random_uuid()', `created_by = 'x'`]) {
          const sql = `UPDATE documents SET ${change} WHERE id = $1::uuid`;
          await expect(attempt(sql, [id])).rejects.toThrow('identity of document');
        }
      }
    });

    test('refuses to delete one, alone or among drafts', async () => {
      await expect(attempt('DELETE FROM documents WHERE id = $1::uuid', [postedId])).rejects.toThrow();
      await expect(
        attempt('DELETE FROM documents WHERE entity_id = $1::uuid', [books.entity.id]),
      ).rejects.toThrow(/only a draft|never change|foreign key/);
    });

    test('refuses to delete an active contract, which has no journal entry that would stand in the way', async () => {
      const row = sampleDraftRow(books, sampleDraft(books, [100n], { kind: 'contract' }));
      await inBooks(async (tx) => {
        await insertDraftDocuments(tx, books.scope, [row]);
        await tx.execute(
          `UPDATE documents SET status = 'active', number = 'CON-1', posted_at = now(), posted_by = 'x', exchange_rate = 1
           WHERE id = $1::uuid`,
          [row.id],
        );
      });
      const remove = attempt('DELETE FROM documents WHERE id = $1::uuid', [row.id]);
      await expect(remove).rejects.toThrow('only a draft can be deleted');
    });

    test('refuses to add, change, move or delete its lines', async () => {
      const refused = 'restrict|drafts|never change';
      const add = `INSERT INTO document_lines (organization_id, document_id, position, description, quantity, unit_price, amount_minor)
        VALUES ($2::uuid, $1::uuid, 9, 'more', 1, 1, 0)`;
      const { organizationId } = books.scope;
      await expect(attempt(add, [postedId, organizationId])).rejects.toThrow(new RegExp(refused));
      for (const sql of [
        'UPDATE document_lines SET amount_minor = 1 WHERE document_id = $1::uuid',
        'DELETE FROM document_lines WHERE document_id = $1::uuid',
      ]) {
        await expect(attempt(sql, [postedId])).rejects.toThrow(new RegExp(refused));
      }
      const move =
        'UPDATE document_lines SET document_id = $2::uuid, position = 9 WHERE document_id = $1::uuid';
      await expect(attempt(move, [postedId, draftId])).rejects.toThrow(new RegExp(refused));
      await expect(attempt(move, [draftId, postedId])).rejects.toThrow(new RegExp(refused));
    });

    test('lets a merge give it to another customer of the entity, never of another one', async () => {
      const other = await openSampleBooks(database, books.scope.organizationId);
      const twinId = newId();
      await inBooks((tx) =>
        insertCustomers(tx, books.scope, [{ id: twinId, draft: sampleCustomer('Acme') }]),
      );
      const sql = 'UPDATE documents SET customer_id = $2::uuid WHERE id = $1::uuid';
      await expect(attempt(sql, [postedId, twinId])).resolves.toBe(1);
      await expect(attempt(sql, [postedId, other.customerId])).rejects.toThrow('another entity');
      await expect(attempt(sql, [draftId, other.customerId])).rejects.toThrow('another entity');
    });
  });

  describe('lets a status go only where it may', () => {
    test('by the same list as the code', async () => {
      const rows = await inBooks((tx) =>
        tx.query<{ from_status: string; to_status: string }>(
          `SELECT f AS from_status, t AS to_status
           FROM unnest($1::text[]) AS f CROSS JOIN unnest($1::text[]) AS t WHERE is_document_transition(f, t)`,
          [storedDocumentStatuses],
        ),
      );
      const allowed = Object.entries(documentTransitions).flatMap(([from, tos]) =>
        tos.map((to) => `${from} ${to}`),
      );
      expect(rows.map((row) => `${row.from_status} ${row.to_status}`).toSorted()).toEqual(allowed.toSorted());
    });

    test('refuses to make a draft of a posted document, and to post without a number, rate or entry', async () => {
      const back = `UPDATE documents SET status = 'draft', number = NULL WHERE id = $1::uuid`;
      await expect(attempt(back, [postedId])).rejects.toThrow('cannot go from posted to draft');
      const post = (more: string) =>
        attempt(`UPDATE documents SET status = 'posted'${more} WHERE id = $1::uuid`, [draftId]);
      const whole = `, number = 'X-1', posted_at = now(), posted_by = 'x', exchange_rate = 1`;
      await expect(post(whole)).rejects.toThrow('has no journal entry');
      await expect(post('')).rejects.toThrow(/no journal entry|documents_/);
    });

    test('refuses to reverse without a reversal in the journal, and to pay what is still open', async () => {
      const reverse = `UPDATE documents SET status = 'reversed', open_minor = 0 WHERE id = $1::uuid`;
      await expect(attempt(reverse, [postedId])).rejects.toThrow('no reversal in the journal');
      const pay = `UPDATE documents SET status = 'paid' WHERE id = $1::uuid`;
      await expect(attempt(pay, [postedId])).rejects.toThrow('documents_open_fits_status');
    });

    test('refuses to post a total that is not the sum of lines and tax', async () => {
      const posting = inBooks(async (tx) => {
        const row = sampleDraftRow(books, sampleDraft(books, [700n]));
        await insertDraftDocuments(tx, books.scope, [row]);
        await tx.execute('UPDATE documents SET total_minor = 800, open_minor = 800 WHERE id = $1::uuid', [
          row.id,
        ]);
        await postWithPlainSql(tx, row.id, 800);
      });
      await expect(posting).rejects.toThrow('not the sum of its lines and tax');
    });

    test('refuses a document that begins as anything but a draft', async () => {
      const copy = `INSERT INTO documents (id, organization_id, entity_id, kind, status, number, customer_id, currency, total_minor,
          open_minor, document_date, due_date, created_by, updated_by, exchange_rate, posted_at, posted_by)
        SELECT gen_random_uuid(), organization_id, entity_id, kind, status, 'X-2', customer_id, currency, total_minor, open_minor,
          document_date, due_date, 'x', 'x', 1, now(), 'x'
        FROM documents WHERE id = $1::uuid`;
      await expect(attempt(copy, [postedId])).rejects.toThrow('is not a draft');
    });

    test('refuses a number twice, and a number series that goes back or away', async () => {
      const back = 'UPDATE number_series SET next_number = 1 WHERE entity_id = $1::uuid AND next_number > 1';
      await expect(attempt(back, [books.entity.id])).rejects.toThrow('only goes up');
      await expect(attempt('DELETE FROM number_series')).rejects.toThrow('append-only');
      const twice = inBooks(async (tx) => {
        const rows = [1, 2].map(() => sampleDraftRow(books, sampleDraft(books, [100n])));
        await insertDraftDocuments(tx, books.scope, rows);
        await tx.execute(
          `INSERT INTO journal_entries (id, organization_id, entity_id, entry_date, kind, description, created_by, document_id)
           SELECT gen_random_uuid(), organization_id, entity_id, document_date, 'document', 'x', 'x', id FROM documents
           WHERE id = ANY ($1::uuid[])`,
          [rows.map(({ id }) => id)],
        );
        await tx.execute(
          `UPDATE documents SET status = 'posted', number = 'INV-000001', posted_at = now(), posted_by = 'x', exchange_rate = 1
           WHERE id = ANY ($1::uuid[])`,
          [rows.map(({ id }) => id)],
        );
      });
      await expect(twice).rejects.toThrow('documents_number');
    });
  });

  describe('keeps test data and tenants apart', () => {
    const source = {
      connector: 'crm',
      accountId: '1',
      mode: 'test',
      connectionId: newId(),
      type: 'deal',
      id: '1',
    } as const;

    test('refuses a document of a test connection in live books, and of a live one in test books', async () => {
      const row = sampleDraftRow(books, sampleDraft(books, [100n]), { source });
      await expect(inBooks((tx) => insertDraftDocuments(tx, books.scope, [row]))).rejects.toThrow(
        'other mode',
      );
      const testBooks = await openSampleBooks(database, books.scope.organizationId, { mode: 'test' });
      const live = sampleDraftRow(testBooks, sampleDraft(testBooks, [100n]), {
        source: { ...source, mode: 'live' },
      });
      await expect(inBooks((tx) => insertDraftDocuments(tx, testBooks.scope, [live]))).rejects.toThrow(
        'other mode',
      );
      const right = sampleDraftRow(testBooks, sampleDraft(testBooks, [100n]), { source });
      await expect(inBooks((tx) => insertDraftDocuments(tx, testBooks.scope, [right]))).resolves.toEqual([
        right.id,
      ]);
      const move = `UPDATE documents SET source_mode = 'live' WHERE id = $1::uuid`;
      await expect(attempt(move, [right.id])).rejects.toThrow('identity of document');
    });

    test('refuses a second document of one source record and revision, until the first one is reversed', async () => {
      const live = { ...source, mode: 'live', id: 'deal-77' } as const;
      const row = () => sampleDraftRow(books, sampleDraft(books, [100n]), { source: live });
      const first = row();
      await inBooks((tx) => insertDraftDocuments(tx, books.scope, [first]));
      await expect(inBooks((tx) => insertDraftDocuments(tx, books.scope, [row()]))).rejects.toThrow(
        'documents_source',
      );
      await inBooks(async (tx) => {
        await postDocuments(tx, [first.id], books.context);
        await reverseDocument(tx, first.id, books.context);
      });
      const second = row();
      await expect(inBooks((tx) => insertDraftDocuments(tx, books.scope, [second]))).resolves.toEqual([
        second.id,
      ]);
    });

    test('refuses books, customers and lines of another organization', async () => {
      const stranger = await openSampleBooks(database, await createOrganization(database, 'Another'));
      const draft = sampleDraft(books, [100n]);
      const theirEntity = { organizationId: books.scope.organizationId, entityId: stranger.entity.id };
      await expect(
        inBooks((tx) => insertDraftDocuments(tx, theirEntity, [sampleDraftRow(books, draft)])),
      ).rejects.toThrow('documents_organization_id_entity_id_fkey');
      const theirCustomer = sampleDraftRow(books, draft, { customerId: stranger.customerId });
      await expect(inBooks((tx) => insertDraftDocuments(tx, books.scope, [theirCustomer]))).rejects.toThrow(
        'documents_organization_id_customer_id_fkey',
      );
      const theirDraft = sampleDraftRow(stranger, sampleDraft(stranger, [100n]));
      await database.withOrganization(stranger.scope.organizationId, (tx) =>
        insertDraftDocuments(tx, stranger.scope, [theirDraft]),
      );
      const line = `INSERT INTO document_lines (organization_id, document_id, position, description, quantity, unit_price, amount_minor)
        VALUES ($2::uuid, $1::uuid, 9, 'theirs', 1, 1, 0)`;
      await expect(attempt(line, [theirDraft.id, books.scope.organizationId])).rejects.toThrow(
        'document_lines_organization_id_document_id_fkey',
      );
      await expect(attempt(line, [theirDraft.id, stranger.scope.organizationId])).rejects.toThrow(
        'row-level security',
      );
    });

    test('refuses an audit entry in the name of another organization', async () => {
      const organizationId = await createOrganization(database, 'Victim');
      const entry = { action: 'x', subjectType: 'x', subjectId: 'x' };
      await expect(
        inBooks((tx) => appendAuditEntries(tx, { organizationId, actor: 'user:test' }, [entry])),
      ).rejects.toThrow('row-level security');
    });
  });

  whereParallel(kind, () => {
    describe('holds against two at once', () => {
      const addLine = `INSERT INTO document_lines (organization_id, document_id, position, description, quantity, unit_price, amount_minor)
      VALUES ($2::uuid, $1::uuid, 9, 'more', 1, 1, 100)`;

      /** Runs `first`, and `second` while the transaction of the first one is still open; the first one ends a moment later. */
      async function overlap<T>(
        first: (tx: Transaction) => Promise<unknown>,
        second: (tx: Transaction) => Promise<T>,
      ): Promise<T> {
        let firstIsDone = (): void => undefined;
        const done = new Promise<void>((resolve) => {
          firstIsDone = resolve;
        });
        const holding = inBooks(async (tx) => {
          await first(tx);
          firstIsDone();
          await tx.execute('SELECT pg_sleep(0.3)');
        });
        await done;
        const [result] = await Promise.all([inBooks(second), holding]);
        return result;
      }

      test('a line that is added while its document is posted waits, and is refused', async () => {
        const row = sampleDraftRow(books, sampleDraft(books, [100n]));
        await inBooks((tx) => insertDraftDocuments(tx, books.scope, [row]));
        const adding = overlap(
          (tx) => postDocuments(tx, [row.id], books.context),
          (tx) => tx.execute(addLine, [row.id, books.scope.organizationId]),
        );
        await expect(adding).rejects.toThrow('only to drafts');
      });

      test('a line waits for a posting by plain SQL, too, which locks no keys', async () => {
        const row = sampleDraftRow(books, sampleDraft(books, [100n]));
        await inBooks((tx) => insertDraftDocuments(tx, books.scope, [row]));
        const adding = overlap(
          (tx) => postWithPlainSql(tx, row.id, 100),
          (tx) => tx.execute(addLine, [row.id, books.scope.organizationId]),
        );
        await expect(adding).rejects.toThrow('only to drafts');
      });

      test('a posting that meets a line being added waits, and then finds that the total is wrong', async () => {
        const row = sampleDraftRow(books, sampleDraft(books, [100n]));
        await inBooks((tx) => insertDraftDocuments(tx, books.scope, [row]));
        const outcomes = await overlap(
          (tx) => tx.execute(addLine, [row.id, books.scope.organizationId]),
          (tx) => postDocuments(tx, [row.id], books.context),
        );
        expect(outcomes).toMatchObject([{ outcome: 'failed', error: { code: 'invalid_amount' } }]);
      });

      test('two that post the same draft post it once', async () => {
        const row = sampleDraftRow(books, sampleDraft(books, [100n]));
        await inBooks((tx) => insertDraftDocuments(tx, books.scope, [row]));
        const post = (tx: Transaction) => postDocuments(tx, [row.id], books.context);
        expect(await overlap(post, post)).toMatchObject([
          { outcome: 'failed', error: { code: 'document_not_draft' } },
        ]);
      });
    });
  });
});
