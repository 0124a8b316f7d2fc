import type { Transaction } from '../../platform/database/database.ts';

/**
 * The customer, when the merges in the audit trail lead from the one to it; else null. The trail is asked and not the customers: a
 * merge that was never done can be written into their table, but not into the chain.
 */
export async function findCustomerAfterMerges(
  tx: Transaction,
  fromCustomerId: string,
  toCustomerId: string,
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `WITH RECURSIVE merged (id) AS (
       SELECT $1::text
       UNION
       SELECT a.after ->> 'into' FROM merged m
         JOIN audit_entries a ON a.subject_type = 'customer' AND a.subject_id = m.id AND a.action = 'customer.merged'
     )
     SELECT m.id FROM merged m WHERE m.id = $2::text`,
    [fromCustomerId, toCustomerId],
  );
  return row?.id ?? null;
}
