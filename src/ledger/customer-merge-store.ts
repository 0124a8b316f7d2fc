import type { Transaction } from '../platform/database/database.ts';
import type { EntityScope } from './entity-scope.ts';

/** Locks the two customers of a merge in the order of their ids: of two merges in opposite directions the second one waits, then finds it done. */
export async function lockCustomers(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.query('SELECT c.id FROM customers c WHERE c.id = ANY ($1::uuid[]) ORDER BY c.id FOR UPDATE', [
    ids,
  ]);
}

/**
 * Gives all documents of one customer, posted ones too, to another of the same entity (the database refuses another entity's).
 * Figures stay. Returns how many moved.
 */
export function moveDocumentsToCustomer(
  tx: Transaction,
  scope: EntityScope,
  fromCustomerId: string,
  toCustomerId: string,
): Promise<number> {
  return tx.execute(
    `UPDATE documents d SET customer_id = $3::uuid, version = d.version + 1, updated_at = now()
     WHERE d.customer_id = $2::uuid AND d.entity_id = $1::uuid`,
    [scope.entityId, fromCustomerId, toCustomerId],
  );
}

/** Gives the contacts of one customer to another, leaving behind those that the other has already. Returns how many moved. */
export function moveContactsToCustomer(
  tx: Transaction,
  scope: EntityScope,
  fromCustomerId: string,
  toCustomerId: string,
): Promise<number> {
  return tx.execute(
    `UPDATE customer_contacts t SET customer_id = $3::uuid, updated_at = now()
     WHERE t.customer_id = $2::uuid AND t.entity_id = $1::uuid
       AND NOT EXISTS (
         SELECT FROM customer_contacts o WHERE o.customer_id = $3::uuid AND o.source_id = t.source_id
       )`,
    [scope.entityId, fromCustomerId, toCustomerId],
  );
}

/** Marks a customer as merged into another: inactive, no candidate of a match any more, still readable. */
export function markCustomerMerged(
  tx: Transaction,
  scope: EntityScope,
  fromCustomerId: string,
  toCustomerId: string,
): Promise<number> {
  return tx.execute(
    `UPDATE customers c SET active = false, merged_into = $3::uuid, version = c.version + 1, updated_at = now()
     WHERE c.id = $2::uuid AND c.entity_id = $1::uuid`,
    [scope.entityId, fromCustomerId, toCustomerId],
  );
}
