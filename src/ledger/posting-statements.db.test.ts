import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../test/support/database.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { insertDraftDocuments } from './document-drafts-store.ts';
import { postDocuments } from './posting.ts';
import { openSampleBooks, type SampleBooks, sampleDraft, sampleDraftRow } from './sample-books.ts';

describeOnBothStores('Posting in bulk', (open) => {
  let database: Database;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
  });

  /** Posts new drafts and returns how many statements that took. */
  const countStatements = (drafts: number): Promise<number> =>
    database.withOrganization(books.scope.organizationId, async (tx) => {
      const rows = Array.from({ length: drafts }, () =>
        sampleDraftRow(books, sampleDraft(books, [100n, 200n])),
      );
      const ids = await insertDraftDocuments(tx, books.scope, rows);
      let statements = 0;
      const counted: Transaction = {
        query: (sql, parameters) => {
          statements += 1;
          return tx.query(sql, parameters);
        },
        execute: (sql, parameters) => {
          statements += 1;
          return tx.execute(sql, parameters);
        },
      };
      const outcomes = await postDocuments(counted, ids, books.context);
      expect(outcomes.filter(({ outcome }) => outcome === 'posted')).toHaveLength(drafts);
      return statements;
    });

  test('takes as many statements for 300 documents as for one', async () => {
    const forOne = await countStatements(1);
    expect(await countStatements(300)).toBe(forOne);
    expect(forOne).toBeLessThanOrEqual(20);
  });
});
