import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import type { Database } from '../../platform/database/database.ts';
import { openSampleTrail, type SampleTrail } from './sample-trail.ts';
import { sealPending } from './seal.ts';
import { verifyAudit } from './verify.ts';

const deeds = fc.array(
  fc.oneof(
    fc.record({ deed: fc.constant('post' as const), amountMinor: fc.bigInt(1n, 1_000_000n) }),
    fc.record({ deed: fc.constant('enter' as const), amountMinor: fc.bigInt(1n, 1_000_000n) }),
    fc.record({ deed: fc.constant('note' as const), amountMinor: fc.bigInt(1n, 5n) }),
    fc.record({ deed: fc.constant('seal' as const), amountMinor: fc.constant(0n) }),
  ),
  { minLength: 1, maxLength: 8 },
);

/** What is done to one row of a table, whichever it is. */
const tampers = [
  { table: 'audit_entries', key: 'id', change: "subject_id = subject_id || '!'" },
  { table: 'audit_entries', key: 'id', change: null },
  { table: 'journal_entries', key: 'id', change: "description = description || '!'" },
  { table: 'journal_entries', key: 'id', change: null },
  {
    table: 'journal_lines',
    key: 'entry_id, position',
    change: 'base_debit_minor = base_debit_minor * 2, base_credit_minor = base_credit_minor * 2',
  },
  { table: 'journal_lines', key: 'entry_id, position', change: null },
  { table: 'documents', key: 'id', change: 'due_date = due_date + 1' },
  { table: 'documents', key: 'id', change: null },
  { table: 'document_lines', key: 'document_id, position', change: 'quantity = quantity * 1.0' },
  { table: 'document_lines', key: 'document_id, position', change: null },
  { table: 'audit_seals', key: 'number', change: 'content_hash = reverse(content_hash)' },
  { table: 'audit_seals', key: 'number', change: "sealed_at = sealed_at + interval '1 second'" },
] as const;

describeOnBothStores('Whatever is done and whichever row is changed behind its back,', (open) => {
  let database: Database;

  beforeAll(async () => {
    database = await open();
  });

  const doDeeds = async (trail: SampleTrail, list: readonly { deed: string; amountMinor: bigint }[]) => {
    for (const { deed, amountMinor } of list) {
      if (deed === 'post') await trail.post([amountMinor, 1n]);
      if (deed === 'enter') await trail.enter(amountMinor);
      if (deed === 'note') await trail.note(Number(amountMinor));
      if (deed === 'seal') await sealPending(database, trail.organizationId);
    }
    await trail.post([100n]);
    await sealPending(database, trail.organizationId);
  };

  test('the trail holds before and does not afterwards', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(deeds, fc.constantFrom(...tampers), fc.nat(), async (list, tamper, place) => {
        const { table, key, change } = tamper;
        const trail = await openSampleTrail(database, await createOrganization(database));
        await doDeeds(trail, list);
        expect(await verifyAudit(database, trail.books.context)).toMatchObject({ holds: true });
        const [counted] = await trail.inBooks((tx) =>
          tx.query<{ count: string }>(`SELECT count(*) AS count FROM ${table}`),
        );
        // The entry that the verification itself wrote last is not sealed yet, so that nobody could tell: it is left alone.
        const choices = Number(counted?.count) - (table === 'audit_entries' ? 1 : 0);
        await trail.forge([
          `${change === null ? `DELETE FROM ${table}` : `UPDATE ${table} SET ${change}`}
           WHERE ctid = (SELECT t.ctid FROM ${table} t WHERE t.organization_id = $1::uuid ORDER BY ${key} OFFSET $2::integer LIMIT 1)`,
          [trail.organizationId, place % choices],
        ]);
        expect(await verifyAudit(database, trail.books.context)).toMatchObject({ holds: false });
      }),
      { numRuns: 25 },
    );
  });
});
