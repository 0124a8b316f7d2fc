import type { Database } from '../platform/database/database.ts';

/** The greatest id in the audit trail, of any organization; null: it is empty. */
export async function findLastAuditEntryId(database: Database): Promise<string | null> {
  const [row] = await database.withSystem((tx) =>
    tx.query<{ id: string | null }>('SELECT max(a.id) AS id FROM audit_entries a'),
  );
  return row?.id ?? null;
}

export async function listOrganizationIds(database: Database): Promise<string[]> {
  const rows = await database.withSystem((tx) =>
    tx.query<{ id: string }>(
      'SELECT o.organization_id AS id FROM organizations o ORDER BY o.organization_id',
    ),
  );
  return rows.map(({ id }) => id);
}
