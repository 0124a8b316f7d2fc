import type { EntityScope } from '../ledger/entity-scope.ts';
import type { Transaction } from '../platform/database/database.ts';

/** The books that an account belongs to; the address of an account names no entity. */
export async function findEntityOfAccount(
  tx: Transaction,
  organizationId: string,
  accountId: string,
): Promise<EntityScope | null> {
  const [row] = await tx.query<{ entity_id: string }>(
    'SELECT a.entity_id FROM accounts a WHERE a.organization_id = $1::uuid AND a.id = $2::uuid',
    [organizationId, accountId],
  );
  return row ? { organizationId, entityId: row.entity_id } : null;
}

/** Takes the account of a role away. Returns the account that had it, or null when none had. */
export async function deleteAccountRole(
  tx: Transaction,
  scope: EntityScope,
  role: string,
): Promise<string | null> {
  const [row] = await tx.query<{ account_id: string }>(
    `DELETE FROM account_roles r
     WHERE r.organization_id = $1::uuid AND r.entity_id = $2::uuid AND r.role = $3::text
     RETURNING r.account_id`,
    [scope.organizationId, scope.entityId, role],
  );
  return row?.account_id ?? null;
}
