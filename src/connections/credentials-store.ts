import type { Transaction } from '../platform/database/database.ts';

/** The sealed credentials of a connection; null when it has none. */
export async function findSealedCredentials(tx: Transaction, connectionId: string): Promise<string | null> {
  const [row] = await tx.query<{ credentials_sealed: string | null }>(
    'SELECT c.credentials_sealed FROM connections c WHERE c.id = $1::uuid',
    [connectionId],
  );
  return row?.credentials_sealed ?? null;
}

/**
 * Replaces sealed credentials, if the connection still has those that were read. False: a person reconnected or disconnected
 * meanwhile, and what they did stands.
 */
export async function replaceSealedCredentials(
  tx: Transaction,
  connectionId: string,
  change: { readonly from: string; readonly to: string; readonly expireAt: string },
): Promise<boolean> {
  const changed = await tx.execute(
    `UPDATE connections SET credentials_sealed = $3::text, credentials_expire_at = $4::timestamptz
     WHERE id = $1::uuid AND credentials_sealed = $2::text`,
    [connectionId, change.from, change.to, change.expireAt],
  );
  return changed === 1;
}

/**
 * Waits until nobody else refreshes this connection, and keeps it so until the transaction ends. The row itself is not locked: a
 * sync that writes meanwhile refers to it and would wait for the vendor.
 */
export async function lockRefresh(tx: Transaction, connectionId: string): Promise<void> {
  await tx.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('connection refresh ' || $1::text, 0))::text AS locked`,
    [connectionId],
  );
}
