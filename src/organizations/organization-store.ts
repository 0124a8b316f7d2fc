import type { Transaction } from '../platform/database/database.ts';

export interface Organization {
  readonly id: string;
  readonly name: string;
}

export async function insertOrganization(tx: Transaction, organization: Organization): Promise<void> {
  await tx.execute('INSERT INTO organizations (organization_id, name) VALUES ($1::uuid, $2)', [
    organization.id,
    organization.name,
  ]);
}

export async function getOrganization(tx: Transaction, id: string): Promise<Organization | null> {
  const [row] = await tx.query<{ organization_id: string; name: string }>(
    'SELECT organization_id, name FROM organizations WHERE organization_id = $1::uuid',
    [id],
  );
  return row ? { id: row.organization_id, name: row.name } : null;
}

/** The organization that was made first, or null in an empty store. Takes a transaction of the system. */
export async function findFirstOrganization(tx: Transaction): Promise<Organization | null> {
  const [row] = await tx.query<{ organization_id: string; name: string }>(
    'SELECT organization_id, name FROM organizations ORDER BY created_at, organization_id LIMIT 1',
    [],
  );
  return row ? { id: row.organization_id, name: row.name } : null;
}

/** Makes every other process that starts on this database wait until the transaction ends: one of them makes the organization. */
export async function lockBootstrap(tx: Transaction): Promise<void> {
  await tx.execute("SELECT pg_advisory_xact_lock(hashtext('tributary bootstrap'))", []);
}
