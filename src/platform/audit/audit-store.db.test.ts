import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import { newId } from '../../kernel/ids.ts';
import type { Database } from '../database/database.ts';
import { appendAuditEntries } from './audit-store.ts';

describeOnBothStores('The audit trail', (open) => {
  let database: Database;
  let organizationId: string;

  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
  });

  test('keeps who did what to what, before and after, in the order of the deeds', async () => {
    const context = { organizationId, actor: 'user:1', connectionId: newId(), runId: newId() };
    const entries = Array.from({ length: 50 }, (_, index) => ({
      action: 'thing.changed',
      subjectType: 'thing',
      subjectId: String(index),
      before: index === 0 ? null : { name: 'a "b" {c}' },
      after: { index },
    }));
    const rows = await database.withOrganization(organizationId, async (tx) => {
      await appendAuditEntries(tx, context, entries);
      return tx.query<Record<string, unknown>>(
        `SELECT actor, action, subject_type, subject_id, connection_id, run_id, before, after FROM audit_entries ORDER BY id`,
      );
    });
    expect(rows).toEqual(
      entries.map((entry) => ({
        actor: 'user:1',
        action: 'thing.changed',
        subject_type: 'thing',
        subject_id: entry.subjectId,
        connection_id: context.connectionId,
        run_id: context.runId,
        before: entry.before,
        after: entry.after,
      })),
    );
  });

  test('is rolled back with the deed', async () => {
    const count = (): Promise<{ count: string }[]> =>
      database.withOrganization(organizationId, (tx) =>
        tx.query('SELECT count(*) AS count FROM audit_entries'),
      );
    const before = await count();
    const failed = database.withOrganization(organizationId, async (tx) => {
      const entry = { action: 'x', subjectType: 'x', subjectId: 'x' };
      await appendAuditEntries(tx, { organizationId, actor: 'system' }, [entry]);
      throw new Error('undone');
    });
    await expect(failed).rejects.toThrow('undone');
    expect(await count()).toEqual(before);
  });
});
