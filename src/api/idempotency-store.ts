import type { Transaction } from '../platform/database/database.ts';

/** How long an answer is kept. */
export const keptHours = 24;
/**
 * A request that has not ended after so long has died with its process; the next one with the same key takes its place. No request
 * works longer: those that start long work answer at once.
 */
export const claimMinutesMax = 5;

export interface IdempotencyKey {
  readonly organizationId: string;
  readonly actor: string;
  readonly key: string;
}

export interface StoredAnswer {
  /** Sealed by whoever stored it. */
  readonly requestHash: string;
  /** Null while the first request has not ended. */
  readonly status: number | null;
  readonly response: unknown;
}

const keyOf = (id: IdempotencyKey): unknown[] => [id.organizationId, id.actor, id.key];

/** Claims the key for one request: true for exactly one of those that come at once. */
export async function claimKey(tx: Transaction, id: IdempotencyKey, requestHash: string): Promise<boolean> {
  const claimed = await tx.query<{ key: string }>(
    `INSERT INTO idempotency_keys AS k (organization_id, actor, key, request_hash)
     VALUES ($1::uuid, $2, $3, $4)
     ON CONFLICT (organization_id, actor, key) DO UPDATE
       SET request_hash = excluded.request_hash, status = NULL, response = NULL, created_at = now()
       WHERE k.created_at < now() - make_interval(hours => $5::integer)
         OR (k.status IS NULL AND k.created_at < now() - make_interval(mins => $6::integer))
     RETURNING k.key`,
    [...keyOf(id), requestHash, keptHours, claimMinutesMax],
  );
  return claimed.length === 1;
}

export async function findAnswer(tx: Transaction, id: IdempotencyKey): Promise<StoredAnswer | null> {
  const [row] = await tx.query<{ request_hash: string; status: number | null; response: unknown }>(
    `SELECT request_hash, status, response FROM idempotency_keys
     WHERE organization_id = $1::uuid AND actor = $2 AND key = $3`,
    keyOf(id),
  );
  return row ? { requestHash: row.request_hash, status: row.status, response: row.response } : null;
}

export async function storeAnswer(
  tx: Transaction,
  id: IdempotencyKey,
  answer: { readonly status: number; readonly response: unknown },
): Promise<void> {
  await tx.execute(
    `UPDATE idempotency_keys SET status = $4::integer, response = $5::jsonb
     WHERE organization_id = $1::uuid AND actor = $2 AND key = $3`,
    [...keyOf(id), answer.status, JSON.stringify(answer.response)],
  );
}

/** Gives the key back: the same request may be made again. */
export async function releaseKey(tx: Transaction, id: IdempotencyKey): Promise<void> {
  await tx.execute(
    'DELETE FROM idempotency_keys WHERE organization_id = $1::uuid AND actor = $2 AND key = $3 AND status IS NULL',
    keyOf(id),
  );
}

/** Removes the answers, of every organization, that are older than they are kept. */
export async function deleteExpiredKeys(tx: Transaction): Promise<void> {
  await tx.execute(
    'DELETE FROM idempotency_keys WHERE created_at < now() - make_interval(hours => $1::integer)',
    [keptHours],
  );
}
