import { type Instant, toInstant } from '../kernel/dates.ts';
import type { SourceSchema } from '../model/source-record.ts';
import type { Transaction } from '../platform/database/database.ts';

export interface StoredSourceSchema {
  readonly schema: SourceSchema;
  readonly readAt: Instant;
}

/** Pipelines and properties of the CRM as they were read last; null when they never were. */
export async function findSourceSchema(
  tx: Transaction,
  connectionId: string,
): Promise<StoredSourceSchema | null> {
  const [row] = await tx.query<{ remote_schema: SourceSchema | null; remote_schema_read_at: string | null }>(
    'SELECT c.remote_schema, c.remote_schema_read_at FROM connections c WHERE c.id = $1::uuid',
    [connectionId],
  );
  if (!row?.remote_schema || row.remote_schema_read_at === null) return null;
  return { schema: row.remote_schema, readAt: toInstant(new Date(row.remote_schema_read_at)) };
}

export async function storeSourceSchema(
  tx: Transaction,
  connectionId: string,
  stored: StoredSourceSchema,
): Promise<void> {
  await tx.execute(
    'UPDATE connections SET remote_schema = $2::jsonb, remote_schema_read_at = $3::timestamptz WHERE id = $1::uuid',
    [connectionId, JSON.stringify(stored.schema), stored.readAt],
  );
}
