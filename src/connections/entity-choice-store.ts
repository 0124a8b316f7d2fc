import type { Transaction } from '../platform/database/database.ts';

/** The mode of an entity; null when the organization has no such entity. */
export async function findEntityMode(tx: Transaction, entityId: string): Promise<'live' | 'test' | null> {
  const [row] = await tx.query<{ mode: 'live' | 'test' }>(
    'SELECT e.mode FROM entities e WHERE e.id = $1::uuid',
    [entityId],
  );
  return row?.mode ?? null;
}

/** The entity that was made first in that mode. */
export async function findFirstEntity(tx: Transaction, mode: 'live' | 'test'): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    'SELECT e.id FROM entities e WHERE e.mode = $1::text ORDER BY e.created_at, e.id LIMIT 1',
    [mode],
  );
  return row?.id ?? null;
}
