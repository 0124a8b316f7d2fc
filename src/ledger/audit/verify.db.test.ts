import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import { newId } from '../../kernel/ids.ts';
import type { Database } from '../../platform/database/database.ts';
import { mergeCustomers } from '../customers.ts';
import { insertCustomers } from '../customers-store.ts';
import { sampleCustomer } from '../sample-books.ts';
import { openSampleTrail, type SampleTrail } from './sample-trail.ts';
import { sealPending } from './seal.ts';
import { type AuditVerification, type ExportedHead, verifyAudit } from './verify.ts';

describeOnBothStores('Verifying the audit trail', (open) => {
  let database: Database;
  let trail: SampleTrail;
  /** A posted invoice of two lines, and a manual entry; sealed. */
  let documentId: string;
  let entryId: string;
  let exported: ExportedHead;

  beforeAll(async () => {
    database = await open();
  });

  const seal = async (): Promise<ExportedHead> => {
    const { head } = await sealPending(database, trail.organizationId);
    return { sealNumber: head.sealNumber, hash: head.hash ?? '' };
  };
  const verify = (head: ExportedHead | null = null): Promise<AuditVerification> =>
    verifyAudit(database, trail.books.context, head);
  const found = async (head: ExportedHead | null = null): Promise<string[]> =>
    (await verify(head)).problems.map(({ kind, subjectId }) => `${kind} ${subjectId}`);
  /** One entry out of the middle of the trail. */
  const noteId = async (): Promise<string> => {
    const [row] = await trail.inBooks((tx) =>
      tx.query<{ id: string }>(
        "SELECT id FROM audit_entries WHERE action = 'thing.changed' ORDER BY id OFFSET 1 LIMIT 1",
      ),
    );
    return row?.id ?? '';
  };

  beforeEach(async () => {
    trail = await openSampleTrail(database, await createOrganization(database));
    documentId = await trail.post([10000n, 2345n]);
    await seal();
    entryId = await trail.enter(777n);
    await trail.note(3);
    exported = await seal();
  });

  test('holds for books that nobody touched, and says how much it read', async () => {
    const first = await verify(exported);
    expect(first).toMatchObject({
      holds: true,
      seals: 2,
      journalEntries: 2,
      documents: 1,
      takenOver: { journalEntries: 0, documents: 0 },
      problemCount: 0,
      problems: [],
      comparedHead: exported,
    });
    expect(first.head).toMatchObject({ ...exported, entries: first.entries });
    // The verification itself is a deed that the next one covers.
    expect(await verify()).toMatchObject({ holds: true, seals: 3, entries: first.entries + 1 });
  });

  test('holds after posted documents moved to another customer by a merge, and not without the merge', async () => {
    const { scope, customerId, context } = trail.books;
    const otherId = newId();
    await trail.inBooks(async (tx) => {
      await insertCustomers(tx, scope, [{ id: otherId, draft: sampleCustomer('Acme Holding') }]);
      await mergeCustomers(tx, scope, customerId, otherId, context);
    });
    expect(await found()).toEqual([]);
    const thirdId = newId();
    await trail.inBooks((tx) =>
      insertCustomers(tx, scope, [{ id: thirdId, draft: sampleCustomer('Third') }]),
    );
    await trail.forge([
      'UPDATE documents SET customer_id = $2::uuid WHERE id = $1::uuid',
      [documentId, thirdId],
    ]);
    expect(await found()).toEqual([`document_changed ${documentId}`]);
  });

  describe('names what the owner of the tables', () => {
    test.each([
      [
        'the amounts of a journal line',
        'UPDATE journal_lines SET debit_minor = debit_minor * 2, credit_minor = credit_minor * 2, base_debit_minor = base_debit_minor * 2, base_credit_minor = base_credit_minor * 2 WHERE entry_id = $1::uuid',
      ],
      [
        'the account of a journal line',
        'UPDATE journal_lines SET account_id = (SELECT id FROM accounts a WHERE a.organization_id = journal_lines.organization_id ORDER BY number DESC LIMIT 1) WHERE entry_id = $1::uuid',
      ],
      [
        'the day of a journal entry',
        "UPDATE journal_entries SET entry_date = '2025-12-31' WHERE id = $1::uuid",
      ],
      [
        'the day of a journal line',
        "UPDATE journal_lines SET entry_date = '2025-12-31' WHERE entry_id = $1::uuid AND position = 1",
      ],
      [
        'who made a journal entry',
        "UPDATE journal_entries SET created_by = 'user:other' WHERE id = $1::uuid",
      ],
      [
        'when a journal entry was made',
        "UPDATE journal_entries SET created_at = created_at - interval '1 microsecond' WHERE id = $1::uuid",
      ],
      [
        'the number of lines of a journal entry',
        'DELETE FROM journal_lines WHERE entry_id = $1::uuid AND position = 2',
      ],
    ])('changed: %s', async (_, sql) => {
      await trail.forge([sql, [entryId]]);
      expect(await found()).toEqual([`journal_entry_changed ${entryId}`]);
    });

    test.each([
      [
        'total',
        'UPDATE documents SET total_minor = total_minor + 1, open_minor = open_minor + 1 WHERE id = $1::uuid',
      ],
      ['due date', 'UPDATE documents SET due_date = due_date + 30 WHERE id = $1::uuid'],
      ['number', "UPDATE documents SET number = 'X-1' WHERE id = $1::uuid"],
      [
        'line amount',
        'UPDATE document_lines SET amount_minor = amount_minor + 1 WHERE document_id = $1::uuid AND position = 1',
      ],
      [
        'line description',
        "UPDATE document_lines SET description = 'Gold' WHERE document_id = $1::uuid AND position = 2",
      ],
      ['line, now gone', 'DELETE FROM document_lines WHERE document_id = $1::uuid AND position = 2'],
      ['status, back to a draft', "UPDATE documents SET status = 'draft', number = NULL WHERE id = $1::uuid"],
    ])('changed of a posted invoice: its %s', async (_, sql) => {
      await trail.forge([sql, [documentId]]);
      expect(await found()).toEqual([`document_changed ${documentId}`]);
    });

    test('deleted: a journal entry with its lines', async () => {
      await trail.forge(
        ['DELETE FROM journal_lines WHERE entry_id = $1::uuid', [entryId]],
        ['DELETE FROM journal_entries WHERE id = $1::uuid', [entryId]],
      );
      expect(await found()).toEqual([`journal_entry_missing ${entryId}`]);
    });

    test('deleted: a posted invoice', async () => {
      await trail.forge(
        ['DELETE FROM document_lines WHERE document_id = $1::uuid', [documentId]],
        ['DELETE FROM documents WHERE id = $1::uuid', [documentId]],
      );
      expect(await found()).toEqual([`document_missing ${documentId}`]);
    });

    test('inserted: a balanced journal entry, and a posted invoice', async () => {
      const [copyId, invoiceId] = [newId(), newId()];
      await trail.forge(
        [
          `INSERT INTO journal_entries (id, organization_id, entity_id, entry_date, kind, description, created_by)
           SELECT $1::uuid, organization_id, entity_id, entry_date, kind, description, created_by FROM journal_entries WHERE id = $2::uuid`,
          [copyId, entryId],
        ],
        [
          `INSERT INTO journal_lines SELECT (json_populate_record(l, json_build_object('entry_id', $1::uuid))).* FROM journal_lines l WHERE entry_id = $2::uuid`,
          [copyId, entryId],
        ],
        [
          `INSERT INTO documents SELECT (json_populate_record(d, json_build_object('id', $1::uuid, 'number', 'INV-X'))).* FROM documents d WHERE id = $2::uuid`,
          [invoiceId, documentId],
        ],
      );
      expect(await found()).toEqual([
        `journal_entry_unrecorded ${copyId}`,
        `document_unrecorded ${invoiceId}`,
      ]);
    });

    test.each([
      ['who', "actor = 'user:other'"],
      ['when', "at = at + interval '1 second'"],
      ['what', "action = 'thing.kept'"],
      ['after', `after = jsonb_set(after, '{price}', '"12.51"')`],
      ['before', `before = '{}'`],
      ['run', 'run_id = gen_random_uuid()'],
    ])('changed in an entry of the trail: %s', async (_, change) => {
      const id = await noteId();
      await trail.forge([`UPDATE audit_entries SET ${change} WHERE id = $1::bigint`, [id]]);
      expect(await found()).toEqual([`entry_changed ${id}`]);
    });

    test('deleted from the middle of the trail', async () => {
      const id = await noteId();
      await trail.forge(['DELETE FROM audit_entries WHERE id = $1::bigint', [id]]);
      expect(await found()).toEqual([`entry_missing ${id}`]);
    });

    test('deleted: a seal in the middle, and its entries with it', async () => {
      await trail.note(1);
      await seal();
      await trail.forge(
        [
          'DELETE FROM audit_entries a USING audit_seals s WHERE s.organization_id = $1::uuid AND s.number = 2 AND a.id <@ s.entry_ids',
          [trail.organizationId],
        ],
        ['DELETE FROM audit_seals WHERE organization_id = $1::uuid AND number = 2', [trail.organizationId]],
      );
      expect(await found()).toEqual(['seal_missing 2', `journal_entry_unrecorded ${entryId}`]);
    });

    test('changed in a seal, its hash made anew', async () => {
      await trail.forge([
        "UPDATE audit_seals SET hash = repeat('0', 64) WHERE organization_id = $1::uuid AND number = 1",
        [trail.organizationId],
      ]);
      expect(await found()).toEqual(['seal_changed 1', 'seal_changed 2']);
    });

    test('cut off the end of the chain, seals and entries, when a head was kept', async () => {
      await trail.note(2);
      const head = await seal();
      await trail.forge(
        [
          'DELETE FROM audit_entries a USING audit_seals s WHERE s.organization_id = $1::uuid AND s.number = 3 AND a.id <@ s.entry_ids',
          [trail.organizationId],
        ],
        ['DELETE FROM audit_seals WHERE organization_id = $1::uuid AND number = 3', [trail.organizationId]],
      );
      expect(await found(head)).toEqual(['head_missing 3']);
      // The chain has grown past the cut meanwhile, with entries of the verification.
      await seal();
      expect(await found(head)).toEqual(['head_differs 3']);
    });

    test('made anew: the whole chain after a change, when a head was kept', async () => {
      await trail.forge(
        [
          `UPDATE audit_entries SET actor = 'user:other' WHERE organization_id = $1::uuid AND action = 'thing.changed'`,
          [trail.organizationId],
        ],
        ['DELETE FROM audit_seals WHERE organization_id = $1::uuid', [trail.organizationId]],
      );
      await seal();
      await trail.note(1);
      await seal();
      expect(await found()).toEqual([]);
      expect(await found(exported)).toEqual(['head_differs 2']);
    });
  });

  test('lists the first hundred problems and counts all', async () => {
    await trail.note(150);
    await seal();
    await trail.forge([
      `UPDATE audit_entries SET actor = 'user:other' WHERE organization_id = $1::uuid AND action = 'thing.changed'`,
      [trail.organizationId],
    ]);
    const result = await verify();
    expect(result).toMatchObject({ holds: false, problemCount: 153 });
    expect(result.problems).toHaveLength(100);
  });

  test('sees nothing of another organization', async () => {
    const other = await openSampleTrail(database, await createOrganization(database));
    await other.post([100n]);
    await other.forge([
      'UPDATE journal_entries SET description = $2::text WHERE organization_id = $1::uuid',
      [other.organizationId, 'forged'],
    ]);
    expect(await found()).toEqual([]);
  });
});
