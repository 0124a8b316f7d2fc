import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import type { Database } from '../../platform/database/database.ts';
import { insertDraftDocuments } from '../document-drafts-store.ts';
import { openSampleBooks, type SampleBooks, sampleDraft, sampleDraftRow } from '../sample-books.ts';
import { activateContract } from './activation.ts';
import { postRecognitionRun } from './recognition.ts';

const january = '2026-01-01' as CalendarDate;

describeOnBothStores('Invariants of contracts', (open) => {
  let database: Database;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
    await database.withOrganization(books.scope.organizationId, async (tx) => {
      const draft = sampleDraft(books, [120_000n], { kind: 'contract', documentDate: january });
      const row = sampleDraftRow(books, draft);
      await insertDraftDocuments(tx, books.scope, [row]);
      await activateContract(tx, row.id, { billing: 'up_front' }, books.context);
      await postRecognitionRun(tx, { entityId: books.entity.id, period: january }, books.context);
    });
  });

  test.each([
    [
      'a schedule that is not the allocated price',
      `UPDATE contract_schedule SET amount_minor = 1 WHERE position = 5`,
    ],
    ['a schedule that lacks a month', `DELETE FROM contract_schedule WHERE position = 7`],
    ['allocated prices that are not the price', `UPDATE contracts SET price_minor = price_minor + 1`],
    ['a bill that is not in the price', `UPDATE contract_billings SET amount_minor = 5`],
    ['a change of what is recognised', `UPDATE contract_schedule SET amount_minor = 2 WHERE position = 1`],
    [
      'recognising a part twice',
      `INSERT INTO recognition_lines SELECT organization_id, run_id, obligation_id, 1, amount_minor, entry_id FROM recognition_lines`,
    ],
    [
      'recognising more than the entry',
      `INSERT INTO recognition_lines SELECT r.organization_id, r.run_id, r.obligation_id, s.position, s.amount_minor, r.entry_id
       FROM recognition_lines r JOIN contract_schedule s ON s.obligation_id = r.obligation_id AND s.position = 2`,
    ],
    ['undoing without a reversal', `UPDATE recognition_lines SET undone = true`],
    ['deleting what was recognised', `DELETE FROM recognition_lines`],
    ['a posted status for a contract', `UPDATE documents SET status = 'posted' WHERE kind = 'contract'`],
  ])('refuse %s', async (_, sql) => {
    const attempt = database.withOrganization(books.scope.organizationId, (tx) => tx.execute(sql, []));
    await expect(attempt).rejects.toThrow();
  });
});
